import { expect, test } from 'vitest';
import { judgeWrap } from '../../../../analyzer/handshakes/openvpn/wrap.js';
import { readControl } from '../../../../dissectors/openvpn/read.js';
import { fromHex, viewOf } from '../../../../dissectors/wire/view.js';
import { OpenvpnSide, staticKey } from '../../../../fixtures/openvpn.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

/** A static key, and packets of OpenVPN 2.6 with `--auth SHA256`, server direction 0, client 1. */
const KEY = fromHex(
  [
    '01b558de96f3b91c81e50acfc9e4d55c5b585bb1842018e943f94ac2bb8d924399bca4bc3616d4585147ebf95185d636',
    'bafc9c85e48db7c85ecfa753cf285b747a16bac5600dc019959d8628938c7f76f8420cfbd7edee1f31b51b103fcae395',
    '54d0fe57dd62db17d7cb6dc495890646698b88bd428b5b6ae97862d762631ed495b39af243d414751ccc64b0476c9032',
    'ae5e35a6218207c97eb9172a900a28b7985e6b85adedea20f511de041ac9953aae7cc970887f5436aa2d8dc6097fb578',
    '7254ef5a579cf0afee4a0a74b128b11ec736189410ed69a4952149bca51ab4def192f67f850353de6a335b614128d20b',
    'd56b4875b6d5938f09984306f32e6b8b',
  ].join(''),
);
const CLIENT = fromHex(
  '383a8afe713dc8abc754a2913a2d76ea732552bdc98d2368f7c29a361c69c79f821bc84b66f31657b2000000016b0e50700000000000',
);
const SERVER = fromHex(
  '4094751b79a81b0784fef64925cb09801f7f6520239945f2a021b34b81c0d237c2b798b966d1ea6a9c000000016b0e507001000000003a8afe713dc8abc700000000',
);

function judged(packet: Uint8Array, keys: readonly Uint8Array[]) {
  const view = viewOf(packet);
  const limit = { captured: packet.length, wire: packet.length };
  const layer = { name: 'openvpn', source: 0, at: 0, end: packet.length, limit, facts: undefined } as const;
  const control = readControl(view, { ...layer, stop: undefined, quoted: undefined });
  if (!control) throw new Error('no control packet');
  const { status, direction } = judgeWrap(view, 0, packet.length, control, keys);
  return [control.shape.wrapping, status, direction];
}

test('the HMACs of OpenVPN are what its static key makes, one key each way', () => {
  expect(judged(CLIENT, [KEY])).toEqual(['tls-auth', 'valid', 1]);
  expect(judged(SERVER, [staticKey('another'), KEY])).toEqual(['tls-auth', 'valid', 0]);
  expect(judged(SERVER, [staticKey('another')])).toEqual(['tls-auth', 'invalid', undefined]);
  expect(judged(SERVER, [])).toEqual(['tls-auth', 'unknown', undefined]);
});

test.each([0, 20, 45, 50])('a changed byte %i makes it invalid', (place) => {
  const bent = SERVER.slice();
  bent[place] = (bent[place] ?? 0) ^ 1;
  expect(judged(bent, [KEY])[1]).toBe('invalid');
});

test.each([
  [
    'openvpn',
    [
      'established | 1 | echo-ok | - | data went both ways | none',
      'established | 1 | echo-ok | valid | data went both ways | tls-auth (HMAC of 20 bytes)',
      'refused | 1 | echo-ok | valid | the server ended TLS with an alert: unknown certificate authority | tls-auth (HMAC of 20 bytes)',
    ],
  ],
  [
    'openvpn-protected',
    [
      'established | 1 | echo-ok | valid | data went both ways | tls-auth (HMAC of 32 bytes)',
      'established | 1 | echo-ok | valid | data went both ways | tls-crypt',
      'asked | 1 | - | invalid | hard resets, no answer: not protected with the known static key: a server that has it drops the packets | tls-auth (HMAC of 32 bytes)',
    ],
  ],
  ['openvpn-tcp', ['established | 1 | echo-ok | valid | data went both ways | tls-auth (HMAC of 20 bytes)']],
])('sessions of %s, by what protects them', async (name, told) => {
  const rows = await rowsOf(`fixtures/${name}.pcap`, 'openvpn', [`fixtures/${name}.secrets`]);
  expect(rows.map((row) => `${inShort(row)} | ${row.details?.protection}`)).toEqual(told);
});

test('without the key tls-crypt hides which session the client names', async () => {
  const rows = await rowsOf('fixtures/openvpn-protected.pcap', 'openvpn');
  expect(rows.map(({ cookieStatus, proofStatus }) => `${cookieStatus} ${proofStatus}`)).toEqual([
    'echo-ok unknown',
    'undefined unknown',
    'undefined unknown',
  ]);
  // Who cannot read which session is named does not know whether it must be.
  expect(rows.map(({ stateless }) => stateless)).toEqual(['likely', 'unknown', 'unknown']);
  expect(messagesOf(rows[1] ?? expect.fail()).slice(0, 3)).toEqual([
    '10 → HARD_RESET_CLIENT',
    '11 ← HARD_RESET_SERVER',
    '12 → CONTROL',
  ]);
});

const [A, B] = [
  { host: 1, port: 40_000 },
  { host: 2, port: 1194 },
];

test('a client that names another session than the server answered with', () => {
  const watch = new HandshakeWatch();
  const [client, server] = [
    new OpenvpnSide('client', 'none', KEY, 1, 1000),
    new OpenvpnSide('server', 'none', KEY, 0, 1000),
  ];
  watch.datagram(0, A, B, client.control(7, [], undefined));
  watch.datagram(5, B, A, server.control(8, [0], client.session));
  const facts = watch.datagram(9, A, B, client.control(4, [0], 1n, Uint8Array.of(22, 3, 1, 0, 1, 0)));
  expect(codesOf(facts)).toEqual(['openvpn-session-bad']);
  expect(watch.rows).toMatchObject([{ state: 'challenged', cookieStatus: 'echo-bad' }]);
});

test('a server that answers a repeated reset with the same session likely keeps nothing', () => {
  const watch = new HandshakeWatch();
  const client = new OpenvpnSide('client', 'none', KEY, 1, 1000);
  const reset = client.control(7, [], undefined);
  const answer = new OpenvpnSide('server', 'none', KEY, 0, 1000).control(8, [0], client.session);
  for (const at of [0, 2000]) {
    watch.datagram(at, A, B, reset);
    watch.datagram(at + 5, B, A, answer);
  }
  expect(watch.rows).toMatchObject([{ stateless: 'likely', attempts: 1, resent: 2 }]);
});

test('an answer without its reset begins a row that says so, and data of strangers begins none', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, A, B, Uint8Array.of(0x48, 0, 0, 0, 1, 2, 3));
  expect(watch.rows.length).toBe(0);
  expect(codesOf(watch.datagram(5, B, A, SERVER))).toEqual(['openvpn-reset-unseen']);
  expect(watch.rows).toMatchObject([{ initiator: '10.0.0.1:40000', state: 'challenged' }]);
});
