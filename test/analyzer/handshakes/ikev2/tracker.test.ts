import { expect, test } from 'vitest';
import { IkeCookies } from '../../../../analyzer/handshakes/ikev2/cookies.js';
import { fromHex } from '../../../../dissectors/wire/view.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

const FIXTURE = 'fixtures/ikev2.pcap';
const A = { host: 1, port: 500 };
const B = { host: 2, port: 500 };

test('tunnels of the fixture: up, after a cookie, with a wrong cookie, without a common proposal, without an answer', async () => {
  const rows = await rowsOf(FIXTURE, 'ikev2');
  expect(rows.map(inShort)).toEqual([
    'established | 1 | - | - | IKE_AUTH was answered; whether it was accepted is encrypted',
    'answered | 2 | echo-ok | - | answered; no IKE_AUTH so far',
    'challenged | 2 | echo-bad | - | a wrong cookie was returned: the responder asks for its cookie again',
    'refused | 2 | - | - | NO_PROPOSAL_CHOSEN: the two sides have no algorithms in common',
    'asked | 1 | - | - | IKE_SA_INIT was sent 3 times, no answer: lost on the way, filtered, or nothing listens there',
  ]);
  expect(rows.map(({ stateless, resent }) => `${stateless} ${resent}`)).toEqual([
    'unknown 0',
    'yes 0',
    'yes 0',
    'unknown 0',
    'unknown 2',
  ]);
  expect(messagesOf(rows[2] ?? expect.fail())).toEqual([
    '12 → IKE_SA_INIT (a cookie that was made for SPI 08f4adfe603d0d12)',
    '13 ← COOKIE (24 bytes)',
    '14 → IKE_SA_INIT (with a cookie, echo-bad)',
    '15 ← COOKIE (24 bytes)',
  ]);
});

/** SPIs, and cookies of a strongSwan under load: good, moved to another SPI, and with its last bit changed. */
const COOKIES = {
  c8d880a096d406ce: '92020000e32431085affc1a232ee67e1cfaf2f53380b53e5',
  fc179e3714cfc0d9: '92020000436e0c35fb5ca7c66d3e7b4013e14deb98bef2d2',
};
const [GOOD, OTHER] = ['c8d880a096d406ce', 'fc179e3714cfc0d9'] as const;

test.each([
  ['its own', GOOD, COOKIES[GOOD], { status: 'echo-ok', madeFor: undefined }],
  ["another's", OTHER, COOKIES[GOOD], { status: 'echo-bad', madeFor: GOOD }],
  ['a forged one', GOOD, COOKIES[GOOD].replace(/5$/, '4'), { status: 'echo-bad', madeFor: undefined }],
  ['one whose challenge was not captured', '17bc6b396e53d4fb', '00', { status: 'unknown', madeFor: undefined }],
])('judges a cookie that comes back: %s', (_, spi, cookie, judged) => {
  const cookies = new IkeCookies();
  for (const [one, made] of Object.entries(COOKIES)) cookies.note('10.0.0.2:500', one, made);
  expect(cookies.judge('10.0.0.2:500', spi, cookie)).toEqual(judged);
  expect(cookies.judge('10.0.0.3:500', spi, cookie).status).toBe('unknown');
});

/** A request with a nonce, and what may stand before and behind it. */
function request(options: { readonly nonce?: string; readonly cookie?: string; readonly isLast?: boolean } = {}) {
  const { nonce = '11', cookie, isLast = false } = options;
  const notify =
    cookie === undefined ? '' : `${isLast ? '00' : '28'}00${hex16(8 + cookie.length / 2)}00004006${cookie}`;
  const body = `${isLast && notify !== '' ? '29' : '00'}00${hex16(4 + 16)}${nonce.repeat(16)}`;
  const [first, second] = isLast ? [body, notify] : [notify, body];
  const inside = first + second;
  const next = isLast || notify === '' ? '28' : '29';
  return fromHex(
    `0102030405060708${'00'.repeat(8)}${next}202208${'00'.repeat(4)}${hex32(28 + inside.length / 2)}${inside}`,
  );
}
const hex16 = (value: number): string => value.toString(16).padStart(4, '0');
const hex32 = (value: number): string => value.toString(16).padStart(8, '0');
const challenge = fromHex(`0102030405060708${'00'.repeat(8)}292022200000000000000028 0000000c00004006 cafecafe`);

test.each([
  ['as it should', request({ cookie: 'cafecafe' }), []],
  ['behind its other payloads', request({ cookie: 'cafecafe', isLast: true }), ['ikev2-cookie-not-first']],
  ['with another nonce', request({ cookie: 'cafecafe', nonce: '22' }), ['ikev2-request-changed']],
])('a request comes again with its cookie %s', (_, again, codes) => {
  const watch = new HandshakeWatch();
  watch.datagram(0, A, B, request());
  watch.datagram(3, B, A, challenge);
  expect(codesOf(watch.datagram(5, A, B, again))).toEqual(codes);
  expect(watch.rows).toMatchObject([{ state: 'echoed', cookieStatus: 'echo-ok', attempts: 2 }]);
});

test('a responder that asks again after its own cookie came back has changed its mind', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, A, B, request());
  watch.datagram(3, B, A, challenge);
  watch.datagram(15_000, A, B, request({ cookie: 'cafecafe' }));
  watch.datagram(
    15_003,
    B,
    A,
    fromHex(`0102030405060708${'00'.repeat(8)}292022200000000000000028 0000000c00004006 beefbeef`),
  );
  expect(watch.rows[0]).toMatchObject({
    state: 'challenged',
    reason: 'the cookie was returned, but the responder asks again: it was too old, or its secret has changed',
  });
});

test('a challenge without its request begins a row that says so', () => {
  const watch = new HandshakeWatch();
  expect(codesOf(watch.datagram(0, B, A, challenge))).toEqual(['ikev2-request-unseen']);
  expect(watch.rows).toMatchObject([{ initiator: '10.0.0.1:500', state: 'challenged' }]);
});

test('a flood of requests and cookies from everywhere stays within bounds', () => {
  const watch = new HandshakeWatch('', { halfOpen: 50, others: 50 });
  const bytes = request();
  for (let count = 0; count < 2000; count++) {
    bytes.set([count, count >>> 8], 1);
    watch.datagram(count, { host: 10 + count, port: 500 }, B, bytes);
  }
  expect(watch.rows.length).toBe(50);
});
