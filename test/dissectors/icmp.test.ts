import { expect, test } from 'vitest';
import { icmp } from '../../dissectors/icmp/dissect.js';
import { icmpv6 } from '../../dissectors/icmp/dissect-v6.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, network, shown, told, valuesOf, walk } from './dissecting.js';

const V6 = { network: network(6, 0, 58) };
const QUOTE = '4500 0064 0001 0000 40 11 0000 0a000001 0a000002 c000 0035 0050 1234';
const stop = (why: string, what: string, need: number, have: number) => ({ ok: false, why, what, at: 0, need, have });

test.each([
  ['an echo request', '08 00 0000 0102 0304 aabb', { at: 8, table: 'payload' }],
  ['a timestamp request', `0d 00 0000 0102 0304 ${'00'.repeat(12)}`, { at: 20, table: 'payload' }],
  ['an unknown type', '63 00 0000 aabb', { at: 4, table: 'payload' }],
  [
    'an unreachable destination',
    `03 01 0000 00000000 ${QUOTE}`,
    { at: 8, table: 'ethertype', key: 0x0800, quoted: true },
  ],
  ['a redirect', `05 01 0000 01020304 ${QUOTE}`, { at: 8, table: 'ethertype', key: 0x0800, quoted: true }],
  ['a router advertisement', `09 00 0000 01 02 0010 0a000001 00000000`, { at: 16, table: 'payload' }],
  ['an extended echo request', '2a 00 0000 0102 03 01 20000000', { at: 12, table: 'payload' }],
])('finds what %s carries', (_, bytes, expected) => {
  expect(found(icmp, hex(bytes))).toMatchObject({ ok: true, ...expected });
});

test.each([
  ['without its first word', '08 00 00', 3, 8, stop('truncated', 'icmp', 4, 3)],
  ['without its body', '08 00 0000 01', 5, 8, stop('truncated', 'icmp', 8, 5)],
  ['that the sender cut', '08 00 0000 01', 5, 5, stop('malformed', 'icmp', 8, 5)],
  ['of an error without a second word', '03 00 0000 00', 5, 5, stop('malformed', 'icmp', 8, 5)],
  ['without all its addresses', '09 00 0000 01 02 0010 0a000001', 12, 16, stop('truncated', 'icmp', 16, 12)],
])('stops at a message %s', (_, bytes, captured, wire, expected) => {
  expect(icmp.dissect(hex(bytes), 0, { captured, wire }, context())).toEqual(expected);
});

test('an error tells how long the packet that it quotes is', () => {
  const view = hex(`0b 00 0000 00 08 0000 ${QUOTE} 20000000 00080101 0006413f`); // 8 words, of which 7 are quoted
  expect(found(icmp, view)).toMatchObject({ at: 8, limit: { captured: 40, wire: 40 } });
  const past = hex(`0b 00 0000 00 ff 0000 ${QUOTE}`);
  expect(found(icmp, past)).toMatchObject({ at: 8, limit: { captured: 36, wire: 36 } });
});

test.each([
  // 0800 + 0102 + 0304 + aabb = b6c1.
  ['good', '493e', 'good', []],
  ['bad', '493f', 'bad', ['ICMP checksum should be 0x493e']],
])('judges a checksum that is %s', (_, checksum, status, findings) => {
  const view = hex(`08 00 ${checksum} 0102 0304 aabb`);
  expect(found(icmp, view)).toMatchObject({ facts: { type: 'checksum', status } });
  expect(told(found(icmp, view))).toEqual(findings);
  const cut = icmp.dissect(view, 0, { captured: 9, wire: 10 }, context());
  expect(cut).toMatchObject({ facts: { status: 'unverified' } });
});

test.each([
  [
    'an echo',
    '08 00 493e 0102 0304 aabb',
    {
      'icmp.type': '8',
      'icmp.code': '0',
      'icmp.checksum': '0x493e',
      'icmp.checksum.status': '1',
      'icmp.ident': '258',
      'icmp.ident_le': '513',
      'icmp.seq': '772',
      'icmp.seq_le': '1027',
    },
  ],
  ['an MTU', `03 04 0000 0000 05dc ${QUOTE}`, { 'icmp.code': '4', 'icmp.unused': '0000', 'icmp.mtu': '1500' }],
  ['a gateway', `05 01 0000 01020304 ${QUOTE}`, { 'icmp.redir_gw': '1.2.3.4' }],
  ['a pointer', `0c 00 0000 09 000000 ${QUOTE}`, { 'icmp.pointer': '9', 'icmp.unused': '000000' }],
  [
    'routers',
    '09 00 0000 01 02 0010 0a000001 ffffffff',
    { 'icmp.num_addrs': '1', 'icmp.lifetime': '16', 'icmp.router_address': '10.0.0.1', 'icmp.pref_level': '-1' },
  ],
  ['an address mask', '11 00 0000 0102 0304 ffffff00', { 'icmp.address_mask': '255.255.255.0' }],
  [
    'an extended echo reply',
    '2b 00 0000 0102 03 47',
    { 'icmp.ext.echo.seq': '3', 'icmp.ext.echo.rsp.state': '2', 'icmp.ext.echo.rsp.ipv6': '1' },
  ],
])('shows %s', (_, bytes, expected) => {
  expect(shown(icmp, hex(bytes))).toMatchObject(expected);
});

test('shows the extensions after a quoted packet', () => {
  const labels = '0008 01 01 0006413f';
  const index = '0010 02 0c 00000007 00010000 0a000001';
  const name = '000c 02 02 08 65746830 000000';
  const view = hex(`0b 00 0000 00 07 0000 ${QUOTE} 20000000 ${labels} ${index} ${name}`);
  expect(shown(icmp, view)).toMatchObject({
    'icmp.length': '7',
    'icmp.length.original_datagram': '28',
    'icmp.ext.version': '2',
    'icmp.ext.checksum.status': '3',
    'icmp.ext.class': '1,2,2',
    'icmp.mpls.label': '100',
    'icmp.mpls.s': '1',
    'icmp.mpls.ttl': '63',
    'icmp.int_info.index': '7',
    'icmp.int_info.ipv4': '10.0.0.1',
    'icmp.int_info.name': 'eth0',
  });
});

test('what an error quotes is dissected, but neither its lengths nor its checksums are judged', () => {
  const view = hex(`4500 0038 0001 0000 40 01 0000 0a000001 0a000002 03 03 0000 00000000 ${QUOTE}`);
  const steps = walk(view, 0, { captured: view.byteLength, wire: view.byteLength }, 228);
  expect(steps.map(({ dissector }) => dissector.name)).toEqual(['ip', 'icmp', 'ip', 'udp']);
  const inner = steps.slice(2);
  expect(inner.every(({ layer }) => layer.quoted)).toBe(true);
  expect(inner.flatMap(({ found }) => told(found))).toEqual([]);
  expect(inner[1]?.found).toMatchObject({ ok: true, limit: { captured: 56, wire: 28 + 20 + 80 } });
});

test('tells type, code and sequence in one line', () => {
  const line = (bytes: string) => {
    const view = hex(bytes);
    return icmp.summary(
      view,
      layerOf('icmp', 0, { captured: view.byteLength, wire: view.byteLength }, found(icmp, view)),
    );
  };
  expect(line('08 00 0000 0102 0304')).toBe('echo request id=258 seq=772');
  expect(line(`03 03 0000 00000000 ${QUOTE}`)).toBe('destination unreachable (port unreachable)');
  expect(line('08 00 00')).toBe('echo request, cut off');
});

const LINK = '01 01 020000000001';

test.each([
  ['an echo request', '80 00 0000 0007 0009 aabb', { at: 8, table: 'payload' }],
  ['a packet that is too big', '02 00 0000 00000500 6000', { at: 8, table: 'ethertype', key: 0x86dd, quoted: true }],
  ['a neighbour solicitation', `87 00 0000 00000000 ${'00'.repeat(16)} ${LINK}`, { at: 32, table: 'none' }],
  [
    'a redirect',
    `89 00 0000 00000000 ${'00'.repeat(32)} ${LINK} 04 02 000000000000 6000000000000000`,
    { at: 56, limit: { captured: 64, wire: 64 }, table: 'ethertype', quoted: true },
  ],
  ['a redirect that quotes nothing', `89 00 0000 00000000 ${'00'.repeat(32)}`, { at: 40, table: 'none' }],
  ['a parameter problem', '04 00 0000 00000006 6000', { at: 8, table: 'ethertype', key: 0x86dd, quoted: true }],
  ['an unknown error', '05 00 0000 aabb', { at: 4, table: 'payload' }],
  ['type 0', '00 00 0000 aabb', { at: 4, table: 'payload' }],
  ['a router solicitation', '85 00 0000 00000000', { at: 8, table: 'none' }],
  ['a listener done', `84 00 0000 00000000 ${'00'.repeat(16)}`, { at: 24, table: 'payload' }],
  ['an inverse solicitation', `8d 00 0000 00000000 ${LINK}`, { at: 16, table: 'none' }],
  ['an unknown type', 'c8 00 0000 aabb', { at: 4, table: 'payload' }],
])('finds what %s of ICMPv6 carries', (_, bytes, expected) => {
  expect(found(icmpv6, hex(bytes), V6)).toMatchObject({ ok: true, ...expected });
});

test.each([
  ['without its first word', '80 00 00', 3, 8, stop('truncated', 'icmpv6', 4, 3)],
  ['without its body', '87 00 0000 00', 5, 24, stop('truncated', 'icmpv6', 24, 5)],
  ['of an error without a second word', '01 00 0000', 4, 48, stop('truncated', 'icmpv6', 8, 4)],
  ['without its options', `87 00 0000 ${'00'.repeat(20)} 0101`, 26, 32, stop('truncated', 'icmpv6', 32, 26)],
  ['that the sender cut', '80 00 0000 01', 5, 5, stop('malformed', 'icmpv6', 8, 5)],
])('stops at a message of ICMPv6 %s', (_, bytes, captured, wire, expected) => {
  expect(icmpv6.dissect(hex(bytes), 0, { captured, wire }, context(V6))).toEqual(expected);
});

test('an error of ICMPv6 counts the quoted packet in words of 8 bytes', () => {
  const view = hex(`03 00 0000 01 000000 6000000000000000 20000000 00080101 0006413f`);
  expect(found(icmpv6, view, V6)).toMatchObject({ at: 8, limit: { captured: 16, wire: 16 } });
  expect(shown(icmpv6, view, V6)).toMatchObject({ 'icmpv6.length': '1', 'icmp.mpls.label': '100' });
});

test.each([
  // 8000 + 0007 + 0009 + aabb = 12acb, folded 2acc; the pseudo-header adds protocol and length, 3a + 0a: 2b10.
  ['good', 'd4ef', 'good', []],
  ['bad', 'd4f0', 'bad', ['ICMP checksum should be 0xd4ef']],
])('judges a checksum of ICMPv6 that is %s', (_, checksum, status, findings) => {
  const view = hex(`80 00 ${checksum} 0007 0009 aabb`);
  expect(found(icmpv6, view, V6)).toMatchObject({ facts: { type: 'checksum', status } });
  expect(told(found(icmpv6, view, V6))).toEqual(findings);
});

const TARGET = 'fe800000000000000000000000000002';

test.each([
  [
    'an echo',
    '80 00 0000 0007 0009',
    { 'icmpv6.type': '128', 'icmpv6.echo.identifier': '0x0007', 'icmpv6.echo.sequence_number': '9' },
  ],
  ['an MTU', '02 00 0000 00000500', { 'icmpv6.mtu': '1280' }],
  [
    'a solicitation',
    `87 00 0000 00000000 ${TARGET} ${LINK}`,
    {
      'icmpv6.nd.ns.target_address': 'fe80::2',
      'icmpv6.opt.type': '1',
      'icmpv6.opt.length': '1',
      'icmpv6.opt.linkaddr': '020000000001',
    },
  ],
  [
    'an advertisement',
    `88 00 0000 e0000000 ${TARGET}`,
    {
      'icmpv6.nd.na.flag': '0xe0000000',
      'icmpv6.nd.na.flag.r': '1',
      'icmpv6.nd.na.flag.o': '1',
      'icmpv6.nd.na.flag.rsv': '0',
    },
  ],
  [
    'a router',
    '86 00 0000 40 c8 0708 00000000 00000001 05 01 0000 000005dc',
    {
      'icmpv6.nd.ra.cur_hop_limit': '64',
      'icmpv6.nd.ra.flag.m': '1',
      'icmpv6.nd.ra.flag.prf': '1',
      'icmpv6.nd.ra.router_lifetime': '1800',
      'icmpv6.opt.mtu': '1500',
    },
  ],
  [
    'a prefix',
    `86 00 0000 ${'00'.repeat(12)} 03 04 40 c0 00000001 00000002 00000000 20010db8${'00'.repeat(12)}`,
    { 'icmpv6.opt.prefix.length': '64', 'icmpv6.opt.prefix.flag.a': '1', 'icmpv6.opt.prefix': '2001:db8::' },
  ],
  [
    'a route',
    `86 00 0000 ${'00'.repeat(12)} 18 02 30 08 00000001 20010db800010000`,
    { 'icmpv6.opt.route_info.flag.route_preference': '1', 'icmpv6.opt.prefix': '2001:db8:1::' },
  ],
  [
    'name servers',
    `86 00 0000 ${'00'.repeat(12)} 19 03 0000 00000001 ${TARGET}`,
    { 'icmpv6.opt.rdnss.lifetime': '1', 'icmpv6.opt.rdnss': 'fe80::2' },
  ],
  ['domains', `86 00 0000 ${'00'.repeat(12)} 1f 02 0000 00000001 01610162 00016300`, { 'icmpv6.opt.dnssl': 'a.b,c' }],
  ['a listener query', `82 00 0000 03e8 0000 ${TARGET}`, { 'icmpv6.mld.maximum_response_delay': '1000' }],
  [
    'a listener query with sources',
    `82 00 0000 03e8 0000 ${TARGET} 0a 7d 0001 ${TARGET}`,
    { 'icmpv6.mld.flag.s': '1', 'icmpv6.mld.flag.qrv': '2', 'icmpv6.mld.source_address': 'fe80::2' },
  ],
  [
    'listener records',
    `8f 00 0000 0000 0001 04 01 0001 ${TARGET} ${TARGET} 61626364`,
    {
      'icmpv6.mldr.mar.record_type': '4',
      'icmpv6.mldr.mar.source_address': 'fe80::2',
      'icmpv6.mldr.mar.auxiliary_data': '61626364',
    },
  ],
  [
    'a listener query of version 2 without sources',
    `82 00 0000 03e8 0000 ${TARGET} 0a 7d 0000`,
    { 'icmpv6.mld.maximum_response_code': '1000', 'icmpv6.mld.nb_sources': '0' },
  ],
])('shows %s of ICMPv6', (_, bytes, expected) => {
  expect(shown(icmpv6, hex(bytes), V6)).toMatchObject(expected);
});

test('an option of length zero ends the options', () => {
  const view = hex(`87 00 0000 00000000 ${TARGET} 01 00 020000000001`);
  const line = linesOf(icmpv6, view, layerOf('icmpv6', 0, { captured: 32, wire: 32 }, found(icmpv6, view, V6)));
  expect(line.children.at(-1)?.text).toBe('Option: length does not fit');
  expect(valuesOf(line)).not.toHaveProperty(['icmpv6.opt.type']);
});
