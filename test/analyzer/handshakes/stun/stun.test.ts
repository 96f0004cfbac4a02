import { expect, test } from 'vitest';
import { declared } from '../../../../crafter/declared-part.js';
import { build, nothing } from '../../../../crafter/part.js';
import type { Value } from '../../../../dissectors/wire/field.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const [CLIENT, SERVER] = [
  { host: 1, port: 40_000 },
  { host: 2, port: 3478 },
];
const message = (type: number, id: number, given: Readonly<Record<string, Value>> = {}): Uint8Array =>
  build(declared('stun', { type, id: new Uint8Array(12).fill(id), ...given }, nothing));
const nonce = (text: string) => ({ 'att.nonce': utf8(text) });
const error = (code: number) => ({ 'att.error.class': Math.floor(code / 100), 'att.error': code % 100 });
const [BINDING, ALLOCATE, REFRESH] = [1, 3, 4];
const [SUCCESS, ERROR] = [0x100, 0x110];

test('handshakes of the fixture: used and kept alive, a wrong password, a strange nonce, none at all, no answer', async () => {
  const rows = await rowsOf('fixtures/stun.pcap', 'stun');
  expect(rows.map(inShort)).toEqual([
    'established | 1 | echo-ok | - | the relay passes data, both ways',
    'refused | 1 | echo-ok | - | the nonce was right, but not the name or the password of bob (401 Unauthenticated)',
    'challenged | 1 | echo-bad | - | the nonce was none that the server gave to this client: it gave a new one (438 Stale Nonce)',
    'challenged | 2 | - | - | the client asked again without the nonce that the server gave',
    'asked | 1 | - | - | no answer: lost on the way, or no STUN server listens there',
  ]);
  expect(messagesOf(rows[0] ?? expect.fail())).toEqual([
    '3 → Allocate Request',
    '4 ← Allocate Error Response (401 Unauthenticated)',
    '5 → Allocate Request (with the nonce)',
    '6 ← Allocate Success Response',
    '7 → Data',
    '8 ← Data',
    '9 → Refresh Request',
    '10 ← Refresh Error Response (438 Stale Nonce)',
    '11 → Refresh Request (with the nonce)',
    '12 ← Refresh Success Response',
  ]);
  expect(rows[0]?.details).toEqual({
    realm: 'example.org',
    server: 'relay 1',
    security_features: 'password algorithms',
    username: 'alice',
  });
  expect(rows[4]?.resent).toBe(2);
});

test('a request is echoed by any of the last four nonces, and by no older one', () => {
  for (const [place, status] of ['echo-bad', 'echo-ok', 'echo-ok', 'echo-ok', 'echo-ok'].entries()) {
    const watch = new HandshakeWatch();
    for (let id = 0; id < 5; id++) {
      watch.datagram(10 * id, CLIENT, SERVER, message(ALLOCATE, id));
      watch.datagram(10 * id + 1, SERVER, CLIENT, message(ALLOCATE | ERROR, id, { ...error(401), ...nonce(`n${id}`) }));
    }
    const facts = watch.datagram(99, CLIENT, SERVER, message(ALLOCATE, 9, nonce(`n${place}`)));
    expect(codesOf(facts)).toEqual(status === 'echo-bad' ? ['stun-nonce-other'] : []);
    expect(watch.rows).toMatchObject([{ state: 'echoed', cookieStatus: status }]);
  }
});

test('a nonce whose challenge the capture lacks is unknown, and stale where the server says so', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, message(REFRESH, 1, nonce('old')));
  expect(watch.rows).toMatchObject([{ state: 'echoed', cookieStatus: 'unknown' }]);
  watch.datagram(5, SERVER, CLIENT, message(REFRESH | ERROR, 1, { ...error(438), ...nonce('new') }));
  expect(watch.rows).toMatchObject([{ state: 'challenged', cookieStatus: 'stale' }]);
  watch.datagram(9, CLIENT, SERVER, message(REFRESH, 2, nonce('new')));
  watch.datagram(12, SERVER, CLIENT, message(REFRESH | SUCCESS, 2));
  expect(watch.rows).toMatchObject([{ state: 'answered', cookieStatus: 'echo-ok', reason: 'the server answered' }]);
});

test('a challenge of a request that needed no nonce before begins a handshake; checks of ICE are none', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, message(BINDING, 1));
  watch.datagram(1, SERVER, CLIENT, message(BINDING | SUCCESS, 1));
  expect(watch.rows).toEqual([]);
  watch.datagram(2, CLIENT, SERVER, message(BINDING, 2));
  watch.datagram(3, SERVER, CLIENT, message(BINDING | ERROR, 2, { ...error(401), ...nonce('one') }));
  expect(watch.rows).toMatchObject([{ state: 'challenged', initiator: '10.0.0.1:40000', responder: '10.0.0.2:3478' }]);
});

test('other errors refuse, in the words of the protocol', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, message(ALLOCATE, 1));
  watch.datagram(1, SERVER, CLIENT, message(ALLOCATE | ERROR, 1, error(486)));
  expect(watch.rows).toMatchObject([{ state: 'refused', reason: 'the server refused: 486 Allocation Quota Reached' }]);
});

test('a request that nobody answers times out when its last repeat must have failed', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, message(ALLOCATE, 1));
  watch.datagram(39_400, { host: 3, port: 9 }, { host: 4, port: 9 }, Uint8Array.of(1));
  expect(watch.rows).toMatchObject([{ state: 'asked' }]);
  watch.datagram(39_600, { host: 3, port: 9 }, { host: 4, port: 9 }, Uint8Array.of(1));
  expect(watch.rows).toMatchObject([{ state: 'timed-out' }]);
});
