import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readSync, truncateSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { type Capture, openCapture } from '../../../analyzer/capture/capture.js';
import { CaptureError } from '../../../analyzer/capture/capture-error.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { makeFolder, packetRecord, pcapOf, readCapture, rowsOf, zstdFrame } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

const WHOLE = pcapOf(500);
const PLAIN = folder.write('plain.pcap', WHOLE);
const { rows: ROWS } = await readCapture(PLAIN);

test('reads a file, with the place of each packet', () => {
  expect(ROWS).toHaveLength(500);
  expect(ROWS[0]).toEqual([1, 40, '00', 1, 0, 5000, 0]);
  expect(ROWS[1]).toEqual([2, 57, '01'.repeat(38), 39, 1, 5000, 0]);
  for (const [, offset, bytes] of ROWS) expect(WHOLE.toString('hex', offset, offset + bytes.length / 2)).toBe(bytes);
});

test.each([12, 24, 40, 41, 64, 100, 1000, 4096, 65536])('chunks of %i bytes make no difference', async (chunkSize) => {
  expect(await readCapture(PLAIN, { chunkSize })).toMatchObject({ rows: ROWS, damage: undefined });
});

const gz = (from: number, to: number) => gzipSync(WHOLE.subarray(from, to));
const skipped = Buffer.from('502a4d180300000061626355'.slice(0, 22), 'hex');

test.each([
  ['gzip', gz(0, WHOLE.length), 'gzip'],
  ['gzip in several members', Buffer.concat([gz(0, 7), gz(7, 5000), gz(5000, WHOLE.length)]), 'gzip'],
  ['zstd', zstdFrame(WHOLE), 'zstd'],
  [
    'zstd in several frames, some to be skipped',
    Buffer.concat([skipped, zstdFrame(WHOLE.subarray(0, 7)), skipped, skipped, zstdFrame(WHOLE.subarray(7))]),
    'zstd',
  ],
  [
    'zstd with empty frames',
    Buffer.concat([zstdFrame(new Uint8Array(0)), zstdFrame(WHOLE), zstdFrame(new Uint8Array(0))]),
    'zstd',
  ],
])('reads %s, whatever its name', async (name, bytes, compression) => {
  const path = folder.write(`${name}.pcap`, bytes);
  for (const chunkSize of [64, 1000, 1 << 20]) {
    expect(await readCapture(path, { chunkSize })).toEqual({
      rows: ROWS,
      damage: undefined,
      format: 'pcap',
      compression,
    });
  }
});

test('reads all that is before the place where a file is cut', async () => {
  const path = folder.write('cut.pcap', WHOLE.subarray(0, -5));
  expect(await readCapture(path)).toMatchObject({
    rows: ROWS.slice(0, 499),
    damage: { offset: (ROWS[499]?.[1] ?? 0) - 16, why: 'the file ends in the middle of packet 500', packets: 499 },
  });
});

test.each([
  ['gzip', gz(0, WHOLE.length).subarray(0, -2000), 'the gzip data is cut short'],
  ['gzip without its end', gz(0, WHOLE.length).subarray(0, -8), 'the gzip data is cut short'],
  ['zstd', zstdFrame(WHOLE).subarray(0, 12_000), 'the zstd data is cut short'],
  ['zstd in a block header', zstdFrame(WHOLE).subarray(0, 6 + 1003 + 2), 'the zstd data is cut short'],
  ['zstd without its checksum', zstdFrame(WHOLE, new Uint8Array(2)), 'the zstd data is cut short'],
])('reads all that is before the place where compressed data is cut: %s', async (name, bytes, why) => {
  const found = await readCapture(folder.write(`cut ${name}`, bytes));
  expect(found.rows.length).toBeGreaterThan(10);
  expect(found.rows).toEqual(ROWS.slice(0, found.rows.length));
  expect(found.damage).toMatchObject({ why, packets: found.rows.length });
});

test.each([
  ['gzip', flipped(gz(0, WHOLE.length), -6), 'the gzip data is damaged (incorrect data check)'],
  [
    'zstd',
    Buffer.concat([zstdFrame(WHOLE), Buffer.from('garbage!')]),
    'the zstd data is damaged (no frame where one should begin)',
  ],
  ['zstd checksum', zstdFrame(WHOLE, new Uint8Array(4)), 'the zstd data is damaged (incorrect checksum)'],
  [
    'zstd block',
    Buffer.concat([zstdFrame(WHOLE).subarray(0, 6 + 1003), Buffer.from('070000', 'hex')]),
    'the zstd data is damaged (invalid block)',
  ],
])('tells of damage in compressed data: %s', async (name, bytes, why) => {
  const found = await readCapture(folder.write(`bad ${name}`, bytes));
  expect(found.rows.length).toBeGreaterThan(10);
  expect(found.rows).toEqual(ROWS.slice(0, found.rows.length));
  expect(found.damage).toMatchObject({ why });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const bad = Buffer.from(bytes);
  const place = (at + bad.length) % bad.length;
  bad[place] = (bad[place] ?? 0) ^ 1;
  return bad;
}

test('a window that would take too much memory is refused', async () => {
  // A frame with a window of 3.75 TiB.
  const path = folder.write('window.zst', Buffer.from('28b52ffd00ff010000', 'hex'));
  await expect(openCapture(path)).rejects.toThrow('the zstd data asks for a window of more than 128 MiB');
});

test('what expands a thousandfold is read piece by piece', async () => {
  const zeros = pcapRecord({ seconds: 1, nanos: 0, bytes: new Uint8Array(200_000), wire: 200_000 });
  const bomb = Buffer.concat([pcapFileHeader({ linkType: 1 }), ...Array.from({ length: 500 }, () => zeros)]);
  const capture = await openCapture(folder.write('bomb.gz', gzipSync(bomb, { level: 9 })));
  let bytes = 0;
  let most = 0;
  for await (const { view, records } of capture.batches()) {
    bytes += records.count * 200_000;
    most = Math.max(most, view.byteLength);
  }
  await capture.close();
  expect(bytes).toBe(100_000_000);
  expect(most).toBe(4 * 1024 * 1024);
});

const DIRECTORY = folder.path('directory');
mkdirSync(DIRECTORY);

test.each([
  ['a missing file', folder.path('missing.pcap'), 'no such file'],
  ['a directory', DIRECTORY, 'it is a directory'],
  ['an empty file', folder.write('empty', ''), 'the file is empty'],
  ['an empty gzip file', folder.write('empty.gz', gzipSync('')), 'nothing is in the gzip file'],
  ['gzip of gzip', folder.write('twice.gz', gzipSync(gzipSync(WHOLE))), 'it is compressed twice'],
  ['text', folder.write('text', 'hello\n'), 'not a pcap or pcapng file: it looks like text'],
  ['text in gzip', folder.write('text.gz', gzipSync('hello\n')), 'not a pcap or pcapng file: it looks like text'],
  ['half a file header', folder.write('half', WHOLE.subarray(0, 20)), 'the file ends in the middle of the file header'],
  ['gzip cut in the file header', folder.write('half.gz', gz(0, 20).subarray(0, -8)), 'the gzip data is cut short'],
  ['a version of the future', folder.write('future', flipped(WHOLE, 6)), 'pcap version 2.5 is not supported'],
  ['a device', '/dev/null', 'it is neither a file nor a pipe'],
])('says what is wrong with %s, in one line', async (_, path, why) => {
  const error: unknown = await openCapture(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CaptureError);
  expect(error).toMatchObject({ message: `cannot read: ${path}: ${why}`, where: path, why });
});

test('a file that may not be read', async () => {
  const path = folder.write('secret.pcap', WHOLE);
  chmodSync(path, 0);
  // Root may read everything, so be somebody else for a moment.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  const opening = openCapture(path).catch((reason: unknown) => reason);
  const error = await opening.finally(() => isRoot && process.seteuid?.(0));
  expect(error).toMatchObject({ message: `cannot read: ${path}: permission denied` });
});

test('a name with line breaks and escape sequences is told in one safe line', async () => {
  const error = await openCapture('a\nb\u001b[2J').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: 'cannot read: a·b·[2J: no such file' });
});

test('packets come out of a pipe as soon as they are whole', async () => {
  const stdin = new PassThrough();
  stdin.write(pcapFileHeader({ linkType: 1 }));
  const stop = new AbortController();
  const capture = await openCapture('-', { stdin, signal: stop.signal });
  expect(capture.interfaces).toMatchObject([{ linkType: 1 }]);
  const batches = capture.batches();

  stdin.write(packetRecord(0));
  expect((await batches.next()).value).toMatchObject({ first: 1, base: 0, records: { count: 1 } });

  stdin.write(packetRecord(1).subarray(0, 20));
  const next = batches.next();
  stdin.write(packetRecord(1).subarray(20));
  stdin.write(packetRecord(2).subarray(0, 3));
  expect((await next).value).toMatchObject({ first: 2, records: { count: 1 } });
  expect(capture.progress).toBeUndefined();

  // Half a packet is no damage when the user has had enough.
  stop.abort();
  expect(await batches.next()).toEqual({ done: true, value: undefined });
  expect(capture.damage).toBeUndefined();
  await capture.close();
});

test('a pipe that ends in the middle of a packet is damaged', async () => {
  const stdin = new PassThrough();
  stdin.end(WHOLE.subarray(0, -1));
  expect(await readCapture('-', { stdin })).toMatchObject({ rows: ROWS.slice(0, 499), damage: { packets: 499 } });
});

test('compressed data comes through a pipe, and nothing is an error of its own', async () => {
  const stdin = new PassThrough();
  stdin.end(gzipSync(WHOLE));
  expect(await readCapture('-', { stdin })).toMatchObject({ rows: ROWS, damage: undefined, compression: 'gzip' });
  const empty = new PassThrough();
  empty.end();
  await expect(openCapture('-', { stdin: empty })).rejects.toThrow('cannot read: standard input: nothing came');
});

test('a pipe can be given up before anything came', async () => {
  const stop = new AbortController();
  const opening = openCapture('-', { stdin: new PassThrough(), signal: stop.signal });
  stop.abort();
  const capture = await opening;
  expect(await rowsOf(capture)).toEqual([]);
  expect(capture.damage).toBeUndefined();
});

test('reads a named pipe', async () => {
  const path = folder.path('fifo');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', `cat "${PLAIN}" > "${path}"`], { stdio: 'ignore' });
  expect(await readCapture(path)).toMatchObject({ rows: ROWS, damage: undefined });
  writer.kill();
});

test('follows a file that is still written', async () => {
  const path = folder.write('growing.pcap', WHOLE.subarray(0, (ROWS[100]?.[1] ?? 0) + 1));
  const stop = new AbortController();
  const capture = await openCapture(path, { follow: true, interval: 1, signal: stop.signal });
  const numbers: number[] = [];
  for await (const { records, first } of capture.batches()) {
    for (let row = 0; row < records.count; row++) numbers.push(first + row);
    if (numbers.length <= 101) appendFileSync(path, WHOLE.subarray((ROWS[100]?.[1] ?? 0) + 1));
    if (numbers.length === 500) stop.abort();
  }
  await capture.close();
  expect(numbers).toEqual(ROWS.map(([number]) => number));
  expect(capture.damage).toBeUndefined();
});

test('a followed file that becomes shorter is damaged', async () => {
  const path = folder.write('shrinking.pcap', WHOLE);
  const capture = await openCapture(path, { follow: true, interval: 1 });
  for await (const _ of capture.batches()) truncateSync(path, 100);
  await capture.close();
  expect(capture.damage).toMatchObject({ why: 'the file became shorter while it was read', packets: 500 });
});

test('a record longer than a chunk, and than several, is read whole', async () => {
  const long = pcapRecord({ seconds: 1, nanos: 0, bytes: new Uint8Array(200_000).fill(7), wire: 200_000 });
  const file = Buffer.concat([WHOLE, long, packetRecord(1), long, long, packetRecord(2)]);
  const { rows, damage } = await readCapture(folder.write('long.pcap', file), { chunkSize: 4096 });
  expect(damage).toBeUndefined();
  expect(rows.slice(0, 500)).toEqual(ROWS);
  expect(rows.slice(500).map(([, , bytes]) => bytes.length / 2)).toEqual([200_000, 38, 200_000, 200_000, 75]);
});

/** Bytes of the uncompressed file; fewer, where it ends. */
function bytesAt({ descriptor }: Capture, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(descriptor ?? -1, bytes, 0, length, offset));
}

function pipeOfAll(stdin: PassThrough): string {
  stdin.end(WHOLE);
  return '-';
}

test.each([
  ['a file', 'none', (): string => PLAIN],
  ['gzip', 'gzip', (): string => folder.write('random.gz', gzipSync(WHOLE))],
  ['a pipe', 'none', pipeOfAll],
] as const)('any packet of %s can be looked at again', async (_, compression, make) => {
  const stdin = new PassThrough();
  const path = make(stdin);
  const capture = await openCapture(path, { stdin, randomAccess: true, chunkSize: 4096 });
  expect(await rowsOf(capture)).toEqual(ROWS);
  for (const [, offset, bytes] of ROWS.toReversed()) {
    expect(toHex(bytesAt(capture, offset, bytes.length / 2))).toBe(bytes);
  }
  expect(bytesAt(capture, WHOLE.length - 1, 10)).toHaveLength(1);
  expect(capture.compression).toBe(compression);
  await capture.close();
});

test('packets can be looked at as soon as their batch is there', async () => {
  const capture = await openCapture(folder.path('gzip.pcap'), { randomAccess: true, chunkSize: 256 });
  for await (const { view, records, base } of capture.batches()) {
    const last = records.count - 1;
    const at = records.at[last] ?? 0;
    const length = records.captured[last] ?? 0;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
    expect(bytesAt(capture, base + at, length)).toEqual(bytes.slice());
  }
  await capture.close();
});

test('progress goes from near nothing to one', async () => {
  const capture = await openCapture(PLAIN, { chunkSize: 1000 });
  const seen: number[] = [];
  for await (const _ of capture.batches()) seen.push(capture.progress ?? Number.NaN);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen[0]).toBeLessThan(1);
  expect(capture.progress).toBe(1);
  await capture.close();
});

test('who stops early may close', async () => {
  const capture = await openCapture(PLAIN, { chunkSize: 100 });
  for await (const { first } of capture.batches()) if (first > 5) break;
  await capture.close();
  await capture.close();
  expect(capture.damage).toBeUndefined();
});
