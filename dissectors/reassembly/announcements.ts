import type { FlowKeys } from '../layer.js';
import { type Announced, type AnnouncedFlow, FLOW_KEYS } from '../named/announced.js';
import { isRtcp, isRtp } from '../named/media.js';
import { isTftp } from '../named/messages.js';
import { dropOldest } from '../wire/drop-oldest.js';
import type { Limit } from '../wire/stop.js';

/** Addresses and ports that are remembered; the one that was announced first goes first. */
const MOST = 16_384;
const NOTHING = -1;

/** What earlier messages said of addresses and ports: where media of calls and answers to transfers will be. Bounded. */
export class Announcements {
  private readonly flows = new Map<string, AnnouncedFlow>();
  /** TCP streams whose first bytes have told what they carry, by the key of that direction. */
  private readonly streams = new Map<string, number>();

  /** Adds what a message of this flow announces. */
  add({ key }: FlowKeys, announced: readonly Announced[]): void {
    for (const { flow, endpoint } of announced) {
      if (flow === 'media' || flow === 'tftp') put(this.flows, endpoint ?? key.slice(0, key.length / 2), flow);
      else put(this.streams, key, FLOW_KEYS[flow]);
    }
  }

  /** The key of the table `flow` that leads on in a datagram of a flow, −1 where nothing was announced for it. */
  expecting(view: DataView, at: number, limit: Limit, { key }: FlowKeys): number {
    if (this.flows.size === 0) return NOTHING;
    const middle = key.length / 2;
    const flow = this.flows.get(key.slice(middle)) ?? this.flows.get(key.slice(0, middle));
    if (flow === 'tftp') return isTftp(view, at, limit) ? FLOW_KEYS.tftp : NOTHING;
    if (flow !== 'media') return NOTHING;
    if (isRtcp(view, at, limit)) return FLOW_KEYS.rtcp;
    return isRtp(view, at, limit) ? FLOW_KEYS.rtp : NOTHING;
  }

  /** The same in a segment of a stream. */
  expectingStream({ key, reverse }: FlowKeys): number {
    if (this.streams.size === 0) return NOTHING;
    return this.streams.get(key) ?? this.streams.get(reverse) ?? NOTHING;
  }
}

/** Adds an entry; the oldest goes where there are too many. */
function put<T>(into: Map<string, T>, key: string, value: T): void {
  into.delete(key);
  into.set(key, value);
  dropOldest(into, MOST);
}
