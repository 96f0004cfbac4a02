import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { joined } from '../../../../analyzer/capture/block-cutter.js';
import { numberedName } from '../../../../analyzer/capture/file-names.js';
import { withSecrets } from '../../../../analyzer/capture/injected-secrets.js';
import { PcapConversion } from '../../../../analyzer/capture/pcap-conversion.js';
import { readSecrets } from '../../../../analyzer/capture/read-secrets.js';
import { RingWriter, untilMultiple } from '../../../../analyzer/capture/ring-writer.js';
import { interfaceDescription, sectionHeader } from '../../../../dissectors/file/pcapng-writer.js';
import { makeFolder, readCapture } from '../files.js';
import { HEAD, packetBlock, packets, SECTION } from './blocks.js';

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

test('the oldest file makes room for the newest', async () => {
  const path = newFolder('kept');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1, files: 2 } });
  await writer.open();
  await writer.write(HEAD);
  await writer.write(packets(1, 2, 3, 4));
  await writer.close();
  expect(
    readdirSync(path)
      .map((name) => name.slice(0, 7))
      .sort(),
  ).toEqual(['t_00004', 't_00005']);
  expect(writer.files).toBe(5);
});

test('after the last file no packet is written, but what else there is', async () => {
  const path = newFolder('most');
  let full = 0;
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { packets: 1 }, mostFiles: 2, onFull: () => full++ });
  await writer.open();
  await writer.write(HEAD);
  await writer.write(
    joined([
      [6, packetBlock(1)],
      [6, packetBlock(2)],
      [6, packetBlock(3)],
      [5, packetBlock(9)],
    ]),
  );
  await writer.write(packets(4));
  await writer.close();
  expect(filesIn(path)[1]).toEqual(Buffer.concat([HEAD.bytes, packetBlock(2), packetBlock(9)]));
  expect([full, writer.files]).toEqual([1, 2]);
});

test('after its time a file is followed by the next; one that cannot be begun is told', async () => {
  const path = newFolder('time');
  const writer = new RingWriter(`${path}/t.pcapng`, { ring: { duration: 0.02 } });
  await writer.open();
  await writer.write(HEAD);
  await writer.write(packets(1));
  while (writer.files < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(filesIn(path).slice(0, 2)).toEqual([Buffer.concat([HEAD.bytes, packets(1).bytes]), HEAD.bytes]);
  rmSync(path, { recursive: true });
  const failing = async () => {
    for (;;) {
      await writer.write(packets(2));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await expect(failing()).rejects.toThrow(/^cannot write: .*t_\d{5}_\d{14}\.pcapng: no such file$/);
  await expect(writer.close()).rejects.toThrow('no such file');
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
  for (const [index, name] of readdirSync(path).sort().entries()) {
    expect(await readSecrets(`${path}/${name}`)).toEqual([text]);
    expect((await readCapture(`${path}/${name}`)).rows).toHaveLength(index < 2 ? 1 : 0);
  }
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
