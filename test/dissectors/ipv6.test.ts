import { expect, test } from 'vitest';
import { EXTENSION_KEY, ipv6, ipv6Extensions } from '../../dissectors/ipv6/dissect.js';
import { MOST_EXTENSIONS } from '../../dissectors/ipv6/extensions.js';
import { fold16, sum16 } from '../../dissectors/wire/checksum.js';
import { hex } from '../hex.js';
import { context, found, layerOf, shown, slicedAt, told } from './dissecting.js';

const SOURCE = '20010db8000000000000000000000001';
const DESTINATION = '20010db8000000000000000000000002';
const address = (last: string): string => `20010db8${last.padStart(24, '0')}`;
const word = (value: number): string => value.toString(16).padStart(4, '0');

/** A packet with these bytes after its header, and a payload length that fits. */
function packet(next: string, body: string, length = body.replaceAll(' ', '').length / 2): DataView {
  return hex(`60000000 ${word(length)} ${next} 40 ${SOURCE} ${DESTINATION} ${body}`);
}

const stop = (why: string, what: string, need: number, have: number, from = 0) => ({
  ok: false,
  why,
  what,
  at: from,
  need,
  have,
});
const payload = (captured: number, wire: number) => ({
  ok: true,
  at: 40,
  limit: { captured, wire },
  table: 'ip.proto',
  key: 17,
});

test.each([
  // name, payload length, bytes captured, bytes on the wire, what is found
  ['a whole packet', 4, 44, 44, payload(44, 44)],
  ['padding after the packet', 2, 44, 44, payload(42, 42)],
  ['no payload', 0, 44, 44, payload(40, 40)],
  ['a payload cut by the capture', 4, 41, 44, payload(41, 44)],
  ['a header cut by the capture', 4, 39, 44, stop('truncated', 'ipv6', 40, 39)],
  ['a header cut before its length', 4, 5, 5, stop('malformed', 'ipv6', 40, 5)],
  ['a header without a payload cut by the sender', 0, 39, 40, stop('truncated', 'ipv6', 40, 39)],
  ['a sliced header', 4, 39, 39, { ...stop('truncated', 'ipv6', 40, 39), ...slicedAt(4, 6, 'ipv6.plen', 4, 0) }],
  ['a length past the end', 5, 44, 44, { ...payload(44, 45), ...slicedAt(4, 6, 'ipv6.plen', 5, 4) }],
])('finds %s', (_, length, captured, wire, expected) => {
  const view = packet('11', '01020304', length);
  expect(ipv6.dissect(view, 0, { captured, wire }, context())).toMatchObject(expected);
});

test('a payload length of 0 is what was handed to a network card to segment: of TCP, or beyond what the field can say', () => {
  const jumbo = '0600 c2040001 0005';
  for (const [next, body, rest, length, presumed] of [
    ['06', '', 20, 20, '20'],
    ['06', '', 71_220, 71_220, '71220'],
    // UDP in a tunnel; destination options before TCP.
    ['11', '', 71_220, 71_220, '71220'],
    ['3c', '0600 01040000 0000', 71_220, 71_220, '71220'],
    // Hop-by-hop options that do not tell, and that do: the packet ends where they say.
    ['00', '0600 01040000 0000', 71_220, 71_220, '71220'],
    ['00', jumbo, 71_220, 65_541, '0'],
    // The padding of the frame.
    ['11', '', 6, 0, '0'],
    ['3b', '', 6, 0, '0'],
  ] as const) {
    const head = packet(next, body, 0);
    const bytes = new Uint8Array(40 + rest);
    bytes.set(new Uint8Array(head.buffer, head.byteOffset, head.byteLength));
    const view = new DataView(bytes.buffer);
    expect(found(ipv6, view), `${next} ${body} ${rest}`).toMatchObject({ ok: true, limit: { wire: 40 + length } });
    expect(shown(ipv6, view)['ipv6.plen']).toBe(presumed);
    // What the capture did not keep of it is cut, not missing.
    const limit = { captured: 60 < 40 + length ? 60 : 40, wire: 40 + rest };
    expect(ipv6.dissect(view, 0, limit, context())).toMatchObject({ ok: true, limit: { wire: 40 + length } });
  }
});

test('finds the same further into its bytes', () => {
  const inner = packet('11', '01020304');
  const view = new DataView(new ArrayBuffer(3 + inner.byteLength));
  new Uint8Array(view.buffer).set(new Uint8Array(inner.buffer, inner.byteOffset), 3);
  const limit = { captured: 47, wire: 47 };
  expect(ipv6.dissect(view, 3, limit, context())).toMatchObject({ ok: true, at: 43, limit, key: 17 });
});

test('a quoted packet may be longer than what is quoted of it', () => {
  const view = packet('11', '01020304', 200);
  const quoted = context({ quoted: true });
  expect(ipv6.dissect(view, 0, { captured: 44, wire: 44 }, quoted)).toMatchObject(payload(44, 240));
  const cut = ipv6.dissect(view, 0, { captured: 39, wire: 39 }, quoted);
  expect(cut).toEqual(stop('truncated', 'ipv6', 40, 39));
});

test.each([
  [4, { table: 'ethertype', key: 0x0800 }],
  [5, { table: 'payload' }],
])('what is announced as IPv6 and of version %i is no IPv6', (version, expected) => {
  const view = hex(`${version}5${'00'.repeat(43)}`);
  expect(found(ipv6, view)).toMatchObject({ ok: true, at: 0, ...expected });
  expect(told(found(ipv6, view))).toEqual([`IP version ${version} where version 6 was announced`]);
  expect(shown(ipv6, view)).toEqual({ 'ipv6.version': `${version}` });
});

test('shows its fields', () => {
  expect(shown(ipv6, hex(`6b9abcde 0000 3b ff ${SOURCE} ${DESTINATION}`))).toEqual({
    'ipv6.version': '6',
    'ipv6.tclass': '0x000000b9',
    'ipv6.tclass.dscp': '46',
    'ipv6.tclass.ecn': '1',
    'ipv6.flow': '0x0abcde',
    'ipv6.plen': '0',
    'ipv6.nxt': '59',
    'ipv6.hlim': '255',
    'ipv6.src': '2001:db8::1',
    'ipv6.dst': '2001:db8::2',
  });
});

const HOP_BY_HOP = '11 00 05 02 0000 01 00'; // then UDP: router alert, PadN

test.each([
  ['hop-by-hop options', '00', HOP_BY_HOP, 48],
  ['destination options', '3c', '11 01 04 01 05 01 09 000000000000000000', 56],
  ['a routing header', '2b', `11 02 00 00 00000000 ${address('7')}`, 64],
  ['an atomic fragment', '2c', '11 00 0000 00000007', 48],
  ['an authentication header', '33', '11 04 0000 00000100 00000005 000102030405060708090a0b', 64],
  ['a mobility header', '87', '11 00 00 00 0000 0000', 48],
  ['a shim6 header', '8c', '11 00 85 00 00000000', 48],
  ['several', '00', '3c 00 05 02 0000 01 00 11 00 04 01 05 01 01 00', 56],
])('passes %s', (_, next, body, end) => {
  const view = packet(next, `${body} 01020304`);
  const expected = { ok: true, at: end, table: 'ip.proto', key: 17, findings: undefined, fragment: undefined };
  expect(found(ipv6, view)).toMatchObject(expected);
  const { facts } = found(ipv6, view) as { facts: { network: { protocol: number } } };
  expect(facts.network.protocol).toBe(17);
});

test.each([
  ['encryption', '32', 50],
  ['no next header', '3b', 59],
])('ends at %s', (_, next, key) => {
  expect(found(ipv6, packet(next, '01020304'))).toMatchObject({ ok: true, at: 40, table: 'ip.proto', key });
});

test.each([
  // name, next header, bytes after the header, bytes captured, what is found
  ['cut before its length', '00', '11 00 05 02 0000 01 00', 41, stop('truncated', 'ipv6.hopopts', 2, 1, 40)],
  ['cut by the capture', '00', '11 00 05 02 0000 01 00', 47, stop('truncated', 'ipv6.hopopts', 8, 7, 40)],
  ['longer than the packet', '3c', '11 01 05 02 0000 01 00', 48, stop('malformed', 'ipv6.dstopts', 16, 8, 40)],
  ['shorter than its fields', '33', '11 00 0000 00000007', 48, stop('malformed', 'ah.length', 12, 8, 40)],
])('stops at an extension header %s', (_, next, body, captured, expected) => {
  const view = packet(next, body);
  expect(ipv6.dissect(view, 0, { captured, wire: view.byteLength }, context())).toEqual(expected);
});

test('follows a bounded number of extension headers', () => {
  const chain = (count: number) => packet('3c', `${'3c00010400000000'.repeat(count - 1)}1100010400000000`);
  expect(found(ipv6, chain(MOST_EXTENSIONS))).toMatchObject({ at: 40 + 8 * MOST_EXTENSIONS, key: 17 });
  const deep = found(ipv6, chain(MOST_EXTENSIONS + 1));
  expect(deep).toMatchObject({ at: 40 + 8 * MOST_EXTENSIONS, key: 60 });
  expect(told(deep)).toEqual([`more than ${MOST_EXTENSIONS} layers`]);
});

test.each([
  // name, offset and flag, fragment
  ['the first fragment', '0001', { offset: 0, more: true }],
  ['one in the middle', '0019', { offset: 24, more: true }],
  ['the last', 'fff8', { offset: 65_528, more: false }],
])('places %s', (_, offset, fragment) => {
  const view = packet('2c', `11 00 ${offset} 00000007 01020304`);
  expect(found(ipv6, view)).toMatchObject({ ok: true, at: 48, table: 'ip.proto', key: 17, fragment });
});

test('reads extension headers behind a fragment header once they are put together', () => {
  const view = packet('2c', '3c 00 0001 00000007 2b00010400000000');
  expect(found(ipv6, view)).toMatchObject({ at: 48, key: EXTENSION_KEY + 60, fragment: { offset: 0, more: true } });
  const whole = hex('11 00 01 04 00000000 01020304');
  const given = { key: EXTENSION_KEY + 60 };
  const facts = { type: 'extension', protocol: 60 };
  expect(found(ipv6Extensions, whole, given)).toMatchObject({ ok: true, at: 8, table: 'ip.proto', key: 17, facts });
  expect(shown(ipv6Extensions, whole, given)).toMatchObject({ 'ipv6.dstopts.nxt': '17', 'ipv6.dstopts.len_oct': '8' });
  const cut = ipv6Extensions.dissect(whole, 0, { captured: 4, wire: 4 }, context(given));
  expect(cut).toMatchObject({ ok: true, at: 4, table: 'none', facts });
  expect(told(cut)).toEqual(['ipv6.dstopts: needs 8 bytes, there are 4']);
});

/** The folded sum of the addresses that a packet's pseudo-header has. */
function addressSum(view: DataView): number {
  const dissected = found(ipv6, view);
  return dissected.ok && dissected.facts?.type === 'network' ? fold16(dissected.facts.network.addressSum) : -1;
}
const sumOf = (...addresses: readonly string[]): number => {
  const view = hex(addresses.join(''));
  return fold16(sum16(view, 0, view.byteLength));
};

test.each([
  // name, routing header, final destination
  ['type 0 on its way', `11 04 00 02 00000000 ${address('7')} ${address('8')}`, address('8')],
  ['type 0 at its end', `11 04 00 00 00000000 ${address('7')} ${address('8')}`, DESTINATION],
  ['type 0 without addresses', '11 00 00 01 00000000', DESTINATION],
  ['type 2', `11 02 02 01 00000000 ${address('77')}`, address('77')],
  ['type 4, in reverse order', `11 04 04 01 01000000 ${address('aa')} ${address('bb')}`, address('aa')],
  ['type 3, two bytes kept', '11 01 03 02 ee400000 0021 0022 00000000', address('22')],
  ['type 3, one byte kept of the last', '11 01 03 01 0f700000 33 00000000000000', address('33')],
  ['type 3, whole addresses', `11 04 03 02 00000000 ${address('7')} ${address('8')}`, address('8')],
  ['type 3 with padding past its start', '11 00 03 01 00f00000', DESTINATION],
  ['an unknown type', `11 02 09 01 00000000 ${address('7')}`, DESTINATION],
])('a routing header of %s counts for pseudo-headers', (_, header, destination) => {
  expect(addressSum(packet('2b', header))).toBe(sumOf(SOURCE, destination));
});

test('a home address counts as the source for pseudo-headers', () => {
  expect(addressSum(packet('3c', `11 02 c910 ${address('9')} 01020000`))).toBe(sumOf(address('9'), DESTINATION));
});

test('a jumbogram has its length in an option', () => {
  const view = new DataView(new ArrayBuffer(40 + 8 + 70_000));
  const bytes = new Uint8Array(view.buffer);
  const head = packet('00', '11 00 c204 00011178', 0); // 70,008 bytes
  bytes.set(new Uint8Array(head.buffer, head.byteOffset, head.byteLength));
  const limit = { captured: view.byteLength, wire: view.byteLength };
  expect(ipv6.dissect(view, 0, limit, context())).toMatchObject({ ok: true, at: 48, limit, key: 17 });
});

test.each([
  [
    'hop-by-hop options',
    '00',
    HOP_BY_HOP,
    {
      'ipv6.hopopts.nxt': '17',
      'ipv6.hopopts.len': '0',
      'ipv6.hopopts.len_oct': '8',
      'ipv6.opt.type': '0x05,0x01',
      'ipv6.opt.router_alert': '0',
    },
  ],
  ['a tunnel limit', '3c', '11 00 04 01 05 00 00 00', { 'ipv6.opt.type': '0x04,0x00,0x00,0x00', 'ipv6.opt.tel': '5' }],
  ['a home address', '3c', `11 02 c910 ${address('9')} 01020000`, { 'ipv6.opt.mipv6.home_address': '2001:db8::9' }],
  [
    'an RPL option',
    '00',
    '11 00 6304 80 01 0005',
    {
      'ipv6.opt.rpl.flag': '0x80',
      'ipv6.opt.rpl.flag.o': '1',
      'ipv6.opt.rpl.instance_id': '0x01',
      'ipv6.opt.rpl.sender_rank': '0x0005',
    },
  ],
  [
    'an unknown option',
    '00',
    '11 00 1d03 616263 00',
    { 'ipv6.opt.unknown': '616263', 'ipv6.opt.type.action': '0', 'ipv6.opt.type.rest': '0x1d' },
  ],
  [
    'a fragment header',
    '2c',
    '11 00 0019 00000007',
    {
      'ipv6.fraghdr.nxt': '17',
      'ipv6.fraghdr.offset': '3',
      'ipv6.fraghdr.more': '1',
      'ipv6.fraghdr.ident': '0x00000007',
    },
  ],
  [
    'a source route',
    '2b',
    `11 02 00 01 00000000 ${address('7')}`,
    { 'ipv6.routing.type': '0', 'ipv6.routing.segleft': '1', 'ipv6.routing.src.addr': '2001:db8::7' },
  ],
  [
    'segments',
    '2b',
    `11 03 04 01 00010002 ${address('7')} 0506000000000000`,
    {
      'ipv6.routing.srh.last_entry': '0',
      'ipv6.routing.srh.flags': '0x01',
      'ipv6.routing.srh.tag': '0002',
      'ipv6.routing.srh.addr': '2001:db8::7',
    },
  ],
  [
    'an RPL route',
    '2b',
    '11 01 03 02 ee400000 0021 0022 00000000',
    {
      'ipv6.routing.rpl.cmprI': '14',
      'ipv6.routing.rpl.pad': '4',
      'ipv6.routing.rpl.address': '0021,0022',
      'ipv6.routing.rpl.full_address': '2001:db8::21,2001:db8::22',
    },
  ],
  [
    'authentication',
    '33',
    '11 04 0000 00000100 00000005 000102030405060708090a0b',
    { 'ah.spi': '0x00000100', 'ah.sequence': '5', 'ah.icv': '000102030405060708090a0b' },
  ],
])('shows %s', (_, next, body, expected) => {
  expect(shown(ipv6, packet(next, `${body}`))).toMatchObject(expected);
});

test('tells of an option that reaches past its header', () => {
  const view = packet('3c', '11 00 04 20 01 00 00 00');
  expect(told(found(ipv6, view))).toEqual(['ipv6.opt.length: needs 34 bytes, there are 6']);
  expect(found(ipv6, view)).toMatchObject({ ok: true, at: 48, key: 17 });
});

test('tells the protocol in one line', () => {
  const view = packet('11', '');
  const layer = layerOf('ipv6', 0, { captured: 40, wire: 40 }, found(ipv6, view));
  expect(ipv6.summary(view, layer)).toBe('next header 17 (UDP)');
});
