import { expect, test } from 'vitest';
import { ageOf, judgeEcho, judgeTranscript, readOpensslCookie } from '../../../../analyzer/handshakes/tls/judge.js';
import { fromHex, toHex, viewOf } from '../../../../dissectors/wire/view.js';

/** A ClientHello of s_client and the cookie of `s_server -stateless` for it, OpenSSL 3.0.19. */
const HELLO = fromHex(
  [
    '03034dfcdbb8033ada7b9169e0b1d5df809809897a774cd18afa631e35e554cd73a120895a17366363415ed1871f9b8d2a3c',
    '4cebb702ec74c91733fec33f51362a20f8003e130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc0',
    '23c0270067c00ac0140039c009c0130033009d009c003d003c0035002f00ff01000099000b000403000102000a0016001400',
    '1d0017001e0019001801000101010201030104002300000016000000170000000d002a002804030503060308070808080908',
    '0a080b080408050806040105010601030303010302040205020602002b0009080304030303020301002d0002010100330026',
    '0024001d002042e0bcbd1c08564953cf8de4a71efe4806439ad505e0986aab4854de7ee61c4e',
  ].join(''),
);
const COOKIE = fromHex(
  [
    '00010304001d130200000000006b0eaf6e00305952df774eee36f96e7ca3c9075222ec6c7e273ad23e1b214b7afdf8b1aa00',
    '24951d393375e81311aaaaab5ffadefbb8142618ae5a4a14b6631374e7f5c21d5565e557642154d7bd6f6873711f0e8721e5',
    '9d13266a8d36773e5b3d1b40275f84ef2cc26436',
  ].join(''),
);

test('reads a cookie of OpenSSL, and finds in it the hash of the first ClientHello', () => {
  const read = readOpensslCookie(COOKIE);
  expect(read).toMatchObject({ version: 0x0304, group: 29, suite: 0x1302, hasShare: false, time: 1_796_124_526 });
  const hash = read?.hash ?? new Uint8Array(0);
  expect(judgeTranscript(hash, HELLO)).toBe('valid');
  expect(judgeTranscript(hash, HELLO.with(40, 7))).toBe('invalid');
  expect(judgeTranscript(hash, undefined)).toBe('unknown');
  expect(judgeTranscript(hash.subarray(1), HELLO)).toBe('unknown');
});

test('reads the older format, whose time has 4 bytes', () => {
  const old = new Uint8Array([0, 0, ...COOKIE.subarray(2, 9), ...COOKIE.subarray(13)]);
  expect(readOpensslCookie(old)).toMatchObject({ time: 1_796_124_526, group: 29 });
});

test.each([
  ['cut', COOKIE.subarray(0, 119)],
  ['longer', new Uint8Array([...COOKIE, 0])],
  ['of another format', COOKIE.with(1, 2)],
  ['of another hash', COOKIE.with(18, 0x40)],
  ['of no bytes', new Uint8Array(0)],
])('a cookie that is %s is none of OpenSSL', (_, cookie) => {
  expect(readOpensslCookie(cookie)).toBeUndefined();
});

test('a cookie is compared with the last few that were handed out', () => {
  const [one, other] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  expect(judgeEcho(one, [])).toBe('unknown');
  expect(judgeEcho(one, [other, one])).toBe('echo-ok');
  expect(judgeEcho(one, [other, Uint8Array.of(1, 2, 3)])).toBe('echo-bad');
});

test('the age of a cookie that begins with a time', () => {
  const cookie = new Uint8Array(32);
  viewOf(cookie).setUint32(0, 1_700_000_000);
  expect(ageOf(cookie, 1_700_000_042)).toBe(42);
  expect(ageOf(cookie, 1_700_020_000)).toBeUndefined();
  expect(ageOf(cookie.subarray(0, 20), 1_700_000_042)).toBeUndefined();
  expect(toHex(cookie.subarray(0, 4))).toBe('6553f100');
});
