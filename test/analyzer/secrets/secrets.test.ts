import { describe, expect, test } from 'vitest';
import { HandshakeSecrets } from '../../../analyzer/secrets/handshake-secrets.js';
import { isInTime, parseSecrets, SecretsError, secretName } from '../../../analyzer/secrets/secrets.js';
import { CookieJudge } from '../../../analyzer/track/cookies.js';
import { fromHex, toHex } from '../../../dissectors/wire/view.js';

const ID = '00112233445566778899aabbccddeeff';
const entry = (rest: string): string => `PEER_SECRET ${ID} ${rest}`;

/** The entries of a text in short: peer, secret, times. */
const read = (text: string) =>
  parseSecrets(text, 'f').map(({ peer, bytes, from, until, origin }) => {
    const time = (moment: typeof from) => (moment ? `${moment.seconds}.${`${moment.nanos}`.padStart(9, '0')}` : '-');
    return `${peer ?? '*'} ${toHex(bytes)} ${time(from)} ${time(until)} ${origin}`;
  });
const secretOf = (rest: string): string => read(entry(rest))[0]?.split(' ')[1] ?? 'none';
const timeOf = (text: string): string => read(entry(`00 ${text} -`))[0]?.split(' ')[2] ?? 'none';
const problemOf = (text: string): string => {
  try {
    read(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return error.message;
  }
};

test('reads one entry a line, with comments, blanks and other lines between', () => {
  const text = `\uFEFF# the secrets
${entry('0a0B')} # bob's
\t PEER_SECRET\t${ID.toUpperCase()}  "x" 1 2#end

PEER_SECRETS ${ID} not ours
CLIENT_RANDOM "not closed
PEER_SECRET-2 "not ours either
"PEER_SECRET" quoted
PEER_SECRET * ff - -\r
${entry('00')}`;
  expect(read(text)).toEqual([
    `${ID} 0a0b - - f:2`,
    `${ID} 78 1.000000000 2.000000000 f:3`,
    '* ff - - f:9',
    `${ID} 00 - - f:10`,
  ]);
});

test.each([
  ['deadBEEF', 'deadbeef'],
  ['"text"', toHex(new TextEncoder().encode('text'))],
  ['""', ''],
  ['"a b\t# c"', toHex(new TextEncoder().encode('a b\t# c'))],
  ['"\\"\\\\"', '225c'],
  ['"\\\\"', '5c'],
  ['"äöü€🦈"', toHex(new TextEncoder().encode('äöü€🦈'))],
  ['"x"#comment', '78'],
  ['00#comment', '00'],
])('the secret %s is %s', (written, expected) => {
  expect(secretOf(written)).toBe(expected);
});

test.each([
  ['0', '0.000000000'],
  ['1767323045', '1767323045.000000000'],
  ['1767323045.5', '1767323045.500000000'],
  ['1.0000000019', '1.000000001'],
  ['-1.25', '-2.750000000'],
  ['1970-01-02', '86400.000000000'],
  ['1970-01-01T01:00', '3600.000000000'],
  ['1970-01-01T01', '3600.000000000'],
  ['1970-01-01T00:00:01', '1.000000000'],
  ['1970-01-01T00:00:01Z', '1.000000000'],
  ['1970-01-01t00:00:01.25z', '1.250000000'],
  ['1970-01-01T00:00:01,25', '1.250000000'],
  ['1970-01-01T02:00:00+02:00', '0.000000000'],
  ['1970-01-01T02:00:00+0200', '0.000000000'],
  ['1970-01-01T02:00:00+02', '0.000000000'],
  ['1969-12-31T22:30:00-01:30', '0.000000000'],
  ['19700101T000001Z', '1.000000000'],
  ['1970-01-01T24:00', '86400.000000000'],
  ['2016-12-31T23:59:60Z', '1483228800.000000000'],
  ['2026-01-02T03:04:05.123456789Z', '1767323045.123456789'],
  ['-', '-'],
])('the time %s is %s', (written, expected) => {
  expect(timeOf(written)).toBe(expected);
});

test.each([
  ['PEER_SECRET', 'f:1: expected a peer id and a secret'],
  [`PEER_SECRET ${ID}`, 'f:1: expected a peer id and a secret'],
  ['PEER_SECRET 0011 00', 'f:1: expected a peer id of 32 hex digits, or *'],
  ['PEER_SECRET "*" 00', 'f:1: expected a peer id of 32 hex digits, or *'],
  [`PEER_SECRET ${ID}0 00`, 'f:1: expected a peer id of 32 hex digits, or *'],
  [entry('abc'), 'f:1: a secret in hex has an even number of digits'],
  [entry('xyz1'), 'f:1: expected a secret in hex or in quotes'],
  [entry('"open'), 'f:1: a quotation is not closed, or has a wrong escape'],
  [entry('"\\n"'), 'f:1: a quotation is not closed, or has a wrong escape'],
  [entry('"a"b'), 'f:1: a quotation is not closed, or has a wrong escape'],
  [entry(`"${'a'.repeat(8_000_000)}"`), 'f:1: a secret of more than 65536 bytes'],
  [entry('a'.repeat(131_074)), 'f:1: a secret of more than 65536 bytes'],
  [entry(`"${'ä'.repeat(32_769)}"`), 'f:1: a secret of more than 65536 bytes'],
  [entry('00 1'), 'f:1: expected both times, or none'],
  [entry('00 1 2 3'), 'f:1: more fields than a peer id, a secret and two times'],
  [entry('00 yesterday -'), 'f:1: expected a time (ISO 8601, epoch seconds or -), found "yesterday"'],
  [entry('00 "1" -'), 'f:1: expected a time (ISO 8601, epoch seconds or -), found "1"'],
  [entry('00 "-" -'), 'f:1: expected a time (ISO 8601, epoch seconds or -), found "-"'],
  [entry('00 2026-02-30 -'), 'f:1: no such time: 2026-02-30'],
  [entry('00 2026-13-01T00:00:60 -'), 'f:1: no such time: 2026-13-01T00:00:60'],
  [entry('00 2026-01-01T24:01 -'), 'f:1: no such time: 2026-01-01T24:01'],
  [entry('00 2026-01-01T00:00+24:00 -'), 'f:1: no such time: 2026-01-01T00:00+24:00'],
  [`# fine\n${entry('00')}\r\n${entry('0')}`, 'f:3: a secret in hex has an even number of digits'],
])('%j is an error: %s', (text, expected) => {
  expect(problemOf(text)).toBe(expected);
});

describe('the time of a secret', () => {
  const [timed] = parseSecrets(entry('00 10.5 20'), 'f');
  const [open] = parseSecrets(entry('00 - -'), 'f');
  const at = (seconds: number, nanos: number) => [timed, open].map((one) => one && isInTime(one, { seconds, nanos }));

  test('includes its beginning, not its end', () => {
    expect([at(10, 499_999_999), at(10, 500_000_000), at(19, 999_999_999), at(20, 0)]).toEqual([
      [false, true],
      [true, true],
      [true, true],
      [false, true],
    ]);
  });
});

test('the longest secrets are taken', () => {
  const lengths = (text: string) => parseSecrets(text, 'f').map(({ bytes }) => bytes.length);
  expect(lengths(`${entry('aa'.repeat(65_536))}\n${entry(`"${'\\"'.repeat(65_536)}"`)}`)).toEqual([65_536, 65_536]);
});

test('a secret is named without being given away', () => {
  const names = parseSecrets(`${entry('00112233445566')}\n${entry('""')}`, 'my.secrets').map(secretName);
  expect(names).toEqual(['secret #827400b6 (my.secrets:1)', 'the empty secret (my.secrets:2)']);
  expect(fromHex('00')).toHaveLength(1);
});

test("keys of servers are read, and are nobody's cookies", () => {
  const text = [
    'TCP_FASTOPEN_KEY 10.0.0.2 00112233-44556677-8899aabb-ccddeeff # as sysctl prints it',
    'DNS_COOKIE_SECRET * 00112233445566778899aabbccddeeff',
  ].join('\n');
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => at * 0x11);
  const open = { from: undefined, until: undefined, bytes };
  expect(parseSecrets(text, 'f')).toEqual([
    { word: 'TCP_FASTOPEN_KEY', peer: '10.0.0.2', ...open, origin: 'f:1' },
    { word: 'DNS_COOKIE_SECRET', peer: undefined, ...open, origin: 'f:2' },
  ]);
  const secrets = new HandshakeSecrets(parseSecrets(text, 'f'));
  expect(secrets.for('DNS_COOKIE_SECRET', '10.0.0.9').map(({ origin }) => origin)).toEqual(['f:2']);
  expect(secrets.for('TCP_FASTOPEN_KEY', '10.0.0.9')).toEqual([]);
  expect(new CookieJudge(parseSecrets(text, 'f')).secrets).toEqual([]);
});

test.each([
  ['TCP_FASTOPEN_KEY', 'expected the address of a server, or *, and a key'],
  ['TCP_FASTOPEN_KEY * 00112233445566778899aabbccddeeff', 'expected a key of 32 hex digits'],
  ['DNS_COOKIE_SECRET * 00', 'expected a key of 32 hex digits'],
  ['DNS_COOKIE_SECRET * 00112233445566778899aabbccddeeff 1', 'more fields than a server and a key'],
])('%s is refused', (line, why) => {
  expect(() => parseSecrets(line, 'f')).toThrow(`f:1: ${why}`);
});
