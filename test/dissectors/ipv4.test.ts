import { expect, test } from 'vitest';
import { ipv4 } from '../../dissectors/ipv4/dissect.js';
import { fold16 } from '../../dissectors/wire/checksum.js';
import { hex } from '../hex.js';
import { context, found, layerOf, linesOf, shown, slicedAt, stop, told, valuesOf } from './dissecting.js';

const ADDRESSES = '0a000001 0a000002';
const payload = (from: number, captured: number, wire: number) => (at: number) => ({
  ok: true,
  at: at + from,
  limit: { captured: at + captured, wire: at + wire },
  table: 'ip.proto',
  key: 17,
  facts: {
    type: 'network',
    network: { version: 4, source: 0, at, destination: at + 16, addressSum: 0x14000003, protocol: 17 },
  },
});

test.each([
  // name, version and header length, total length, bytes captured, bytes on the wire, what is found
  ['a whole packet', '45', '0018', 24, 24, payload(20, 24, 24)],
  ['a bare header', '45', '0014', 20, 20, payload(20, 20, 20)],
  ['padding after the packet', '45', '0016', 24, 24, payload(20, 22, 22)],
  ['a payload cut by the capture', '45', '0018', 21, 24, payload(20, 21, 24)],
  ['a length left to the network card', '45', '0000', 24, 30, payload(20, 24, 30)],
  ['a header cut by the capture', '45', '0018', 19, 24, stop('truncated', 'ip', 20, 19)],
  ['a header cut by the sender', '45', '0013', 19, 19, stop('malformed', 'ip', 20, 19)],
  ['a header cut before its length', '45', '0018', 3, 3, stop('malformed', 'ip', 20, 3)],
  ['a sliced header', '45', '0018', 19, 19, stop('truncated', 'ip', 20, 19)],
  ['a header length below 20', '44', '0018', 24, 24, stop('malformed', 'ip.hdr_len', 20, 16)],
  ['a header length past the end', '4f', '0018', 24, 24, stop('malformed', 'ip.hdr_len', 60, 24)],
  ['options of a sliced packet', '4f', '003c', 24, 24, stop('truncated', 'ip', 60, 24)],
  ['options cut by the capture', '46', '0018', 23, 24, stop('truncated', 'ip', 24, 23)],
  ['a length below the header', '45', '0013', 24, 24, stop('malformed', 'ip.len', 20, 19)],
  ['a length past the end', '45', '0019', 24, 24, payload(20, 24, 25)],
  ['a length past an end that was cut as well', '45', '0064', 22, 24, payload(20, 22, 100)],
])('finds %s', (_, first, length, captured, wire, expected) => {
  for (const at of [0, 3]) {
    const view = hex(`${'ee'.repeat(at)} ${first}00 ${length} 0001 0000 40 11 0000 ${ADDRESSES} 01020304`);
    const limit = { captured: at + captured, wire: at + wire };
    const { findings: _findings, ...rest } = ipv4.dissect(view, at, limit, context()) as { findings?: unknown };
    expect(rest).toEqual(matching(expected(at), view));
  }
});

/** What is expected, with the view that facts point into. */
function matching(expected: object, view: DataView): object {
  if (!('facts' in expected)) return expected;
  const { network } = (expected as ReturnType<ReturnType<typeof payload>>).facts;
  return { ...expected, facts: { type: 'network', network: { ...network, view } } };
}

test.each([
  ['whose payload is cut', '4500', 24, 24, 24],
  ['whose options are cut', '4f00', 24, 24, 24],
  ['whose header is cut', '4500', 12, 12, 12],
  ['of which the capture kept less still', '4500', 20, 24, 24],
])('tells of a sliced packet %s', (_, first, captured, wire, have) => {
  const view = hex(`${first} 00ff 0001 0000 40 11 0000 ${ADDRESSES} 01020304`);
  const found = ipv4.dissect(view, 0, { captured, wire }, context());
  expect(found?.findings?.filter(({ code }) => code === 'packet-sliced')).toEqual(
    slicedAt(2, 4, 'ip.len', 255, have).findings,
  );
});

test('a quoted packet may be longer than what is quoted of it', () => {
  const view = hex(`4500 00ff 0001 0000 40 11 0000 ${ADDRESSES} 01020304`);
  const quoted = context({ quoted: true });
  expect(ipv4.dissect(view, 0, { captured: 24, wire: 24 }, quoted)).toMatchObject({
    ok: true,
    at: 20,
    limit: { captured: 24, wire: 255 },
    findings: undefined,
  });
  const cut = { ok: false, why: 'truncated', what: 'ip', at: 0, need: 20, have: 19 };
  expect(ipv4.dissect(view, 0, { captured: 19, wire: 19 }, quoted)).toEqual(cut);
});

test.each([
  ['good', '66d1', []],
  ['bad', '66d2', ['IPv4 header checksum should be 0x66d1']],
])('judges a header checksum that is %s', (_, checksum, findings) => {
  // The other words sum to 992e: its complement is 66d1.
  const view = hex(`4500 0019 0001 0000 40 11 ${checksum} ${ADDRESSES} 0102030405`);
  expect(told(found(ipv4, view))).toEqual(findings);
  expect(shown(ipv4, view)['ip.checksum.status']).toBe(findings.length === 0 ? '1' : '0');
});

test.each([
  [5, { table: 'payload' }],
  [6, { table: 'ethertype', key: 0x86dd }],
])('what is announced as IPv4 and of version %i is no IPv4', (version, expected) => {
  const view = hex(`${version}500 0018 0001 0000 40 11 0000 ${ADDRESSES} 01020304`);
  const dissected = found(ipv4, view);
  expect(dissected).toMatchObject({ ok: true, at: 0, ...expected });
  expect(told(dissected)).toEqual([`IP version ${version} where version 4 was announced`]);
  expect(shown(ipv4, view)).toEqual({ 'ip.version': `${version}` });
});

test.each([
  // name, flags and offset, fragment
  ['no fragment', '0000', undefined],
  ['a packet that must not be fragmented', '4000', undefined],
  ['the first fragment', '2000', { offset: 0, more: true }],
  ['one in the middle', '2003', { offset: 24, more: true }],
  ['the last', '1fff', { offset: 65_528, more: false }],
])('places %s', (_, word, fragment) => {
  const dissected = found(ipv4, hex(`4500 0018 abcd ${word} 40 11 0000 ${ADDRESSES} 01020304`));
  if (fragment === undefined) expect(dissected).not.toHaveProperty('fragment.offset');
  else expect(dissected).toMatchObject({ fragment });
});

test('fragments of one datagram share their key, others do not', () => {
  const key = (id: string, protocol: string, addresses: string) => {
    const dissected = found(ipv4, hex(`4500 0014 ${id} 2000 40 ${protocol} 0000 ${addresses}`));
    return dissected.ok ? dissected.fragment?.key : undefined;
  };
  const own = key('0001', '11', ADDRESSES);
  expect(own).toBe(key('0001', '11', ADDRESSES));
  const others = [key('0002', '11', ADDRESSES), key('0001', '06', ADDRESSES), key('0001', '11', '0a0000010a000003')];
  expect(others).not.toContain(own);
});

test('shows its fields', () => {
  expect(shown(ipv4, hex(`45b9 0014 abcd 6001 40 06 1234 ${ADDRESSES}`))).toEqual({
    'ip.version': '4',
    'ip.hdr_len': '20',
    'ip.dsfield': '0xb9',
    'ip.dsfield.dscp': '46',
    'ip.dsfield.ecn': '1',
    'ip.len': '20',
    'ip.id': '0xabcd',
    'ip.flags': '0x03',
    'ip.flags.rb': '0',
    'ip.flags.df': '1',
    'ip.flags.mf': '1',
    'ip.frag_offset': '1',
    'ip.ttl': '64',
    'ip.proto': '6',
    'ip.checksum': '0x1234',
    'ip.checksum.status': '0',
    'ip.src': '10.0.0.1',
    'ip.dst': '10.0.0.2',
  });
});

test('shows the length that a packet without one is taken to have', () => {
  expect(shown(ipv4, hex(`4500 0000 0001 0000 40 11 0000 ${ADDRESSES} 01020304`))['ip.len']).toBe('24');
});

/** A packet with these options, padded to words. */
function withOptions(options: string): DataView {
  const digits = options.replaceAll(' ', '');
  const padded = digits.padEnd(Math.ceil(digits.length / 8) * 8, '0');
  const words = 5 + padded.length / 8;
  const length = (words * 4).toString(16).padStart(4, '0');
  return hex(`4${words.toString(16)}00 ${length} 0001 0000 40 11 0000 ${ADDRESSES} ${padded}`);
}

const OPTION = (type: number, length: number) => ({ 'ip.opt.type': `${type}`, 'ip.opt.len': `${length}` });

test.each([
  [
    'record route',
    '07 0b 08 01020304 00000000 01',
    { 'ip.opt.ptr': '8', 'ip.rec_rt': '1.2.3.4', 'ip.empty_rt': '0.0.0.0' },
  ],
  [
    'time stamps',
    '44 0c 09 10 00000004 00000000',
    { 'ip.opt.overflow': '1', 'ip.opt.flag': '0x00', 'ip.opt.time_stamp': '4,0' },
  ],
  [
    'time stamps with addresses',
    '44 0c 0d 01 01020304 00000005',
    { 'ip.opt.time_stamp_addr': '1.2.3.4', 'ip.opt.time_stamp': '5' },
  ],
  [
    'router alert',
    '94 04 0000',
    { ...OPTION(148, 4), 'ip.opt.ra': '0', 'ip.opt.type.copy': '1', 'ip.opt.type.number': '20' },
  ],
  ['stream identifier', '88 04 0007', { ...OPTION(136, 4), 'ip.opt.sid': '7' }],
  ['MTU probe', '0b 04 05dc', { ...OPTION(11, 4), 'ip.opt.mtu': '1500' }],
  ['traceroute', '52 0c 0001 0002 0003 01020304', { 'ip.opt.id_number': '1', 'ip.opt.originator': '1.2.3.4' }],
  ['quick-start', '19 08 05 40 00000004', { 'ip.opt.qs_rate': '5', 'ip.opt.qs_ttl': '64' }],
  ['an unknown option', '99 04 0102', OPTION(153, 4)],
  ['two bytes', '99 02 00 00', OPTION(153, 2)],
  ['two bytes at the end', '01 01 99 02', { 'ip.opt.type': '1,1,153', 'ip.opt.len': '2' }],
  ['a record route without addresses', '07 03 04 00', { ...OPTION(7, 3), 'ip.opt.ptr': '4' }],
  ['time stamps without any', '44 04 05 01', { ...OPTION(68, 4), 'ip.opt.flag': '0x01' }],
  ['no operation and the end', '01 01 01 00', { 'ip.opt.type': '1,1,1,0' }],
])('shows the option %s', (_, options, expected) => {
  const view = withOptions(options);
  const { 'ip.opt.type': types = '', 'ip.opt.len': lengths = '', ...rest } = shown(ipv4, view);
  const type = types.startsWith('1,') ? types : (types.split(',')[0] ?? '');
  expect({ ...rest, 'ip.opt.type': type, 'ip.opt.len': lengths }).toMatchObject(expected);
  expect(told(found(ipv4, view)).filter((text) => !text.includes('checksum'))).toEqual([]);
});

test.each([
  ['without a length', '01 01 01 07', 'ip.opt: needs 2 bytes, there is 1'],
  ['with a length below 2', '07 01 0000', 'ip.opt.len: needs 2 bytes, there are 1'],
  ['without its pointer', '07 02 0000', 'ip.opt.len: needs 3 bytes, there are 2'],
  ['without its flags', '44 03 0500', 'ip.opt.len: needs 4 bytes, there are 3'],
  ['that reaches past the header', '07 05 0000', 'ip.opt.len: needs 5 bytes, there are 4'],
])('tells of an option %s', (_, options, expected) => {
  const view = withOptions(options);
  const texts = told(found(ipv4, view)).map((text) => text.replace(/there (is|are)/, 'there are'));
  expect(texts).toContain(expected.replace('there is', 'there are'));
  expect(
    linesOf(ipv4, view, layerOf('ip', 0, { captured: 24, wire: 24 }, found(ipv4, view))).children.at(-1)?.text,
  ).toMatch('length does not fit');
});

test.each([
  // name, options, final destination, what is shown
  [
    'ahead of its first stop',
    '83 0b 04 01020304 05060708',
    0x05060708,
    { 'ip.src_rt': '1.2.3.4', 'ip.cur_rt': '10.0.0.2', 'ip.dst': '5.6.7.8' },
  ],
  [
    'ahead of its last stop',
    '89 0b 08 01020304 05060708',
    0x05060708,
    { 'ip.rec_rt': '1.2.3.4', 'ip.cur_rt': '10.0.0.2', 'ip.dst': '5.6.7.8' },
  ],
  ['at its end', '83 0b 0c 01020304 05060708', 0x0a000002, { 'ip.rec_rt': '1.2.3.4,5.6.7.8', 'ip.dst': '10.0.0.2' }],
  ['with a pointer into an address', '83 0b 05 01020304 05060708', 0x0a000002, { 'ip.dst': '10.0.0.2' }],
  ['with a pointer before the first address', '83 07 03 05060708', 0x0a000002, { 'ip.dst': '10.0.0.2' }],
  ['with one address', '83 07 04 05060708', 0x05060708, { 'ip.cur_rt': '10.0.0.2', 'ip.dst': '5.6.7.8' }],
  ['without an address', '83 03 04', 0x0a000002, { 'ip.dst': '10.0.0.2' }],
])('a source route %s counts for the destination', (_, options, destination, values) => {
  const view = withOptions(options);
  const dissected = found(ipv4, view);
  const network = dissected.ok && dissected.facts?.type === 'network' ? dissected.facts.network : undefined;
  expect(fold16(network?.addressSum ?? 0)).toBe(fold16(0x0a000001 + destination));
  expect(view.getUint32(network?.destination ?? 0)).toBe(destination);
  expect(shown(ipv4, view)).toMatchObject(values);
});

test('shows the fields of a header that is cut off, up to the cut', () => {
  const view = hex('4500 0018 0001');
  const limit = { captured: 6, wire: 40 };
  const layer = layerOf('ip', 0, limit, ipv4.dissect(view, 0, limit, context()));
  expect(Object.keys(valuesOf(linesOf(ipv4, view, layer))).at(-1)).toBe('ip.id');
  expect(ipv4.summary(view, layer)).toBe('IPv4, cut off');
});

test.each([
  ['0000', 'IP protocol 17 (UDP)'],
  ['2001', 'UDP fragment off=8 id=0x0001'],
])('tells protocol and fragment in one line', (word, expected) => {
  const view = hex(`4500 0014 0001 ${word} 40 11 0000 ${ADDRESSES}`);
  expect(ipv4.summary(view, layerOf('ip', 0, { captured: 20, wire: 20 }, found(ipv4, view)))).toBe(expected);
});
