import { expect, test } from 'vitest';
import { ipv4, ipv6 } from '../../crafter/network-part.js';
import { build, fields, joined, type Part, raw } from '../../crafter/part.js';
import { icmp, icmpv6, sctp, sctpData, tcp, udp } from '../../crafter/transport-part.js';
import { dissect } from '../../dissectors/dissect.js';
import { echoBody, errorBody } from '../../dissectors/icmp/layout.js';
import { echoBody as echoBodyV6, errorBody as errorBodyV6 } from '../../dissectors/icmp/layout-v6.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import type { Line } from '../../dissectors/wire/line.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { linesOf } from './dissecting.js';

const RAW_IP = 101;
const PORTS = { srcport: 1000, dstport: 4242 };
const ADDRESSES = { src: 0x0a000001, dst: 0x0a000002 };
const ADDRESSES_6 = { src: new Uint8Array(16).fill(1), dst: new Uint8Array(16).fill(2) };
const some = raw(new Uint8Array(8));

const inside4 = (payload: Part): Uint8Array => build(ipv4(ADDRESSES, payload));
const inside6 = (payload: Part): Uint8Array => build(ipv6(ADDRESSES_6, payload));

/** Errors that quote the first bytes of a packet, the layers that carry them, and packets to quote. */
const quoted4 = (bytes: Uint8Array): Part => ipv4(ADDRESSES, icmp({ type: 3, code: 3 }, error(errorBody, bytes)));
const quoted6 = (bytes: Uint8Array): Part => ipv6(ADDRESSES_6, icmpv6({ type: 1, code: 4 }, error(errorBodyV6, bytes)));
const error = (body: typeof errorBody | typeof errorBodyV6, bytes: Uint8Array): Part =>
  joined([fields(body, {}), raw(bytes)]);

const segment = tcp(PORTS, some);
const message = sctp(PORTS, [sctpData({}, some)]);

function layersOf(part: Part) {
  const bytes = build(part);
  const limit = { captured: bytes.length, wire: bytes.length };
  return { view: viewOf(bytes), ...dissect(viewOf(bytes), 0, limit, RAW_IP, 1, liveReassembly()) };
}

const hasField = ({ field, children }: Line): boolean => field !== undefined || children.some(hasField);

test.each([
  ['UDP', quoted4, inside4(udp(PORTS, some))],
  ['TCP', quoted4, inside4(segment)],
  ['SCTP', quoted4, inside4(message)],
  ['ICMP', quoted4, inside4(icmp({ type: 8, code: 0 }, fields(echoBody, {})))],
  ['IPv4', quoted4, inside4(ipv4(ADDRESSES, udp(PORTS, some)))],
  ['UDP over IPv6', quoted6, inside6(udp(PORTS, some))],
  ['TCP over IPv6', quoted6, inside6(segment)],
  ['SCTP over IPv6', quoted6, inside6(message)],
  ['ICMPv6', quoted6, inside6(icmpv6({ type: 128, code: 0 }, fields(echoBodyV6, {})))],
  ['IPv6', quoted6, inside6(ipv6(ADDRESSES_6, udp(PORTS, some)))],
])('a quote of %s that ends anywhere has no empty layer', (_, quoting, packet) => {
  for (let length = 0; length <= packet.length; length++) {
    const { view, layers } = layersOf(quoting(packet.subarray(0, length)));
    for (const layer of layers.filter(({ quoted }) => quoted)) {
      const shown =
        layer.name === 'data' ? layer.at < layer.end : hasField(linesOf(dissectorNamed(layer.name), view, layer));
      expect({ length, name: layer.name, shown }).toEqual({ length, name: layer.name, shown: true });
    }
  }
});

test.each([
  [0, ['ip', 'icmp']],
  [1, ['ip', 'icmp', 'ip']],
  [20, ['ip', 'icmp', 'ip']],
  [21, ['ip', 'icmp', 'ip']],
  [22, ['ip', 'icmp', 'ip', 'udp']],
  [28, ['ip', 'icmp', 'ip', 'udp']],
  [29, ['ip', 'icmp', 'ip', 'udp', 'data']],
])('a quote of %i bytes has the layers that these tell of', (length, names) => {
  const packet = inside4(udp(PORTS, some));
  const { layers, findings } = layersOf(quoted4(packet.subarray(0, length)));
  expect(layers.map(({ name }) => name)).toEqual(names);
  expect(findings).toEqual([]);
});
