import fc from 'fast-check';
import { ethernet, vlan } from '../../../crafter/link-part.js';
import {
  destinationOptions,
  hopByHop,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
} from '../../../crafter/network-part.js';
import { joined, type Part, raw } from '../../../crafter/part.js';
import { icmp, icmpv6, sctp, sctpData, tcp, udp } from '../../../crafter/transport-part.js';
import { bridged, geneve, gre, udpLite, vxlan } from '../../../crafter/tunnel-part.js';

/** What of a stack of layers is changed. */
export interface Given {
  readonly v4: { readonly src: number; readonly dst: number; readonly ttl: number };
  readonly v6: { readonly src: Uint8Array; readonly dst: Uint8Array; readonly hlim: number };
  readonly port: number;
}

/** Layers around each other, the outermost of which makes frames. */
export type Stack = (given: Given) => readonly Part[];

const filled = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
export const OLD: Given = {
  v4: { src: 0x0a000001, dst: 0x0a000002, ttl: 64 },
  v6: { src: filled(0x20), dst: filled(0x21), hlim: 64 },
  port: 4242,
};
export const NEW: Given = {
  v4: { src: 0xc0000209, dst: 0xc6336407, ttl: 73 },
  v6: { src: filled(0x3a), dst: filled(0x3b), hlim: 73 },
  port: 14242,
};

type Layer = (given: Given, inside: Part) => Part;

const overSctp: Layer = ({ port }, inside) => sctp({ srcport: port, dstport: 9 }, [sctpData({}, inside)]);
const overUdp: Layer = ({ port }, inside) => udp({ srcport: port, dstport: 9 }, inside);

const transports: readonly Layer[] = [
  overUdp,
  overSctp,
  ({ port }, inside) => udp({ srcport: 9, dstport: port, checksum: 0 }, inside),
  ({ port }, inside) => tcp({ srcport: port, dstport: 80, seq_raw: 7 }, inside),
  ({ port }, inside) => udpLite({ srcport: port, dstport: 9, checksum_coverage: 8 }, inside),
];

const over4: Layer = ({ v4 }, inside) => ipv4(v4, inside);
const networks: readonly Layer[] = [
  over4,
  ({ v4 }, inside) => ipv4(v4, inside, raw(Uint8Array.of(0x94, 4, 0, 0))),
  ({ v6 }, inside) => ipv6(v6, inside),
  ({ v6 }, inside) =>
    ipv6(v6, hopByHop({}, raw(Uint8Array.of(5, 2, 0, 0)), destinationOptions({}, raw(new Uint8Array(0)), inside))),
];

/** Tunnels, from what is inside to what an IP header carries. */
const tunnels: readonly Layer[] = [
  (_, inside) => udp({ srcport: 50000, dstport: 4789 }, vxlan({ vni: 7 }, ethernet({}, inside))),
  (_, inside) => udp({ srcport: 50000, dstport: 6081 }, geneve({ vni: 7 }, bridged(ethernet({}, inside)))),
  (_, inside) => gre({}, inside, { key: 1, checksum: true }),
  (_, inside) => inside,
];

const tagged: readonly ((inside: Part) => Part)[] = [
  (inside) => ethernet({}, inside),
  (inside) => ethernet({}, vlan({ id: 7 }, inside)),
  (inside) => ethernet({}, vlan({ id: 7 }, vlan({ id: 8 }, inside)), 90),
];

const pick = <T>(list: readonly T[]) => fc.constantFrom(...list);

/** A packet of any layers: in tags, tunnels, extension headers, fragments, or quoted by an error message. */
export const anyStack: fc.Arbitrary<Stack> = fc
  .record({
    link: pick(tagged),
    network: pick(networks),
    inner: pick(networks),
    tunnel: pick(tunnels),
    transport: pick(transports),
    payload: fc.uint8Array({ minLength: 1, maxLength: 60 }),
    shape: fc.constantFrom('plain', 'tunnel', 'quoted', 'quoted6', 'fragments', 'fragments6'),
  })
  .map(({ link, network, inner, tunnel, transport, payload, shape }): Stack => {
    return (given) => {
      // The CRC of SCTP cannot follow a change of one fragment of several.
      const isCut = shape.startsWith('fragments') && transport === overSctp;
      const inside = (isCut ? overUdp : transport)(given, raw(payload));
      switch (shape) {
        case 'plain':
          return [link(network(given, inside))];
        case 'tunnel':
          return [link(network(given, tunnel(given, inner(given, inside))))];
        case 'quoted':
          return [
            link(ipv4(given.v4, icmp({ type: 3, code: 3 }, joined([raw(new Uint8Array(4)), over4(given, inside)])))),
          ];
        case 'quoted6':
          return [
            link(
              ipv6(given.v6, icmpv6({ type: 1, code: 4 }, joined([raw(new Uint8Array(4)), ipv6(given.v6, inside)]))),
            ),
          ];
        case 'fragments':
          return ipv4Fragments({ ...given.v4, id: 5 }, inside, 24).map(link);
        case 'fragments6':
          return ipv6Fragments(given.v6, 5, inside, 24).map(link);
      }
    };
  });
