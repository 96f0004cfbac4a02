import { CODES } from '../../dissectors/channel/messages.js';
import { messageValue } from './actual.js';
import { packetIn } from './match.js';

/** What a running script knows of the sequence numbers of its channels. */
export interface Numbers {
  /** The first number of the own direction, by channel id. */
  readonly starts: ReadonlyMap<number, number>;
  /** The number that the next numbered packet has, by channel id. */
  readonly nexts: ReadonlyMap<number, number>;
  /** In `seqno`, the start that an own CHANNEL_NEW told, by c1. */
  readonly told: ReadonlyMap<number, number>;
}

/** The same while it is added to. */
export interface Draft {
  readonly starts: Map<number, number>;
  readonly nexts: Map<number, number>;
  readonly told: Map<number, number>;
}

/** A copy that may be added to. */
export const copied = ({ starts, nexts, told }: Numbers): Draft => ({
  starts: new Map(starts),
  nexts: new Map(nexts),
  told: new Map(told),
});

export const NO_NUMBERS: Numbers = { starts: new Map(), nexts: new Map(), told: new Map() };

/**
 * Learns from a packet that was sent, or that came and was expected: an ACKNOWLEDGE tells where both directions start.
 * Source: protocol page, section 4 "Starting sequence numbers".
 */
export function learned(numbers: Numbers, bytes: Uint8Array, way: 'sent' | 'came'): Numbers {
  const draft = copied(numbers);
  learn(draft, bytes, way);
  return draft;
}

/** The same in place: of many packets, without a copy for each. */
export function learn({ starts, told }: Draft, bytes: Uint8Array, way: 'sent' | 'came'): void {
  const packet = packetIn(bytes);
  if (!packet) return;
  for (const message of packet.messages) {
    const value = (key: string) => messageValue(packet, message, key);
    if (message.code === CODES.CHANNEL_NEW && way === 'sent') {
      const [c1, s1] = [value('c1'), value('s1')];
      if (typeof c1 === 'number' && typeof s1 === 'number') told.set(c1, s1);
    }
    if (message.code !== CODES.CHANNEL_ACKNOWLEDGE) continue;
    const [id, cookie2] = [value('id'), value('cookie2')];
    const start = cookie2 instanceof Uint8Array ? startIn(cookie2, way) : startOf(value('s2'), value('ack'), way);
    if (typeof id === 'number' && start !== undefined) starts.set(id, start);
  }
}

/** The own start in cookie 2: whoever sends ACKNOWLEDGE is the responder. */
function startIn(cookie2: Uint8Array, way: 'sent' | 'came'): number {
  const at = way === 'sent' ? 0 : 2;
  return ((cookie2[at] ?? 0) << 8) | (cookie2[at + 1] ?? 0);
}

/** The own start in `seqno`. */
function startOf(s2: unknown, ack: unknown, way: 'sent' | 'came'): number | undefined {
  if (way === 'came') return typeof ack === 'number' ? ack : undefined;
  return typeof s2 === 'number' ? (s2 + 1) & 0xffff : undefined;
}

/** The number of the next numbered packet of a channel. */
export const nextOf = ({ nexts, starts }: Numbers, id: number): number => nexts.get(id) ?? starts.get(id) ?? 0;
