import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RealProgram } from './real-program.js';

const program = new RealProgram();
afterAll(() => program.remove());

test('secrets are taken while a capture is open, and a file of them is read again when it has grown', async () => {
  const file = join(program.home, 'keys.txt');
  copyFileSync('fixtures/cookie-mismatch.secrets', file);
  const session = await program.open(80, 24, 'fixtures/cookie-mismatch.pcap');
  session.send('1');
  await session.untilShown('3 channels');
  expect(session.rows()[3]).toMatch(/ = {2}= /);
  session.send(`:secrets ${file}\r`);
  await session.untilShown('2 secrets: cookies 4 valid');
  // The place is kept, and what stands there is judged.
  expect(session.rows()[3]).toMatch(/ ✓ {2}✓ /);
  session.send(`:secrets ${join(program.home, 'nowhere')}\r`);
  await session.untilShown('cannot read secrets');
  appendFileSync(file, `PEER_SECRET ${'ab'.repeat(16)} ${'cd'.repeat(32)}\n`);
  await session.untilShown('3 secrets: cookies 4 valid, as before');
});
