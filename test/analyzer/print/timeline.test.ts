import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { running } from '../commands/running.js';

const FIELDS = ['frame.number', 'frame.time_relative', 'frame.time_delta', 'frame.time_delta_displayed'];
const named = FIELDS.flatMap((field) => ['-e', field]);

test('times count from the first packet, the one before, and the one shown before', async () => {
  const { stdout } = await running([
    'decode',
    'fixtures/handshake-hmac.pcap',
    '-Y',
    'frame.number in {2, 4, 5}',
    ...named,
  ]);
  expect(stdout).toBe(
    [
      '2 0.020320000 0.020320000 0.000000000',
      '4 0.041307000 0.020655000 0.020987000',
      '5 0.044350000 0.003043000 0.003043000',
      '',
    ]
      .join('\n')
      .replaceAll(' ', '\t'),
  );
});

test.each([
  ['r', ['0.020320', '0.041307', '0.044350']],
  ['d', ['0.020320', '0.020655', '0.003043']],
  ['dd', ['0.000000', '0.020987', '0.003043']],
])('so they do in the list with -t %s', async (format, times) => {
  const words = ['decode', 'fixtures/handshake-hmac.pcap', '-Y', 'frame.number in {2, 4, 5}', '-t', format];
  const { stdout } = await running(words);
  expect(stdout.match(/\d+\.\d{6}(?= )/g)).toEqual(times);
  const csv = await running([...words, '-T', 'csv']);
  expect(csv.stdout.match(/(?<=^\d+,)[\d.]+/gm)).toEqual(times);
});

test('filters compare them as durations', async () => {
  const { stdout } = await running([
    'decode',
    'fixtures/handshake-hmac.pcap',
    '-Y',
    'frame.time_delta > 0.1 or frame.time_delta_displayed == 0 or frame.time_relative == 0.020652',
    '-e',
    'frame.number',
  ]);
  expect(stdout).toBe('1\n3\n10\n');
});

const missing = spawnSync('tshark', ['--version']).status === 0 ? '' : 'tshark is not installed';
if (missing) console.log(`times not compared with tshark: ${missing}`);

describe.skipIf(missing !== '')('as tshark has them', () => {
  test.each([
    ['two-interfaces.pcapng', 'frame'],
    ['reordered.pcap', 'udp'],
    ['nanoseconds-big-endian.pcap', 'frame.number > 3'],
    ['mixed-traffic.pcap', 'ip.ttl > 63 && frame.time_delta > 0.001'],
    ['demo.pcapng', 'frame.time_relative > 5 && frame.time_delta_displayed >= 0'],
  ])('%s, filtered by %s', async (name, filter) => {
    const path = `fixtures/${name}`;
    const theirs = spawnSync('tshark', ['-n', '-r', path, '-Y', filter, '-T', 'fields', ...named], {
      encoding: 'utf8',
    });
    const ours = await running(['decode', path, '-Y', filter, ...named]);
    expect(theirs.stdout).not.toBe('');
    expect(ours.stdout).toBe(theirs.stdout);
  });

  test.each(['r', 'd', 'dd', 'e', 'ud', 'udoy', 'adoy'])(
    'in the list with -t %s, whatever is filtered',
    async (format) => {
      for (const filter of ['frame', 'frame.number > 3', 'ip.ttl > 63 && frame.time_delta > 0.001']) {
        const path = 'fixtures/mixed-traffic.pcap';
        const theirs = spawnSync(
          'tshark',
          ['-n', '-r', path, '-Y', filter, '-t', format, '-o', 'gui.column.format:"Time","%t"'],
          { encoding: 'utf8' },
        );
        const ours = await running(['decode', path, '-Y', filter, '-t', format, '-T', 'csv']);
        const times = ours.stdout.split('\n').slice(1, -1);
        expect(times.length).toBeGreaterThan(3);
        expect(times.map((line) => line.split(',')[1])).toEqual(theirs.stdout.trim().split(/\s*\n\s*/));
      }
    },
  );
});
