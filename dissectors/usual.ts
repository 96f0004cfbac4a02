import type { Dialect } from './channel/dialects.js';
import { type ChannelPacket, dissectChannel, isChannelPacket } from './channel/dissect.js';
import type { Dissection } from './dissect.js';
import { ETHERTYPE_IPV4 } from './ethernet/ether-types.js';
import { ethernetHeader } from './ethernet/layout.js';
import { GOOD } from './internet-checksum.js';
import { ipv4Header } from './ipv4/layout.js';
import { PROTOCOL_UDP } from './ipv4/protocols.js';
import type { Facts, Layer, LayerName, Network, Source } from './layer.js';
import { LINK_TYPE_ETHERNET } from './registry.js';
import { udpHeader } from './udp/layout.js';
import { fold16, sum16 } from './wire/checksum.js';
import type { Finding } from './wire/finding.js';
import type { Limit } from './wire/stop.js';

const TYPE = ethernetHeader.fields.type.offset;
const LENGTH = ipv4Header.fields.len.offset;
const FRAGMENT = ipv4Header.fields.frag_offset.offset;
const PROTOCOL = ipv4Header.fields.proto.offset;
const SOURCE = ipv4Header.fields.src.offset;
const DESTINATION = ipv4Header.fields.dst.offset;
const DATAGRAM = udpHeader.fields.length.offset;
const CHECKSUM = udpHeader.fields.checksum.offset;

/** The first byte of an IPv4 header without options: the version, and the length in words of four bytes. */
const PLAIN_IPV4 = (4 << 4) | (ipv4Header.size / 4);
/** The bits of the word of the fragment offset that say that a packet is a piece of another. */
const IS_FRAGMENT = 0x3fff;
const IP = ethernetHeader.size;
const UDP = IP + ipv4Header.size;
const CHANNEL = UDP + udpHeader.size;

const NO_PACKETS: readonly ChannelPacket[] = [];

/**
 * Dissects the frame that captures of the protocol mostly consist of: a whole channel packet in UDP, IPv4 and Ethernet,
 * with nothing odd about the headers before it. Finds what the walk through the layers would find, in a fifth of the
 * time: layers are made only when somebody looks at them. Undefined for every other frame.
 */
export function dissectUsual(
  view: DataView,
  at: number,
  limit: Limit,
  linkType: number,
  number: number,
  dialect: Dialect | undefined,
): Dissection | undefined {
  const { captured } = limit;
  if (linkType !== LINK_TYPE_ETHERNET || at + CHANNEL > captured) return undefined;
  const ip = at + IP;
  const udp = at + UDP;
  if (view.getUint16(at + TYPE) !== ETHERTYPE_IPV4 || view.getUint8(ip) !== PLAIN_IPV4) return undefined;
  if (view.getUint8(ip + PROTOCOL) !== PROTOCOL_UDP) return undefined;
  if ((view.getUint16(ip + FRAGMENT) & IS_FRAGMENT) !== 0) return undefined;
  const end = ip + view.getUint16(ip + LENGTH);
  const length = view.getUint16(udp + DATAGRAM);
  // Whatever was cut or contradicts itself is looked at layer by layer.
  if (end > captured || udp + length > end || length < udpHeader.size) return undefined;
  if (view.getUint16(udp + CHECKSUM) === 0 || fold16(sum16(view, ip, udp)) !== 0xffff) return undefined;
  const addressSum = view.getUint32(ip + SOURCE) + view.getUint32(ip + DESTINATION);
  const sum = addressSum + PROTOCOL_UDP + length + sum16(view, udp, udp + length);
  if (fold16(sum) !== 0xffff) return undefined;
  const inPacket = end === limit.wire ? limit : { captured: end, wire: end };
  const inDatagram = udp + length === end ? inPacket : { captured: udp + length, wire: udp + length };
  if (!isChannelPacket(view, at + CHANNEL, inDatagram, dialect)) return undefined;
  const packet = dissectChannel(view, at + CHANNEL, inDatagram, 0, dialect);
  return packet.stop ? undefined : new UsualDissection(view, at, number, addressSum, limit, inPacket, packet);
}

/**
 * Where a header stands in the view of a usual frame: there it has no more to tell than its layout, and good checksums.
 * −1 in all other frames.
 */
export function usualHeader(dissection: Dissection, name: LayerName): number {
  if (!(dissection instanceof UsualDissection)) return -1;
  const { start } = dissection;
  return name === 'eth' ? start : name === 'ip' ? start + IP : name === 'udp' ? start + UDP : -1;
}

/** The frame that `dissectUsual` has found. */
class UsualDissection implements Dissection {
  readonly number: number;
  readonly start: number;
  readonly findings: readonly Finding[];
  readonly channels: readonly ChannelPacket[];
  readonly quoted = NO_PACKETS;
  private readonly view: DataView;
  private readonly addressSum: number;
  /** How far the frame and the IPv4 packet reach. */
  private readonly inFrame: Limit;
  private readonly inPacket: Limit;
  private madeLayers: readonly Layer[] | undefined = undefined;
  private madeSources: readonly Source[] | undefined = undefined;
  private madeNetwork: Network | undefined = undefined;

  constructor(
    view: DataView,
    start: number,
    number: number,
    addressSum: number,
    inFrame: Limit,
    inPacket: Limit,
    packet: ChannelPacket,
  ) {
    this.view = view;
    this.start = start;
    this.number = number;
    this.addressSum = addressSum;
    this.inFrame = inFrame;
    this.inPacket = inPacket;
    this.channels = [packet];
    this.findings = packet.findings;
  }

  get sources(): readonly Source[] {
    this.madeSources ??= [{ name: 'Frame', view: this.view }];
    return this.madeSources;
  }

  get network(): Network {
    const { view, start, addressSum } = this;
    const at = start + IP;
    const destination = at + ipv4Header.fields.dst.offset;
    this.madeNetwork ??= { version: 4, source: 0, at, view, destination, addressSum, protocol: PROTOCOL_UDP };
    return this.madeNetwork;
  }

  get layers(): readonly Layer[] {
    this.madeLayers ??= this.makeLayers();
    return this.madeLayers;
  }

  private makeLayers(): readonly Layer[] {
    const { start, inFrame, inPacket, network, channels } = this;
    const [ip, udp, channel] = [start + IP, start + UDP, start + CHANNEL];
    return [
      layer('eth', start, ip, inFrame, undefined),
      layer('ip', ip, udp, inFrame, { type: 'network', network }),
      layer('udp', udp, channel, inPacket, GOOD),
      ...channels.map((packet) => layer('chan', channel, packet.end, packet.limit, { type: 'channel', packet })),
    ];
  }
}

const layer = (name: LayerName, at: number, end: number, limit: Limit, facts: Facts | undefined): Layer => ({
  name,
  source: 0,
  at,
  end,
  limit,
  facts,
  stop: undefined,
  quoted: undefined,
});
