import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Capture } from '../../../analyzer/capture/capture.js';
import { openNamed } from '../../../analyzer/capture/named-captures.js';
import { pcapFileHeader } from '../../../dissectors/file/pcap-writer.js';
import { makeFolder, packetRecord, pcapOf } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

const HEADER = pcapFileHeader({ linkType: 1 });

const several = (paths: readonly string[], options: Parameters<typeof openNamed>[1] = {}) =>
  openNamed({ paths, areSeveral: true, folders: [], title: 'some' }, options);

/** For each packet its number, the second it was captured in, and the name of its file. */
async function packetsOf(capture: Capture): Promise<(readonly [number, number, string | undefined])[]> {
  const found: (readonly [number, number, string | undefined])[] = [];
  for await (const { records, first } of capture.batches()) {
    for (let row = 0; row < records.count; row++) {
      const on = capture.interfaces[records.interfaceId[row] as number];
      found.push([first + row, records.seconds[row] as number, on?.file?.split('/').at(-1)]);
    }
  }
  return found;
}

/** A pcap file with packets of these seconds. */
const pcapAt = (name: string, seconds: readonly number[]): string =>
  folder.write(name, Buffer.concat([HEADER, ...seconds.map(packetRecord)]));

test('the earliest of the next packets comes first, of two at once the one whose file was named first', async () => {
  const one = pcapAt('one.pcap', [1, 4, 4, 9]);
  const two = pcapAt('two.pcap', [0, 4, 5, 3]);
  const capture = await several([one, two]);
  expect(await packetsOf(capture)).toEqual([
    [1, 0, 'two.pcap'],
    [2, 1, 'one.pcap'],
    [3, 4, 'one.pcap'],
    [4, 4, 'one.pcap'],
    [5, 4, 'two.pcap'],
    [6, 5, 'two.pcap'],
    [7, 3, 'two.pcap'],
    [8, 9, 'one.pcap'],
  ]);
  expect([capture.packets, capture.progress, capture.faults]).toEqual([8, 1, []]);
  await capture.close();
});

test('what cannot be read is left out, and told of', async () => {
  const whole = pcapAt('whole.pcap', [2, 3]);
  const cut = folder.write('cut.pcap', pcapOf(5).subarray(0, -3));
  const capture = await several([whole, folder.path('nowhere.pcap'), cut, folder.write('text.pcap', 'some text here')]);
  expect((await packetsOf(capture)).map(([, seconds]) => seconds)).toEqual([0, 1, 2, 2, 3, 3]);
  expect(capture.faults.map(({ line }) => line.replaceAll(`${folder.path('')}/`, ''))).toEqual([
    'cannot read: nowhere.pcap: no such file',
    'cannot read: text.pcap: not a pcap or pcapng file: it looks like text',
    expect.stringMatching(
      /^damaged capture: cut\.pcap: offset \d+: the file ends in the middle of packet 5; 4 packets/,
    ),
  ]);
  await capture.close();
  await expect(several([folder.path('a.pcap'), folder.path('b.pcap')])).rejects.toThrow(/a\.pcap: no such file$/);
});

test('more files than may be open are read, however they overlap', async () => {
  const count = 60;
  const paths = Array.from({ length: count }, (_, place) =>
    pcapAt(`many-${place}.pcap`, [place, place + count, place + 2 * count]),
  );
  // Small chunks: every file is read again and again.
  const capture = await several(paths, { chunkSize: 64 });
  let most = 0;
  const seconds: number[] = [];
  for await (const { records } of capture.batches()) {
    seconds.push(...records.seconds.subarray(0, records.count));
    most = Math.max(most, openFilesIn(folder.path('')));
  }
  expect(seconds).toEqual(Array.from({ length: 3 * count }, (_, second) => second));
  expect(most).toBeLessThanOrEqual(8);
  await capture.close();
  expect(openFilesIn(folder.path(''))).toBe(0);
});

/** How many files of a folder this process has open. */
function openFilesIn(path: string): number {
  const links = execFileSync('find', [`/proc/${process.pid}/fd`, '-lname', `${path}*`], { encoding: 'utf8' });
  return links.split('\n').length - 1;
}

test('a file that gives its name to another while it is read ends there', async () => {
  const one = pcapAt(
    'replaced.pcap',
    Array.from({ length: 200 }, (_, second) => second),
  );
  const others = Array.from({ length: 10 }, (_, place) =>
    pcapAt(
      `beside-${place}.pcap`,
      Array.from({ length: 200 }, (_, second) => second),
    ),
  );
  const capture = await several([one, ...others], { chunkSize: 64 });
  const files = new Set<string | undefined>();
  const batches = capture.batches();
  renameSync(pcapAt('other.pcap', [7]), one);
  for await (const { records } of batches) {
    for (const id of records.interfaceId.subarray(0, records.count)) files.add(capture.interfaces[id]?.file);
  }
  expect(capture.faults.map(({ line }) => line)).toEqual([`cannot read: ${one}: another file has its name now`]);
  expect(files.size).toBe(10);
  await capture.close();
});

test('compressed files and both formats are read, and their interfaces stay apart', async () => {
  const paths = ['compressed.pcap.gz', 'compressed-ng.pcapng.zst', 'demo.pcapng', 'loopback-null.pcap'];
  const capture = await several(paths.map((name) => `fixtures/${name}`));
  const packets = await packetsOf(capture);
  const types = new Map(capture.interfaces.map(({ file, name, linkType }) => [`${file} ${name}`, linkType]));
  expect(Object.fromEntries(types)).toEqual({
    'fixtures/compressed.pcap.gz undefined': 1,
    'fixtures/compressed-ng.pcapng.zst eth0': 1,
    'fixtures/demo.pcapng eth0': 1,
    'fixtures/demo.pcapng tun0': 101,
    'fixtures/loopback-null.pcap undefined': 0,
  });
  expect(new Set(packets.map(([, , file]) => file))).toEqual(new Set(paths));
  await capture.close();
});

test('comments stay with their packets, which have other numbers beside those of other files', async () => {
  const comments = async (paths: readonly string[]) => {
    const capture = await several(paths);
    const packets = await packetsOf(capture);
    const found = [...capture.log.comments].map(([number, texts]) => [packets[number - 1]?.slice(1), texts]);
    await capture.close();
    return { found, numbers: [...capture.log.comments.keys()] };
  };
  const alone = await comments(['fixtures/faults.pcapng']);
  const beside = await comments(['fixtures/faults.pcapng', 'fixtures/vlan.pcap']);
  expect(alone.found.length).toBe(24);
  expect(beside.found).toEqual(alone.found);
  expect(beside.numbers).not.toEqual(alone.numbers);
});

test('a folder of a ring is followed as it grows', async () => {
  const ring = makeFolder();
  const name = (number: number) => ring.path(`x_0000${number}_2026120112000${number}.pcap`);
  writeFileSync(name(1), Buffer.concat([HEADER, packetRecord(1), packetRecord(2)]));
  ring.write('notes.txt', 'this is no capture');
  const stop = new AbortController();
  const capture = await openNamed(
    { paths: [name(1)], areSeveral: true, folders: [ring.path('')], title: 'ring' },
    { follow: true, interval: 5, signal: stop.signal },
  );
  const seconds: number[] = [];
  const complete = () => {
    appendFileSync(name(1), packetRecord(4).subarray(9));
    writeFileSync(name(2), Buffer.concat([HEADER, packetRecord(5)]));
  };
  /** What is written once so many packets have come. */
  const then = new Map<number, () => void>([
    [2, () => appendFileSync(name(1), packetRecord(3))],
    [
      3,
      () => {
        // A record that is not complete yet, and a file that is still empty.
        appendFileSync(name(1), packetRecord(4).subarray(0, 9));
        writeFileSync(name(2), '');
        setTimeout(complete, 30);
      },
    ],
    [5, () => writeFileSync(name(3), Buffer.concat([HEADER, packetRecord(6)]))],
    [6, () => stop.abort()],
  ]);
  for await (const { records } of capture.batches()) {
    for (const second of records.seconds.subarray(0, records.count)) {
      seconds.push(second);
      then.get(seconds.length)?.();
    }
  }
  expect(seconds.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(capture.faults).toEqual([]);
  await capture.close();
  expect(readdirSync(ring.path('')).length).toBe(4);
  ring.remove();
});
