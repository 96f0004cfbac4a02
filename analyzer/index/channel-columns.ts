import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { hex32 } from '../../dissectors/wire/view.js';
import { type Channel, channelIdText, type Direction, STATES } from '../track/channel.js';
import { COOKIE_STATUSES } from '../track/cookies.js';
import type { Peer } from '../track/peers.js';
import type { ChannelTable } from '../track/table.js';
import type { End } from './end-address.js';

const peerColumns = (rows: number) => ({
  /** The id, as four words. */
  a: new Uint32Array(rows),
  b: new Uint32Array(rows),
  c: new Uint32Array(rows),
  d: new Uint32Array(rows),
  /** The newest packet that the peer has sent, 0 for none. */
  packet: new Uint32Array(rows),
});
type PeerColumns = ReturnType<typeof peerColumns>;

const countColumns = (rows: number) => ({
  packets: new Uint32Array(rows),
  bytes: new Float64Array(rows),
  dataPackets: new Uint32Array(rows),
  dataBytes: new Float64Array(rows),
  duplicates: new Uint32Array(rows),
  lost: new Uint32Array(rows),
  reordered: new Uint32Array(rows),
  resent: new Uint32Array(rows),
});
export type CountColumns = ReturnType<typeof countColumns>;

const allocate = (rows: number) => ({
  number: new Uint32Array(rows),
  c1: new Uint16Array(rows),
  /** −1 while it is not known. */
  c2: new Int32Array(rows),
  /** Places in the tables of each. */
  dialect: new Uint8Array(rows),
  state: new Uint8Array(rows),
  /** −1 where there is none. */
  mode: new Int8Array(rows),
  cookie1: new Int8Array(rows),
  cookie2: new Int8Array(rows),
  reason: new Int32Array(rows),
  worst: new Int8Array(rows),
  findings: new Uint32Array(rows),
  /** Round trips in seconds; NaN where there is none. */
  rttNewAcknowledge: new Float64Array(rows),
  rttAcknowledgeFinalize: new Float64Array(rows),
  /** Packets, and their times in seconds since the first of the capture. */
  first: new Uint32Array(rows),
  last: new Uint32Array(rows),
  begun: new Float64Array(rows),
  ended: new Float64Array(rows),
  initiator: peerColumns(rows),
  responder: peerColumns(rows),
  fromInitiator: countColumns(rows),
  fromResponder: countColumns(rows),
});

/** The channels of a capture as they stood once, in the order of their numbers: about 180 bytes each. */
export type ChannelColumns = ReturnType<typeof allocate> & {
  readonly count: number;
  /** Channels dropped to stay within bounds. */
  readonly forgotten: number;
};

export const NO_CHANNELS: ChannelColumns = { ...allocate(0), count: 0, forgotten: 0 };

/** What a tracker knows of its channels now. */
export function channelColumns({ channels, forgotten }: ChannelTable): ChannelColumns {
  const columns = { ...allocate(channels.size), count: channels.size, forgotten };
  let row = 0;
  for (const channel of channels.values()) fill(columns, row++, channel);
  return columns;
}

/** The buffers of all columns, to be transferred to another thread. */
export const buffersOf = (columns: object): readonly ArrayBuffer[] =>
  Object.values(columns).flatMap((column: unknown) => {
    if (ArrayBuffer.isView(column)) return column.buffer instanceof ArrayBuffer ? [column.buffer] : [];
    return typeof column === 'object' && column !== null ? buffersOf(column) : [];
  });

/** The id of a channel, as its row shows it. */
export function idText({ c1, c2 }: ChannelColumns, place: number): string {
  const second = c2[place] ?? -1;
  return channelIdText(c1[place] ?? 0, second < 0 ? undefined : second);
}

/** A peer id, 32 hex digits. */
export const peerText = ({ a, b, c, d }: ChannelColumns['initiator'], place: number): string =>
  hex32(a[place] ?? 0) + hex32(b[place] ?? 0) + hex32(c[place] ?? 0) + hex32(d[place] ?? 0);

/** Which end of which packet tells where a peer is: of its newest; where it sent none, of the newest that was sent to it. */
export function endOfPeer(peer: PeerColumns, other: PeerColumns, place: number): readonly [packet: number, end: End] {
  const own = peer.packet[place] ?? 0;
  return own > 0 ? [own, 'from'] : [other.packet[place] ?? 0, 'to'];
}

function fill(into: ChannelColumns, row: number, channel: Channel): void {
  const { fromInitiator, fromResponder, newPacket, acknowledgePacket, finalizePacket } = channel;
  into.number[row] = channel.number;
  into.c1[row] = channel.c1;
  into.c2[row] = channel.c2 ?? -1;
  into.dialect[row] = DIALECTS.indexOf(channel.dialect);
  into.state[row] = STATES.indexOf(channel.state);
  into.mode[row] = channel.caps === undefined ? -1 : channel.caps & 7;
  into.cookie1[row] = channel.cookie1Status ? COOKIE_STATUSES.indexOf(channel.cookie1Status) : -1;
  into.cookie2[row] = channel.cookie2Status ? COOKIE_STATUSES.indexOf(channel.cookie2Status) : -1;
  into.reason[row] = reasonOf(channel);
  into.worst[row] = channel.worst;
  into.findings[row] = channel.findings;
  into.rttNewAcknowledge[row] = channel.rttNewAcknowledge ?? Number.NaN;
  into.rttAcknowledgeFinalize[row] = channel.rttAcknowledgeFinalize ?? Number.NaN;
  into.first[row] = channel.first;
  into.last[row] = channel.last;
  into.begun[row] = channel.begun;
  into.ended[row] = channel.ended;
  fillPeer(into.initiator, row, channel.initiator, Math.max(fromInitiator?.last ?? 0, newPacket, finalizePacket));
  fillPeer(into.responder, row, channel.responder, Math.max(fromResponder?.last ?? 0, acknowledgePacket));
  if (fromInitiator) fillCounts(into.fromInitiator, row, fromInitiator);
  if (fromResponder) fillCounts(into.fromResponder, row, fromResponder);
}

/** The reason of its CLOSE: one that tells of a failure rather than 0, which both sides send; −1 for none. */
function reasonOf({ fromInitiator, fromResponder }: Channel): number {
  const ways = [fromInitiator, fromResponder].filter((way) => way !== undefined && way.closePacket > 0);
  return ways.reduce((reason, way) => Math.max(reason, way?.closeReason ?? -1), -1);
}

function fillPeer(into: PeerColumns, row: number, { a, b, c, d }: Peer, packet: number): void {
  into.a[row] = a;
  into.b[row] = b;
  into.c[row] = c;
  into.d[row] = d;
  into.packet[row] = packet;
}

function fillCounts(into: CountColumns, row: number, from: Direction): void {
  into.packets[row] = from.packets;
  into.bytes[row] = from.bytes;
  into.dataPackets[row] = from.dataPackets;
  into.dataBytes[row] = from.dataBytes;
  into.duplicates[row] = from.duplicates;
  into.lost[row] = from.lost;
  into.reordered[row] = from.reordered;
  into.resent[row] = from.resent;
}
