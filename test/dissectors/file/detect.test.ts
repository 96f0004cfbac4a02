import { expect, test } from 'vitest';
import { describeUnknown, detect } from '../../../dissectors/file/detect.js';
import { hex } from '../../hex.js';

test.each([
  ['', 'empty'],
  ['d4c3b2a1', 'pcap'],
  ['a1b23c4d', 'pcap'],
  ['34cdb2a1', 'pcap'],
  ['ac01001c', 'pcap'],
  ['0a0d0d0a 1c000000 4d3c2b1a', 'pcapng'],
  ['0a0d0d0a 0000001c 1a2b3c4d', 'pcapng'],
  ['0a0d0d0a 1c000000', 'pcapng'],
  ['0a0d0d0a 1c000000 00000000', 'unknown'],
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['502a4d18', 'zstd'],
  ['5f2a4d18', 'zstd'],
  ['1f', 'unknown'],
  ['68656c6c6f', 'unknown'],
])('%s is %s', (text, kind) => {
  const view = hex(text);
  expect(detect(view, 0, view.byteLength)).toBe(kind);
});

test.each([
  ['68656c6c6f0a', 'not a pcap or pcapng file: it looks like text'],
  ['736e6f6f70000000', 'not a pcap or pcapng file, but a Solaris snoop capture'],
  ['fd377a585a00', 'not a pcap or pcapng file, but compressed with xz'],
  ['000102030405060708', 'not a pcap or pcapng file: it begins with 00 01 02 03 04 05 06 07'],
])('%s: %s', (text, why) => {
  const view = hex(text);
  expect(describeUnknown(view, 0, view.byteLength)).toBe(why);
});
