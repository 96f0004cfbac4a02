import { Command } from 'commander';
import { expect, test } from 'vitest';
import { type LiveOptions, requestFrom, withLiveOptions } from '../../../analyzer/commands/live-options.js';
import { running } from './running.js';

const parsed = (...words: readonly string[]): LiveOptions =>
  withLiveOptions(new Command())
    .parse([...words], { from: 'user' })
    .opts<LiveOptions>();
const requested = (...words: readonly string[]) => requestFrom(parsed(...words), (name) => name);

test('options before the first interface hold for all, those after one for it', () => {
  const words = [
    '-f',
    'udp',
    '-s',
    '100',
    '-i',
    'a',
    '-i',
    'b',
    '-f',
    'tcp',
    '-B',
    '8',
    '-i',
    'c',
    '-y',
    'RAW',
    '-s',
    '0',
  ];
  expect(requested(...words).taps).toEqual([
    { name: 'a', filter: 'udp', snapLength: 100 },
    { name: 'b', filter: 'tcp', snapLength: 100, bufferSize: 8 },
    { name: 'c', filter: 'udp', linkType: 'RAW' },
  ]);
});

test('the last of several options for the same interface counts', () => {
  expect(requested('-f', 'udp', '-f', 'tcp', '-i', 'a').taps).toEqual([{ name: 'a', filter: 'tcp' }]);
  expect(requested('-i', 'a', '-f', 'udp', '-f', '').taps).toEqual([{ name: 'a' }]);
});

test('how to capture', () => {
  expect(requested('-i', 'a')).toEqual({ taps: [{ name: 'a' }], promiscuous: true, monitor: false });
  expect(requested('-i', 'a', '-p', '-I', '--time-stamp-type', 'adapter')).toEqual({
    taps: [{ name: 'a' }],
    promiscuous: false,
    monitor: true,
    timeStampType: 'adapter',
  });
});

test('when to end; a kilobyte has 1000 bytes, as those of dumpcap', () => {
  const words = ['-a', 'duration:0.5', '-a', 'packets:7', '-a', 'filesize:3', '-a', 'files:2', '-a', 'packets:8'];
  expect(parsed(...words).autostop).toEqual({ duration: 0.5, packets: 8, bytes: 3000, files: 2 });
});

test.each<[string, readonly string[], RegExp]>([
  ['no interface', ['capture', '-w', 'x'], /^no interface: -i: name one that handshark interfaces lists$/],
  ['no file', ['capture', '-i', 'lo'], /^no file: -w: name one; to look at packets only, use handshark decode -i$/],
  [
    'a filter for what is not printed',
    ['capture', '-i', 'lo', '-w', 'x', '-Y', 'chan'],
    /^-Y: chan: goes with -P, all packets are written; -f chooses which are captured$/,
  ],
  [
    'a filter that makes no sense',
    ['capture', '-i', 'lo', '-w', 'x', '-P', '-Y', 'chn'],
    /^filter: "chn" is an unknown field or protocol/,
  ],
  [
    'a ring of standard output',
    ['capture', '-i', 'lo', '-w', '-', '-b', 'packets:1'],
    /^-b: standard output: is one file$/,
  ],
  [
    'a ring without end of a file',
    ['capture', '-i', 'lo', '-w', 'x', '-b', 'files:2'],
    /^-b: no condition: give filesize, duration, interval or packets for the next file$/,
  ],
  ['so many files of one', ['capture', '-i', 'lo', '-w', 'x', '-a', 'files:2'], /^-a: files: goes with -b$/],
  [
    'printing where packets go',
    ['capture', '-i', 'lo', '-w', '-', '-P'],
    /^-P: standard output: is where the capture goes$/,
  ],
  [
    'secrets in a pcap file',
    ['capture', '-i', 'lo', '-w', 'x.pcap', '--inject-secrets', 'y'],
    /^--inject-secrets: y: a pcap file has no room for secrets; name the file \.pcapng$/,
  ],
  [
    'an engine that is none',
    ['decode', '-i', 'lo', '--engine', 'x'],
    /^usage: .*Allowed choices are auto, dumpcap, tcpdump, cap\.$/,
  ],
  [
    'a condition that is none',
    ['decode', '-i', 'lo', '-a', 'size:3'],
    /^usage: .*expected duration:SECONDS, packets:N/,
  ],
  [
    'a condition without an amount',
    ['decode', '-i', 'lo', '-a', 'packets'],
    /^usage: .*expected packets: and a whole number above 0$/,
  ],
  [
    'half a packet',
    ['decode', '-i', 'lo', '-a', 'packets:1.5'],
    /^usage: .*expected packets: and a whole number above 0$/,
  ],
  [
    'no time',
    ['decode', '-i', 'lo', '-a', 'duration:0'],
    /^usage: .*expected duration: and a number of seconds above 0$/,
  ],
  [
    'too long a time',
    ['decode', '-i', 'lo', '-a', 'duration:1e9'],
    /^usage: .*expected duration: and a number of seconds above 0$/,
  ],
  [
    'a time past the clock',
    ['decode', '-i', 'lo', '-a', 'duration:9999999'],
    /^usage: .*expected at most 2147483 seconds$/,
  ],
  ['files without a ring', ['decode', '-i', 'lo', '-a', 'files:2'], /^-a: files: goes with capture -b$/],
  [
    'a ring condition that is none',
    ['capture', '-i', 'lo', '-w', 'x', '-b', 'x:1'],
    /^usage: .*expected one of duration, interval/,
  ],
  ['a buffer of nothing', ['decode', '-i', 'lo', '-B', '0'], /^usage: .*expected MiB, from 1 to 2047$/],
  ['a negative length', ['decode', '-i', 'lo', '-s', '-1'], /^usage: .*expected a number of bytes$/],
  ['a capture as well', ['decode', '-i', 'lo', 'x.pcap'], /^-i: lo: goes without a capture, but x\.pcap is named$/],
  ['a pipe among interfaces', ['decode', '-i', 'lo', '-i', '-'], /^-i: -: a pipe goes alone$/],
  [
    'a filter for a pipe',
    ['capture', '-i', './x', '-f', 'udp', '-w', 'y'],
    /^-f: udp: who sends into the pipe filters$/,
  ],
  [
    'a filter for a file',
    ['decode', '-f', 'udp', 'x.pcap'],
    /^-f: udp: goes with -i; what a file has is filtered by -Y$/,
  ],
  ['an end for a file', ['stats', 'io', '-a', 'packets:3', 'x.pcap'], /^-a: packets: goes with -i$/],
  ['a filter for standard input', ['decode', '-i', '-', '-f', 'udp'], /^-f: udp: who sends into the pipe filters$/],
  ['link types of nothing', ['decode', '-L'], /^-L: no interface: name it with -i$/],
])('%s is refused', async (_, words, complaint) => {
  const { complaints, status, stdout } = await running(words);
  expect(complaints).toEqual([expect.stringMatching(complaint)]);
  expect([status, stdout]).toEqual([2, '']);
});

test('-D lists the interfaces, of any command that captures', async () => {
  for (const words of [['-D'], ['decode', '-D'], ['capture', '-D']]) {
    const { stdout, complaints, status } = await running(words);
    expect(stdout).toMatch(/^\d+\. lo \(Loopback\)$/m);
    expect([complaints, status]).toEqual([[], 0]);
  }
});

test('names of files that cannot be written are told before anything starts', async () => {
  const words = ['capture', '-i', 'lo', '-w', 'x', '-b', 'packets:1', '-b', 'printname:/nowhere/x'];
  const { complaints, status } = await running(words);
  expect([complaints, status]).toEqual([['cannot write: /nowhere/x: no such file'], 1]);
});
