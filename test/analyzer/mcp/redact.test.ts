import { expect, test } from 'vitest';
import { Redactor } from '../../../analyzer/mcp/redact.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';

const PEER = '2bd806c97f0e00af1a1fc3328fa763a9';
const redactor = new Redactor(
  parseSecrets(
    `PEER_SECRET ${PEER} "correct horse"\nPEER_SECRET * 00112233445566778899aabbccddeeff\nPEER_SECRET * "abc"\n`,
    'x',
  ),
);

test('secrets are named wherever they stand, in hex or as text', () => {
  expect(redactor.clean('say correct horse twice: correct horse')).toBe(
    'say [secret #ec281cc7 (x:1)] twice: [secret #ec281cc7 (x:1)]'.replaceAll('#ec281cc7', nameOf('correct horse')),
  );
  expect(redactor.clean('data 00112233445566778899AABBCCDDEEFF00')).toMatch(/^data \[secret #[0-9a-f]{8} \(x:2\)\]00$/);
  const hex = Buffer.from('correct horse').toString('hex');
  expect(redactor.clean(`${hex}${hex}`)).not.toContain(hex);
});

test('all else stays: peers, parts of secrets, and secrets too short to hide', () => {
  for (const text of [PEER, 'correct hors', '00112233445566778899aabbccddee', 'abc', ''])
    expect(redactor.clean(text)).toBe(text);
});

/** What a secret is called in an answer. */
const nameOf = (secret: string): string => /#[0-9a-f]{8}/.exec(redactor.clean(secret))?.[0] ?? 'no name';
