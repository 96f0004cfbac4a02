import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chosenVersionOf,
  cookieOf,
  groupsOf,
  isRetry,
  offeredVersionsOf,
  protocolsOf,
  readClientHello,
  readServerHello,
  selectedGroupOf,
  serverNameOf,
  sharedGroupsOf,
} from '../../../dissectors/tls/hello.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import { hex } from '../../hex.js';

const RANDOM = '11'.repeat(32);
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** A vector with its length in so many bytes. */
const vector = (size: number, body: string): string => (body.length / 2).toString(16).padStart(2 * size, '0') + body;
const extension = (type: number, body: string): string => type.toString(16).padStart(4, '0') + vector(2, body);

const EXTENSIONS = [
  extension(0x2a2a, ''),
  extension(0, vector(2, `00${vector(2, Buffer.from('example.org').toString('hex'))}`)),
  extension(16, vector(2, `${vector(1, '6832')}${vector(1, Buffer.from('http/1.1').toString('hex'))}`)),
  extension(43, vector(1, '6a6a03040303')),
  extension(10, vector(2, '2a2a001d0018')),
  extension(51, vector(2, `2a2a${vector(2, '00')}001d${vector(2, '33'.repeat(32))}`)),
  extension(44, vector(2, 'c00c1e')),
].join('');
const CLIENT = `0303${RANDOM}${vector(1, '5e55')}${vector(2, '1a1a13011302')}0100${vector(2, EXTENSIONS)}`;

test('reads what a ClientHello says', () => {
  const view = hex(`ffff${CLIENT}`);
  const hello = readClientHello(view, 2, view.byteLength);
  if (!hello) throw new Error('not read');
  expect(hello).toMatchObject({ version: 0x0303, randomAt: 4, isWhole: true, suites: [0x1a1a, 0x1301, 0x1302] });
  expect(toHex(hello.sessionId)).toBe('5e55');
  expect(serverNameOf(hello)).toBe('example.org');
  expect(protocolsOf(hello)).toEqual(['h2', 'http/1.1']);
  expect(offeredVersionsOf(hello)).toEqual([0x0304, 0x0303]);
  expect(groupsOf(hello)).toEqual([0x2a2a, 29, 24]);
  expect(sharedGroupsOf(hello)).toEqual([0x2a2a, 29]);
  expect(toHex(cookieOf(hello) ?? new Uint8Array(0))).toBe('c00c1e');
});

test('reads the cookie of a ClientHello of DTLS, which stands behind the session id', () => {
  const view = hex(`fefd${RANDOM}00${vector(1, 'c0ffee')}${vector(2, '1301')}0100`);
  const hello = readClientHello(view, 0, view.byteLength, { dtls: true });
  expect(hello).toMatchObject({ isWhole: true, suites: [0x1301], extensions: [] });
  expect(toHex(hello?.cookie ?? new Uint8Array(0))).toBe('c0ffee');
});

test.each([
  ['a HelloRetryRequest', RETRY, extension(51, '0018'), true, 24],
  ['a ServerHello', RANDOM, extension(51, `001d${vector(2, '44')}`), false, 29],
])('reads what %s says', (_, random, share, retry, group) => {
  const view = hex(`0303${random}00130200${vector(2, share + extension(43, '0304'))}`);
  const hello = readServerHello(view, 0, view.byteLength);
  if (!hello) throw new Error('not read');
  expect(hello).toMatchObject({ suites: [0x1302], isWhole: true });
  expect([isRetry(view, hello.randomAt), selectedGroupOf(hello), chosenVersionOf(hello)]).toEqual([
    retry,
    group,
    0x0304,
  ]);
});

test('says which hellos are cut or lie', () => {
  const whole = hex(CLIENT);
  // Those of old clients end where the extensions would begin.
  const old = whole.byteLength - EXTENSIONS.length / 2 - 2;
  for (let end = 34; end < whole.byteLength; end++) {
    if (end === old) continue;
    expect(readClientHello(whole, 0, end)?.isWhole).toBe(false);
  }
  expect(readClientHello(whole, 0, 33)).toBeUndefined();
  const view = hex(`${CLIENT}00`);
  expect(readClientHello(view, 0, view.byteLength)?.isWhole).toBe(false);
});

test('no bytes make the parser throw, or read beyond the end', () => {
  const start = hex(CLIENT);
  const flips = fc.array(fc.tuple(fc.nat(start.byteLength - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(flips, fc.nat(start.byteLength), fc.boolean(), (changes, end, dtls) => {
      const bytes = new Uint8Array(start.buffer.slice(start.byteOffset, start.byteOffset + start.byteLength));
      for (const [at, byte] of changes) bytes[at] = byte;
      const view = viewOf(bytes);
      for (const hello of [readClientHello(view, 0, end, { dtls }), readServerHello(view, 0, end)]) {
        if (!hello) continue;
        expect(hello.end).toBeLessThanOrEqual(end);
        for (const one of hello.extensions) expect(one.end).toBeLessThanOrEqual(end);
        [serverNameOf, protocolsOf, offeredVersionsOf, groupsOf, sharedGroupsOf, cookieOf, chosenVersionOf].map((f) =>
          f(hello),
        );
      }
    }),
  );
});
