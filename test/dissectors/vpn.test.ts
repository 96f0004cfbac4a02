import { expect, test } from 'vitest';
import { ipv4 } from '../../crafter/network-part.js';
import { build, raw } from '../../crafter/part.js';
import { udp } from '../../crafter/transport-part.js';
import { type Dissection, dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { textOf } from '../../dissectors/wire/finding.js';
import { fromHex, viewOf } from '../../dissectors/wire/view.js';
import { OpenvpnSide, type Protection, staticKey } from '../../fixtures/openvpn.js';
import { linesOf, valuesOf } from './dissecting.js';

const RAW_IPV4 = 228;

function datagram(port: number, payload: Uint8Array): Dissection {
  const packet = ipv4({ src: 1, dst: 2 }, udp({ srcport: 40_000, dstport: port }, raw(payload)));
  const view = viewOf(build(packet));
  return dissect(view, 0, { captured: view.byteLength, wire: view.byteLength }, RAW_IPV4, 1, liveReassembly());
}
const layersOf = ({ layers }: Dissection): string =>
  layers
    .slice(2)
    .map(({ name }) => name)
    .join(':');
function valuesIn({ layers, sources }: Dissection, name: string): Record<string, string> {
  const layer = layers.find((one) => one.name === name);
  const view = layer && sources[layer.source]?.view;
  return view ? valuesOf(linesOf(dissectorNamed(name), view, layer)) : {};
}

const HEADER = `${'11'.repeat(8)}${'00'.repeat(8)}`;
/** A message of IKE, version 2, with payloads that begin with a nonce. */
const ike = (payloads: string, length = 28 + payloads.length / 2, version = '20'): Uint8Array =>
  fromHex(`${HEADER}28${version}220800000000${length.toString(16).padStart(8, '0')}${payloads}`);

test.each([
  ['one payload', ike(`00000008${'ab'.repeat(4)}`), 'isakmp', []],
  ['no room for it', ike(''), 'isakmp', ['isakmp.typepayload: needs 4 bytes, there are 0']],
  ['a payload shorter than its head', ike('00000003'), 'isakmp', ['isakmp.payloadlength: needs 4 bytes, there are 3']],
  [
    'a payload that is longer than the message',
    ike('000000ff'),
    'isakmp',
    ['isakmp.payloadlength: needs 255 bytes, there are 4'],
  ],
  ['a message shorter than its header', ike('', 27), 'data', []],
  ['version 3', ike('', 28, '30'), 'data', []],
  ['less than a header', fromHex(HEADER), 'data', []],
])('reads IKE: %s', (_, payload, layers, told) => {
  const found = datagram(500, payload);
  expect(layersOf(found)).toBe(layers);
  expect(found.findings.map(textOf)).toEqual(told);
});

test('a length beyond the datagram is a lie, or a cut', () => {
  expect(datagram(500, ike(`00000008${'ab'.repeat(4)}`, 400)).findings.map(({ code }) => code)).toEqual([
    'packet-sliced',
  ]);
});

test('version 1 has other flags, and what is encrypted is told as a whole', () => {
  const encrypted = fromHex(`${HEADER}08100201 00000000 00000020 deadbeef`.replaceAll(' ', ''));
  expect(valuesIn(datagram(500, encrypted), 'isakmp')).toMatchObject({
    'isakmp.mjver': '0x01',
    'isakmp.flag_e': '1',
    'isakmp.enc.data': 'deadbeef',
  });
});

test.each([
  ['a keep-alive', 'ff', 'udpencap'],
  ['a packet of ESP', '00001234 00000007 0102030405060708', 'udpencap:esp'],
  ['IKE behind four zeros', `00000000${'11'.repeat(8)}${'00'.repeat(8)}002022080000000000 00001c`, 'udpencap:isakmp'],
  ['zeros, and no IKE', '00000000 00000000 00000000', 'udpencap:data'],
  ['three bytes', '010203', 'data'],
])('tells what comes to port 4500: %s', (_, payload, layers) => {
  expect(layersOf(datagram(4500, fromHex(payload)))).toBe(layers);
});

/** The third packet of a client, and how it is protected. */
function control(protection: Protection, data = Uint8Array.of(22, 3, 1, 0, 1, 0)): Uint8Array {
  const side = new OpenvpnSide('client', protection, staticKey('x'), 1, 0x60000000);
  side.control(7, [], undefined);
  return side.control(4, [0], 5n, data);
}

test.each([
  ['none', 'none'],
  ['sha1', 'tls-auth'],
  ['sha256', 'tls-auth'],
  ['tls-crypt', 'tls-crypt'],
] as const)('OpenVPN tells how a packet is protected: %s', (protection, wrapping) => {
  const values = valuesIn(datagram(1194, control(protection)), 'openvpn');
  expect(values['openvpn.wrapping']).toBe(wrapping);
  if (wrapping !== 'tls-crypt') expect(values).toMatchObject({ 'openvpn.rsessionid': '5', 'openvpn.mpid': '1' });
});

test.each([
  ['a control packet with TLS', control('none'), 'openvpn'],
  ['one whose TLS goes on from another', control('none', Uint8Array.of(1, 2, 3, 4)), 'data'],
  ['one with tls-auth', control('sha256'), 'openvpn'],
  ['one with tls-crypt', control('tls-crypt'), 'openvpn'],
  ['data', fromHex('48000000 0102030405060708'), 'data'],
  ['zeros behind its first byte', Uint8Array.of(0x20, ...new Uint8Array(60)), 'data'],
])('on any other port only what cannot be mistaken is OpenVPN: %s', (_, payload, layers) => {
  expect(layersOf(datagram(20_000, payload))).toBe(layers);
});

test('the key of a client at the end of its first packet is told apart', () => {
  const side = new OpenvpnSide('client', 'tls-crypt', staticKey('x'), 1, 0x60000000);
  const reset = side.control(10, [], undefined);
  const key = Uint8Array.of(...new Uint8Array(290).fill(7), 1, 36);
  expect(valuesIn(datagram(1194, Uint8Array.of(...reset, ...key)), 'openvpn')).toMatchObject({
    'openvpn.wkc_len': '292',
    'openvpn.wkc': '07'.repeat(290),
  });
});
