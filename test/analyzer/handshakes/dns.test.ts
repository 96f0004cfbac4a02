import { describe, expect, test } from 'vitest';
import { compare, Jars } from '../../../analyzer/handshakes/dns/jars.js';
import { judgeServerCookie } from '../../../analyzer/handshakes/dns/judge.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { declared } from '../../../crafter/declared-part.js';
import { addressBytes, serverCookie } from '../../../crafter/dns-cookie.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, nothing, raw } from '../../../crafter/part.js';
import { icmp, udp } from '../../../crafter/transport-part.js';
import type { Value } from '../../../dissectors/wire/field.js';
import { fromHex, viewOf } from '../../../dissectors/wire/view.js';

const RAW_IPV4 = 228;
const CLIENT = 0x0a4d0001;
const OTHER = 0x0a4d0101;
const SERVER = 0x0a4d0002;
const START = 1_796_099_902;
const KEY = '00112233445566778899aabbccddeeff';
const COOKIE = fromHex('a1a2a3a4a5a6a7a8');
const BAD = { 'flags.rcode': 7, 'resp.ext_rcode': 1 };

interface Given {
  readonly ms?: number;
  readonly back?: boolean;
  readonly host?: number;
  readonly port?: number;
  readonly given?: Readonly<Record<string, Value>>;
  readonly client?: Uint8Array;
  readonly server?: Uint8Array;
  /** Where it is asked: of another port, another protocol asks. */
  readonly asked?: number;
}

/** The cookie that the server makes for a host, some seconds ago. */
const made = (host = CLIENT, ago = 0): Uint8Array =>
  serverCookie(fromHex(KEY), COOKIE, START - ago, addressBytes(host));

class Watch {
  readonly examiner: Examiner;
  private number = 0;
  private ms = 0;

  constructor(secrets = '', bounds?: { readonly halfOpen: number; readonly others: number }) {
    const read = parseSecrets(secrets, 'keys');
    this.examiner = new Examiner({ secrets: read, ...(bounds && { handshakeBounds: bounds }) });
  }

  private datagram(
    { back = false, host = CLIENT, port = 40_000, given = {}, client, server, asked = 53 }: Given,
    id: number,
  ) {
    const [src, dst, srcport, dstport] = back ? [SERVER, host, asked, port] : [host, SERVER, port, asked];
    const values = {
      id,
      'flags.response': back,
      'qry.name': 'www.test',
      ...given,
      ...(client && { 'opt.cookie.client': client }),
      ...(server && { 'opt.cookie.server': server }),
    };
    return build(ipv4({ src, dst }, udp({ srcport, dstport }, declared('dns', values, nothing))));
  }

  see(id: number, given: Given = {}): readonly string[] {
    return this.frame(this.datagram(given, id), given.ms);
  }

  error(id: number): readonly string[] {
    const body = raw(Uint8Array.of(0, 0, 0, 0, ...this.datagram({}, id)));
    return this.frame(build(ipv4({ src: SERVER, dst: CLIENT }, icmp({ type: 3, code: 3 }, body))));
  }

  private frame(bytes: Uint8Array, ms = this.ms + 1): readonly string[] {
    this.ms = ms;
    const { length } = bytes;
    const [seconds, nanos] = [START + Math.floor(ms / 1000), (ms % 1000) * 1e6];
    const view = viewOf(bytes);
    const { facts } = this.examiner.examine(view, 0, length, length, RAW_IPV4, ++this.number, seconds, nanos);
    return facts.findings.map(({ code }) => code);
  }

  get rows() {
    return [...this.examiner.handshakes.table.rows.values()];
  }

  get only() {
    const [row, ...others] = this.rows;
    if (!row || others.length > 0) throw new Error(`${others.length + 1} rows`);
    return row;
  }
}

const WITH_KEY = `DNS_COOKIE_SECRET 10.77.0.2 ${KEY}`;

describe('a query without cookies', () => {
  test('is a row, from its question to its answer', () => {
    const watch = new Watch();
    watch.see(1);
    expect(watch.only).toMatchObject({ state: 'asked', initiator: '10.77.0.1:40000', id: '0x0001', memory: undefined });
    watch.see(1, { back: true, given: { a: 1 } });
    expect(watch.only).toMatchObject({ state: 'answered', cookieStatus: undefined, attempts: 1 });
    expect(watch.only.rttAnswer).toBeCloseTo(0.001);
    expect(watch.only.messages.map(({ name, note }) => [name, note])).toEqual([
      ['query', 'A www.test'],
      ['No error', undefined],
    ]);
  });

  test.each([
    [5, 'refused', 'the server refused to answer (REFUSED)'],
    [3, 'answered', 'the server answered: No such name'],
  ])('that is answered with reply code %i is %s', (code, state, reason) => {
    const watch = new Watch();
    watch.see(1);
    watch.see(1, { back: true, given: { 'flags.rcode': code } });
    expect(watch.only).toMatchObject({ state, reason });
  });

  test('that is sent again is one row, and times out as one', () => {
    const watch = new Watch();
    watch.see(1);
    watch.see(1, { ms: 1000 });
    watch.see(2, { ms: 6001 });
    const [row] = watch.rows;
    expect(row).toMatchObject({ state: 'timed-out', attempts: 2, resent: 1 });
    expect(row?.reason).toBe('the query was not answered within 5 s, though it was sent 2 times');
  });

  test('that is answered late, or not from where it was asked', () => {
    const watch = new Watch();
    watch.see(1);
    expect(watch.see(1, { back: true, ms: 7000 })).toEqual([]);
    expect(watch.only.state).toBe('answered');
    expect(watch.see(1, { back: true, port: 9 })).toEqual(['dns-query-unseen']);
    expect(watch.rows.length).toBe(2);
  });

  test('that was asked of a group is not followed, though its answer comes to one host', () => {
    const watch = new Watch();
    for (const asked of [5353, 5355]) expect(watch.see(1, { back: true, asked })).toEqual([]);
    expect(watch.rows).toEqual([]);
    watch.see(2, { asked: 5353 });
    watch.see(2, { back: true, asked: 5353 });
    expect(watch.only.state).toBe('answered');
  });

  test('that does not get through, as an ICMP error says', () => {
    const watch = new Watch();
    watch.see(1);
    watch.error(1);
    expect(watch.only).toMatchObject({ state: 'refused' });
  });
});

describe('cookies', () => {
  /** A query without server cookie, BADCOOKIE, the same query with the new cookie, its answer. */
  function exchange(watch: Watch): void {
    watch.see(1, { client: COOKIE });
    watch.see(1, { back: true, given: BAD, client: COOKIE, server: made() });
    expect(watch.only.state).toBe('challenged');
    watch.see(2, { client: COOKIE, server: made(), port: 40_001 });
    expect(watch.only.state).toBe('echoed');
    watch.see(2, { back: true, client: COOKIE, server: made(), port: 40_001, given: { a: 1 } });
  }

  test.each([
    ['with the secret of the server', WITH_KEY, 'valid', 'yes'],
    ['with anybody’s', `DNS_COOKIE_SECRET * ${KEY}`, 'valid', 'yes'],
    ['with a wrong one', `DNS_COOKIE_SECRET * ${'1'.repeat(32)}`, 'invalid', 'likely'],
    ['with that of another', `DNS_COOKIE_SECRET 10.77.0.3 ${KEY}`, 'echo-ok', 'likely'],
    ['with none', '', 'echo-ok', 'likely'],
  ])('are judged %s', (_, secrets, cookieStatus, stateless) => {
    const watch = new Watch(secrets);
    exchange(watch);
    expect(watch.only).toMatchObject({ state: 'answered', cookieStatus, stateless, attempts: 1 });
    expect(watch.only.messages.length).toBe(4);
  });

  test('that are forged, or moved to another address, are invalid', () => {
    const watch = new Watch(WITH_KEY);
    const forged = made().map((byte, place) => (place === 15 ? byte ^ 1 : byte));
    expect(watch.see(1, { client: COOKIE, server: forged })).toEqual(['dns-cookie-invalid']);
    expect(watch.see(2, { client: COOKIE, server: made(), host: OTHER })).toEqual(['dns-cookie-invalid']);
    expect(watch.rows.map(({ cookieStatus }) => cookieStatus)).toEqual(['invalid', 'invalid']);
  });

  test('that are older than an hour are stale, up to then they are valid', () => {
    const watch = new Watch(WITH_KEY);
    expect(watch.see(1, { client: COOKIE, server: made(CLIENT, 3600) })).toEqual([]);
    expect(watch.see(2, { client: COOKIE, server: made(CLIENT, 3601) })).toEqual(['dns-cookie-stale']);
    expect(watch.see(3, { client: COOKIE, server: made(CLIENT, -300) })).toEqual([]);
    expect(watch.see(4, { client: COOKIE, server: made(CLIENT, -301) })).toEqual(['dns-cookie-stale']);
  });

  test('that the server never gave are told from those that it did', () => {
    const watch = new Watch();
    exchange(watch);
    expect(watch.see(3, { client: COOKIE, server: made(CLIENT, 9) })).toEqual(['dns-cookie-other']);
    expect(watch.see(4, { client: fromHex('0102030405060708'), server: made() })).toEqual([]);
    expect(watch.rows.slice(1).map(({ cookieStatus }) => cookieStatus)).toEqual(['echo-bad', 'unknown']);
  });

  test('an answer with another client cookie is not from the server, and its server cookie is not learned', () => {
    const watch = new Watch();
    watch.see(1, { client: COOKIE });
    const strange = fromHex('ffffffffffffffff');
    expect(watch.see(1, { back: true, client: strange, server: made() })).toEqual(['dns-cookie-changed']);
    expect(watch.see(2, { client: strange, server: made() })).toEqual([]);
    expect(watch.rows[1]?.cookieStatus).toBe('unknown');
  });

  test('a client that asks again without the cookie of the BADCOOKIE ignores it', () => {
    const watch = new Watch(WITH_KEY);
    for (let id = 1; id <= 20; id++) {
      expect(watch.see(id, { client: COOKIE })).toEqual(id === 1 ? [] : ['dns-badcookie-ignored']);
      watch.see(id, { back: true, given: BAD, client: COOKIE, server: made() });
    }
    expect(watch.only).toMatchObject({ state: 'challenged', attempts: 20 });
    expect(watch.only.reason).toBe(
      'the client asked again without the cookie of the last BADCOOKIE: it ignores BADCOOKIE',
    );
  });

  test('a query that crossed a BADCOOKIE does not ignore it; one that comes later does', () => {
    const watch = new Watch(WITH_KEY);
    const other = { 'qry.name': 'mail.test' };
    watch.see(1, { client: COOKIE, ms: 0 });
    watch.see(1, { back: true, given: BAD, client: COOKIE, server: made(), ms: 10 });
    expect(watch.see(2, { client: COOKIE, given: other, ms: 20 })).toEqual([]);
    expect(watch.see(3, { client: COOKIE, given: other, ms: 200 })).toEqual(['dns-badcookie-ignored']);
    expect(watch.see(4, { client: COOKIE, server: made(), given: other, ms: 300 })).toEqual([]);
    expect(watch.see(5, { client: COOKIE, given: other, ms: 500 })).toEqual([]);
  });

  test('a server cookie of another form is unknown, whatever the secret', () => {
    const client = COOKIE;
    for (const size of [8, 16, 20, 32]) {
      const judged = judgeServerCookie([fromHex(KEY)], client, new Uint8Array(size), addressBytes(CLIENT), START);
      expect(judged).toEqual({ status: 'unknown', age: undefined });
    }
  });
});

test('a flood of queries leaves no more than the bounds say, and an exchange in the middle of it is found', () => {
  const watch = new Watch(WITH_KEY, { halfOpen: 100, others: 100 });
  for (let count = 0; count < 5000; count++) {
    watch.see(count, { host: 0x0b000000 + count, client: COOKIE, ms: 1 });
    if (count !== 2500) continue;
    watch.see(7, { client: COOKIE, ms: 1 });
    watch.see(7, { back: true, given: BAD, client: COOKIE, server: made(), ms: 1 });
    watch.see(8, { client: COOKIE, server: made(), ms: 1 });
    watch.see(8, { back: true, client: COOKIE, server: made(), ms: 1 });
  }
  expect(watch.rows.length).toBeLessThanOrEqual(200);
  expect(watch.rows.filter(({ state }) => state === 'answered').length).toBe(1);
});

test('the cookies of so many clients are remembered, and of each the newest', () => {
  const jars = new Jars();
  for (let count = 0; count < 20_000; count++) jars.give(`pair ${count}`, 'client', 'cookie');
  expect(jars.find('pair 0', 'client')).toBeUndefined();
  expect(jars.find('pair 19999', 'client')).toBeDefined();
  for (const cookie of ['a', 'b', 'c', 'd', 'e']) jars.give('pair', 'client', cookie);
  const jar = jars.find('pair', 'client');
  expect(['a', 'b', 'e'].map((cookie) => compare(jar, cookie))).toEqual(['other', 'older', 'newest']);
});
