import { expect, test } from 'vitest';
import { ethernet } from '../../dissectors/ethernet/dissect.js';
import { vlan } from '../../dissectors/vlan/dissect.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, shown, slicedAt, stop } from './dissecting.js';

const ADDRESSES = '020000000002 020000000001';
const payload = (table: string, key: number, from: number, captured: number, wire: number) => (at: number) => ({
  ok: true,
  at: at + from,
  limit: { captured: at + captured, wire: at + wire },
  table,
  key,
});

/** The payload of a frame whose length, which ends at `end`, reaches to `wire` instead of `captured`. */
const sliced = (what: string, end: number, from: number, captured: number, wire: number) => (at: number) => ({
  ...payload('ethertype', 0, from, captured, wire)(at),
  ...slicedAt(at + end - 2, at + end, what, wire - end, captured - end),
});

test.each([
  // name, from the type or length on, bytes captured, bytes on the wire, what is found
  ['an EtherType', '0800 4500', 16, 16, payload('ethertype', 0x0800, 14, 16, 16)],
  ['a bare header', '86dd', 14, 14, payload('ethertype', 0x86dd, 14, 14, 14)],
  ['a header cut by the capture', '0800', 13, 60, stop('truncated', 'eth', 14, 13)],
  ['a header cut by the sender', '0800', 13, 13, stop('malformed', 'eth', 14, 13)],
  ['the least EtherType', '0600 00', 15, 15, payload('ethertype', 0x0600, 14, 15, 15)],
  ['no EtherType and no length', '05dd 00', 15, 15, payload('ethertype', 0x05dd, 14, 15, 15)],
  ['a length with LLC', '0004 4242 03 99', 18, 20, payload('ethertype', 0, 17, 18, 18)],
  ['a length with numbered LLC', '0005 4242 0001 99', 19, 19, payload('ethertype', 0, 18, 19, 19)],
  ['SNAP with an EtherType', '0009 aaaa03 000000 0800 45', 23, 60, payload('ethertype', 0x0800, 22, 23, 23)],
  ['SNAP of another organization', '0009 aaaa03 00000c 2000 01', 23, 23, payload('ethertype', 0, 22, 23, 23)],
  ['SNAP with less than an EtherType', '0008 aaaa03 000000 0026', 22, 22, payload('ethertype', 0, 22, 22, 22)],
  ['SNAP cut off', '0007 aaaa03 000000 08', 21, 21, payload('ethertype', 0, 17, 21, 21)],
  ['raw NetWare', '0004 ffff 0022', 18, 18, payload('ethertype', 0, 14, 18, 18)],
  ['a length too short for LLC', '0002 4242', 16, 16, payload('ethertype', 0, 14, 16, 16)],
  ['a type of zero', '0000 99', 15, 15, payload('ethertype', 0, 14, 15, 15)],
  ['a length past the end', '0005 4242 03 99', 18, 18, sliced('eth.len', 14, 17, 18, 19)],
  ['a length past the capture', '0006 4242 03 99', 18, 20, payload('ethertype', 0, 17, 18, 20)],
])('finds %s', (_, rest, captured, wire, expected) => {
  for (const at of [0, 3]) {
    const view = hex(`${'ee'.repeat(at)} ${ADDRESSES} ${rest} ${'00'.repeat(8)}`);
    const limit = { captured: at + captured, wire: at + wire };
    expect(ethernet.dissect(view, at, limit, context({ key: 1 }))).toEqual(expected(at));
  }
});

test('the largest length is no EtherType', () => {
  const view = hex(`${ADDRESSES} 05dc 4242 03 ${'00'.repeat(1497)}`);
  expect(found(ethernet, view)).toMatchObject({ ok: true, at: 17, limit: { captured: 1514, wire: 1514 }, key: 0 });
  expect(shown(ethernet, view)).toMatchObject({ 'eth.len': '1500', 'llc.dsap': '0x42' });
  expect(ethernet.summary(view, layerOf('eth', 0, { captured: 1514, wire: 1514 }, found(ethernet, view)))).toBe(
    '02:00:00:00:00:01 → 02:00:00:00:00:02 802.3 Len=1500',
  );
});

test('the least EtherType counts under SNAP', () => {
  expect(found(ethernet, hex(`${ADDRESSES} 0008 aaaa03 000000 0600`))).toMatchObject({ at: 22, key: 0x0600 });
});

test('takes zero for a type, as Wireshark does', () => {
  const view = hex(`${ADDRESSES} 0000 99`);
  expect(shown(ethernet, view)).toMatchObject({ 'eth.type': '0x0000' });
  expect(shown(ethernet, view)).not.toHaveProperty('eth.len');
  const layer = layerOf('eth', 0, { captured: 15, wire: 15 }, found(ethernet, view));
  expect(ethernet.summary(view, layer)).toBe('02:00:00:00:00:01 → 02:00:00:00:00:02 0x0000');
});

test('shows a frame without LLC', () => {
  const view = hex(`${ADDRESSES} 0002 ffff`);
  const line = linesOf(ethernet, view, layerOf('eth', 0, { captured: 16, wire: 16 }, found(ethernet, view)));
  expect(line.children.at(-1)?.text).toBe('No LLC header (raw NetWare)');
});

test('heads a frame with its addresses as soon as they are captured', () => {
  const view = hex(`${ADDRESSES} 0800`);
  const heads = [11, 12, 14].map((captured) => {
    const limit = { captured, wire: 60 };
    return linesOf(ethernet, view, layerOf('eth', 0, limit, ethernet.dissect(view, 0, limit, context()))).text;
  });
  const whole = 'Ethernet II, Src: 02:00:00:00:00:01, Dst: 02:00:00:00:00:02';
  expect(heads).toEqual(['Ethernet II', whole, whole]);
});

test('shows addresses with their flags, and the type', () => {
  expect(shown(ethernet, hex('ffffffffffff 020000000001 0800'))).toEqual({
    'eth.dst': 'ff:ff:ff:ff:ff:ff',
    'eth.dst.lg': '1',
    'eth.dst.ig': '1',
    'eth.src': '02:00:00:00:00:01',
    'eth.src.lg': '1',
    'eth.src.ig': '0',
    'eth.type': '0x0800',
  });
});

test('shows a length and the LLC header behind it', () => {
  expect(shown(ethernet, hex('0180c2000000 001122334455 0008 aaaa03 00000c 2000'))).toMatchObject({
    'eth.len': '8',
    'llc.dsap': '0xaa',
    'llc.ssap': '0xaa',
    'llc.control': '0x03',
    'llc.oui': '12',
    'llc.pid': '0x2000',
  });
});

test('shows what there is of a header that is cut off', () => {
  const view = hex('020000000002 0200');
  const limit = { captured: 8, wire: 60 };
  const line = linesOf(ethernet, view, layerOf('eth', 0, limit, ethernet.dissect(view, 0, limit, context())));
  expect(line.text).toBe('Ethernet II');
  expect(line.children.map(({ text }) => text)).toEqual(['Destination: 02:00:00:00:00:02']);
});

test('tells the addresses and the type in one line', () => {
  const view = hex(`${ADDRESSES} 86dd`);
  const layer = layerOf('eth', 0, { captured: 14, wire: 14 }, found(ethernet, view));
  expect(ethernet.summary(view, layer)).toBe('02:00:00:00:00:01 → 02:00:00:00:00:02 IPv6');
});

test.each([
  ['an EtherType', 'a064 0800 45', 5, 5, payload('ethertype', 0x0800, 4, 5, 5)],
  ['another tag', '0007 8100', 4, 4, payload('ethertype', 0x8100, 4, 4, 4)],
  ['a tag cut by the capture', 'a064 0800', 3, 4, stop('truncated', 'vlan', 4, 3)],
  ['a tag cut by the sender', 'a064 0800', 3, 3, stop('malformed', 'vlan', 4, 3)],
  ['a length with LLC', '0001 0003 424203', 7, 46, payload('ethertype', 0, 7, 7, 7)],
  ['a length that fits', '0001 0003 424203', 7, 7, payload('ethertype', 0, 7, 7, 7)],
  ['a length of nothing', '0001 0000', 4, 4, payload('ethertype', 0, 4, 4, 4)],
  ['a length past the end', '0001 0004 424203', 7, 7, sliced('vlan.len', 4, 7, 7, 8)],
])('finds %s behind a VLAN tag', (_, bytes, captured, wire, expected) => {
  for (const at of [0, 5]) {
    const view = hex(`${'ee'.repeat(at)} ${bytes} 0000`);
    const limit = { captured: at + captured, wire: at + wire };
    expect(vlan.dissect(view, at, limit, context({ key: 0x8100 }))).toEqual(expected(at));
  }
});

test('shows the three parts of a tag', () => {
  const view = hex('b064 86dd'); // 101 1 000001100100
  expect(shown(vlan, view)).toEqual({
    'vlan.priority': '5',
    'vlan.dei': '1',
    'vlan.id': '100',
    'vlan.etype': '0x86dd',
  });
  expect(vlan.summary(view, layerOf('vlan', 0, { captured: 4, wire: 4 }, found(vlan, view)))).toBe('VLAN 100');
});

test('the largest length behind a tag is no EtherType', () => {
  const view = hex(`0001 05dc 4242 03 ${'00'.repeat(1497)}`);
  expect(found(vlan, view)).toMatchObject({ ok: true, at: 7, key: 0 });
  expect(shown(vlan, view)).toMatchObject({ 'vlan.len': '1500', 'llc.dsap': '0x42' });
  expect(shown(vlan, hex('0001 0000'))).toMatchObject({ 'vlan.len': '0' });
});

test('heads a tag with its parts as soon as they are captured', () => {
  const view = hex('b064 86dd');
  const heads = [1, 2].map((captured) => {
    const limit = { captured, wire: 4 };
    return linesOf(vlan, view, layerOf('vlan', 0, limit, vlan.dissect(view, 0, limit, context()))).text;
  });
  expect(heads).toEqual(['802.1Q Virtual LAN', '802.1Q Virtual LAN, PRI: 5, ID: 100']);
});
