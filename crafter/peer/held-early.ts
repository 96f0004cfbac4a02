import { slice } from '../../dissectors/wire/view.js';
import type { Channel } from './channel.js';
import { KEEPING } from './kept-packet.js';
import { type Packet, readPacket } from './read.js';

/** Keeps a packet that a responder sent before its acknowledgement, if there is room for it. */
export function holdEarly(channel: Channel, { view, size }: Packet): void {
  const { core, held, allowance } = channel;
  if (held.length >= core.settings.heldEarly || !allowance.take(size + KEEPING, 0, true)) return;
  // A copy of the bytes: what was read of them may weigh many times as much.
  channel.held = [...held, slice(view, 0, size).slice()];
}

/** The packets that were kept, read anew; none are kept any more. */
export function takeHeld(channel: Channel): readonly Packet[] {
  const { core, held, allowance } = channel;
  channel.held = [];
  const packets: Packet[] = [];
  for (const bytes of held) {
    allowance.give(bytes.length + KEEPING, 0);
    const packet = readPacket(bytes, core.dialect, core.words);
    if (typeof packet !== 'string') packets.push(packet);
  }
  return packets;
}
