import { expect, test } from 'vitest';
import {
  closeFrame,
  cryptoFrame,
  handshakePacket,
  initialPacket,
  negotiationPacket,
  padded,
  retryPacket,
} from '../../../../crafter/quic/packets.js';
import { VERSION_1, VERSION_2 } from '../../../../dissectors/quic/versions.js';
import { concatenated, fromHex } from '../../../../dissectors/wire/view.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

test('every connection of the fixture says how far it came, and why', async () => {
  const rows = await rowsOf('fixtures/quic.pcap', 'quic');
  expect(rows.map(inShort)).toEqual([
    'established | 1 | - | - | both sides use the connection',
    'established | 1 | echo-ok | valid | both sides use the connection',
    'established | 1 | echo-ok | valid | both sides use the connection',
    'refused | 1 | invalid | - | the server closed with INVALID_TOKEN: invalid token',
    'established | 1 | - | invalid | both sides use the connection',
    'refused | 1 | - | - | the server does not speak version draft-29, but 0x1a2a3a4a (which nobody speaks), 2; the client did not go on with one of these',
  ]);
  expect(rows.map(({ stateless }) => stateless)).toEqual(['no', 'likely', 'likely', 'unknown', 'no', 'unknown']);
  expect(rows[2]?.details).toEqual({ version: '2', sni: 'retry.example.com', alpn: 'h3', token_bytes: 48 });
  expect(messagesOf(rows[2] ?? expect.fail())).toEqual([
    '11 → Initial',
    '12 → Initial (Client Hello (SNI=retry.example.com, ALPN=h3))',
    '13 ← Retry (tag valid)',
    '14 → Initial (with the token, echo-ok)',
    '15 → Initial (Client Hello (SNI=retry.example.com, ALPN=h3), with the token, echo-ok)',
    '16 ← Initial (Server Hello)',
    '16 ← Handshake',
    '17 → Handshake',
  ]);
});

const A = { host: 1, port: 50_000 };
const B = { host: 2, port: 4433 };
const [ID, CLIENT, CHOSEN] = ['8394c8f03e515708', '0102030405060708', '1112131415161718'].map(fromHex) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const ids = { version: VERSION_1, dcid: ID, scid: CLIENT, keyId: ID };
const TOKEN = fromHex('b6aabb');
const HELLO = cryptoFrame(0, fromHex('0100000401020304'));
const ask = (number: number, given: Partial<Parameters<typeof initialPacket>[0]> = {}, size = 1180) =>
  initialPacket({ ...ids, number, frames: padded([HELLO], size), ...given });
const retry = (id = CHOSEN, original = ID) => retryPacket({ ...ids, dcid: CLIENT, scid: id }, TOKEN, original);
const after = { dcid: CHOSEN, keyId: CHOSEN };

/** What comes of datagrams, one in 10 ms; those of the server begin with `<`. */
function play(...datagrams: readonly (readonly ['>' | '<', Uint8Array])[]) {
  const watch = new HandshakeWatch();
  const codes = datagrams.map(([way, payload], place) =>
    codesOf(way === '>' ? watch.datagram(10 * place, A, B, payload) : watch.datagram(10 * place, B, A, payload)),
  );
  return { watch, codes, row: watch.rows[0] ?? expect.fail('no row') };
}

test('the token of the Retry comes back, another one, or none', () => {
  const challenge = [
    ['>', ask(0)],
    ['<', retry()],
  ] as const;
  const good = play(...challenge, ['>', ask(1, { ...after, token: TOKEN })]);
  expect(inShort(good.row)).toBe(
    'echoed | 1 | echo-ok | valid | the client came back with the token of the Retry; no answer so far',
  );
  expect(good.row.details).toMatchObject({ token_maker: 'ngtcp2 (Retry)', token_bytes: 3 });
  expect([good.row.rttChallenge, good.row.rttEcho]).toEqual([0.01, 0.01]);
  const bad = play(...challenge, ['>', ask(1, { ...after, token: fromHex('00') })]);
  expect(bad.row.cookieStatus).toBe('echo-bad');
  expect(bad.codes[2]).toEqual(['quic-token-other']);
  const none = play(...challenge, ['>', ask(1, after)]);
  expect(none.row.state).toBe('challenged');
  expect(none.codes[2]).toEqual(['quic-token-missing']);
});

test('only the first Retry whose tag is right counts', () => {
  const { row, codes } = play(['>', ask(0)], ['<', retry(fromHex('99'), CLIENT)], ['<', retry()], ['<', retry(ID)]);
  expect(codes).toEqual([[], ['quic-retry-invalid'], [], ['quic-retry-repeated']]);
  expect(inShort(row)).toBe(
    'challenged | 1 | - | valid | the server wants its token back, from the address that asked',
  );
  expect(messagesOf(row).slice(1)).toEqual([
    '2 ← Retry (tag invalid)',
    '3 ← Retry (tag valid)',
    '4 ← Retry (tag valid, not the first)',
  ]);
});

test('a client that begins again with an offered version goes on in its row', () => {
  const negotiation = negotiationPacket({ dcid: CLIENT, scid: ID }, [VERSION_2]);
  const second = { version: VERSION_2, dcid: CHOSEN, keyId: CHOSEN };
  const { watch, row, codes } = play(['>', ask(0)], ['<', negotiation], ['>', ask(0, second)]);
  expect(codes[1]).toEqual(['quic-version-refused']);
  expect(watch.rows).toHaveLength(1);
  expect([row.state, row.attempts, row.details?.version]).toEqual(['asked', 2, '2']);
  const odd = play(['>', ask(0)], ['<', negotiationPacket({ dcid: CLIENT, scid: ID }, [VERSION_1])]);
  expect([odd.row.state, ...(odd.codes[1] ?? [])]).toEqual(['asked', 'quic-negotiation-odd']);
});

test('a small Initial, resends, and what was not seen, are told', () => {
  const small = play(['>', ask(0, {}, 300)], ['>', ask(1)]);
  expect(small.codes[0]).toEqual(['quic-initial-short']);
  expect([small.row.attempts, small.row.resent]).toEqual([1, 1]);
  const answer = initialPacket({
    ...ids,
    dcid: CLIENT,
    scid: CHOSEN,
    number: 0,
    frames: padded([], 30),
    fromServer: true,
  });
  const watch = new HandshakeWatch();
  const facts = watch.datagram(0, { ...B, port: 443 }, A, answer);
  expect(codesOf(facts)).toEqual(['quic-initial-unseen']);
  expect([watch.rows[0]?.responder, watch.rows[0]?.state]).toEqual(['10.0.0.2:443', 'answered']);
});

test('what nobody answers times out, and says what was waited for', () => {
  const { watch } = play(['>', ask(0)], ['<', retry()]);
  watch.datagram(20_000, { host: 9, port: 9 }, { host: 8, port: 8 }, fromHex('00'));
  expect(watch.rows.map(inShort)).toEqual([
    'timed-out | 1 | - | valid | the server sent a Retry, and the client did not come back with its token',
  ]);
});

test('a close in an Initial refuses, a token that a server refuses is invalid', () => {
  const close = (code: number, words = '') =>
    initialPacket({
      ...ids,
      dcid: CLIENT,
      scid: CHOSEN,
      number: 0,
      frames: padded([closeFrame(code, words)], 30),
      fromServer: true,
    });
  const refused = play(['>', ask(0, { token: fromHex('36') })], ['<', close(0x0b)]);
  expect(inShort(refused.row)).toBe('refused | 1 | invalid | - | the server closed with INVALID_TOKEN');
  expect(refused.codes[1]).toEqual(['quic-token-refused']);
  const full = play(['>', ask(0)], ['<', close(2, 'full')]);
  expect(full.row.reason).toBe('the server closed with CONNECTION_REFUSED: full');
});

test('packets that only the ends can read establish, both ways', () => {
  const server = { version: VERSION_1, dcid: CLIENT, scid: CHOSEN };
  const short = (id: Uint8Array) => concatenated([fromHex('41'), id, new Uint8Array(30)]);
  const { row, codes } = play(
    ['>', ask(0)],
    ['<', handshakePacket(server, new Uint8Array(60))],
    ['>', short(CHOSEN)],
    ['<', short(CLIENT)],
  );
  expect(inShort(row)).toBe('established | 1 | - | - | both sides use the connection');
  expect(row.stateless).toBe('no');
  expect(codes.flat()).toEqual([]);
});

test('a flood of Initials leaves a bounded table, and what completes in its middle is found', () => {
  const watch = new HandshakeWatch('', { halfOpen: 64, others: 64 });
  const from = (number: number) => ({ host: 1000 + number, port: 40_000 });
  const packet = (number: number) => {
    const dcid = Uint8Array.of(1, 2, 3, 4, 5, 6, number >>> 8, number & 0xff);
    return ask(0, { dcid, keyId: dcid, scid: Uint8Array.of(9, 9, 9, 9, 9, 9, number >>> 8, number & 0xff) }, 60);
  };
  for (let number = 0; number < 300; number++) {
    watch.datagram(number, from(number), B, packet(number));
    if (number !== 150) continue;
    const server = { version: VERSION_1, dcid: Uint8Array.of(9, 9, 9, 9, 9, 9, 0, 150), scid: CHOSEN };
    watch.datagram(number, B, from(150), handshakePacket(server, new Uint8Array(60)));
  }
  expect(watch.rows.length).toBeLessThanOrEqual(128);
  expect(watch.rows.filter(({ state }) => state === 'answered').map(({ initiator }) => initiator)).toEqual([
    '10.0.4.126:40000',
  ]);
});
