import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { readAllSecrets } from '../../../analyzer/capture/read-secrets.js';
import { WIREGUARD_SECRETS } from '../../../dissectors/file/pcapng-blocks.js';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../dissectors/file/pcapng-writer.js';
import { readAll } from '../../dissectors/file/read-all.js';
import { makeFolder } from '../capture/files.js';
import { rowsOf } from '../handshakes/rows-of.js';

const folder = makeFolder();
afterAll(folder.remove);

const KEYS = readFileSync('fixtures/wireguard.secrets', 'utf8');

/** The fixture's packets in a pcapng file, with blocks of secrets before them. */
function withBlocks(name: string, ...blocks: readonly Uint8Array[]): string {
  const { rows } = readAll(readFileSync('fixtures/wireguard.pcap'));
  const packets = rows.map(({ bytes, wire, time: [seconds, nanos] }) =>
    enhancedPacket({ interfaceId: 0, seconds, nanos, bytes: Buffer.from(bytes, 'hex'), wire }),
  );
  const start = [sectionHeader(), interfaceDescription({ linkType: 1 })];
  return folder.write(name, Buffer.concat([...start, ...blocks, ...packets]));
}

test("a key log of WireGuard in a pcapng file judges the file's handshakes", async () => {
  const path = withBlocks('inside.pcapng', decryptionSecrets(KEYS, WIREGUARD_SECRETS));
  expect(await readAllSecrets(path)).toEqual({ channels: [], keyLogs: [KEYS] });
  const rows = await rowsOf(path, 'wireguard');
  expect(rows.map(({ proofStatus }) => proofStatus)).toEqual(['valid', 'valid', 'invalid', 'valid', 'valid', 'valid']);
});

test('a capture names no file of this machine', async () => {
  const path = withBlocks('naming.pcapng', decryptionSecrets('OPENVPN_STATIC_KEY /etc/hostname\n', WIREGUARD_SECRETS));
  const rows = await rowsOf(path, 'wireguard');
  expect(rows.map(({ proofStatus }) => proofStatus)).toEqual(new Array(6).fill('unknown'));
});
