import { expect, test } from 'vitest';
import { base64, WgHandshake, WgKey } from '../../../../fixtures/wireguard.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

const FIXTURE = 'fixtures/wireguard.pcap';
const SECRETS = 'fixtures/wireguard.secrets';

const [ANN, GATE] = [new WgKey('ann'), new WgKey('gate')];
const A = { host: 1, port: 40_000 };
const B = { host: 2, port: 51_820 };
const PUBLIC = `WG_PUBLIC_KEY ${base64(GATE.publicKey)} gate`;
const COOKIE = new Uint8Array(16).fill(9);
const PAIR = `${PUBLIC}\nWG_PUBLIC_KEY ${base64(ANN.publicKey)} ann`;

test('with the keys, each tunnel of the fixture says why it came up or did not', async () => {
  const rows = await rowsOf(FIXTURE, 'wireguard', [SECRETS]);
  expect(rows.map(inShort)).toEqual([
    'established | 1 | - | valid | the first data of the initiator confirmed the session',
    'established | 2 | valid | valid | the first data of the initiator confirmed the session',
    'asked | 3 | - | invalid | asked 3 times for a public key that is none of the known ones, no answer: the initiator has another public key for this responder, which drops it',
    'answered | 2 | - | valid | answered twice, but the initiator asked again and sent no data: the pre-shared keys differ, or the answers are lost on the way',
    'established | 1 | - | valid | the first data of the initiator confirmed the session',
    "asked | 2 | - | valid | asked twice for the key of gateway, no answer: the responder drops it: the initiator's clock is not later than in an initiation before",
  ]);
  expect(rows.map(({ details }) => details?.initiator_key)).toEqual([
    'phone',
    'laptop',
    undefined,
    'watch',
    'nmzYxvwF…',
    'nmzYxvwF…',
  ]);
  expect(rows[0]?.details?.asked_at).toBe('2026-01-02T03:04:05.000000000Z');
  expect(rows[1]?.stateless).toBe('yes');
  expect(messagesOf(rows[1] ?? expect.fail())).toEqual([
    '6 → Initiation',
    '7 ← Cookie Reply (opened)',
    '8 → Initiation (with mac2, valid)',
    '9 ← Response',
    '10 → Data',
  ]);
});

test('without keys nothing is valid or invalid', async () => {
  const rows = await rowsOf(FIXTURE, 'wireguard');
  expect(rows.map(({ cookieStatus, proofStatus }) => `${cookieStatus} ${proofStatus}`)).toEqual([
    'undefined unknown',
    'unknown unknown',
    'undefined unknown',
    'undefined unknown',
    'undefined unknown',
    'undefined unknown',
  ]);
});

/** An attempt that gets a cookie, and what comes back so many milliseconds later. */
function challenged(later: number, cookie: Uint8Array | undefined, secrets = PUBLIC) {
  const watch = new HandshakeWatch(secrets);
  const first = new WgHandshake('first', ANN, GATE);
  const initiation = first.initiation(100, 0);
  watch.datagram(0, A, B, initiation);
  watch.datagram(3, B, A, first.cookieReply(initiation, COOKIE, 'first'));
  const facts = watch.datagram(later, A, B, new WgHandshake('second', ANN, GATE).initiation(105, 0, cookie));
  return { watch, facts, row: watch.rows[0] };
}

test.each([
  ['the right cookie', 5000, COOKIE, 'valid', 'echoed', []],
  ['another cookie', 5000, new Uint8Array(16).fill(8), 'invalid', 'challenged', ['wg-mac2-invalid']],
  ['an old cookie', 83_000, COOKIE, 'valid', 'echoed', []],
  ['no cookie', 5000, undefined, undefined, 'challenged', ['wg-mac2-missing']],
])('a cookie comes back: %s', (_, later, cookie, status, state, codes) => {
  const { row, facts, watch } = challenged(later, cookie);
  expect([row?.cookieStatus, row?.state, codesOf(facts)]).toEqual([status, state, codes]);
  expect(watch.rows.length).toBe(1);
});

test('a cookie is stale after 120 s', () => {
  const { watch } = challenged(60_000, undefined);
  const facts = watch.datagram(121_000, A, B, new WgHandshake('third', ANN, GATE).initiation(221, 0, COOKIE));
  expect([watch.rows[0]?.cookieStatus, codesOf(facts)]).toEqual(['stale', ['wg-mac2-stale']]);
});

test('a cookie that cannot be opened says nothing about mac2', () => {
  expect(challenged(5000, COOKIE, '').row?.cookieStatus).toBe('unknown');
});

test('wrong keys make mac1 invalid, those of the initiator alone leave it unknown once the response fits', () => {
  const shake = new WgHandshake('one', ANN, GATE);
  const watch = new HandshakeWatch(`WG_PUBLIC_KEY ${base64(ANN.publicKey)}`);
  expect(codesOf(watch.datagram(0, A, B, shake.initiation(100, 0)))).toEqual(['wg-mac1-invalid']);
  expect(watch.rows[0]?.proofStatus).toBe('invalid');
  watch.datagram(5, B, A, shake.response());
  expect(watch.rows[0]?.proofStatus).toBe('unknown');
});

test('nothing answers: the reason says what to look at, by what is known', () => {
  const reasons = ['', PUBLIC].map((secrets) => {
    const watch = new HandshakeWatch(secrets);
    for (const at of [0, 5000]) {
      watch.datagram(at, A, B, new WgHandshake(`at ${at}`, ANN, GATE).initiation(100 + at, 0));
    }
    // The capture goes on for more than 90 s.
    watch.datagram(96_000, B, A, Uint8Array.of(1));
    return watch.rows.map(({ state, reason }) => `${state}: ${reason}`).join();
  });
  expect(reasons).toEqual([
    "timed-out: asked twice, no answer: lost on the way, or one side does not have the other's public key: with the keys this could be told",
    "timed-out: asked twice for the key of gate, no answer: lost on the way, or gate does not have the initiator's public key",
  ]);
});

test("a private key tells that the initiator's own key is none that is known", () => {
  const reasonWith = (keys: string): string | undefined => {
    const watch = new HandshakeWatch(`LOCAL_STATIC_PRIVATE_KEY=${base64(GATE.privateKey)}\n${keys}`);
    watch.datagram(0, A, B, new WgHandshake('one', ANN, GATE).initiation(100, 0));
    return watch.rows[0]?.reason;
  };
  expect(reasonWith('')).toContain("the initiator's own key is none of the known peers");
  expect(reasonWith(PAIR)).toContain("gate does not have the initiator's public key");
});

test('the private keys of the initiator open what it sent', () => {
  const shake = new WgHandshake('one', ANN, GATE);
  const ephemeral = new WgKey('one, ephemeral');
  const secrets = [
    `LOCAL_STATIC_PRIVATE_KEY=${base64(ANN.privateKey)}`,
    `REMOTE_STATIC_PUBLIC_KEY = ${base64(GATE.publicKey)}`,
    `LOCAL_EPHEMERAL_PRIVATE_KEY=${base64(ephemeral.privateKey)}`,
  ];
  const watch = new HandshakeWatch(secrets.join('\n'));
  watch.datagram(0, A, B, shake.initiation(100, 5));
  expect(watch.rows[0]?.details?.asked_at).toBe('1970-01-01T00:01:40.000000005Z');
});

test('an answer without its initiation, and a repeated initiation, are told as such', () => {
  const shake = new WgHandshake('one', ANN, GATE);
  const initiation = shake.initiation(100, 0);
  const response = shake.response();
  const watch = new HandshakeWatch(PAIR);
  expect(codesOf(watch.datagram(0, B, A, response))).toEqual(['wg-initiation-unseen']);
  expect(watch.rows[0]).toMatchObject({ initiator: '10.0.0.1:40000', state: 'answered', attempts: 0 });
  const other = new HandshakeWatch(PAIR);
  other.datagram(0, A, B, initiation);
  other.datagram(1, A, B, initiation);
  expect(other.rows[0]).toMatchObject({ attempts: 1, resent: 1 });
});

test('an answer from another address belongs to the initiation that it names', () => {
  const shake = new WgHandshake('one', ANN, GATE);
  const watch = new HandshakeWatch();
  watch.datagram(0, A, B, shake.initiation(100, 0));
  watch.datagram(5, { host: 7, port: 51_820 }, A, shake.response());
  expect(watch.rows.map(({ state }) => state)).toEqual(['answered']);
  expect(messagesOf(watch.rows[0] ?? expect.fail())[1]).toBe('2 ← Response (from 10.0.0.7:51820)');
});

test('a session that was confirmed is followed by a new row when keys are changed', () => {
  const watch = new HandshakeWatch();
  for (const [at, name] of [
    [0, 'one'],
    [120_000, 'two'],
  ] as const) {
    const shake = new WgHandshake(name, ANN, GATE);
    watch.datagram(at, A, B, shake.initiation(100 + at, 0));
    watch.datagram(at + 5, B, A, shake.response());
    watch.datagram(at + 6, B, A, shake.data('responder', 'too early'));
    expect(watch.rows.at(-1)?.state).toBe('answered');
    watch.datagram(at + 9, A, B, shake.data('initiator', ''));
  }
  expect(watch.rows.map(({ state, number }) => `${number} ${state}`)).toEqual(['1 established', '2 established']);
});

test('a flood of initiations keeps no more rows than there is room for, and a tunnel that comes up in it is found', () => {
  const watch = new HandshakeWatch('', { halfOpen: 100, others: 100 });
  const shake = new WgHandshake('in the flood', ANN, GATE);
  const flood = new WgHandshake('flood', ANN, GATE).initiation(100, 0);
  for (let count = 0; count < 3000; count++) {
    flood.set([count, count >>> 8], 4);
    watch.datagram(count, { host: 100 + count, port: 1000 + count }, B, flood);
    if (count === 1000) watch.datagram(count, A, B, shake.initiation(100, 0));
    if (count === 1010) watch.datagram(count, B, A, shake.response());
    if (count === 2000) watch.datagram(count, A, B, shake.data('initiator', ''));
  }
  expect(watch.rows.length).toBe(101);
  expect(watch.rows.filter(({ state }) => state === 'established').map(({ initiator }) => initiator)).toEqual([
    '10.0.0.1:40000',
  ]);
});
