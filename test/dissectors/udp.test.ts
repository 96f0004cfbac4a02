import { expect, test } from 'vitest';
import { udp } from '../../dissectors/udp/dissect.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, network, shown, slicedAt, stop, told, valuesOf } from './dissecting.js';

const payload = (captured: number, wire: number) => (at: number) => ({
  ok: true,
  at: at + 8,
  limit: { captured: at + captured, wire: at + wire },
  table: 'udp.port',
  key: 53,
  otherKey: 49152,
  facts: { type: 'checksum', status: 'absent', expected: 0 },
});

test.each([
  // name, length field, bytes captured, bytes on the wire, what is found
  ['a whole datagram', '000c', 12, 12, payload(12, 12)],
  ['a bare header', '0008', 8, 8, payload(8, 8)],
  ['padding after the datagram', '000a', 12, 12, payload(10, 10)],
  ['a payload cut by the capture', '000c', 9, 12, payload(9, 12)],
  ['a header cut by the capture', '000c', 7, 8, stop('truncated', 'udp', 8, 7)],
  ['a header cut by the sender', '000c', 7, 7, stop('malformed', 'udp', 8, 7)],
  ['a length below 8', '0007', 12, 12, stop('malformed', 'udp.length', 8, 7)],
  ['a length of zero', '0000', 12, 12, stop('malformed', 'udp.length', 8, 0)],
  ['a length past the end', '000d', 12, 12, stop('malformed', 'udp.length', 13, 12)],
])('finds %s', (_, length, captured, wire, expected) => {
  for (const at of [0, 3]) {
    const view = hex(`${'ee'.repeat(at)} c000 0035 ${length} 0000 01020304`); // port 49152 to 53
    const limit = { captured: at + captured, wire: at + wire };
    expect(udp.dissect(view, at, limit, context({ network: network(4, 0, 17) }))).toEqual(expected(at));
  }
});

test('a length past the end of a packet that does not tell its own length is that of a sliced datagram', () => {
  const view = hex('c000 0035 0064 1234 01020304');
  const within = context({ network: network(4, 0, 17, 0) });
  expect(udp.dissect(view, 0, { captured: 12, wire: 12 }, within)).toEqual({
    ok: true,
    at: 8,
    limit: { captured: 12, wire: 100 },
    table: 'udp.port',
    otherKey: 49152,
    key: 53,
    facts: { type: 'checksum', status: 'unverified', expected: 0 },
    ...slicedAt(4, 6, 'udp.length', 100, 12),
  });
});

test('the first fragment of a datagram may be shorter than the datagram', () => {
  const view = hex('c000 0035 0064 1234 01020304');
  const told = context({ network: network(4, 0, 17), partial: true });
  expect(udp.dissect(view, 0, { captured: 12, wire: 20 }, told)).toMatchObject({
    ok: true,
    limit: { captured: 12, wire: 100 },
    findings: undefined,
  });
});

test('a quoted datagram may be longer than what is quoted of it', () => {
  const view = hex('c000 0035 0064 1234 01020304');
  const limit = { captured: 12, wire: 12 };
  expect(udp.dissect(view, 0, limit, context({ network: network(4, 0, 17), quoted: true }))).toEqual({
    ok: true,
    at: 8,
    limit: { captured: 12, wire: 100 },
    table: 'udp.port',
    key: 53,
    otherKey: 49152,
    facts: { type: 'checksum', status: 'unverified', expected: 0 },
  });
});

// The words of addresses, protocol and length sum to 1420, those of the datagram to c447, together d867: its
// complement is 2798.
const SUM = 0x0a000001 + 0x0a000002;

test.each([
  // name, checksum field, version, status, expected, finding
  ['good', '2798', 4, 'good', 0, []],
  ['bad', '2799', 4, 'bad', 0x2798, ['UDP checksum should be 0x2798']],
  ['absent', '0000', 4, 'absent', 0, []],
  ['illegal over IPv6', '0000', 6, 'illegal', 0, ['UDP checksum of zero over IPv6']],
  ['offloaded', '1420', 4, 'offloaded', 0x2798, ['checksum left to the network card (offloaded)']],
])('judges a checksum that is %s', (_, checksum, version, status, expected, findings) => {
  const view = hex(`c000 0035 000c ${checksum} 01020304`);
  const given = { network: network(version as 4 | 6, SUM, 17) };
  const dissected = found(udp, view, given);
  expect(dissected).toMatchObject({ facts: { type: 'checksum', status, expected } });
  expect(told(dissected)).toEqual(findings);
});

test('a sum of zero is sent as ffff', () => {
  // Ports that make the rest sum to ffff: 0x0011 + 2 * 0x0008 + ffde.
  const view = hex('ffde 0000 0008 ffff');
  expect(found(udp, view, { network: network(4, 0, 17) })).toMatchObject({ facts: { status: 'good' } });
  const bad = hex('ffde 0000 0008 1234');
  expect(found(udp, bad, { network: network(4, 0, 17) })).toMatchObject({ facts: { status: 'bad', expected: 0xffff } });
});

test('does not judge without a network layer, without the whole datagram, or what is quoted', () => {
  const view = hex('c000 0035 000c 1234 01020304');
  const unverified = { facts: { type: 'checksum', status: 'unverified', expected: 0 } };
  expect(found(udp, view)).toMatchObject(unverified);
  const cut = udp.dissect(view, 0, { captured: 11, wire: 12 }, context({ network: network(4, SUM, 17) }));
  expect(cut).toMatchObject(unverified);
  const quoted = found(udp, view, { network: network(4, SUM, 17), quoted: true });
  expect(quoted).toMatchObject({ facts: { status: 'bad' } });
  expect(told(quoted)).toEqual([]);
});

test('a jumbogram has a length of zero', () => {
  const view = new DataView(new ArrayBuffer(70_000));
  const limit = { captured: 70_000, wire: 70_000 };
  const jumbo = udp.dissect(view, 0, limit, context({ network: network(6, 0, 17) }));
  expect(jumbo).toMatchObject({ ok: true, at: 8, limit });
  const short = udp.dissect(view, 0, { captured: 65_535, wire: 65_535 }, context({ network: network(6, 0, 17) }));
  expect(short).toMatchObject({ ok: false, what: 'udp.length' });
});

test('shows its fields, and what its checksum turned out to be', () => {
  const view = hex('c000 0035 000c 2799 01020304');
  expect(shown(udp, view, { network: network(4, SUM, 17) })).toEqual({
    'udp.srcport': '49152',
    'udp.dstport': '53',
    'udp.length': '12',
    'udp.checksum': '0x2799',
    'udp.checksum.status': '0',
  });
});

test('shows the ports of a header that is cut off', () => {
  const view = hex('c000 0035 00');
  const limit = { captured: 5, wire: 12 };
  const layer = layerOf('udp', 0, limit, udp.dissect(view, 0, limit, context()));
  expect(valuesOf(linesOf(udp, view, layer))).toEqual({ 'udp.srcport': '49152', 'udp.dstport': '53' });
  expect(udp.summary(view, layer)).toBe('UDP, cut off');
});

test('tells ports and length in one line', () => {
  const view = hex('c000 0035 000c 0000 01020304');
  expect(udp.summary(view, layerOf('udp', 0, { captured: 12, wire: 12 }, found(udp, view)))).toBe('49152 → 53 Len=4');
});

test.each(['c000 0035', '0035 c000'])('the ports %s lead on by the lower one first', (ports) => {
  expect(found(udp, hex(`${ports} 0008 0000`))).toMatchObject({ table: 'udp.port', key: 53, otherKey: 49152 });
});
