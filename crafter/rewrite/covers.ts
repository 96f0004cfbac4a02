import { footer } from '../../dissectors/channel/packet.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { checksumPart, greHeader } from '../../dissectors/gre/layout.js';
import { icmpHeader } from '../../dissectors/icmp/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { PROTOCOL_UDP, PROTOCOL_UDP_LITE } from '../../dissectors/ipv4/protocols.js';
import type { Layer, Payload } from '../../dissectors/layer.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { sctpHeader } from '../../dissectors/sctp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { udpLiteHeader } from '../../dissectors/udplite/layout.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { bytesOf, viewOf } from '../../dissectors/wire/view.js';
import { TRANSPORT_CHECKSUMS, TRANSPORT_PROTOCOLS } from '../transport-checksums.js';

/** How a checksum is computed: as the Internet's, as SCTP's CRC-32C, or as the CRC-32C of a channel packet. */
export type CoverKind = 'internet' | 'sctp' | 'channel';

/** A checksum in a frame, and the bytes `[at, end)` that it covers. Offsets count from the start of the frame. */
export interface Cover {
  readonly kind: CoverKind;
  readonly at: number;
  readonly end: number;
  readonly checksumAt: number;
  /** The network layer whose addresses it covers too, and the protocol that it names. */
  readonly pseudo: { readonly layer: Layer; readonly protocol: number } | undefined;
  /** Whether a checksum of zero says that there is none. */
  readonly zeroIsNone: boolean;
  /** Whether all that it covers is in the frame: otherwise it can only be adjusted, not computed. */
  readonly isWhole: boolean;
  /** Whether it was right. Told for CRCs, which cannot be adjusted. */
  readonly wasGood: boolean;
  /** Whether it is of a transport header in the first of several fragments. */
  readonly isFragment?: true;
}

/** The checksums of all layers that lie in the frame itself, outermost first; those of what is quoted are among them. */
export function coversOf({ layers, sources }: Dissection, frame: DataView): readonly Cover[] {
  const covers: Cover[] = [];
  let network: Layer | undefined;
  for (const layer of layers) {
    if (isNetwork(layer)) network = layer;
    if (layer.source !== 0 || layer.stop) continue;
    const found = coverOf(layer, network?.source === 0 ? network : undefined, frame);
    if (found) covers.push(found);
    if (isNetwork(layer) && layer.name === 'ip') covers.push(headerOf(layer, frame));
    const first = isNetwork(layer) ? firstFragmentOf(layer, frame) : undefined;
    if (first) covers.push(first);
  }
  for (const layer of layers) {
    const { facts } = layer;
    if (facts?.type !== 'channel' || facts.packet.view !== sources[0]?.view) continue;
    const { at, size = 0, checksumStatus } = facts.packet;
    if (checksumStatus !== 'good' || at + size > frame.byteLength) continue;
    const end = at + size - footer.size;
    covers.push({ ...CRC, kind: 'channel', at, end, checksumAt: end, wasGood: true });
  }
  return covers.filter(({ checksumAt, kind }) => checksumAt + (kind === 'internet' ? 2 : 4) <= frame.byteLength);
}

const CRC = { pseudo: undefined, zeroIsNone: false, isWhole: true } as const;

const isNetwork = ({ facts }: Layer): boolean => facts?.type === 'network';

function headerOf({ at }: Layer, frame: DataView): Cover {
  const end = Math.min(frame.byteLength, at + ipv4Header.fields.hdr_len.read(frame, at));
  const checksumAt = at + ipv4Header.fields.checksum.offset;
  return { kind: 'internet', at, end, checksumAt, pseudo: undefined, zeroIsNone: false, isWhole: true, wasGood: false };
}

function coverOf(layer: Layer, network: Layer | undefined, frame: DataView): Cover | undefined {
  const { name, at, limit, quoted } = layer;
  const end = Math.min(limit.captured, frame.byteLength);
  const isWhole = limit.captured >= limit.wire && !quoted;
  const plain = { at, end, isWhole, pseudo: undefined, zeroIsNone: false, wasGood: false } as const;
  const protocol = TRANSPORT_PROTOCOLS[name];
  if (protocol !== undefined) return network && transportAt(frame, layer, at, end, network, protocol, isWhole);
  switch (name) {
    case 'icmp':
      return { ...plain, kind: 'internet', checksumAt: at + icmpHeader.fields.checksum.offset };
    case 'gre':
      if (at + greHeader.size > end || !greHeader.fields['flags.checksum'].read(frame, at)) return undefined;
      return {
        ...plain,
        kind: 'internet',
        checksumAt: at + greHeader.size + checksumPart.fields.checksum.offset,
      };
    case 'sctp': {
      const checksumAt = at + sctpHeader.fields.checksum.offset;
      // What is quoted was not judged, but may be there as a whole.
      return { ...plain, kind: 'sctp', checksumAt, isWhole: true, wasGood: isGoodSctp(frame, at, end) };
    }
    default:
      return undefined;
  }
}

function isGoodSctp(frame: DataView, at: number, end: number): boolean {
  if (at + sctpHeader.size > end) return false;
  const { offset } = sctpHeader.fields.checksum;
  const bytes = viewOf(bytesOf(frame).slice(at, end));
  bytes.setUint32(offset, 0);
  return crc32c(bytes, 0, bytes.byteLength) === frame.getUint32(at + offset, true);
}

function transportAt(
  frame: DataView,
  layer: Layer | undefined,
  at: number,
  reach: number,
  network: Layer,
  protocol: number,
  isWhole: boolean,
): Cover | undefined {
  const offset = TRANSPORT_CHECKSUMS[protocol];
  if (offset === undefined) return undefined;
  let end = reach;
  if (layer?.name === 'udp' && at + udpHeader.size <= reach) {
    const length = udpHeader.fields.length.read(frame, at);
    if (length >= udpHeader.size) end = Math.min(end, at + length);
  }
  if (protocol === PROTOCOL_UDP_LITE && at + udpLiteHeader.size <= reach) {
    const covered = udpLiteHeader.fields.checksum_coverage.read(frame, at);
    if (covered !== 0) end = Math.min(end, at + covered);
  }
  return {
    kind: 'internet',
    at,
    end,
    checksumAt: at + offset,
    pseudo: { layer: network, protocol },
    zeroIsNone: protocol === PROTOCOL_UDP,
    // The pseudo-header of UDP-Lite counts bytes that its checksum does not cover.
    isWhole: isWhole && (protocol !== PROTOCOL_UDP_LITE || end === reach),
    wasGood: false,
  };
}

/** The transport header in the first fragment of a datagram: its checksum covers what other frames hold. */
function firstFragmentOf(layer: Layer, frame: DataView): Cover | undefined {
  const found = networkAt(frame, layer);
  if (found?.fragment?.offset !== 0 || found.facts?.type !== 'network') return undefined;
  const end = Math.min(found.limit.captured, frame.byteLength);
  const cover = transportAt(frame, undefined, found.at, end, layer, found.facts.network.protocol, false);
  return cover && { ...cover, isFragment: true };
}

/** What a network layer says as the bytes of a frame are now. */
export function networkAt(frame: DataView, { name, at, limit, quoted }: Layer): Payload | undefined {
  const inside = { captured: Math.min(limit.captured, frame.byteLength), wire: limit.wire };
  const context = { source: 0, key: 0, network: undefined, quoted, partial: undefined };
  const found = dissectorNamed(name)?.dissect(frame, at, inside, context);
  return found?.ok ? found : undefined;
}

/** The unfolded sum of the addresses that a checksum covers, as they are now. */
export function addressSumAt(frame: DataView, layer: Layer): number {
  const facts = networkAt(frame, layer)?.facts;
  return facts?.type === 'network' ? facts.network.addressSum : 0;
}
