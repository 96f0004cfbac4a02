import { expect, test } from 'vitest';
import { FirstHellos, memoryOf, type TlsMemory } from '../../../../analyzer/handshakes/tls/memory.js';
import { readClientHello } from '../../../../dissectors/tls/hello.js';
import { viewOf } from '../../../../dissectors/wire/view.js';
import {
  chosenVersion,
  clientHello,
  clientShare,
  cookie,
  dtlsClientHello,
  dtlsEncrypted,
  dtlsServerHello,
  groups,
  helloVerifyRequest,
  noise,
  offeredVersions,
  selectedGroup,
} from '../../../../fixtures/tls-messages.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, type End, HandshakeWatch } from '../watch.js';

const CLIENT: End = { host: 1, port: 50_000 };
const SERVER: End = { host: 2, port: 4433 };

test('what became of each handshake of the fixture of TLS', async () => {
  const rows = [...(await rowsOf('fixtures/tls.pcap', 'tls')), ...(await rowsOf('fixtures/tls-scattered.pcap', 'tls'))];
  expect(rows.map(inShort)).toEqual([
    'established | 1 | echo-ok | valid | encrypted records came from both sides; before, the server had asked for a key share of secp384r1, which the ClientHello lacks, and the cookie back, to see that the client is where it says',
    'refused | 1 | - | - | the server ended it with the alert Protocol Version',
    'refused | 1 | - | - | the client ended it with the alert Unexpected Message; before, the server had sent 2 HelloRetryRequests, of which one is allowed',
    'established | 1 | - | - | application data came after both had finished',
  ]);
  expect(rows.map(({ stateless }) => stateless)).toEqual(['yes', 'unknown', 'no', 'no']);
  expect(rows[0]?.details).toEqual({
    sni: 'retry.example',
    alpn_offered: 'h2,http/1.1',
    version_offered: 'TLS 1.3',
    retry:
      'a key share of secp384r1, which the ClientHello lacks, and the cookie back, to see that the client is where it says',
    cookie_size: 104,
    cookie_maker: 'OpenSSL',
    cookie_age: 0,
    version: 'TLS 1.3',
    suite: 'TLS_AES_128_GCM_SHA256',
    group: 'secp384r1',
    client_bytes: 189,
    server_bytes: 2385,
  });
  expect(rows[2]?.details?.retry).toBe('a key share of x25519, which was sent already');
  expect([rows[0], rows[3]].flatMap((row) => (row ? [messagesOf(row)] : []))).toEqual([
    [
      '4 → ClientHello (retry.example)',
      '6 ← HelloRetryRequest (secp384r1, cookie)',
      '8 → ClientHello (cookie of 104 bytes, echo-ok)',
      '9 ← ServerHello (TLS 1.3)',
      '9 ← Encrypted',
      '10 → Encrypted',
    ],
    [
      '9 → ClientHello (records.example)',
      '12 ← ServerHello (TLS 1.2)',
      '12 ← Certificate',
      '12 ← ServerKeyExchange',
      '12 ← ServerHelloDone',
      '14 → ClientKeyExchange',
      '14 → ChangeCipherSpec',
      '14 → Finished',
      '15 ← ChangeCipherSpec',
      '15 ← Finished',
      '16 → ApplicationData',
    ],
  ]);
});

test('what became of each handshake of the fixture of DTLS', async () => {
  const rows = [...(await rowsOf('fixtures/dtls.pcap', 'dtls')), ...(await rowsOf('fixtures/dtls13.pcap', 'dtls'))];
  expect(rows.map(inShort)).toEqual([
    'established | 1 | echo-ok | - | application data came after both had finished',
    'challenged | 1 | echo-bad | - | the cookie came back changed, and the server asks again',
    'established | 1 | echo-ok | - | encrypted records came from both sides; before, the server had asked for the cookie back, to see that the client is where it says',
  ]);
  expect(rows.map(({ stateless }) => stateless)).toEqual(['likely', 'likely', 'likely']);
  expect(messagesOf(rows[2] ?? ({} as never))).toEqual([
    '1 → ClientHello',
    '2 ← HelloRetryRequest (cookie)',
    '3 → ClientHello (cookie of 67 bytes, echo-ok)',
    '4 ← ServerHello (DTLS 1.3)',
    '4 ← Encrypted',
    '5 → Encrypted',
  ]);
});

const hello = { of: 'test', extensions: [groups(29)] };
const first = dtlsClientHello(hello, { record: 0, message: 0 });
const verify = (of: string) => helloVerifyRequest(noise(of, 20), { record: 0, message: 0 });
const second = (of: string, sequence = 1) => dtlsClientHello(hello, { record: 1, message: sequence }, noise(of, 20));

test('an echo of any of the last few cookies is one, and a repeated request is no new one', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, first);
  watch.datagram(1000, CLIENT, SERVER, first);
  watch.datagram(1010, SERVER, CLIENT, verify('one'));
  watch.datagram(1020, SERVER, CLIENT, verify('two'));
  expect(codesOf(watch.datagram(1030, CLIENT, SERVER, second('one')))).toEqual([]);
  const [row, ...others] = watch.rows;
  expect(others).toEqual([]);
  expect([row?.state, row?.cookieStatus, row?.attempts, row?.resent]).toEqual(['echoed', 'echo-ok', 2, 1]);
  // It times out, with what was waited for.
  watch.datagram(100_000, { host: 9, port: 9 }, SERVER, first);
  expect([row?.state, row?.reason]).toEqual(['timed-out', 'the client returned the cookie; no answer']);
});

test('judges what comes back: nothing, another cookie, another number', () => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, first);
  watch.datagram(10, SERVER, CLIENT, verify('one'));
  expect(codesOf(watch.datagram(20, CLIENT, SERVER, dtlsClientHello(hello, { record: 1, message: 1 })))).toEqual([
    'tls-cookie-missing',
  ]);
  const other = new HandshakeWatch();
  other.datagram(0, CLIENT, SERVER, first);
  other.datagram(10, SERVER, CLIENT, verify('one'));
  expect(codesOf(other.datagram(20, CLIENT, SERVER, second('another', 2)))).toEqual([
    'tls-cookie-other',
    'dtls-message-number',
  ]);
  // The ServerHello after a HelloVerifyRequest is the server's message 1.
  const answer = dtlsServerHello({ of: 'server', extensions: [] }, { record: 1, message: 0 });
  expect(codesOf(other.datagram(30, SERVER, CLIENT, answer))).toEqual(['dtls-message-number']);
});

test('a capture that begins with the answer', () => {
  const watch = new HandshakeWatch();
  expect(codesOf(watch.datagram(0, SERVER, CLIENT, verify('one')))).toEqual(['tls-hello-unseen']);
  const [row] = watch.rows;
  expect([row?.initiator, row?.responder, row?.state]).toEqual(['10.0.0.1:50000', '10.0.0.2:4433', 'challenged']);
  const late = new HandshakeWatch();
  late.datagram(0, CLIENT, SERVER, second('one'));
  expect(late.rows.map(({ state, cookieStatus }) => [state, cookieStatus])).toEqual([['echoed', 'unknown']]);
});

const modern = [groups(29, 24), offeredVersions(0xfefc)];
const asks = (...extensions: readonly Uint8Array[]) =>
  dtlsServerHello({ of: 'retry', extensions: [chosenVersion(0xfefc), ...extensions] }, { record: 0, message: 0 });
const says = (of: string, sequence: number, ...extensions: readonly Uint8Array[]) =>
  dtlsClientHello({ of, extensions: [...modern, ...extensions] }, { record: sequence, message: sequence });

test.each([
  ['nothing', asks(selectedGroup(24)), says('a', 1, clientShare(24, 'b')), []],
  ['the cookie that is missing', asks(cookie([1])), says('a', 1, clientShare(29, 'a')), ['tls-cookie-missing']],
  ['an empty cookie', asks(cookie([])), says('a', 1, clientShare(29, 'a'), cookie([])), ['tls-cookie-empty']],
  ['a group that was not offered', asks(selectedGroup(23)), says('a', 1, clientShare(23, 'b')), ['tls-retry-group']],
  ['a share that is not sent', asks(selectedGroup(24)), says('a', 1, clientShare(29, 'a')), ['tls-share-other']],
  [
    'an extension that is new',
    asks(selectedGroup(24)),
    says('a', 1, clientShare(24, 'b'), offeredVersions(0xfefc)),
    [],
  ],
  [
    'an extension that is gone',
    asks(selectedGroup(24)),
    dtlsClientHello({ of: 'a', extensions: [groups(29, 24), clientShare(24, 'b')] }, { record: 1, message: 1 }),
    ['tls-retry-changed'],
  ],
])('the rules of a HelloRetryRequest: %s', (_, retry, again, codes) => {
  const watch = new HandshakeWatch();
  watch.datagram(0, CLIENT, SERVER, says('a', 0, clientShare(29, 'a')));
  const told = codesOf(watch.datagram(10, SERVER, CLIENT, retry));
  expect([...told, ...codesOf(watch.datagram(20, CLIENT, SERVER, again))]).toEqual(codes);
});

test('an encrypted alert refuses where nothing encrypted came before, but not where the capture has cut what came', () => {
  const run = (cut: boolean) => {
    const watch = new HandshakeWatch();
    watch.datagram(0, CLIENT, SERVER, first);
    const answer = dtlsServerHello({ of: 'server', extensions: [] }, { record: 0, message: 0 });
    watch.datagram(10, SERVER, CLIENT, answer);
    const [row] = watch.rows;
    if (row && cut) memoryOf(row).isCut = true;
    watch.datagram(20, CLIENT, SERVER, dtlsEncrypted(21, 1, 0, 'alert', 40));
    return row?.state;
  };
  expect([run(false), run(true)]).toEqual(['refused', 'answered']);
});

test('a flood of hellos leaves as many rows as the bounds say, and a handshake in its midst completes', () => {
  const watch = new HandshakeWatch('', { halfOpen: 100, others: 10 });
  for (let count = 0; count < 20_000; count++) {
    const from = { host: 0x10000 + count, port: 1024 + (count % 60_000) };
    watch.datagram(count / 100, from, SERVER, first);
    if (count !== 10_000) continue;
    watch.datagram(count / 100, SERVER, from, verify('one'));
    watch.datagram(count / 100, from, SERVER, second('one'));
  }
  expect(watch.rows.length).toBeLessThanOrEqual(110);
  expect(watch.rows.filter(({ state }) => state === 'echoed').map(({ cookieStatus }) => cookieStatus)).toEqual([
    'echo-ok',
  ]);
});

test('of first hellos so many are kept, the newest', () => {
  const hellos = new FirstHellos(2);
  const bytes = clientHello({ of: 'x', extensions: [] }).subarray(9);
  const read = readClientHello(viewOf(bytes), 0, bytes.length);
  if (!read) throw new Error('not read');
  const memories = [1, 2, 3].map((): TlsMemory => memoryOf({ memory: undefined } as never));
  for (const memory of memories) hellos.keep(memory, read);
  expect(memories.map((memory) => memory.first !== undefined)).toEqual([false, true, true]);
});
