import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import { STATES, type State } from '../track/channel.js';
import { COOKIE_STATUSES } from '../track/cookies.js';
import { type ChannelColumns, type CountColumns, endOfPeer, idText, peerText } from './channel-columns.js';
import type { ChannelCounts, ChannelKey, ChannelRow, ChannelSnapshot } from './channel-row.js';
import { channelMatcher } from './channel-words.js';
import type { End } from './end-address.js';
import { placeOfNumber, sortByKey } from './places.js';

/** Where packets came from and went to. */
export interface Ends {
  /** As text that is safe to draw; empty for number 0 or a packet that was forgotten. */
  readonly exactly: (packet: number, end: End) => string;
  /** The same where that is known without reading the packet. */
  readonly quickly: (packet: number, end: End) => string;
}

/** The channels of a capture as they stood once. */
export class ChannelList implements ChannelSnapshot {
  readonly count: number;
  readonly forgotten: number;
  readonly columns: ChannelColumns;
  private readonly ends: Ends;

  constructor(columns: ChannelColumns, ends: Ends) {
    this.columns = columns;
    this.count = columns.count;
    this.forgotten = columns.forgotten;
    this.ends = ends;
  }

  at(place: number): ChannelRow {
    const { columns: from, ends } = this;
    const { initiator, responder } = from;
    const mode = from.mode[place] ?? -1;
    const rtt = (time: number | undefined) => (time === undefined || Number.isNaN(time) ? undefined : time);
    const reason = from.reason[place] ?? -1;
    return {
      number: from.number[place] ?? 0,
      id: idText(from, place),
      dialect: DIALECTS[from.dialect[place] ?? 0]?.name ?? '',
      initiator: peerText(initiator, place),
      responder: peerText(responder, place),
      initiatorAddress: ends.exactly(...endOfPeer(initiator, responder, place)),
      responderAddress: ends.exactly(...endOfPeer(responder, initiator, place)),
      state: stateAt(from, place),
      reason: reason < 0 ? undefined : reason,
      mode: mode < 0 ? undefined : modeOf(mode),
      cookie1: COOKIE_STATUSES[from.cookie1[place] ?? -1],
      cookie2: COOKIE_STATUSES[from.cookie2[place] ?? -1],
      rttNewAcknowledge: rtt(from.rttNewAcknowledge[place]),
      rttAcknowledgeFinalize: rtt(from.rttAcknowledgeFinalize[place]),
      first: from.first[place] ?? 0,
      last: from.last[place] ?? 0,
      begun: from.begun[place] ?? 0,
      ended: from.ended[place] ?? 0,
      fromInitiator: countsAt(from.fromInitiator, place),
      fromResponder: countsAt(from.fromResponder, place),
      findings: from.findings[place] ?? 0,
      severity: SEVERITIES[from.worst[place] ?? -1] ?? 'none',
    };
  }

  placeOf(number: number): number {
    return placeOfNumber(this.columns.number, this.count, number);
  }

  order(key: ChannelKey, descending: boolean, words: readonly (readonly string[])[]): Uint32Array {
    const places = new Uint32Array(this.count);
    const matches = channelMatcher(this.columns, words, this.ends.quickly);
    let kept = 0;
    for (let place = 0; place < this.count; place++) if (matches(place)) places[kept++] = place;
    const order = places.subarray(0, kept);
    const keys = keysOf(this.columns, key);
    if (!keys) return descending ? order.reverse() : order;
    return sortByKey(order, keys, descending);
  }
}

const stateAt = ({ state }: ChannelColumns, place: number): State => STATES[state[place] ?? 0] ?? 'new';

const countsAt = (from: CountColumns, place: number): ChannelCounts => ({
  packets: from.packets[place] ?? 0,
  bytes: from.bytes[place] ?? 0,
  dataPackets: from.dataPackets[place] ?? 0,
  dataBytes: from.dataBytes[place] ?? 0,
  duplicates: from.duplicates[place] ?? 0,
  lost: from.lost[place] ?? 0,
  reordered: from.reordered[place] ?? 0,
  resent: from.resent[place] ?? 0,
});

type Numbers = ArrayLike<number>;

/** A number for each channel by which it is sorted; nothing for the order in which channels stand anyway. */
function keysOf(from: ChannelColumns, key: ChannelKey): Numbers | undefined {
  const { count, fromInitiator: out, fromResponder: back } = from;
  const made = (read: (place: number) => number): Numbers => Float64Array.from({ length: count }, (_, at) => read(at));
  const both = (name: keyof CountColumns): Numbers => made((at) => (out[name][at] ?? 0) + (back[name][at] ?? 0));
  // The first 53 bits of an id tell peers apart well enough.
  const peer = ({ a, b }: ChannelColumns['initiator']) => made((at) => (a[at] ?? 0) * 2 ** 21 + ((b[at] ?? 0) >>> 11));
  switch (key) {
    case 'number':
      return undefined;
    case 'id':
      return made((at) => (from.c1[at] ?? 0) * 0x2_0000 + (from.c2[at] ?? -1));
    case 'begun':
      return from.begun;
    case 'initiator':
      return peer(from.initiator);
    case 'responder':
      return peer(from.responder);
    case 'dialect':
      return from.dialect;
    case 'state':
      return from.state;
    case 'mode':
      return from.mode;
    case 'cookie1':
      return from.cookie1;
    case 'cookie2':
      return from.cookie2;
    case 'rtt':
      // A difference with NaN has no order: those without a round trip come first.
      return made((at) => (Number.isNaN(from.rttNewAcknowledge[at]) ? -1 : (from.rttNewAcknowledge[at] ?? -1)));
    case 'packets':
    case 'bytes':
    case 'lost':
    case 'resent':
      return both(key);
    case 'findings':
      return from.findings;
  }
}
