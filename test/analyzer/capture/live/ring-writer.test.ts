import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { joined } from '../../../../analyzer/capture/block-cutter.js';
import { numberedName } from '../../../../analyzer/capture/file-names.js';
import { withSecrets } from '../../../../analyzer/capture/injected-secrets.js';
import { PcapConversion } from '../../../../analyzer/capture/pcap-conversion.js';
import { readSecrets } from '../../../../analyzer/capture/read-secrets.js';
import { untilMultiple } from '../../../../analyzer/capture/ring-clock.js';
import { RingWriter } from '../../../../analyzer/capture/ring-writer.js';
import { customBlock, interfaceDescription, sectionHeader } from '../../../../dissectors/file/pcapng-writer.js';
import { viewOf } from '../../../../dissectors/wire/view.js';
import { makeFolder, readCapture } from '../files.js';
import { HEAD, packetBlock, packets, SECTION, section } from './blocks.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const newFolder = (name: string): string => {
  mkdirSync(folder.path(name));
  return folder.path(name);
};
const filesIn = (path: string) =>
  readdirSync(path)
    .sort()
    .map((name) => readFileSync(`${path}/${name}`));

test('one file has it all, under its own name', async () => {
  const writer = new RingWriter(folder.path('one.pcapng'));
  await writer.open();
  await writer.write(HEAD);
  await writer.write(packets(1, 2));
  // What was written is on disk before the file is closed.
  const expected = Buffer.concat([HEAD.bytes, packets(1, 2).bytes]);
  expect(readFileSync(folder.path('one.pcapng'))).toEqual(expected);
  await writer.close();
  expect([writer.files, writer.names]).toEqual([1, [folder.path('one.pcapng')]]);
});

test('each file of several begins as the first, and ends with the packet that fills it', async () => {
  const path = newFolder('packets');
  const closed: string[] = [];
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 2 }, onClosed: (name) => closed.push(name) });
  await writer.open();
  await writer.write(HEAD);
  await writer.write(packets(1, 2, 3, 4, 5));
  await writer.close();
  const head = HEAD.bytes;
  expect(filesIn(path)).toEqual([
    Buffer.concat([head, packets(1, 2).bytes]),
    Buffer.concat([head, packets(3, 4).bytes]),
    Buffer.concat([head, packets(5).bytes]),
  ]);
  expect(closed).toEqual(writer.names);
});

test('a size counts the head of a file', async () => {
  const path = newFolder('bytes');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { bytes: HEAD.bytes.length + 2 * packetBlock(0).length } });
  await writer.open();
  await writer.write(joined([[SECTION, HEAD.bytes]]));
  for (const number of [1, 2, 3, 4, 5]) await writer.write(packets(number));
  await writer.close();
  expect(filesIn(path).map((file) => (file.length - HEAD.bytes.length) / packetBlock(0).length)).toEqual([2, 2, 1]);
});

test('the oldest file makes room for the newest, once that is there', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 2, 7, 8, 9, 10) });
  try {
    const path = newFolder('kept');
    const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1, files: 2 } });
    await writer.open();
    await writer.write(HEAD);
    await writer.write(packets(1, 2, 3, 4));
    const namesIn = () => readdirSync(path).sort();
    expect(namesIn()).toEqual(['t_00003_20260307080910.pcapng', 't_00004_20260307080910.pcapng']);
    expect(writer.names).toEqual(namesIn().map((name) => `${path}/${name}`));
    expect([writer.files, writer.packets]).toEqual([4, 4]);
    // The next cannot be created: no packet is lost for it.
    mkdirSync(`${path}/t_00005_20260307080910.pcapng`);
    await expect(writer.write(packets(5))).rejects.toThrow(/^cannot write: .*t_00005_\d+\.pcapng: /);
    await writer.close();
    expect(namesIn().slice(0, 2)).toEqual(['t_00003_20260307080910.pcapng', 't_00004_20260307080910.pcapng']);
    expect([writer.files, writer.packets]).toEqual([4, 4]);
  } finally {
    vi.useRealTimers();
  }
});

test('after the last file no packet is written, but what else there is', async () => {
  const path = newFolder('most');
  let full = 0;
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1 }, mostFiles: 2, onFull: () => full++ });
  await writer.open();
  await writer.write(HEAD);
  const some = joined([
    [6, packetBlock(1)],
    [6, packetBlock(2)],
    [6, packetBlock(3)],
    [5, packetBlock(9)],
  ]);
  expect([await writer.write(some), await writer.write(packets(4, 5))]).toEqual([1, 2]);
  await writer.close();
  expect(writer.packets).toBe(2);
  expect(filesIn(path)[1]).toEqual(Buffer.concat([HEAD.bytes, packetBlock(2), packetBlock(9)]));
  expect([full, writer.files]).toEqual([1, 2]);
});

test('after its time a file is complete; the next begins with its first packet', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  try {
    const path = newFolder('time');
    const closed: string[] = [];
    const writer = new RingWriter(`${path}/t.pcapng`, { ring: { duration: 1 }, onClosed: (name) => closed.push(name) });
    await writer.open();
    await writer.write(HEAD);
    await writer.write(packets(1));
    await vi.advanceTimersByTimeAsync(1000);
    // Nothing to write is written after what is to be done.
    await writer.write(packets());
    expect(closed).toEqual(writer.names);
    await vi.advanceTimersByTimeAsync(5000);
    await writer.write(packets());
    expect([writer.files, closed.length]).toEqual([1, 1]);
    await writer.write(packets(2));
    await writer.write(packets(3));
    await writer.close();
    expect(filesIn(path)).toEqual([
      Buffer.concat([HEAD.bytes, packets(1).bytes]),
      Buffer.concat([HEAD.bytes, packets(2, 3).bytes]),
    ]);
    expect(closed).toEqual(writer.names);
  } finally {
    vi.useRealTimers();
  }
});

test('a next file that cannot be begun is told, and what was written is counted', async () => {
  const path = newFolder('gone');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 2 } });
  await writer.open();
  await writer.write(HEAD);
  await writer.write(packets(1, 2));
  rmSync(path, { recursive: true });
  await expect(writer.write(packets(3))).rejects.toThrow(/^cannot write: .*t_00002_\d{14}\.pcapng: no such file$/);
  await writer.close();
  expect([writer.files, writer.packets]).toEqual([1, 2]);
});

test('asked to go on, it completes its file, once', async () => {
  const path = newFolder('asked');
  const closed: string[] = [];
  const writer = new RingWriter(`${path}/t.pcapng`, { onClosed: (name) => closed.push(name) });
  await writer.open();
  await writer.write(
    joined([
      [SECTION, HEAD.bytes],
      [6, packetBlock(1)],
    ]),
  );
  await writer.rotate();
  await writer.rotate();
  expect(closed).toEqual([`${path}/t.pcapng`]);
  await writer.write(packets(2));
  await writer.close();
  expect(filesIn(path)).toEqual([1, 2].map((number) => Buffer.concat([HEAD.bytes, packets(number).bytes])));
});

test('a file without a head is not complete', async () => {
  const path = newFolder('headless');
  const writer = new RingWriter(`${path}/t.pcapng`);
  await writer.open();
  await writer.rotate();
  await writer.write(HEAD);
  await writer.write(packets(1));
  await writer.close();
  expect(filesIn(path)).toEqual([Buffer.concat([HEAD.bytes, packetBlock(1)])]);
});

test('what comes between two files begins the second', async () => {
  const path = newFolder('between');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1 } });
  await writer.open();
  await writer.write(HEAD);
  const described = interfaceDescription({ linkType: 1, name: 'eth1' });
  const custom = customBlock(32_473, new Uint8Array([1, 2, 3, 4]), true);
  const block = (bytes: Uint8Array) => viewOf(bytes).getUint32(0, true);
  const between = joined([described, custom].map((bytes) => [block(bytes), bytes]));
  for (const blocks of [packets(1), between, packets(2), packets(3)]) await writer.write(blocks);
  await writer.close();
  expect(filesIn(path)).toEqual([
    Buffer.concat([HEAD.bytes, packetBlock(1)]),
    Buffer.concat([HEAD.bytes, described, custom, packetBlock(2)]),
    Buffer.concat([HEAD.bytes, described, packetBlock(3)]),
  ]);
});

test('a new section between two files begins the second', async () => {
  const path = newFolder('section');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1 } });
  await writer.open();
  await writer.write(HEAD);
  const other = section(113);
  const types = [SECTION, 1];
  const ends = [sectionHeader().length, other.length];
  for (const blocks of [packets(1), { bytes: other, types, ends }, packets(2)]) await writer.write(blocks);
  await writer.close();
  expect(filesIn(path)).toEqual([Buffer.concat([HEAD.bytes, packetBlock(1)]), Buffer.concat([other, packetBlock(2)])]);
});

test('a file that cannot be begun at all is told', async () => {
  const writer = new RingWriter(folder.path('nowhere/t.pcapng'));
  await expect(writer.open()).rejects.toThrow(/^cannot write: .*nowhere\/t\.pcapng: no such file$/);
});

test.each([
  ['trace.pcapng', 1, false, 'trace_00001_20260307080910.pcapng'],
  ['a.b/c.d.pcap', 99_999, false, 'a.b/c.d_99999_20260307080910.pcap'],
  ['trace', 100_001, false, 'trace_00001_20260307080910'],
  ['trace.pcapng', 2, true, 'trace_20260307080910_00002.pcapng'],
])('%s, number %i', (path, number, isTimeFirst, name) => {
  expect(numberedName(path, number, new Date(2026, 2, 7, 8, 9, 10), isTimeFirst)).toBe(name);
});

test.each([
  [10_000, 0, 10_000],
  [10_000, 12_345, 7655],
  // The clock for waiting was early.
  [10_000, 19_990, 10_010],
  [10_000, 19_950, 50],
])('with intervals of %i, at %i, the next is due in %i', (span, time, wait) => {
  expect(untilMultiple(span, time)).toBe(wait);
});

test('secrets stand before the packets of each file', async () => {
  const text = 'PEER_SECRET * 0b0b\n';
  const path = newFolder('secret');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1 } });
  await writer.open();
  await writer.write(withSecrets(HEAD, [text]));
  await writer.write(withSecrets(packets(1, 2), [text]));
  await writer.close();
  for (const name of readdirSync(path).sort()) {
    expect(await readSecrets(`${path}/${name}`)).toEqual([text]);
    expect((await readCapture(`${path}/${name}`)).rows).toHaveLength(1);
  }
  expect(readdirSync(path)).toHaveLength(2);
});

test('a pcap file has the packets, to the nanosecond', async () => {
  const conversion = new PcapConversion('t.pcap');
  const writer = new RingWriter(folder.path('t.pcap'));
  await writer.open();
  for (const blocks of [HEAD, packets(1, 2), packets(3)]) await writer.write(conversion.convert(blocks));
  await writer.close();
  const { rows, format } = await readCapture(folder.path('t.pcap'));
  expect(format).toBe('pcap');
  const bytes = (number: number) => `0${number}`.repeat(20);
  expect(rows).toEqual([1, 2, 3].map((number) => [number, 40 + 36 * (number - 1), bytes(number), 20, number, 5, 0]));
});

test('a pcap file cannot have packets of two link types', () => {
  const conversion = new PcapConversion('t.pcap');
  const two = joined([
    [SECTION, sectionHeader()],
    [1, interfaceDescription({ linkType: 1 })],
    [1, interfaceDescription({ linkType: 113 })],
  ]);
  expect(() => conversion.convert(two)).toThrow(
    'cannot write: t.pcap: a pcap file has one link type, these packets have two (1 and 113); name the file .pcapng',
  );
});
