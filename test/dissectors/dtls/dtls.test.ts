import { expect, test } from 'vitest';
import { dtlsApplication } from '../../../dissectors/dtls/dissect.js';
import { DtlsFlow } from '../../../dissectors/dtls/flow.js';
import { Flows } from '../../../dissectors/reassembly/flows.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import {
  chosenVersion,
  dtlsClientHello,
  dtlsEncrypted,
  dtlsServerHello,
  fragments,
  noise,
  together,
  unified,
} from '../../../fixtures/tls-messages.js';
import { context } from '../dissecting.js';

const all = (bytes: Uint8Array) => ({ captured: bytes.length, wire: bytes.length });
const take = (flow: DtlsFlow, bytes: Uint8Array, isBack = false) =>
  flow.take([{ packet: 1, at: 0, length: bytes.length }], viewOf(bytes), 0, all(bytes), isBack);
const { dissector } = dtlsApplication;
const isMine = (bytes: Uint8Array, expected?: true) =>
  dissector.dissect(viewOf(bytes), 0, all(bytes), context({ expected })) !== undefined;

const hello = dtlsClientHello({ of: 'test', extensions: [] }, { record: 0, message: 0 });
const modern = dtlsServerHello({ of: 'x', extensions: [chosenVersion(0xfefc)] }, { record: 0, message: 0 });

test('puts fragments of a message together in any order, once', () => {
  const flow = new DtlsFlow();
  const body = noise('certificate', 1000);
  const [one, two, three, four] = fragments(11, body, 300, { record: 0, message: 2 });
  if (!one || !two || !three || !four) throw new Error('four fragments');
  expect(take(flow, three, true)).toEqual({ numbers: [0xfefd, 0], wholes: [] });
  expect(flow.bytes).toBe(300);
  expect(take(flow, together(one, four), true).wholes).toEqual([]);
  // A fragment of the same number that goes the other way is another message.
  expect(take(flow, two, false).wholes).toEqual([]);
  const { numbers, wholes } = take(flow, together(four, two), true);
  expect(numbers).toEqual([0xfefd, 0, 1]);
  expect(wholes.map(({ view }) => toHex(new Uint8Array(view.buffer)))).toEqual([toHex(body)]);
  expect(flow.bytes).toBe(300);
});

test('what a flow keeps of fragments is bounded', () => {
  const flow = new DtlsFlow();
  const body = noise('certificate', 60_000);
  for (let sequence = 0; sequence < 100; sequence++) {
    const [start] = fragments(11, body, 20_000, { record: 0, message: sequence });
    if (start) take(flow, start.subarray(0, 25 + 16_000));
  }
  // 20,000 bytes are more than a record may hold.
  expect(flow.bytes).toBe(0);
  for (let sequence = 0; sequence < 100; sequence++) {
    const [start] = fragments(11, body, 16_000, { record: 0, message: sequence });
    if (start) take(flow, start);
  }
  expect(flow.bytes).toBeGreaterThan(200_000);
  expect(flow.bytes).toBeLessThanOrEqual(256 * 1024);
});

test('expects records with unified headers once DTLS 1.3 was agreed on, and not before', () => {
  const flow = new DtlsFlow();
  const record = unified(2, 'data', 60);
  const expects = () => flow.expects(viewOf(record), 0, all(record));
  take(flow, hello);
  expect(expects()).toBe(false);
  expect(take(flow, modern, true).numbers).toEqual([0xfefc, 2]);
  expect(expects()).toBe(true);
  expect([isMine(record), isMine(record, true)]).toEqual([false, true]);
});

test('recognizes records by their types, versions and lengths only', () => {
  expect([isMine(hello), isMine(dtlsEncrypted(23, 1, 7, 'data', 50))]).toEqual([true, true]);
  expect(isMine(hello.subarray(0, 12))).toBe(false);
  expect(isMine(hello.with(0, 0x13))).toBe(false);
  expect(isMine(hello.with(2, 0xfe))).toBe(false);
  expect(isMine(hello.subarray(0, hello.length - 1))).toBe(false);
});

test('flows are bounded, and the one that was quiet longest goes first', () => {
  const flows = new Flows({ flows: 2, bytes: 1000 }, [() => new DtlsFlow()]);
  const add = (port: number, bytes: Uint8Array, isBack = false) => {
    const keys = { key: `${port}>`, reverse: `<${port}` };
    const told = isBack ? { key: keys.reverse, reverse: keys.key } : keys;
    return flows.add([], viewOf(bytes), 0, all(bytes), told, 0);
  };
  const expecting = (port: number) => {
    const record = unified(3, 'data', 9);
    return flows.expecting(viewOf(record), 0, all(record), { key: `${port}>`, reverse: `<${port}` });
  };
  add(1, modern);
  add(2, modern, true);
  expect([expecting(1), expecting(2), expecting(3)]).toEqual([0, 0, -1]);
  add(1, hello);
  add(3, modern);
  expect([expecting(1), expecting(2), expecting(3), flows.forgotten]).toEqual([0, -1, 0, 1]);
});
