import { expect, test } from 'vitest';
import { makerOf } from '../../../analyzer/handshakes/sctp/makers.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, raw } from '../../../crafter/part.js';
import { hex32, viewOf } from '../../../dissectors/wire/view.js';
import { hex } from '../../hex.js';

const RAW_IPV4 = 228;
const SCTP = 132;
const A = 0x0a4d0001;
const B = 0x0a4d0002;
const TAG_A = 0x9a9d2f01;
const TAG_B = 0xe1556142;
const COOKIE = 'c0'.repeat(20);

const half = (value: number): string => value.toString(16).padStart(4, '0');
const chunk = (type: number, value = '', flags = 0): string => {
  const length = 4 + value.length / 2;
  const padding = '00'.repeat((4 - (length % 4)) % 4);
  return type.toString(16).padStart(2, '0') + flags.toString(16).padStart(2, '0') + half(length) + value + padding;
};
const init = (tag = TAG_A): string => chunk(1, `${hex32(tag)}0001000000020002000003e8`);
const initAck = (cookie = COOKIE, tag = TAG_B): string => {
  const parameter = cookie === '' ? '' : `0007${half(4 + cookie.length / 2)}${cookie}`;
  return chunk(2, `${hex32(tag)}0001000000020002000003e8${parameter}`);
};
const echo = (cookie = COOKIE): string => chunk(10, cookie);
const COOKIE_ACK = chunk(11);
const SACK = chunk(3, '000003e8000100000000000000');
const DATA = chunk(0, '000003e80000000000000000aabb', 3);

interface Given {
  readonly ms?: number;
  /** From the responder to the initiator. */
  readonly back?: boolean;
  readonly tag?: number;
  readonly host?: number;
}

class Watch {
  readonly examiner: Examiner;
  private number = 0;
  private ms = 0;

  constructor(bounds?: { readonly halfOpen: number; readonly others: number }) {
    this.examiner = new Examiner({ secrets: [], ...(bounds && { handshakeBounds: bounds }) });
  }

  /** A packet of chunks, from the initiator to the responder with its tag unless told. */
  see(chunks: string, { ms = this.ms + 1, back = false, tag = back ? TAG_A : TAG_B, host = A }: Given = {}) {
    this.ms = ms;
    const ports = back ? '1f901388' : '13881f90';
    const bytes = hex(`${ports}${hex32(tag)}00000000${chunks}`);
    const [src, dst] = back ? [B, host] : [host, B];
    const packet = build(
      ipv4({ src, dst, proto: SCTP }, raw(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))),
    );
    const { length } = packet;
    const [seconds, nanos] = [Math.floor(ms / 1000), (ms % 1000) * 1e6];
    const { facts } = this.examiner.examine(viewOf(packet), 0, length, length, RAW_IPV4, ++this.number, seconds, nanos);
    return facts.findings.map(({ code }) => code);
  }

  get rows() {
    return [...this.examiner.handshakes.table.rows.values()];
  }

  get row() {
    return this.rows[0];
  }
}

/** The first messages of an association, as many as told. */
function opened(messages: number, cookie = COOKIE): Watch {
  const watch = new Watch();
  const all: readonly (readonly [string, Given])[] = [
    [init(), { tag: 0 }],
    [initAck(cookie), { back: true }],
    [echo(cookie), {}],
    [COOKIE_ACK, { back: true }],
  ];
  for (const [chunks, given] of all.slice(0, messages)) watch.see(chunks, given);
  return watch;
}

test.each([
  [1, 'asked', undefined],
  [2, 'challenged', undefined],
  [3, 'echoed', 'echo-ok'],
  [4, 'answered', 'echo-ok'],
])('after %i messages an association is %s', (messages, state, cookieStatus) => {
  const watch = opened(messages);
  expect(watch.rows.length).toBe(1);
  expect(watch.row).toMatchObject({ state, cookieStatus, initiator: '10.77.0.1:5000', responder: '10.77.0.2:8080' });
});

test('it is established when both sides use it', () => {
  const watch = opened(4);
  watch.see(DATA);
  expect(watch.row?.state).toBe('answered');
  watch.see(SACK, { back: true });
  expect(watch.row).toMatchObject({ state: 'established', id: '9a9d2f01/e1556142', attempts: 1, resent: 0 });
  expect(watch.row?.messages.map(({ name }) => name)).toEqual(['INIT', 'INIT ACK', 'COOKIE ECHO', 'COOKIE ACK']);
});

test('a cookie that the responder did not give is told; one of several that it gave is right', () => {
  const watch = opened(2);
  expect(watch.see(echo('c1'.repeat(20)))).toEqual(['sctp-cookie-other']);
  expect(watch.row?.cookieStatus).toBe('echo-bad');
  const other = opened(2);
  other.see(init(), { tag: 0 });
  other.see(initAck('dd'.repeat(20)), { back: true });
  expect(other.see(echo())).toEqual([]);
  expect(other.row).toMatchObject({ cookieStatus: 'echo-ok', attempts: 2, resent: 2 });
});

test('a COOKIE ECHO with a wrong tag is told, and does not go on', () => {
  const watch = opened(2);
  expect(watch.see(echo(), { tag: 7 })).toEqual(['sctp-tag-wrong']);
  expect(watch.row).toMatchObject({ state: 'challenged', cookieStatus: undefined });
});

test('a stale cookie, and an ABORT', () => {
  const stale = opened(3);
  expect(stale.see(chunk(9, '00030008000f4240'), { back: true })).toEqual(['sctp-cookie-stale']);
  expect(stale.row).toMatchObject({ state: 'refused', cookieStatus: 'stale' });
  expect(stale.row?.reason).toContain('stale by 1000000 µs');
  const aborted = opened(1);
  aborted.see(chunk(6, '00040004'), { back: true });
  expect(aborted.row?.reason).toBe('the responder ended the attempt with an ABORT: out of resource');
});

test('an INIT ACK without a cookie, and one without an INIT', () => {
  const watch = opened(1);
  expect(watch.see(initAck(''), { back: true })).toEqual(['sctp-cookie-missing']);
  expect(new Watch().see(initAck(), { back: true })).toEqual(['sctp-init-unseen']);
});

test('times out, and goes on when the INIT comes again', () => {
  const watch = opened(1);
  watch.see(SACK, { ms: 9000 });
  expect(watch.row?.reason).toBe('the INIT was not answered within 8 s');
  watch.see(init(), { tag: 0, ms: 16_000 });
  expect(watch.row).toMatchObject({ state: 'asked', attempts: 2 });
});

test('a restart and a collision name the other handshake', () => {
  const watch = opened(4);
  expect(watch.see(init(5), { tag: 0 })).toEqual(['sctp-restart']);
  expect(watch.rows[1]?.details).toMatchObject({ restarts: 1 });
  const crossing = opened(1);
  crossing.see(init(6), { tag: 0, back: true });
  expect(crossing.rows.map(({ details }) => details?.collides)).toEqual([2, 1]);
});

test('a flood leaves no more than the bounds say, and an association in the middle of it is found', () => {
  const watch = new Watch({ halfOpen: 100, others: 100 });
  for (let count = 0; count < 4000; count++) {
    const host = 0x0b000000 + count;
    watch.see(init(count), { tag: 0, host, ms: 1 });
    watch.see(initAck(), { back: true, tag: count, host, ms: 1 });
    if (count !== 2000) continue;
    for (const [chunks, given] of [
      [init(), { tag: 0 }],
      [initAck(), { back: true }],
      [echo(), {}],
      [COOKIE_ACK, { back: true }],
    ] as const) {
      watch.see(chunks, { ms: 1, ...given });
    }
  }
  expect(watch.rows.length).toBeLessThanOrEqual(200);
  expect(watch.rows.filter(({ state }) => state === 'answered').length).toBe(1);
});

const text = (words: string): string => Buffer.from(words).toString('hex');
const maker = (bytes: string, seconds = 1000) => {
  const view = hex(bytes);
  const tags = { initiator: TAG_A, responder: TAG_B };
  return makerOf({ view, at: 0, end: view.byteLength }, tags, { seconds, nanos: 500_000_000 });
};

test('cookies show who made them', () => {
  const kame = `${text('KAME-BSD 1.1')}00000000 e803000000000000 20a1070000000000 60ea0000`;
  expect(maker(kame, 1002)).toEqual({ name: 'usrsctp or BSD', isForgeable: false, life: 60, age: 2 });
  expect(maker(kame, 1_796_100_112)).toEqual({ name: 'usrsctp or BSD', isForgeable: false, life: 60 });
  expect(maker(`${text('dcSCTP00')}${'00'.repeat(37)}`)).toEqual({ name: 'dcSCTP', isForgeable: true });
  expect(maker(`${text('dcSCTP00')}${'00'.repeat(69)}`)).toEqual({ name: 'dcSCTP', isForgeable: false });
  expect(maker(`${text('msworker')}${'00'.repeat(36)}`)).toEqual({ name: 'mediasoup', isForgeable: true });
  expect(maker(`${'5a'.repeat(20)}${'00'.repeat(12)}426155e1 012f9d9a`)).toEqual({ name: 'Linux', isForgeable: false });
  expect(maker('00'.repeat(64))).toBeUndefined();
});

test('a cookie that is made without a key is forgeable, though it comes back as it was', () => {
  const watch = opened(3, `${text('dcSCTP00')}${'00'.repeat(37)}`);
  expect(watch.row).toMatchObject({ state: 'echoed', cookieStatus: 'forgeable' });
});
