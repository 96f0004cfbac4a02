import { expect, test } from 'vitest';
import type { Layer } from '../../dissectors/layer.js';
import { tcp } from '../../dissectors/tcp/dissect.js';
import { running } from '../analyzer/commands/running.js';
import { hex } from '../hex.js';
import { all, context, found, layerOf, linesOf, network, shown, stop, told, valuesOf } from './dissecting.js';

const PORTS = 'c000 0050'; // port 49152 to 80
const payload = (from: number, captured: number, wire: number) => (at: number) => ({
  ok: true,
  at: at + from,
  limit: { captured: at + captured, wire: at + wire },
  table: 'tcp.port',
  key: 80,
  otherKey: 49152,
});

test.each([
  // name, header length, bytes captured, bytes on the wire, what is found
  ['a whole segment', '5', 28, 28, payload(20, 28, 28)],
  ['a bare header', '5', 20, 20, payload(20, 20, 20)],
  ['options', '6', 28, 28, payload(24, 28, 28)],
  ['a payload cut by the capture', '5', 21, 28, payload(20, 21, 28)],
  ['a header cut by the capture', '5', 19, 28, stop('truncated', 'tcp', 20, 19)],
  ['a header cut by the sender', '5', 19, 19, stop('malformed', 'tcp', 20, 19)],
  ['options cut by the capture', '7', 27, 28, stop('truncated', 'tcp', 28, 27)],
  ['a header length below 20', '4', 28, 28, stop('malformed', 'tcp.hdr_len', 20, 16)],
  ['a header length past the end', '8', 28, 28, stop('malformed', 'tcp.hdr_len', 32, 28)],
])('finds %s', (_, words, captured, wire, expected) => {
  for (const at of [0, 3]) {
    const view = hex(`${'ee'.repeat(at)} ${PORTS} 00000001 00000002 ${words}010 0200 0000 0000 0101010101010101`);
    const limit = { captured: at + captured, wire: at + wire };
    expect(tcp.dissect(view, at, limit, context({ network: network(4, 0, 6) }))).toMatchObject(expected(at));
  }
});

const segment = (flags: string): DataView => hex(`${PORTS} fffffffe 00000002 5${flags} 0200 0000 0000 01020304`);

test.each([
  ['010', { sequence: 0xfffffffe, acknowledgement: 2, acknowledges: true, syn: false, fin: false, reset: false }],
  ['002', { sequence: 0xffffffff, acknowledgement: 2, acknowledges: false, syn: true, fin: false, reset: false }],
  ['005', { sequence: 0xfffffffe, acknowledges: false, syn: false, fin: true, reset: true }],
])('places a segment with flags %s in its stream', (flags, expected) => {
  const dissected = found(tcp, segment(flags), { network: network(4, 0, 6) });
  expect(dissected).toMatchObject({ segment: expected });
});

test('SYN takes a number, which wraps', () => {
  const view = hex(`${PORTS} ffffffff 00000000 5002 0200 0000 0000`);
  expect(found(tcp, view, { network: network(4, 0, 6) })).toMatchObject({ segment: { sequence: 0 } });
});

test('a segment has no place without a network layer, or in a quoted packet', () => {
  expect(found(tcp, segment('010'))).not.toHaveProperty('segment.key');
  expect(found(tcp, segment('010'), { network: network(4, 0, 6), quoted: true })).not.toHaveProperty('segment.key');
});

test.each([4, 6] as const)('the two directions of a stream over IPv%i share their keys crosswise', (version) => {
  const from = version === 4 ? 12 : 8;
  const size = version === 4 ? 4 : 16;
  const keys = (source: number, destination: number, ports: string) => {
    const over = network(version, 0, 6);
    over.view.setUint8(over.at + from + size - 1, source);
    over.view.setUint8(over.at + from + 2 * size - 1, destination);
    const dissected = found(tcp, hex(`${ports} 00000000 00000000 5010 0200 0000 0000`), { network: over });
    return dissected.ok ? dissected.segment : undefined;
  };
  const there = keys(1, 2, '1000 2000');
  const back = keys(2, 1, '2000 1000');
  expect(back).toMatchObject({ key: there?.reverse, reverse: there?.key });
  const others = [keys(1, 3, '1000 2000'), keys(1, 2, '1000 2001'), keys(1, 2, '2000 1000'), keys(2, 1, '1000 2000')];
  expect(others.map((other) => other?.key)).not.toContain(there?.key);
});

// The words of addresses, protocol and length sum to 1421, those of the segment to 11669, together folded 2a8b: its
// complement is d574.
const OVER = { network: network(4, 0x0a000001 + 0x0a000002, 6) };

test.each([
  // name, checksum, status, expected, finding
  ['good', 'd574', 'good', 0, []],
  ['bad', 'd575', 'bad', 0xd574, ['TCP checksum should be 0xd574']],
  ['offloaded', '1421', 'offloaded', 0xd574, ['checksum left to the network card (offloaded)']],
])('judges a checksum that is %s', (_, checksum, status, expected, findings) => {
  const view = hex(`${PORTS} 00000001 00000002 5010 0200 ${checksum} 0000 01020304`);
  const dissected = found(tcp, view, OVER);
  expect(dissected).toMatchObject({ facts: { type: 'checksum', status, expected } });
  expect(told(dissected)).toEqual(findings);
});

test('does not judge a segment that is cut off', () => {
  const view = hex(`${PORTS} 00000001 00000002 5010 0200 1234 0000 01020304`);
  const cut = tcp.dissect(view, 0, { captured: 23, wire: 24 }, context(OVER));
  expect(cut).toMatchObject({ facts: { status: 'unverified' }, findings: undefined });
});

test('shows its fields, raw where the stream is not known', () => {
  const view = hex(`${PORTS} 00000001 00000002 51d2 0200 d575 0005 01020304`);
  expect(shown(tcp, view)).toEqual({
    'tcp.srcport': '49152',
    'tcp.dstport': '80',
    'tcp.len': '4',
    'tcp.seq_raw': '1',
    'tcp.ack_raw': '2',
    'tcp.hdr_len': '20',
    'tcp.flags': '0x01d2',
    'tcp.flags.res': '0',
    'tcp.flags.ae': '1',
    'tcp.flags.cwr': '1',
    'tcp.flags.ece': '1',
    'tcp.flags.urg': '0',
    'tcp.flags.ack': '1',
    'tcp.flags.push': '0',
    'tcp.flags.reset': '0',
    'tcp.flags.syn': '1',
    'tcp.flags.fin': '0',
    'tcp.flags.str': '···ACE·A··S·',
    'tcp.window_size_value': '512',
    'tcp.checksum': '0xd575',
    'tcp.checksum.status': '2',
    'tcp.urgent_pointer': '5',
  });
});

/** The layer as it is once its stream is known. */
function inStream(view: DataView): Layer {
  const stream = { number: 3, sequence: 5, acknowledgement: 7 };
  const layer = layerOf('tcp', 0, all(view), found(tcp, view, OVER));
  return { ...layer, facts: { type: 'stream', status: 'good', expected: 0, stream } };
}

test('shows numbers relative to the stream where it is known', () => {
  // SYN or FIN take a number; the edges of the SACK block are relative to the acknowledgement.
  const view = hex(`${PORTS} 00000065 000003ef 8013 0200 0000 0000 0101 050a 000003ef 000003f9 01020304`);
  expect(valuesOf(linesOf(tcp, view, inStream(view)))).toMatchObject({
    'tcp.stream': '3',
    'tcp.len': '4',
    'tcp.seq': '5',
    'tcp.nxtseq': '10',
    'tcp.ack': '7',
    'tcp.checksum.status': '1',
    'tcp.options.sack_le': '7',
    'tcp.options.sack_re': '17',
    'tcp.options.sack.count': '1',
  });
  expect(tcp.summary(view, inStream(view))).toBe('49152 → 80 [FIN, SYN, ACK] Seq=5 Ack=7 Win=512 Len=4');
});

test.each([
  ['maximum segment size', '020405b4', { 'tcp.options.mss_val': '1460' }],
  ['window scale', '03030700', { 'tcp.options.wscale.shift': '7', 'tcp.options.wscale.multiplier': '128' }],
  [
    'window scale beyond 14',
    '03030f00',
    { 'tcp.options.wscale.shift': '15', 'tcp.options.wscale.multiplier': '16384' },
  ],
  ['SACK permitted', '01010402', { 'tcp.option_kind': '1,1,4', 'tcp.options.sack_perm': '1' }],
  ['SACK', '0101050a 00000001 00000002', { 'tcp.options.sack_le': '1', 'tcp.options.sack_re': '2' }],
  [
    'timestamps',
    '0101080a 00000001 00000002',
    { 'tcp.options.timestamp.tsval': '1', 'tcp.options.timestamp.tsecr': '2' },
  ],
  ['MD5', `13120${'0'.repeat(31)}0000`, { 'tcp.options.md5.digest': '0'.repeat(32) }],
  ['authentication', '1d080102 aabbccdd', { 'tcp.options.ao.keyid': '1', 'tcp.options.ao.mac': 'aabbccdd' }],
  ['user timeout', '1c048010', { 'tcp.options.user_to_granularity': '1', 'tcp.options.user_to_val': '16' }],
  ['fast open', '2206aabb ccdd0000', { 'tcp.options.tfo.cookie': 'aabbccdd' }],
  ['fast open as an experiment', 'fe06f989 aabb0000', { 'tcp.options.tfo.cookie': 'aabb' }],
  [
    'an experiment',
    'fd061234 aabb0000',
    { 'tcp.options.experimental.exid': '0x1234', 'tcp.options.experimental.data': 'aabb' },
  ],
  ['multipath TCP', '1e048101', { 'tcp.options.mptcp.subtype': '8' }],
  ['an unknown option', '6304aabb', { 'tcp.options.unknown.payload': 'aabb' }],
  ['an experiment without a number', 'fd03aa00', { 'tcp.options.experimental.data': 'aa', 'tcp.option_len': '3' }],
  ['the end and zeros', '01000000', { 'tcp.option_kind': '1,0,0,0' }],
  ['the end and more', '00020202', { 'tcp.option_kind': '0' }],
])('shows the option %s', (_, options, expected) => {
  const bytes = options.replaceAll(' ', '');
  const words = (5 + bytes.length / 8).toString(16);
  const view = hex(`${PORTS} 00000001 00000002 ${words}010 0200 0000 0000 ${bytes}`);
  expect(shown(tcp, view)).toMatchObject({ ...expected, 'tcp.options': bytes });
  expect(told(found(tcp, view))).toEqual([]);
});

test.each([
  ['without a length', '01010102', 'tcp.options: needs 2 bytes, there is 1'],
  ['with a length below 2', '02010000', 'tcp.option_len: needs 2 bytes, there is 1'],
  ['that reaches past the header', '02050000', 'tcp.option_len: needs 5 bytes, there are 4'],
])('tells of an option %s', (_, options, expected) => {
  const view = hex(`${PORTS} 00000001 00000002 6010 0200 0000 0000 ${options}`);
  expect(found(tcp, view)).toMatchObject({ ok: true, at: 24 });
  expect(told(found(tcp, view))).toEqual([expected]);
});

test('shows what there is of a header that is cut off', () => {
  const view = hex(`${PORTS} 00000001`);
  const limit = { captured: 8, wire: 40 };
  const layer = layerOf('tcp', 0, limit, tcp.dissect(view, 0, limit, context()));
  expect(valuesOf(linesOf(tcp, view, layer))).toEqual({
    'tcp.srcport': '49152',
    'tcp.dstport': '80',
    'tcp.seq_raw': '1',
  });
  expect(tcp.summary(view, layer)).toBe('49152 → 80, cut off');
});

test('numbers are read as SYN cookies for those who ask by name, and for nobody else', async () => {
  const fields = ['tcp.syncookie.time', 'tcp.syncookie.mss', 'tcp.syncookie.hash', 'tcp.seq_raw'];
  const asked = fields.flatMap((name) => ['-e', name]);
  const { stdout } = await running(['decode', '-c', '1', ...asked, 'fixtures/tcp-syn-cookies.pcap']);
  const [time, mss, hash, sequence] = stdout.trim().split('\t').map(Number);
  expect(((time ?? 0) * 8 + (mss ?? 0)) * 2 ** 24 + (hash ?? 0)).toBe(sequence);
  const whole = await running(['decode', '-c', '1', '-V', 'fixtures/tcp-syn-cookies.pcap']);
  expect(whole.stdout).not.toContain('SYN cookie');
});
