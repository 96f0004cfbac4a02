import { isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import type { Packet } from '../print/packet.js';

/** Handshake packets that are remembered of one channel: a flood of repeats must not grow. */
const MOST_OF_ONE = 256;

/** Whether a message of this type takes part in opening a channel. */
export const isOpening = (code: number): boolean => isHandshake(code) || code === CODES.CHANNEL_COOKIE;

/** Whether a packet carries a message that takes part in opening a channel. */
export const opensChannel = ({ dissection }: Packet): boolean =>
  dissection.channels.some(({ messages }) => messages.some(({ code }) => isOpening(code)));

/** The earlier packets that parts of a packet lie in: fragments of its datagram, segments of its stream. */
export function partsOf({ dissection, number }: Packet): readonly number[] {
  const { sources } = dissection;
  if (sources.length < 2) return [];
  const parts = sources.flatMap(({ pieces = [] }) => pieces.map(({ packet }) => packet));
  return [...new Set(parts)].filter((part) => part !== number);
}

/** Remembers the packets that open channels, by channel, and the earlier packets that parts of these lie in. */
export class HandshakePackets {
  private readonly packets = new Map<number, number[]>();
  private readonly parts = new Map<number, readonly number[]>();

  /** Whether no more packets of a channel are remembered. */
  isFull(channel: number): boolean {
    return (this.packets.get(channel)?.length ?? 0) >= MOST_OF_ONE;
  }

  /** Remembers a packet that opens a channel; not if there are too many of that channel. */
  take(channel: number, packet: Packet): void {
    if (this.isFull(channel)) return;
    const known = this.packets.get(channel);
    if (known) known.push(packet.number);
    else this.packets.set(channel, [packet.number]);
    const parts = partsOf(packet);
    if (parts.length > 0) this.parts.set(packet.number, parts);
  }

  /** The channels of which packets are remembered. */
  channels(): Iterable<number> {
    return this.packets.keys();
  }

  /** The remembered packets of a channel, in order. */
  of(channel: number): readonly number[] {
    return this.packets.get(channel) ?? [];
  }

  /** The earlier packets that parts of a remembered packet lie in. */
  partsOf(packet: number): readonly number[] {
    return this.parts.get(packet) ?? [];
  }
}
