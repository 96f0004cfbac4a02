import { describe, expect, test } from 'vitest';
import type { Handshake } from '../../../analyzer/handshakes/handshake.js';
import { linuxCookie } from '../../../analyzer/handshakes/tcp/fast-open.js';
import { tokenOf } from '../../../analyzer/handshakes/tcp/multipath.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, nothing, raw, text } from '../../../crafter/part.js';
import { icmp, tcp } from '../../../crafter/transport-part.js';
import { fromHex, toHex, viewOf } from '../../../dissectors/wire/view.js';

const RAW_IPV4 = 228;
const CLIENT = 0x0a4d0001;
const SERVER = 0x0a4d0002;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** A segment: when in milliseconds, who sends it, its numbers; the client is `CLIENT` on port 40000 unless told. */
interface Given {
  readonly ms?: number;
  readonly back?: boolean;
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly options?: string;
  readonly data?: string;
  readonly port?: number;
  readonly host?: number;
  readonly server?: number;
}

class Watch {
  readonly examiner: Examiner;
  private number = 0;
  private ms = 0;

  constructor(secrets = '', bounds?: { readonly halfOpen: number; readonly others: number }) {
    const read = parseSecrets(secrets, 'keys');
    this.examiner = new Examiner({ secrets: read, seed: 5, ...(bounds && { handshakeBounds: bounds }) });
  }

  see({ ms, back = false, seq = 0, ack = 0, flags = ACK, options = '', data = '', ...ends }: Given) {
    const { port = 40_000, host = CLIENT, server = SERVER } = ends;
    const [src, dst, srcport, dstport] = back ? [server, host, 80, port] : [host, server, port, 80];
    const padded = fromHex(options + '01'.repeat(((8 - (options.length % 8)) % 8) / 2));
    const header = { srcport, dstport, seq_raw: seq, ack_raw: ack, flags };
    return this.frame(build(ipv4({ src, dst }, tcp(header, text(data), raw(padded)))), ms);
  }

  /** An ICMP error that quotes a SYN, 8 bytes of it. */
  error(seq: number) {
    const quoted = build(
      ipv4({ src: CLIENT, dst: SERVER }, tcp({ srcport: 40_000, dstport: 80, seq_raw: seq, flags: SYN }, nothing)),
    );
    const body = raw(Uint8Array.of(0, 0, 0, 0, ...quoted.subarray(0, 28)));
    return this.frame(build(ipv4({ src: SERVER, dst: CLIENT }, icmp({ type: 3, code: 1 }, body))));
  }

  private frame(bytes: Uint8Array, ms = this.ms + 10) {
    this.ms = ms;
    const { length } = bytes;
    const nanos = (ms % 1000) * 1e6;
    return this.examiner.examine(
      viewOf(bytes),
      0,
      length,
      length,
      RAW_IPV4,
      ++this.number,
      Math.floor(ms / 1000),
      nanos,
    ).facts;
  }

  play(...segments: readonly Given[]): readonly string[] {
    return segments.flatMap((given) => this.see(given).findings.map(({ code }) => code));
  }

  get rows(): readonly Handshake[] {
    return [...this.examiner.handshakes.table.rows.values()];
  }

  get row(): Handshake {
    const row = this.rows.at(-1);
    if (!row) throw new Error('no row');
    return row;
  }
}

const messages = ({ messages: all }: Handshake): readonly string[] =>
  all.map(({ fromInitiator, name, note }) => `${fromInitiator ? '>' : '<'} ${name}${note ? ` (${note})` : ''}`);

const syn = (seq = 1000, more: Given = {}): Given => ({ seq, flags: SYN, ...more });
const synAck = (ack = 1001, seq = 5000, more: Given = {}): Given => ({
  back: true,
  seq,
  ack,
  flags: SYN | ACK,
  ...more,
});
const ack = (number = 5001, seq = 1001, more: Given = {}): Given => ({ seq, ack: number, ...more });

test('three messages, and then use', () => {
  const watch = new Watch();
  watch.play(syn(), synAck(1001, 5000, { ms: 60 }), ack(5001, 1001, { ms: 61 }));
  const { row } = watch;
  expect([row.initiator, row.responder, row.id]).toEqual(['10.77.0.1:40000', '10.77.0.2:80', '000003e8']);
  expect([row.state, row.cookieStatus]).toEqual(['echoed', 'echo-ok']);
  expect([row.rttChallenge, row.rttEcho].map((time) => time?.toFixed(6))).toEqual(['0.050000', '0.001000']);
  expect(watch.play(ack(5001, 1001, { data: 'hello' }))).toEqual([]);
  expect(row.state).toBe('echoed');
  watch.play({ back: true, seq: 5001, ack: 1006 }, ack(5001, 1006, { data: 'more' }));
  expect([row.state, row.reason]).toEqual(['established', 'the connection is in use']);
  expect(messages(row)).toEqual(['> SYN', '< SYN-ACK', '> ACK', '< ACK']);
  expect(watch.rows).toHaveLength(1);
});

test('a SYN-ACK that acknowledges another number is a finding that says which was wanted', () => {
  const watch = new Watch();
  watch.see(syn());
  const { findings } = watch.see(synAck(777));
  expect(findings.map(({ code, given }) => [code, given])).toEqual([['spurious-acknowledgement', [777, 1001]]]);
  expect([watch.row.state, watch.row.reason]).toEqual(['asked', 'the SYN-ACK acknowledges 777 where 1001 was wanted']);
  // RFC 9293, section 3.5.2: answered by a RST whose number is that acknowledgement.
  watch.see({ seq: 777, flags: RST });
  expect(messages(watch.row)).toEqual(['> SYN', '< SYN-ACK (ack 777, wanted 1001)', '> RST']);
  expect(watch.row.state).toBe('asked');
  watch.play(synAck(), ack());
  expect([watch.rows.length, watch.row.state]).toEqual([1, 'echoed']);
});

test('a third message that acknowledges another number opens nothing', () => {
  const watch = new Watch();
  expect(watch.play(syn(), synAck(), ack(4000))).toEqual(['spurious-acknowledgement']);
  expect([watch.row.state, watch.row.cookieStatus]).toEqual(['challenged', 'echo-bad']);
  watch.see({ back: true, seq: 4000, flags: RST });
  expect([watch.row.state, watch.row.reason]).toEqual(['refused', 'a spurious acknowledgement was answered by a RST']);
});

test('a right acknowledgement after a spurious one opens the connection', () => {
  const watch = new Watch();
  watch.play(syn(), synAck(), ack(4000), ack());
  expect([watch.row.state, watch.row.cookieStatus]).toEqual(['echoed', 'echo-ok']);
});

test('repeats of a SYN and of its answer are counted', () => {
  const watch = new Watch();
  watch.play(syn(), syn(1000, { ms: 1000 }), synAck(1001, 5000, { ms: 1001 }), synAck(1001, 5000, { ms: 2100 }), ack());
  const { row } = watch;
  expect([row.attempts, row.resent, row.state, row.stateless]).toEqual([2, 2, 'echoed', 'no']);
  expect(row.evidence).toEqual(['the SYN-ACK was sent again after 1.1 s, unasked']);
});

describe('what does not come to be', () => {
  test('a RST answers the SYN', () => {
    const watch = new Watch();
    watch.play(syn(), { back: true, seq: 0, ack: 1001, flags: RST | ACK });
    expect([watch.row.state, watch.row.reason]).toEqual([
      'refused',
      'the SYN was answered by a RST: nothing listens there',
    ]);
  });

  test('a RST that acknowledges another number is not the answer', () => {
    const watch = new Watch();
    watch.play(syn(), { back: true, seq: 0, ack: 55, flags: RST | ACK });
    expect([watch.row.state, messages(watch.row).at(-1)]).toEqual(['asked', '< RST (ack 55, wanted 1001)']);
  });

  test('an ICMP error quotes the SYN', () => {
    const watch = new Watch();
    watch.see(syn());
    watch.error(999);
    expect(watch.row.state).toBe('asked');
    watch.error(1000);
    expect([watch.row.state, watch.row.reason]).toEqual([
      'refused',
      'an ICMP error says that the SYN did not get through',
    ]);
  });

  test.each([
    ['SYNs without an answer', [syn(), syn(1000, { ms: 1010 })], 'timed-out', '2 SYNs got no answer'],
    ['a SYN-ACK without', [syn(), synAck()], 'timed-out', 'the SYN-ACK was not acknowledged within 63 s: half-open'],
  ] as const)('%s', (_, segments, state, reason) => {
    const watch = new Watch();
    watch.play(...segments, syn(1, { ms: 70_000, port: 9 }));
    expect([watch.rows[0]?.state, watch.rows[0]?.reason]).toEqual([state, reason]);
  });

  test('a scanner resets what was answered', () => {
    const watch = new Watch();
    watch.play(syn(), synAck(), { seq: 1001, flags: RST });
    expect(watch.row.reason).toBe('the initiator reset the connection instead of acknowledging the SYN-ACK');
  });
});

test('both sides open at the same time', () => {
  const watch = new Watch();
  watch.play(syn(1000), syn(5000, { back: true }), { seq: 1000, ack: 5001, flags: SYN | ACK });
  expect(watch.row.state).toBe('challenged');
  watch.see({ back: true, seq: 5000, ack: 1001, flags: SYN | ACK });
  expect(watch.rows).toHaveLength(1);
  expect([watch.row.state, watch.row.reason]).toEqual([
    'established',
    'both sides have opened the connection at the same time',
  ]);
  expect(messages(watch.row)).toEqual(['> SYN', '< SYN (simultaneous open)', '> SYN-ACK', '< SYN-ACK']);
});

test('a capture that begins after the SYN tells who opened, and that the SYN is missing', () => {
  const watch = new Watch();
  expect(watch.play(synAck(), ack())).toEqual(['syn-unseen']);
  const { row } = watch;
  expect([row.initiator, row.id, row.state]).toEqual(['10.77.0.1:40000', '000003e8', 'echoed']);
});

describe('a third message that was not captured', () => {
  test('shows by data of the responder', () => {
    const watch = new Watch();
    watch.play(syn(), synAck(), { back: true, seq: 5001, ack: 1001, data: 'hello' });
    expect([watch.row.state, watch.row.reason]).toEqual([
      'established',
      'the connection is in use; the ACK of the SYN-ACK was not captured',
    ]);
  });

  test('shows by a later acknowledgement', () => {
    const watch = new Watch();
    expect(watch.play(syn(), synAck(), ack(5101))).toEqual(['spurious-acknowledgement']);
    watch.see({ back: true, seq: 5101, ack: 1001, data: 'hello' });
    expect([watch.row.state, watch.row.cookieStatus]).toEqual(['established', undefined]);
  });
});

test('a challenge ACK answers a SYN between ports that have a connection', () => {
  const watch = new Watch();
  watch.play(syn(), synAck(), ack(), { back: true, seq: 5001, ack: 1001, data: 'x' }, syn(9000));
  expect(watch.rows).toHaveLength(2);
  watch.see({ back: true, seq: 5002, ack: 1001 });
  expect(watch.row.reason).toBe('a challenge ACK answered the SYN: the responder has a connection between these ports');
  expect(watch.rows[0]?.state).toBe('established');
});

test('segments of connections whose opening was not seen are no handshake', () => {
  const watch = new Watch();
  watch.play(ack(), { back: true, ack: 5, data: 'x' }, { flags: RST });
  expect(watch.rows).toEqual([]);
});

/** Options of a SYN: window scale 7, SACK permitted, MSS, and a timestamp. */
const MSS = '020405b4';
const OFFER = `${MSS}0402030307`;
const timestamps = (value: number, echo = 0): string =>
  `080a${value.toString(16).padStart(8, '0')}${echo.toString(16).padStart(8, '0')}`;

describe('SYN cookies', () => {
  const since = (watch: Watch) => [...watch.examiner.handshakes.table.responders.list()][0]?.cookiesPacket;

  test('two SYNs get numbers with the same distance to theirs', () => {
    const watch = new Watch();
    watch.play(syn(1000), synAck(1001, 0xd926c9b0), syn(500_000), synAck(500_001, 0xd926c9b0 + 499_000));
    expect(watch.rows.map(({ stateless }) => stateless)).toEqual(['yes', 'yes']);
    expect(since(watch)).toBe(2);
    expect(watch.row.evidence).toEqual(['two different SYNs got numbers with the same distance to theirs (d926c5c8)']);
  });

  test('numbers with other distances say nothing', () => {
    const watch = new Watch();
    watch.play(syn(1000), synAck(1001, 7_000_000), syn(500_000), synAck(500_001, 9_000_000));
    expect(watch.row.stateless).toBe('unknown');
  });

  test('the same SYN gets another number in the next minute', () => {
    const watch = new Watch();
    const first = 0xd926c5e8 + 1000;
    watch.play(syn(), synAck(1001, first), syn(1000, { ms: 40_000 }), synAck(1001, 0xda6ea2d3 + 1000));
    expect(watch.row.stateless).toBe('yes');
    expect(watch.row.evidence[1]).toContain('the count of minutes is one higher');
  });

  test.each([250_000, 15_625_000])('a server that forgot the first attempt counts on, %i a second', (rate) => {
    const watch = new Watch();
    watch.play(syn(), synAck(1001, 5000, { ms: 20 }), syn(1000, { ms: 1000 }), synAck(1001, 5000 + rate, { ms: 1020 }));
    expect(watch.row.stateless).toBe('unknown');
  });

  test('a SYN-ACK that nobody acknowledges is not sent again', () => {
    const watch = new Watch();
    watch.play(syn(), synAck(), syn(1, { ms: 1400, port: 9 }));
    expect(watch.rows[0]?.stateless).toBe('unknown');
    watch.see(syn(2, { ms: 1700, port: 10 }));
    expect([watch.rows[0]?.stateless, since(watch)]).toEqual(['likely', 2]);
    expect(watch.rows[0]?.reason).toBe('the SYN-ACK was not acknowledged so far; the SYN-ACK is likely a SYN cookie');
  });

  test('options are missing that the server gives to others', () => {
    const watch = new Watch();
    watch.play(syn(1000, { options: OFFER }), synAck(1001, 1, { options: MSS }));
    expect(watch.row.stateless).toBe('unknown');
    watch.play(syn(2000, { port: 2, options: OFFER }), synAck(2001, 1, { port: 2, options: OFFER }));
    expect(watch.row.stateless).toBe('unknown');
    watch.play(syn(3000, { port: 3, options: OFFER }), synAck(3001, 1, { port: 3, options: MSS }));
    expect([watch.row.stateless, since(watch)]).toEqual(['likely', 6]);
  });

  test('timestamps encode what was offered', () => {
    const watch = new Watch();
    for (let port = 1; port <= 4; port++) {
      const value = 64 * 1000 * port + 16 + 7;
      watch.play(
        syn(1000, { port, options: OFFER + timestamps(5) }),
        synAck(1001, 1, { port, options: OFFER + timestamps(port === 1 ? value + 1 : value, 5) }),
      );
    }
    expect(watch.rows.map(({ stateless }) => stateless)).toEqual(['unknown', 'unknown', 'unknown', 'likely']);
  });
});

describe('fast open', () => {
  // Made by Linux 6.18 with net.ipv4.tcp_fastopen_key=00112233-44556677-8899aabb-ccddeeff.
  const KEY = '00112233-44556677-8899aabb-ccddeeff';
  const COOKIE = '437405359b54db64';

  test('the cookie of Linux is right for both versions of IP', () => {
    const key = fromHex(KEY.replaceAll('-', ''));
    const pair = { client: fromHex('0a4d0001'), server: fromHex('0a4d0002') };
    expect(toHex(linuxCookie(key, pair))).toBe(COOKIE);
    const pair6 = { client: fromHex(`fd77${'0'.repeat(27)}1`), server: fromHex(`fd77${'0'.repeat(27)}2`) };
    expect(toHex(linuxCookie(key, pair6))).toBe('15b8501c3055ba3e');
  });

  const open = (cookie: string, port = 2): readonly Given[] => [
    syn(1000, { port, options: `220a${cookie}`, data: 'hello' }),
    synAck(1006, 5000, { port }),
  ];

  test.each([
    ['the right key', `TCP_FASTOPEN_KEY 10.77.0.2 ${KEY}\n`, COOKIE, 'valid', []],
    [
      'one of several keys',
      `TCP_FASTOPEN_KEY * ${KEY.replace('0', '9')}\nTCP_FASTOPEN_KEY * ${KEY}\n`,
      COOKIE,
      'valid',
      [],
    ],
    ['a forged cookie', `TCP_FASTOPEN_KEY * ${KEY}\n`, '0102030405060708', 'invalid', ['fast-open-cookie-invalid']],
    ['the key of another server', `TCP_FASTOPEN_KEY 10.77.0.3 ${KEY}\n`, COOKIE, 'unknown', []],
    ['no key', '', COOKIE, 'unknown', []],
  ] as const)('%s', (_, secrets, cookie, status, codes) => {
    const watch = new Watch(secrets);
    expect(watch.play(...open(cookie))).toEqual(codes);
    expect(watch.row.cookieStatus).toBe(status);
  });

  test('without a key the cookie is compared with the one that was given to that address', () => {
    const watch = new Watch();
    watch.play(syn(1, { options: '2202' }), synAck(2, 5, { options: `220a${COOKIE}` }), ...open(COOKIE));
    expect(watch.rows.map(({ cookieStatus }) => cookieStatus)).toEqual([undefined, 'echo-ok']);
    expect(messages(watch.row)).toEqual([
      '> SYN (fast open cookie, 5 bytes)',
      '< SYN-ACK (accepts 5 bytes of the SYN)',
    ]);
    watch.play(...open('0000000000000000', 3));
    expect(watch.row.cookieStatus).toBe('echo-bad');
    watch.play(syn(1000, { host: CLIENT + 7, options: `220a${COOKIE}`, data: 'hello' }));
    expect(watch.row.cookieStatus).toBe('unknown');
  });

  test('data is ignored, or accepted in part', () => {
    const watch = new Watch();
    const options = `fe0cf989${COOKIE}`;
    expect(watch.play(syn(1000, { port: 2, options, data: 'hello' }), synAck(1001, 5000, { port: 2 }))).toEqual([]);
    expect(messages(watch.row).at(-1)).toBe('< SYN-ACK (ignores 5 bytes of the SYN)');
    watch.play(syn(1000, { port: 3, options, data: 'hello' }), synAck(1003, 5000, { port: 3 }));
    expect(messages(watch.row).at(-1)).toBe('< SYN-ACK (accepts 2 of 5 bytes of the SYN)');
    expect(watch.play(syn(1000, { port: 4, options, data: 'hello' }), synAck(1007, 5000, { port: 4 }))).toEqual([
      'spurious-acknowledgement',
    ]);
  });
});

describe('multipath', () => {
  // A join that Linux 6.18 made: keys of both sides, numbers and HMACs.
  const KEY_A = '906074e25476b7ca';
  const KEY_B = '5b14c8315cf3265c';
  const TOKEN = 'c941d6b1';

  const first: readonly Given[] = [
    syn(1000, { options: '1e040181' }),
    synAck(1001, 5000, { options: `1e0c0181${KEY_B}` }),
    ack(5001, 1001, { options: `1e140181${KEY_A}${KEY_B}` }),
  ];
  const join = (token: string, hmac: string, proof: string): readonly Given[] => [
    syn(1, { port: 7, options: `1e0c1001${token}c2422615` }),
    synAck(2, 5, { port: 7, options: `1e101001${hmac}be0ccc2c` }),
    ack(6, 2, { port: 7, options: `1e181000${proof}` }),
  ];

  test('the token is that of the key', () => {
    expect(tokenOf(fromHex(KEY_B), 1).toString(16)).toBe(TOKEN);
  });

  const HMAC = 'e1852a3766be00a4';
  const PROOF = 'b3a585522cfb68a525b67f44429ef9b96d3e3f4e';
  test.each([
    ['both sides prove it', HMAC, PROOF, 'valid', []],
    ['the responder does not', `00${HMAC.slice(2)}`, PROOF, 'invalid', ['mptcp-hmac-invalid']],
    ['the initiator does not', HMAC, `00${PROOF.slice(2)}`, 'invalid', ['mptcp-hmac-invalid']],
  ] as const)('%s', (_, hmac, proof, status, codes) => {
    const watch = new Watch();
    expect(watch.play(...first, ...join(TOKEN, hmac, proof))).toEqual(codes);
    expect([watch.row.proofStatus, watch.row.details]).toEqual([status, { mptcp_token: TOKEN, mptcp_joins: 1 }]);
  });

  test('a connection that was not seen', () => {
    const watch = new Watch();
    expect(watch.play(...join(TOKEN, HMAC, PROOF))).toEqual(['mptcp-token-unknown']);
    expect(watch.row.proofStatus).toBe('unknown');
  });
});

test('a flood is bounded, counted, and handshakes that complete in the middle of it are found', () => {
  const watch = new Watch('', { halfOpen: 1000, others: 1000 });
  for (let number = 0; number < 12_000; number++) {
    const given = { ms: number, port: 1 + (number % 60_000), host: 0x0b000000 + number * 7 };
    watch.see(syn(number, given));
    if (number % 3000 === 1500) watch.play(syn(77, { ms: number, port: 5 }), synAck(78, 5000, { ms: number, port: 5 }));
    if (number % 3000 === 1900) watch.play(ack(5001, 78, { ms: number, port: 5 }));
    if (number % 3000 === 2000) watch.play({ ms: number, back: true, port: 5, seq: 5001, ack: 78, data: 'x' });
  }
  const { table } = watch.examiner.handshakes;
  expect(table.rows.size).toBeLessThanOrEqual(2000);
  expect(table.forgotten).toBeGreaterThan(10_900);
  expect(watch.rows.filter(({ state }) => state === 'established')).toHaveLength(4);
  const [server] = table.responders.list();
  expect([server?.begun, server?.completed]).toEqual([12_004, 4]);
  expect(server?.mostHalfOpen).toBeGreaterThan(11_900);
});
