import { expect, test } from 'vitest';
import { arp } from '../../dissectors/arp/dissect.js';
import { loopback } from '../../dissectors/loopback/dissect.js';
import { LINK_TYPE_SLL, LINK_TYPE_SLL2, sll } from '../../dissectors/sll/dissect.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, shown } from './dissecting.js';

const V1 = { key: LINK_TYPE_SLL };
const V2 = { key: LINK_TYPE_SLL2 };

test.each([
  // name, link type, bytes, the key that leads on and where
  ['version 1', V1, '0000 0001 0006 020000000001 0000 0800 45', 0x0800, 16],
  ['version 2', V2, '86dd 0000 00000003 0001 04 06 020000000001 0000 60', 0x86dd, 20],
  ['a bare header of version 1', V1, '0000 0001 0006 020000000001 0000 0800', 0x0800, 16],
  ['a bare header of version 2', V2, '0800 0000 00000003 0001 04 06 020000000001 0000', 0x0800, 20],
  ['the least EtherType', V1, '0000 0001 0006 020000000001 0000 0600', 0x0600, 16],
  ['a protocol of Linux', V1, '0000 0118 0000 0000000000000000 000c 45', 0, 16],
  ['LLC in version 1', V1, '0000 0001 0006 020000000001 0000 0004 424203 99', 0, 19],
  ['LLC in version 2', V2, '0004 0000 00000003 0001 00 06 020000000001 0000 aaaa03 000000 0800 45', 0x0800, 28],
  ['netlink, whose protocol is a family', V1, '0004 0338 0000 0000000000000000 0600 45', 0, 16],
])('finds the payload of %s', (_, given, bytes, key, from) => {
  const view = hex(bytes);
  expect(found(sll, view, given)).toMatchObject({ ok: true, at: from, table: 'ethertype', key });
});

test.each([
  ['version 1 cut by the capture', V1, 15, 16, 'truncated', 16],
  ['version 1 cut by the sender', V1, 15, 15, 'malformed', 16],
  ['version 2 cut by the capture', V2, 19, 20, 'truncated', 20],
  ['version 2 cut by the sender', V2, 19, 19, 'malformed', 20],
])('stops at %s', (_, given, captured, wire, why, need) => {
  const view = hex('00'.repeat(20));
  const expected = { ok: false, why, what: 'sll', at: 0, need, have: captured };
  expect(sll.dissect(view, 0, { captured, wire }, context(given))).toEqual(expected);
});

test('shows version 1', () => {
  expect(shown(sll, hex('0004 0001 0006 020000000001 0000 0800'), V1)).toEqual({
    'sll.pkttype': '4',
    'sll.hatype': '1',
    'sll.halen': '6',
    'sll.src.eth': '02:00:00:00:00:01',
    'sll.unused': '0000',
    'sll.etype': '0x0800',
  });
});

test.each([
  ['none', '0000', { 'sll.unused': '0102030405060708' }],
  ['one of IPv4', '0004', { 'sll.src.ipv4': '1.2.3.4', 'sll.unused': '05060708' }],
  ['one of 3 bytes', '0003', { 'sll.src.other': '010203', 'sll.unused': '0405060708' }],
  ['one of 8 bytes', '0008', { 'sll.src.other': '0102030405060708' }],
  ['one longer than its field', '0014', { 'sll.src.other': '0102030405060708' }],
])('shows the address, %s', (_, length, expected) => {
  const view = hex(`0000 0001 ${length} 0102030405060708 0800`);
  const {
    'sll.pkttype': _kind,
    'sll.hatype': _type,
    'sll.halen': _length,
    'sll.etype': _proto,
    ...rest
  } = shown(sll, view, V1);
  expect(rest).toEqual(expected);
});

test('shows version 2, even where it is cut off', () => {
  const view = hex('0800 0000 00000003 0304 04 06 020000000001 0000');
  expect(shown(sll, view, V2)).toEqual({
    'sll.etype': '0x0800',
    'sll.reserved': '0',
    'sll.ifindex': '3',
    'sll.hatype': '772',
    'sll.pkttype': '4',
    'sll.halen': '6',
    'sll.src.eth': '02:00:00:00:00:01',
    'sll.unused': '0000',
  });
  const limit = { captured: 10, wire: 20 };
  const line = linesOf(sll, view, layerOf('sll', 0, limit, sll.dissect(view, 0, limit, context(V2))));
  expect(line.children.map(({ path }) => path)).toEqual(['sll.etype', 'sll.reserved', 'sll.ifindex', 'sll.hatype']);
});

test.each([
  // name, bytes, EtherType, family
  ['little-endian IPv4', '02000000', 0x0800, '2'],
  ['big-endian IPv4', '00000002', 0x0800, '2'],
  ['IPv6 of NetBSD', '18000000', 0x86dd, '24'],
  ['IPv6 of FreeBSD', '0000001c', 0x86dd, '28'],
  ['IPv6 of macOS', '1e000000', 0x86dd, '30'],
  ['16 bits in the upper half of a little-endian word', '00000200', 0x0800, '2'],
  ['16 bits in the upper half of a big-endian word', '00020000', 0x0800, '2'],
  ['another family', '07000000', 0, '7'],
])('reads the family of %s', (_, bytes, key, family) => {
  const view = hex(`${bytes} 45`);
  const expected = { ok: true, at: 4, limit: { captured: 5, wire: 5 }, table: 'ethertype', key };
  expect(found(loopback, view)).toEqual(expected);
  expect(shown(loopback, view)).toEqual({ 'null.family': family });
});

test.each(['00080000', '00000800'])('reads %s as an EtherType in the place of the family', (bytes) => {
  expect(found(loopback, hex(bytes))).toMatchObject({ at: 4, key: 0x0800 });
  expect(shown(loopback, hex(bytes))).toEqual({ 'null.type': '0x0800' });
});

test('stops at a loopback header that is cut off', () => {
  const view = hex('020000');
  const stop = { ok: false, what: 'null', at: 0, need: 4, have: 3 };
  expect(loopback.dissect(view, 0, { captured: 3, wire: 4 }, context())).toEqual({ ...stop, why: 'truncated' });
  expect(loopback.dissect(view, 0, { captured: 3, wire: 3 }, context())).toEqual({ ...stop, why: 'malformed' });
});

const REQUEST = '0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002';

test.each([
  ['a whole packet', 28, 28, { ok: true, at: 28, limit: { captured: 28, wire: 28 }, table: 'none', key: 0 }],
  ['padding after it', 32, 60, { ok: true, at: 28, limit: { captured: 28, wire: 28 }, table: 'none', key: 0 }],
  ['a head cut off', 7, 28, { ok: false, why: 'truncated', what: 'arp', at: 0, need: 8, have: 7 }],
  ['addresses cut by the capture', 27, 28, { ok: false, why: 'truncated', what: 'arp', at: 0, need: 28, have: 27 }],
  ['addresses cut by the sender', 27, 27, { ok: false, why: 'malformed', what: 'arp', at: 0, need: 28, have: 27 }],
])('finds %s', (_, captured, wire, expected) => {
  expect(arp.dissect(hex(`${REQUEST} 00000000`), 0, { captured, wire }, context())).toEqual(expected);
});

test('shows ARP for IPv4 over Ethernet', () => {
  expect(shown(arp, hex(REQUEST))).toEqual({
    'arp.hw.type': '1',
    'arp.proto.type': '0x0800',
    'arp.hw.size': '6',
    'arp.proto.size': '4',
    'arp.opcode': '1',
    'arp.src.hw_mac': '02:00:00:00:00:01',
    'arp.src.proto_ipv4': '10.0.0.1',
    'arp.dst.hw_mac': '00:00:00:00:00:00',
    'arp.dst.proto_ipv4': '10.0.0.2',
  });
});

test.each([
  ['an announcement', '0001', '0a000002', '000000000000', ['arp.isgratuitous', 'arp.isannouncement']],
  ['a gratuitous request', '0001', '0a000002', '020000000001', ['arp.isgratuitous']],
  ['a gratuitous reply', '0002', '0a000002', '000000000000', ['arp.isgratuitous']],
  ['a probe', '0001', '00000000', '000000000000', ['arp.isprobe']],
  ['a plain reply', '0002', '0a000001', '020000000001', []],
])('tells %s', (_, opcode, sender, hardware, expected) => {
  const view = hex(`0001 0800 06 04 ${opcode} 020000000001 ${sender} ${hardware} 0a000002`);
  expect(Object.keys(shown(arp, view)).filter((path) => path.startsWith('arp.is'))).toEqual(expected);
});

test('shows addresses of any size as bytes', () => {
  expect(shown(arp, hex('0007 1234 01 02 0009 aa bbcc dd eeff'))).toMatchObject({
    'arp.src.hw': 'aa',
    'arp.src.proto': 'bbcc',
    'arp.dst.hw': 'dd',
    'arp.dst.proto': 'eeff',
  });
});

test.each([
  ['0001', 'Who has 10.0.0.2? Tell 10.0.0.1'],
  ['0002', '10.0.0.1 is at 02:00:00:00:00:01'],
  ['0009', 'ARP inverse reply 10.0.0.1 → 10.0.0.2'],
])('tells opcode %s in one line', (opcode, expected) => {
  const view = hex(`0001 0800 06 04 ${opcode} 020000000001 0a000001 000000000000 0a000002`);
  expect(arp.summary(view, layerOf('arp', 0, { captured: 28, wire: 28 }, found(arp, view)))).toBe(expected);
});

test.each([
  ['Linux cooked', sll, V1, '0004 0001 0006 020000000001 0000 0800', 'sent by us, IPv4'],
  ['Loopback', loopback, {}, '02000000', 'Loopback IPv4'],
  ['ARP', arp, {}, '0007 1234 00 00 0001', 'ARP request'],
])('tells a bare header of %s in one line, and one that is cut off', (name, dissector, given, bytes, expected) => {
  const view = hex(bytes);
  const line = (captured: number) => {
    const limit = { captured, wire: view.byteLength };
    return dissector.summary(
      view,
      layerOf(dissector.name, 0, limit, dissector.dissect(view, 0, limit, context(given))),
    );
  };
  expect(line(view.byteLength)).toBe(expected);
  expect(line(view.byteLength - 1)).toBe(`${name}, cut off`);
});

test('shows which protocols are EtherTypes and which are of Linux', () => {
  const protocol = (text: string) => shown(sll, hex(`0000 0001 0006 020000000001 0000 ${text}`), V1);
  expect(protocol('0600')).toMatchObject({ 'sll.etype': '0x0600' });
  expect(protocol('05ff')).toMatchObject({ 'sll.ltype': '0x05ff' });
});

test('shows the head of an ARP packet without addresses', () => {
  expect(shown(arp, hex('0007 1234 00 00 0001'))).toMatchObject({ 'arp.opcode': '1', 'arp.src.hw': '' });
});
