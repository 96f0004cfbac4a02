import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { openCaptureWriter } from '../../../analyzer/capture/capture-writer.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import type { CaptureInterface, Resolution } from '../../../dissectors/file/records.js';
import { running } from '../commands/running.js';
import { makeFolder, packetBytes, rowsOf } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

const interfaceOf = (resolution: Resolution, offset = 0): CaptureInterface => ({
  linkType: 1,
  snapLength: 0,
  resolution,
  offset,
  section: 0,
  name: 'eth0',
});
const SECONDS = interfaceOf({ base: 10, exponent: 0 });
const MICROS = interfaceOf({ base: 10, exponent: 6 });

/** What is read again of a time that was written: seconds and nanoseconds. */
async function written(from: CaptureInterface, times: readonly (readonly [number, number])[], name = 'far.pcapng') {
  const path = folder.path(name);
  const writer = await openCaptureWriter(path);
  for (const [seconds, nanos] of times) {
    writer.packet({ from, seconds, nanos, bytes: packetBytes(1), wire: 60 });
  }
  await writer.close();
  const capture = await openCapture(path);
  const rows = await rowsOf(capture);
  await capture.close();
  const { problem } = writer;
  return {
    times: rows.map((row) => [row[4], row[5]]),
    digits: capture.interfaces.map((one) => one.resolution.exponent),
    problem,
  };
}

describe('times that 64 bits of nanoseconds cannot tell', () => {
  test.each<[string, CaptureInterface, readonly (readonly [number, number])[], readonly number[]]>([
    // The last nanosecond that fits is 18446744073.709551615 s.
    ['the last day', MICROS, [[18_446_744_072, 999_999_000]], [9]],
    ['a second later', MICROS, [[18_446_744_074, 999_999_000]], [9, 8]],
    ['the end of what microseconds tell', MICROS, [[18_446_744_073_709, 551_615_000]], [9, 6]],
    ['a time in seconds', SECONDS, [[9_007_199_254_740_991, 0]], [9, 3]],
    [
      'near, far, near and farther',
      MICROS,
      [
        [1, 5000],
        [20_000_000_000, 1000],
        [2, 0],
        [18_446_744_073_709, 0],
      ],
      [9, 8, 6],
    ],
    [
      'an interface that counts from later',
      interfaceOf({ base: 10, exponent: 9 }, 2 ** 40),
      [[2 ** 40 + 5, 123_456_789]],
      [9],
    ],
  ])('survive in pcapng: %s', async (_, from, times, digits) => {
    expect(await written(from, times)).toEqual({ times, digits, problem: undefined });
  });

  test('are told where an interface counts from later than its packets', async () => {
    const { problem } = await written(interfaceOf({ base: 10, exponent: 9 }, 100), [[99, 0]]);
    expect(problem).toMatch(/^cannot write all: .*far\.pcapng: the time of 1 packet does not fit in its interface, /);
  });
});

test('decode -w says in one line, and by its status, that a pcap file has no times after 2106', async () => {
  await written(MICROS, [
    [1, 0],
    [4_294_967_295, 0],
    [4_294_967_296, 0],
    [20_000_000_000, 0],
  ]);
  const words = (name: string) => ['decode', '-w', folder.path(name), folder.path('far.pcapng')];
  const why =
    'the times of 2 packets do not fit in a pcap file, whose times go from 1970 to 2106; name the file .pcapng';
  expect(await running(words('out.pcap'))).toEqual({
    stdout: '',
    complaints: [`cannot write all: ${folder.path('out.pcap')}: ${why}`],
    status: 1,
  });
  expect(await running(words('out.pcapng'))).toEqual({ stdout: '', complaints: [], status: 0 });
});

describe('a fraction of a second that is a second or more', () => {
  const record = (seconds: number, fraction: number) => {
    const bytes = pcapRecord({ seconds, nanos: 0, bytes: packetBytes(1), wire: 60 });
    new DataView(bytes.buffer).setUint32(4, fraction, true);
    return bytes;
  };

  test.each([
    ['microseconds', false, 999_999, 1_000_000, 4_294_967_295, 4294],
    ['nanoseconds', true, 999_999_999, 1_000_000_000, 4_294_967_295, 4],
  ])('is carried over, and told: %s', async (_, nanoseconds, most, least, all, carried) => {
    const path = folder.path('carried.pcap');
    const records = [record(7, most), record(7, least), record(7, all)];
    writeFileSync(path, Buffer.concat([pcapFileHeader({ linkType: 1, nanoseconds }), ...records]));
    const fields = ['-e', 'frame.number', '-e', 'expert.text', '-e', 'frame.time_epoch'];
    const { stdout } = await running(['decode', '-Y', 'expert.code == "time-carried"', ...fields, path]);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(rows.map(([number, text, time]) => [number, text?.split(',').at(-1), time?.split('.')[0]])).toEqual([
      ['2', 'frame.time: the file tells a fraction of 1 second or more', '8'],
      ['3', `frame.time: the file tells a fraction of ${carried} seconds or more`, `${7 + carried}`],
    ]);
  });
});
