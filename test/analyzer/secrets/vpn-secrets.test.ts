import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { secretsFrom } from '../../../analyzer/commands/reading.js';
import { parseSecrets, SecretsError } from '../../../analyzer/secrets/secrets.js';
import { toHex } from '../../../dissectors/wire/view.js';

const KEY = 'hIU3Vq9ES75tOFFXH+Mb/5VU2+/fVmWJ11AD+ZbkRjg=';
const folder = mkdtempSync(join(tmpdir(), 'handshark-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PEM = [
  '# 2048 bit',
  '-----BEGIN OpenVPN Static key V1-----',
  ...new Array(16).fill('0123456789abcdef'.repeat(2)),
  '-----END OpenVPN Static key V1-----',
].join('\n');

const inShort = (text: string) =>
  parseSecrets(text, 'f').map(({ word, name, bytes, origin }) => [word, name, toHex(bytes).slice(0, 8), origin]);

test('reads keys of WireGuard, in lines of their own and in those of a key log', () => {
  const lines = [`WG_PUBLIC_KEY ${KEY} "my gate"`, `LOCAL_STATIC_PRIVATE_KEY=${KEY}`, ` PRESHARED_KEY = ${KEY}\t`];
  expect(inShort(lines.join('\n'))).toEqual([
    ['WG_PUBLIC_KEY', 'my gate', '84853756', 'f:1'],
    ['LOCAL_STATIC_PRIVATE_KEY', undefined, '84853756', 'f:2'],
    ['PRESHARED_KEY', undefined, '84853756', 'f:3'],
  ]);
});

test('reads a static key of OpenVPN, as it stands in its file and in one line', () => {
  const line = `OPENVPN_STATIC_KEY ${'ab'.repeat(256)}`;
  expect(inShort(`${PEM}\n${line}`)).toEqual([
    ['OPENVPN_STATIC_KEY', undefined, '01234567', 'f:2'],
    ['OPENVPN_STATIC_KEY', undefined, 'abababab', 'f:20'],
  ]);
});

test('a key file is named from the secrets file that names it', () => {
  const file = join(folder, 'all.secrets');
  writeFileSync(join(folder, 'ta.key'), PEM);
  writeFileSync(file, 'OPENVPN_STATIC_KEY ta.key\n');
  expect(secretsFrom([file]).map(({ bytes }) => bytes.length)).toEqual([256]);
});

test.each([
  ['a short key', `WG_PUBLIC_KEY ${KEY.slice(4)}`, 'f:1: expected a WireGuard key: 32 bytes in base64'],
  ['no key', 'WG_PUBLIC_KEY', 'f:1: expected a public key and, if you like, a name'],
  ['an empty key log entry', '\nPRESHARED_KEY=', 'f:2: expected a WireGuard key: 32 bytes in base64'],
  ['a key without an end', PEM.slice(0, -20), 'f:2: a static key of OpenVPN that does not end'],
  ['a key that is too short', PEM.replace(/01234567/, ''), 'f:19: expected a static key of OpenVPN: 512 hex digits'],
  [
    'a file that a capture names',
    'OPENVPN_STATIC_KEY /etc/passwd',
    'f:1: a file cannot be named here: put the lines of the key, or its 512 hex digits',
  ],
])('refuses %s', (_, text, problem) => {
  expect(() => parseSecrets(text, 'f')).toThrow(SecretsError);
  expect(() => parseSecrets(text, 'f')).toThrow(problem);
});
