/** The second job of the program, from start to finish: watch live traffic, here of a file that grows. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { quit, RealProgram } from './real-program.js';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

const FIXTURE = readFileSync('fixtures/modes.pcap');

/** Where each packet of the fixture begins, and where the last one ends. */
const STARTS: readonly number[] = (() => {
  const starts = [24];
  for (let at = 24; at < FIXTURE.length; starts.push(at)) at += 16 + FIXTURE.readUInt32LE(at + 8);
  return starts;
})();

const packets = (from: number, to: number): Buffer => FIXTURE.subarray(STARTS[from], STARTS[to]);

test.each([
  [80, 24],
  [120, 40],
])(
  'a growing file is watched at %i by %i, through a resize',
  async (columns, rows) => {
    const path = join(program.home, `grows-${columns}.pcap`);
    writeFileSync(path, FIXTURE.subarray(0, STARTS[40]));
    const shown = await program.open(columns, rows, '--follow', path);
    const status = rows - 1;
    await shown.untilShown('packet 40 of 40  read so far  following', status);

    // The list keeps to the newest packet, with what is below it.
    appendFileSync(path, packets(40, 60));
    await shown.untilShown('packet 60 of 60', status);
    await shown.untilShown('Packet 60');
    expect(shown.rows().some((row) => row.startsWith('     60 '))).toBe(true);

    // It holds still while somebody reads, and says what came.
    shown.send('kk');
    await shown.untilShown('packet 58 of 60', status);
    // Half a packet is no packet.
    const half = packets(60, 61);
    appendFileSync(path, half.subarray(0, 20));
    appendFileSync(path, half.subarray(20));
    appendFileSync(path, packets(61, 80));
    await shown.untilShown('packet 58 of 80', status);
    await shown.untilShown('Packet 58');

    // A filter, with what passes of all that has come and still comes.
    shown.send('/chan.data\r');
    await shown.untilShown(' 34 of 80', 1);
    shown.resize(columns === 80 ? 100 : 80, columns === 80 ? 30 : 24);
    appendFileSync(path, packets(80, 127));
    await shown.untilShown(' 57 of 127', 1);
    shown.send('x');
    await shown.untilShown(' off', 1);

    shown.send('F');
    await shown.untilShown('following the newest packet');
    await shown.untilShown('Packet 127');

    // Channels and statistics of what has come.
    shown.send('1');
    await shown.untilShown('8 channels, by number');
    shown.send('4\t\t\t\t\t\t');
    await shown.untilShown('[Protocols]');
    await shown.until('they are counted', () =>
      shown.rows().some((row) => /hmac +127 /.test(row) || / 127 +\d/.test(row)),
    );

    shown.send('2');
    await shown.untilShown('Info');
    expect(await quit(shown)).toBe(0);
  },
  60_000,
);
