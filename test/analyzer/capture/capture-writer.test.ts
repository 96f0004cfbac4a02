import { readFileSync, symlinkSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { type CaptureWriterOptions, openCaptureWriter } from '../../../analyzer/capture/capture-writer.js';
import type { CaptureInterface } from '../../../dissectors/file/records.js';
import { makeFolder, packetBytes, pcapOf, readCapture, rowsOf } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

const interfaceOf = (given: Partial<CaptureInterface> = {}): CaptureInterface => ({
  linkType: 1,
  snapLength: 96,
  resolution: { base: 10, exponent: 9 },
  offset: 0,
  section: 0,
  ...given,
});

const ETHERNET = interfaceOf({ name: 'eth0', description: 'wire', filter: 'udp', comments: ['spare'] });
const COOKED = interfaceOf({ linkType: 276, name: 'any', offset: -5000, section: 1, fcsLength: 4 });

const packet = (number: number, from: CaptureInterface) => ({
  from,
  seconds: number - 100,
  nanos: 123_456_789,
  bytes: packetBytes(number),
  wire: 1000 + number,
});

test('keeps interfaces, times, lengths, comments, names and secrets in pcapng', async () => {
  const path = folder.path('all.pcapng');
  const writer = await openCaptureWriter(path);
  writer.secrets('PEER_SECRET * 00\n');
  writer.interfaces([ETHERNET, COOKED]);
  writer.names([{ kind: 'ipv4', address: Uint8Array.of(10, 0, 0, 1), names: ['a'] }]);
  writer.packet(packet(3, COOKED));
  writer.packet({ ...packet(200, ETHERNET), comments: ['first', 'second'] });
  writer.statistics(COOKED, { seconds: 1, nanos: 0, received: 10, dropped: 1 });
  await writer.close();

  const capture = await openCapture(path);
  expect(await rowsOf(capture)).toMatchObject([
    [1, expect.any(Number), Buffer.from(packetBytes(3)).toString('hex'), 1003, -97, 123_456_789, 1],
    [2, expect.any(Number), Buffer.from(packetBytes(200)).toString('hex'), 1200, 100, 123_456_789, 0],
  ]);
  await capture.close();
  expect(capture.interfaces).toEqual([
    { ...ETHERNET, id: 0 },
    { ...COOKED, id: 1, section: 0 },
  ]);
  expect([...capture.log.comments]).toEqual([[2, ['first', 'second']]]);
  expect(capture.log.events).toMatchObject([
    { type: 'section', application: 'Handshark' },
    { type: 'secrets', kind: 0x50534543, bytes: Uint8Array.from(Buffer.from('PEER_SECRET * 00\n')) },
    { type: 'name', names: ['a'] },
    { type: 'statistics', interfaceId: 1, seconds: 1, nanos: 0, received: 10, dropped: 1 },
  ]);
});

test.each([
  ['in microseconds', 'micro.pcap', 6, 'd4c3b2a1', 123_456_000],
  ['in nanoseconds where there are any', 'nano.pcap', 9, '4d3cb2a1', 123_456_789],
  ['whatever the case of its name', 'CASE.PCAP', 9, '4d3cb2a1', 123_456_789],
])('writes pcap %s', async (_, name, exponent, magic, nanos) => {
  const path = folder.path(name);
  const writer = await openCaptureWriter(path);
  const from = interfaceOf({ linkType: 276, resolution: { base: 10, exponent } });
  writer.secrets('left out');
  writer.packet(packet(101, from));
  await writer.close();
  expect(readFileSync(path).toString('hex', 0, 4)).toBe(magic);
  const capture = await openCapture(path);
  expect(await rowsOf(capture)).toEqual([[1, 40, Buffer.from(packetBytes(101)).toString('hex'), 1101, 1, nanos, 0]]);
  await capture.close();
  expect(capture.interfaces).toMatchObject([{ linkType: 276, snapLength: 96 }]);
});

test('a pcap file has one link type', async () => {
  const writer = await openCaptureWriter(folder.path('two.pcap'));
  writer.packet(packet(101, ETHERNET));
  expect(() => writer.packet(packet(102, COOKED))).toThrow(
    `cannot write: ${writer.path}: a pcap file has one link type, these packets have two (1 and 276); name the file .pcapng`,
  );
  await writer.close();
});

test.each(['none.pcap', 'none.pcapng'])('a file without packets is valid: %s', async (name) => {
  const writer = await openCaptureWriter(folder.path(name));
  writer.interfaces([COOKED]);
  await writer.close();
  const capture = await openCapture(writer.path);
  expect(await rowsOf(capture)).toEqual([]);
  await capture.close();
  expect(capture.interfaces).toMatchObject([{ linkType: 276 }]);
  expect(capture.damage).toBeUndefined();
});

test('asks to wait when much is to be written', async () => {
  const writer = await openCaptureWriter(folder.path('much.pcapng'));
  const bytes = new Uint8Array(1000);
  let waits = 0;
  for (let number = 0; number < 5000; number++) {
    const wait = writer.packet({ from: ETHERNET, seconds: number, nanos: 0, bytes, wire: 1000 });
    if (wait === undefined) continue;
    waits++;
    await wait;
  }
  await writer.close();
  expect(waits).toBe(4);
  expect(writer.packets).toBe(5000);
  const { rows } = await readCapture(writer.path);
  expect(rows.map(([, , , , seconds]) => seconds)).toEqual(Array.from({ length: 5000 }, (_, index) => index));
});

test('takes packets of those who do not wait', async () => {
  const writer = await openCaptureWriter(folder.path('hasty.pcapng'));
  const bytes = new Uint8Array(100_000);
  const waits: (Promise<void> | undefined)[] = [];
  for (let number = 0; number < 50; number++)
    waits.push(writer.packet({ from: ETHERNET, seconds: number, nanos: 0, bytes, wire: 1 }));
  await Promise.all(waits);
  await writer.close();
  const { rows } = await readCapture(writer.path);
  expect(rows.map(([, , , , seconds]) => seconds)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

test('what was flushed is a whole file', async () => {
  const writer = await openCaptureWriter(folder.path('live.pcapng'));
  writer.packet(packet(100, ETHERNET));
  await writer.flush();
  expect((await readCapture(writer.path)).rows).toHaveLength(1);
  writer.packet(packet(101, ETHERNET));
  expect((await readCapture(writer.path)).rows).toHaveLength(1);
  await writer.close();
  expect((await readCapture(writer.path)).rows).toHaveLength(2);
});

test('goes to standard output', async () => {
  const stdout = new PassThrough();
  const writer = await openCaptureWriter('-', { stdout });
  writer.packet(packet(100, ETHERNET));
  await writer.close();
  stdout.end();
  expect((await readCapture('-', { stdin: stdout })).rows).toHaveLength(1);
});

test('tells when nobody reads standard output any more', async () => {
  const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done(closed) });
  const writer = await openCaptureWriter('-', { stdout });
  writer.packet(packet(100, ETHERNET));
  const error: unknown = await writer.close().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: 'cannot write: standard output: nobody reads it any more', cause: closed });
});

const INPUT = folder.write('input.pcap', pcapOf(3));
symlinkSync(INPUT, folder.path('link.pcap'));

test.each<[string, string, string, CaptureWriterOptions]>([
  ['a folder that is missing', folder.path('missing/x.pcapng'), 'no such file', {}],
  ['a directory', folder.path(''), 'it is a directory', {}],
  ['what is read', INPUT, 'the packets are read from it', { inputs: [INPUT] }],
  ['what is read, by another name', folder.path('link.pcap'), 'the packets are read from it', { inputs: [INPUT] }],
])('refuses to write to %s', async (_, path, why, options) => {
  await expect(openCaptureWriter(path, options)).rejects.toThrow(`cannot write: ${path}: ${why}`);
  expect(readFileSync(INPUT)).toHaveLength(pcapOf(3).length);
});

test('a full disk is told in one line, at every attempt', async () => {
  // Everything fails there, as on a disk that is full.
  const writer = await openCaptureWriter('/dev/full');
  writer.packet(packet(100, ETHERNET));
  await expect(writer.flush()).rejects.toThrow('cannot write: /dev/full: no space left on the device');
  expect(() => writer.packet(packet(101, ETHERNET))).toThrow('no space left on the device');
  await expect(writer.close()).rejects.toThrow('no space left on the device');
});
