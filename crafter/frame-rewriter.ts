import type { Dissection } from '../dissectors/dissect.js';
import { checksumPart, greHeader } from '../dissectors/gre/layout.js';
import { ipv4Header } from '../dissectors/ipv4/layout.js';
import { PROTOCOL_UDP, PROTOCOL_UDP_LITE } from '../dissectors/ipv4/protocols.js';
import { ipv6Header } from '../dissectors/ipv6/layout.js';
import type { Layer } from '../dissectors/layer.js';
import { sctpHeader } from '../dissectors/sctp/layout.js';
import { udpLiteHeader } from '../dissectors/udplite/layout.js';
import { crc32c, fold16, sum16 } from '../dissectors/wire/checksum.js';
import type { ChannelRewriter } from './channel-rewriter.js';
import { TRANSPORT_CHECKSUMS, TRANSPORT_PROTOCOLS } from './transport-checksums.js';

/** A new address for one end of packets: for all of its family, or in place of one address. */
export interface AddressChange {
  readonly end: 'src' | 'dst';
  readonly from?: Uint8Array;
  /** 4 or 16 bytes. */
  readonly to: Uint8Array;
}

const ADDRESSES = {
  ip: { src: ipv4Header.fields.src.offset, dst: ipv4Header.fields.dst.offset, size: 4 },
  ipv6: { src: ipv6Header.fields.src.offset, dst: ipv6Header.fields.dst.offset, size: 16 },
} as const;

/**
 * Gives a captured frame new addresses, and new ids and cookies to the channel packets that lie in it whole, in place.
 * Checksums change by as much as what they cover: one that was right is right afterwards, one that was wrong is not,
 * and a frame that the capture cut needs no more than it has.
 *
 * @param frame a copy of the bytes that were dissected, from its start on
 * @returns how many channel packets could not be rewritten, since they do not lie in this frame alone
 */
export function rewriteFrame(
  frame: DataView,
  { layers, channels, sources, start }: Dissection,
  addresses: readonly AddressChange[],
  channel: ChannelRewriter,
): number {
  const end = frame.byteLength;
  const own = layers.filter(({ source, quoted }) => source === 0 && !quoted);
  const network = own.findLast((layer) => isWhole(layer, end + start));
  const transport = network && transportOf(frame, network, own, start);
  // Outermost first: a tunnel's checksum covers all that is in it.
  const covers = own.flatMap((layer) => coverOf(frame, layer, start, transport?.at));
  if (transport) covers.push(transport);
  const before = covers.map((cover) => sumOf(frame, cover));
  let left = 0;
  for (const packet of channels) {
    if (packet.view === sources[0]?.view) channel.rewrite(packet, frame, packet.at - start);
    else if (!channel.isIdle) left += 1;
  }
  const changed = network ? changeAddresses(frame, network, addresses, start) : { before: 0, after: 0 };
  if (covers.some((cover, place) => sumOf(frame, cover) !== before[place])) repairSctp(frame, own, start);
  for (const [place, cover] of [...covers.entries()].reverse()) {
    const addressed = cover === transport ? changed : UNCHANGED;
    adjust(frame, cover, (before[place] ?? 0) + addressed.before, sumOf(frame, cover) + addressed.after);
  }
  return left;
}

const UNCHANGED = { before: 0, after: 0 };

/** Makes a checksum as right or wrong as it was, after the sum of what it covers has changed. */
function adjust(frame: DataView, { checksumAt, zeroIsNone }: Cover, before: number, after: number): void {
  if (checksumAt === undefined || checksumAt + 2 > frame.byteLength) return;
  const was = frame.getUint16(checksumAt);
  if (was === 0 && zeroIsNone) return;
  const now = adjusted(was, before, after);
  frame.setUint16(checksumAt, now === 0 && zeroIsNone ? 0xffff : now);
}

/** Whether a layer is an IP header with all its addresses. */
function isWhole({ name, at, facts }: Layer, end: number): boolean {
  if (name === 'ip') return at + ipv4Header.size <= end;
  return name === 'ipv6' && facts?.type !== 'extension' && at + ipv6Header.size <= end;
}

/** A checksum of the Internet after what it covers has changed. Source: RFC 1624, "Equation 3". */
const adjusted = (checksum: number, before: number, after: number): number =>
  ~fold16((~checksum & 0xffff) + (~fold16(before) & 0xffff) + fold16(after)) & 0xffff;

/** The bytes `[at, end)` of a frame that a checksum covers, and where it stands, if it is one of the Internet. */
interface Cover {
  readonly at: number;
  readonly end: number;
  readonly checksumAt: number | undefined;
  /** Whether a checksum of zero says that there is none. */
  readonly zeroIsNone: boolean;
}

const sumOf = (frame: DataView, { at, end }: Cover): number => sum16(frame, at, end);

/** What the checksum of a layer covers that is not the transport at `except`. */
function coverOf(frame: DataView, { name, at: place, stop }: Layer, start: number, except?: number): readonly Cover[] {
  const at = place - start;
  if (stop || at === except) return [];
  const protocol = TRANSPORT_PROTOCOLS[name];
  if (protocol !== undefined) return [transportAt(frame, at, protocol)];
  if (name !== 'gre' || !greHeader.fields['flags.checksum'].read(frame, at)) return [];
  const checksumAt = at + greHeader.size + checksumPart.fields.checksum.offset;
  return [{ at, end: frame.byteLength, checksumAt, zeroIsNone: false }];
}

/** The transport header of a packet, or of the first fragment of one. */
function transportOf(frame: DataView, network: Layer, own: readonly Layer[], start: number): Cover | undefined {
  const after = own[own.indexOf(network) + 1];
  const at = (after?.at ?? network.end) - start;
  if (after && after.name !== 'data') return transportAt(frame, at, TRANSPORT_PROTOCOLS[after.name]);
  if (network.name !== 'ip') return undefined;
  const { fields } = ipv4Header;
  const isFirst = fields.frag_offset.read(frame, network.at - start) === 0;
  return isFirst ? transportAt(frame, at, fields.proto.read(frame, network.at - start)) : undefined;
}

function transportAt(frame: DataView, at: number, protocol: number | undefined): Cover {
  const offset = protocol === undefined ? undefined : TRANSPORT_CHECKSUMS[protocol];
  return {
    at,
    end: protocol === PROTOCOL_UDP_LITE ? coverageEnd(frame, at) : frame.byteLength,
    checksumAt: offset === undefined ? undefined : at + offset,
    zeroIsNone: protocol === PROTOCOL_UDP,
  };
}

/** Where the coverage of a UDP-Lite checksum ends. */
function coverageEnd(frame: DataView, at: number): number {
  const end = frame.byteLength;
  if (at + udpLiteHeader.size > end) return end;
  const covered = udpLiteHeader.fields.checksum_coverage.read(frame, at);
  return covered === 0 ? end : Math.min(at + covered, end);
}

/** Writes the new addresses and gives the sums of the old and the new ones. */
function changeAddresses(frame: DataView, network: Layer, changes: readonly AddressChange[], start: number) {
  const at = network.at - start;
  const place = network.name === 'ip' ? ADDRESSES.ip : ADDRESSES.ipv6;
  const sum = () => sum16(frame, at + place.src, at + place.src + 2 * place.size);
  const before = sum();
  const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
  for (const end of ['src', 'dst'] as const) {
    const address = bytes.subarray(at + place[end], at + place[end] + place.size);
    const change = changes.find((one) => one.end === end && fits(one, address));
    if (change) address.set(change.to);
  }
  const after = sum();
  if (network.name === 'ip' && before !== after) {
    const { checksum } = ipv4Header.fields;
    checksum.write(frame, at, adjusted(checksum.read(frame, at), before, after));
  }
  return { before, after };
}

const fits = ({ from, to }: AddressChange, address: Uint8Array): boolean =>
  to.length === address.length && (from === undefined || from.every((byte, at) => byte === address[at]));

/** SCTP's checksum is a CRC: it is computed anew if it was right. */
function repairSctp(frame: DataView, own: readonly Layer[], start: number): void {
  const layer = own.find(({ name }) => name === 'sctp');
  const facts = layer?.facts;
  if (!layer || !facts || !('status' in facts) || facts.status !== 'good') return;
  const [at, end] = [layer.at - start, layer.limit.wire - start];
  const { offset } = sctpHeader.fields.checksum;
  frame.setUint32(at + offset, 0);
  frame.setUint32(at + offset, crc32c(frame, at, end), true);
}
