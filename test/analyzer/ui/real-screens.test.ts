import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { RealProgram } from './real-program.js';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

/** A fixture whose packets come so many microseconds later: most begin on a whole second. */
function later(fixture: string, micros: number): string {
  const bytes = readFileSync(`fixtures/${fixture}.pcap`);
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    const time = bytes.readUInt32LE(at) * 1e6 + bytes.readUInt32LE(at + 4) + micros;
    bytes.writeUInt32LE(Math.floor(time / 1e6), at);
    bytes.writeUInt32LE(time % 1e6, at + 4);
  }
  const path = join(program.home, `${fixture}-later.pcap`);
  writeFileSync(path, bytes);
  return path;
}

test('channels begin when their first packets come, also where the capture begins within a second', async () => {
  const session = await program.open(80, 24, later('cookie-mismatch', 800_000));
  await session.untilShown('0.000000 192.0.2.1');
  session.send('1');
  await session.untilShown('3 channels');
  expect(
    session
      .rows()
      .slice(3, 6)
      .map((row) => row.slice(7, 14).trim()),
  ).toEqual(['0.000', '1.000', '2.000']);
});

test('what became of a channel in the end can be filtered by, as the list of channels tells it', async () => {
  const session = await program.open(80, 24, 'fixtures/timed-out.pcap');
  session.send('/channel.outcome == "timed-out"\r');
  await session.until('some packets pass', () => /[1-9]\d* of \d+$/.test(session.rows()[1] ?? ''));
  session.send('/\x15channel.state == "timed-out"\r');
  await session.until('none passes', () => / 0 of \d+$/.test(session.rows()[1] ?? ''));
  session.send('/\x15handshake.outcome == "timed-out"\r');
  await session.until('some packets pass', () => /[1-9]\d* of \d+$/.test(session.rows()[1] ?? ''));
});

/** A datagram whose checksum is that of the pseudo-header only. */
const OFFLOADED = '02000000000202000000000108004500002000010000401166ca0a0000010a0000023039270f000c142064617461';

test('a checksum that is left to the network card is told once, not by a mark a packet', async () => {
  const frame = Buffer.from(OFFLOADED, 'hex');
  const record = Buffer.concat([Buffer.from('00f1536500000000', 'hex'), Buffer.alloc(8), frame]);
  record.writeUInt32LE(frame.length, 8);
  record.writeUInt32LE(frame.length, 12);
  const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const path = join(program.home, 'offloaded.pcap');
  writeFileSync(path, Buffer.concat([header, record, record, record]));
  const session = await program.open(80, 24, path);
  await session.untilShown('12345 → 9999');
  expect(
    session
      .rows()
      .slice(3, 6)
      .map((row) => row.slice(0, 8)),
  ).toEqual(['      1 ', '      2 ', '      3 ']);
  session.send('6');
  await session.untilShown('checksum left to the network card (offloaded)');
  // What does not fit into a row goes on in the next.
  await session.untilShown('such packets are not marked', 4);
});
