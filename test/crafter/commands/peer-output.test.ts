import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { PeerOutput } from '../../../crafter/commands/peer-output.js';
import { seeded } from '../../../crafter/seeded.js';

test('pieces of all sizes come out in order, however slowly they are read', async () => {
  const { integer } = seeded(3);
  const out: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: 10_000,
    write(piece: Buffer, _encoding, done) {
      const take = () => {
        // As late as the system would: until then, what is written must not change.
        out.push(Buffer.from(piece));
        done();
      };
      if (integer(2) === 0) take();
      else setImmediate(take);
    },
  });
  let roomy = (): void => {};
  const output = new PeerOutput(
    stream,
    () => roomy(),
    (error) => {
      throw error;
    },
  );
  const given: Uint8Array[] = [];
  for (let count = 0; count < 2000; count++) {
    const piece = new Uint8Array(integer(10) === 0 ? integer(40_000) : integer(1200)).fill(count);
    given.push(piece);
    output.write(piece);
    if (integer(3) === 0) output.flush();
    // Some of what waits is written meanwhile.
    if (integer(40) === 0) await new Promise((resolve) => setImmediate(resolve));
    // Whoever writes on all the same fills memory, and loses nothing.
    if (output.isFull && integer(200) === 0) {
      await new Promise<void>((resolve) => {
        roomy = resolve;
      });
    }
  }
  output.flush();
  await output.written();
  expect(Buffer.compare(Buffer.concat(out), Buffer.concat(given))).toBe(0);
});
