import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { readVarint, varintSize } from './varint.js';
import { isGrease, type PacketType, type Version, versionOf } from './versions.js';

/** One packet of a datagram, as far as its header says. Places are offsets of the datagram's view. */
export interface QuicPacket {
  readonly type: PacketType;
  /** Of a long header; 0 in a Version Negotiation, −1 in a short header. */
  readonly version: number;
  readonly at: number;
  /** Where it ends, as captured. */
  readonly end: number;
  /** Whether it was captured whole. */
  readonly isWhole: boolean;
  /** Where the connection ids start and end; those of a short header are told by its connection. */
  readonly dcid: number;
  readonly dcidEnd: number;
  readonly scid: number;
  readonly scidEnd: number;
  /** The token of an Initial or a Retry. */
  readonly token: number;
  readonly tokenEnd: number;
  /** Where what is protected starts: the packet number and the payload. The list of a Version Negotiation is there too. */
  readonly payload: number;
}

/** The longest connection id of the versions that are known. Source: RFC 9000, section 17.2. */
const MOST_CID = 20;
/** The integrity tag at the end of a Retry. */
export const RETRY_TAG = 16;
/** Version and both lengths. */
const LEAST_LONG = 7;
/** Packets of one datagram that are looked at: a handshake has three or four in one. */
const MOST_PACKETS = 16;

const isLong = (first: number): boolean => (first & 0x80) !== 0;

/** The packets of the datagram at `at`, and why there are no more; none where its first header is none of QUIC's. */
export function packetsAt(view: DataView, at: number, limit: Limit): { packets: QuicPacket[]; stop?: Stop } {
  const packets: QuicPacket[] = [];
  for (let start = at; start < limit.captured && packets.length < MOST_PACKETS; ) {
    const first = view.getUint8(start);
    if (packets.length > 0 && first === 0 && isPadding(view, start, limit.captured)) break;
    const packet = isLong(first) ? longPacket(view, start, limit) : shortPacket(start, limit);
    if ('ok' in packet) return { packets, stop: packet };
    packets.push(packet);
    start = packet.end;
  }
  return { packets };
}

/** Whether nothing but zeros is left behind the last packet. */
function isPadding(view: DataView, start: number, end: number): boolean {
  let at = start;
  while (at < end && view.getUint8(at) === 0) at++;
  return at === end;
}

/** A short header reaches to the end of the datagram. Source: RFC 9000, section 17.3. */
const shortPacket = (at: number, { captured, wire }: Limit): QuicPacket => ({
  type: 'short',
  version: -1,
  at,
  end: captured,
  isWhole: captured === wire,
  dcid: at + 1,
  dcidEnd: at + 1,
  scid: at + 1,
  scidEnd: at + 1,
  token: at + 1,
  tokenEnd: at + 1,
  payload: at + 1,
});

/** Source: RFC 9000, section 17.2; RFC 8999, section 5.1. */
function longPacket(view: DataView, at: number, limit: Limit): QuicPacket | Stop {
  if (at + LEAST_LONG > limit.captured) return shortOf('quic', at, LEAST_LONG, limit);
  const number = view.getUint32(at + 1);
  const version = versionOf(number);
  const dcid = at + 6;
  const dcidEnd = dcid + view.getUint8(at + 5);
  if (version && dcidEnd - dcid > MOST_CID) return malformed('quic.dcil', at + 5, MOST_CID, dcidEnd - dcid);
  if (dcidEnd + 1 > limit.captured) return shortOf('quic.dcid', dcid, dcidEnd + 1 - dcid, limit);
  const scid = dcidEnd + 1;
  const scidEnd = scid + view.getUint8(dcidEnd);
  if (version && scidEnd - scid > MOST_CID) return malformed('quic.scil', dcidEnd, MOST_CID, scidEnd - scid);
  if (scidEnd > limit.captured) return shortOf('quic.scid', scid, scidEnd - scid, limit);
  const type = typeOf(view.getUint8(at), number, version);
  const isWhole = limit.captured === limit.wire;
  const packet = { type, version: number, at, end: limit.captured, isWhole, dcid, dcidEnd, scid, scidEnd };
  switch (type) {
    case 'retry': {
      const token = { token: scidEnd, tokenEnd: Math.max(scidEnd, limit.captured - (isWhole ? RETRY_TAG : 0)) };
      if (scidEnd + RETRY_TAG > limit.wire)
        return malformed('quic.retry_integrity_tag', scidEnd, RETRY_TAG, limit.wire - scidEnd);
      return { ...packet, ...token, payload: token.tokenEnd };
    }
    case 'initial':
    case '0-rtt':
    case 'handshake':
      return withLength(view, packet, limit);
    default:
      return { ...packet, token: scidEnd, tokenEnd: scidEnd, payload: scidEnd };
  }
}

function typeOf(first: number, number: number, version: Version | undefined): PacketType {
  if (number === 0) return 'negotiation';
  const types = version?.types ?? (isGrease(number) ? GREASE_TYPES : undefined);
  return types?.[(first >>> 4) & 3] ?? 'unknown';
}

/** A version that makes the server negotiate is sent in an Initial of the form of version 1, mostly. */
const GREASE_TYPES: readonly PacketType[] = ['initial', 'unknown', 'unknown', 'unknown'];

type Head = Omit<QuicPacket, 'token' | 'tokenEnd' | 'payload'>;

/** The packet whose token (of an Initial) and length follow its connection ids. */
function withLength(view: DataView, head: Head, limit: Limit): QuicPacket | Stop {
  let at = head.scidEnd;
  let token = at;
  let tokenEnd = at;
  if (head.type === 'initial') {
    const length = numberAt(view, at, limit, 'quic.token_length');
    if (typeof length !== 'number') return length;
    token = at + varintSize(view, at);
    tokenEnd = token + length;
    if (tokenEnd > limit.wire) return malformed('quic.token_length', at, tokenEnd - at, limit.wire - at);
    if (tokenEnd > limit.captured) return shortOf('quic.token', token, length, limit);
    at = tokenEnd;
  }
  const length = numberAt(view, at, limit, 'quic.length');
  if (typeof length !== 'number') return length;
  const payload = at + varintSize(view, at);
  const wire = payload + length;
  if (wire > limit.wire) return malformed('quic.length', at, wire - at, limit.wire - at);
  const end = Math.min(wire, limit.captured);
  return { ...head, end, isWhole: end === wire, token, tokenEnd, payload };
}

function numberAt(view: DataView, at: number, limit: Limit, what: string): number | Stop {
  if (at >= limit.captured) return shortOf(what, at, 1, limit);
  const size = varintSize(view, at);
  return at + size > limit.captured ? shortOf(what, at, size, limit) : readVarint(view, at);
}

/** The least bytes of a datagram with a client's Initial. Source: RFC 9000, section 14.1. */
const LEAST_INITIAL = 1200;

/**
 * Whether a datagram that nothing else tells of is one of QUIC: it begins with a long header of a known version whose
 * lengths fit, or asks for a version that nobody speaks, or lists versions of which some are known.
 */
export function isQuic(view: DataView, at: number, limit: Limit): boolean {
  if (at + LEAST_LONG > limit.captured || !isLong(view.getUint8(at))) return false;
  const number = view.getUint32(at + 1);
  if (number === 0) return isNegotiation(view, at, limit);
  if (!versionOf(number) && !(isGrease(number) && limit.wire - at >= LEAST_INITIAL)) return false;
  return packetsAt(view, at, limit).packets.length > 0;
}

function isNegotiation(view: DataView, at: number, limit: Limit): boolean {
  const [packet] = packetsAt(view, at, limit).packets;
  if (!packet || packet.dcidEnd - packet.dcid > MOST_CID || packet.scidEnd - packet.scid > MOST_CID) return false;
  if ((limit.wire - packet.payload) % 4 !== 0) return false;
  return versionsIn(view, packet).some((version) => isGrease(version) || versionOf(version) !== undefined);
}

/** The most versions of a list that are looked at. */
const MOST_VERSIONS = 64;

/** The versions that a Version Negotiation lists. Source: RFC 8999, section 6. */
export function versionsIn(view: DataView, { payload, end }: QuicPacket): readonly number[] {
  const versions: number[] = [];
  for (let at = payload; at + 4 <= end && versions.length < MOST_VERSIONS; at += 4) versions.push(view.getUint32(at));
  return versions;
}
