import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readSecrets } from '../../../analyzer/capture/read-secrets.js';
import {
  customBlock,
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../dissectors/file/pcapng-writer.js';
import { makeFolder, pcapOf, zstdFrame } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

const start = [sectionHeader(), interfaceDescription({ linkType: 1 })];
const packetOf = (size: number) =>
  enhancedPacket({ interfaceId: 0, seconds: 0, nanos: 0, bytes: new Uint8Array(size), wire: size });
const FIRST = 'PEER_SECRET * 00 # ä\n';
const SECOND = 'PEER_SECRET * "text"\n';
const both = Buffer.concat([
  ...start,
  decryptionSecrets(FIRST),
  packetOf(100),
  decryptionSecrets('of TLS', 0x544c534b),
  packetOf(101),
  decryptionSecrets(SECOND),
]);
/** 3 MB in one block, and as much in many. */
const long = Buffer.concat([
  ...start,
  customBlock(1, new Uint8Array(3_000_000), true),
  ...Array.from({ length: 30 }, (_, index) => packetOf(100_000 + index)),
  decryptionSecrets(`${FIRST}${'#'.repeat(1_500_000)}`),
  packetOf(7),
  decryptionSecrets(SECOND),
]);
/** The bytes of `decryptionSecrets(SECOND)` in the other byte order, after a section header. */
const bigEndian = Buffer.concat([
  Buffer.from('0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c', 'hex'),
  Buffer.from('0000000a0000001850534543000000022361000000000018', 'hex'),
]);

test.each([
  ['pcapng', both, [FIRST, SECOND]],
  ['gzip', gzipSync(both), [FIRST, SECOND]],
  ['zstd', zstdFrame(both), [FIRST, SECOND]],
  ['a long file', long, [`${FIRST}${'#'.repeat(1_500_000)}`, SECOND]],
  ['two byte orders', Buffer.concat([both, bigEndian, both]), [FIRST, SECOND, '#a', FIRST, SECOND]],
  ['a file that is cut', both.subarray(0, -10), [FIRST]],
  ['a file without', Buffer.concat([...start, packetOf(10)]), []],
  ['pcap', pcapOf(10), []],
  ['compressed pcap', gzipSync(pcapOf(10)), []],
  ['an empty file', Buffer.alloc(0), []],
  ['nonsense', Buffer.from('hello'), []],
])('finds the secrets in %s', async (name, bytes, secrets) => {
  expect(await readSecrets(folder.write(name, bytes))).toEqual(secrets);
});

test('does not look into pipes', async () => {
  expect(await readSecrets('-')).toEqual([]);
  expect(await readSecrets('/dev/null')).toEqual([]);
});

test('tells what cannot be read', async () => {
  const path = folder.path('missing');
  await expect(readSecrets(path)).rejects.toThrow(`cannot read: ${path}: no such file`);
});
