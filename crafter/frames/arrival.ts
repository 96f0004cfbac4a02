import { arpEthernetIpv4 } from '../../dissectors/arp/layout.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { CODE_NAMES as CODES_V4 } from '../../dissectors/icmp/layout.js';
import {
  CODE_NAMES as CODES_V6,
  icmpv6Header,
  neighbourAdvertisement,
  neighbourSolicitation,
} from '../../dissectors/icmp/layout-v6.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { bytesOf, slice } from '../../dissectors/wire/view.js';
import { sameBytes } from '../script/shape.js';
import { type ForgedEnd, viaOf } from './forged-end.js';
import type { Asker } from './neighbours.js';

/** What a frame on the wire means for a forged end. */
export type Arrival =
  /** The other end has sent this to the own port `via`, counted from 1. */
  | { readonly type: 'datagram'; readonly via: number; readonly bytes: Uint8Array }
  /** What was sent from the own port `via` did not reach the other end. */
  | { readonly type: 'unreachable'; readonly via: number; readonly why: string }
  /** Somebody wants to know which Ethernet address has the forged address. */
  | { readonly type: 'question'; readonly asker: Asker }
  /** The other end says which Ethernet address it has. */
  | { readonly type: 'answer'; readonly mac: Uint8Array };

/** The addresses of an IP header, of 4 or 16 bytes each. */
interface Between {
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
}

const REQUEST = 1;
const REPLY = 2;
/** Types of errors that quote what did not reach its destination. */
const UNREACHABLE_V4 = 3;
const UNREACHABLE_V6 = 1;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;

/** What a frame means for a forged end; undefined for the frames of others, and for those that cannot be read. */
export function arrivalOf({ layers, sources }: Dissection, end: ForgedEnd): Arrival | undefined {
  const viewAt = ({ source }: Layer): DataView => sources[source]?.view ?? EMPTY;
  let between: Between | undefined;
  let complaint: string | undefined;
  for (const [place, layer] of layers.entries()) {
    const view = viewAt(layer);
    if (layer.stop) return undefined;
    switch (layer.name) {
      case 'arp':
        return arpArrival(view, layer, end);
      case 'ip':
      case 'ipv6':
        // Extension headers after a fragment are a layer without addresses.
        if (layer.facts?.type === 'network')
          between = layer.name === 'ip' ? between4(view, layer) : between6(view, layer);
        break;
      case 'icmp':
      case 'icmpv6': {
        if (!between) return undefined;
        const neighbour =
          layer.name === 'icmpv6' ? discovery(view, layer, between, macOf(layers, viewAt), end) : undefined;
        if (neighbour) return neighbour;
        complaint = sameBytes(between.dst, end.localAddress) ? complaintIn(view, layer) : undefined;
        if (complaint === undefined) return undefined;
        break;
      }
      case 'udp': {
        const { srcport, dstport } = portsAt(view, layer);
        if (complaint !== undefined) {
          if (dstport !== end.remote.port || !isFromUs(between, end)) return undefined;
          return { type: 'unreachable', via: viaOf(end, srcport), why: complaint };
        }
        if (srcport !== end.remote.port || !isForUs(between, end)) return undefined;
        const payload = layers[place + 1];
        const bytes = payload ? slice(viewAt(payload), payload.at, payload.limit.captured).slice() : new Uint8Array();
        return { type: 'datagram', via: viaOf(end, dstport), bytes };
      }
    }
  }
  return undefined;
}

const EMPTY = new DataView(new ArrayBuffer(0));

const isForUs = (between: Between | undefined, { localAddress, remoteAddress }: ForgedEnd): boolean =>
  between !== undefined && sameBytes(between.src, remoteAddress) && sameBytes(between.dst, localAddress);

const isFromUs = (between: Between | undefined, { localAddress, remoteAddress }: ForgedEnd): boolean =>
  between !== undefined && sameBytes(between.src, localAddress) && sameBytes(between.dst, remoteAddress);

const between4 = (view: DataView, { at }: Layer): Between => {
  const { src, dst } = ipv4Header.fields;
  return {
    src: slice(view, at + src.offset, at + dst.offset),
    dst: slice(view, at + dst.offset, at + ipv4Header.size),
  };
};

const between6 = (view: DataView, { at }: Layer): Between => {
  const { src, dst } = ipv6Header.fields;
  return {
    src: slice(view, at + src.offset, at + dst.offset),
    dst: slice(view, at + dst.offset, at + ipv6Header.size),
  };
};

const portsAt = (view: DataView, { at }: Layer) => ({
  srcport: udpHeader.fields.srcport.read(view, at),
  dstport: udpHeader.fields.dstport.read(view, at),
});

/** The Ethernet address that a frame comes from. */
function macOf([first]: readonly Layer[], viewAt: (layer: Layer) => DataView): Uint8Array | undefined {
  return first?.name === 'eth' ? ethernetHeader.fields.src.read(viewAt(first), first.at).slice() : undefined;
}

function arpArrival(view: DataView, { at, limit }: Layer, end: ForgedEnd): Arrival | undefined {
  const { fields, size } = arpEthernetIpv4;
  const isUsual = at + size <= limit.captured && fields['hw.size'].read(view, at) === 6;
  if (!isUsual || fields['proto.size'].read(view, at) !== 4) return undefined;
  const protocol = (from: number): Uint8Array => slice(view, at + from, at + from + 4).slice();
  const [src, dst] = [protocol(fields['src.proto_ipv4'].offset), protocol(fields['dst.proto_ipv4'].offset)];
  const mac = fields['src.hw_mac'].read(view, at).slice();
  const opcode = fields.opcode.read(view, at);
  if (opcode === REQUEST) return asked(src, dst, mac, end);
  return opcode === REPLY && sameBytes(src, end.remoteAddress) ? { type: 'answer', mac } : undefined;
}

function discovery(
  view: DataView,
  { at, limit }: Layer,
  { src }: Between,
  mac: Uint8Array | undefined,
  end: ForgedEnd,
): Arrival | undefined {
  const body = at + icmpv6Header.size;
  if (!mac || body + neighbourSolicitation.size > limit.captured) return undefined;
  const type = icmpv6Header.fields.type.read(view, at);
  if (type === SOLICITATION) {
    return asked(src.slice(), neighbourSolicitation.fields['nd.ns.target_address'].read(view, body), mac, end);
  }
  if (type !== ADVERTISEMENT) return undefined;
  const target = neighbourAdvertisement.fields['nd.na.target_address'].read(view, body);
  return sameBytes(target, end.remoteAddress) ? { type: 'answer', mac } : undefined;
}

/** A question for our address. That of a host without an address, an ARP probe, gets no answer: the address is free. */
function asked(address: Uint8Array, target: Uint8Array, mac: Uint8Array, end: ForgedEnd): Arrival | undefined {
  if (!sameBytes(target, end.localAddress) || address.every((byte) => byte === 0)) return undefined;
  return { type: 'question', asker: { mac, address } };
}

function complaintIn(view: DataView, { name, at }: Layer): string | undefined {
  const bytes = bytesOf(view);
  const [type = 0, code = 0] = [bytes[at], bytes[at + 1]];
  if (type !== (name === 'icmp' ? UNREACHABLE_V4 : UNREACHABLE_V6)) return undefined;
  return (name === 'icmp' ? CODES_V4 : CODES_V6)[type]?.[code] ?? 'destination unreachable';
}
