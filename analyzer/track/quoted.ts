import { isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { channelFor, numberIn } from './attempts.js';
import type { Channel } from './channel.js';
import type { Step } from './step.js';

/** Ties an error message to the channels of the packet that it quotes, and to the packet if that was seen. */
export function quote(step: Step): void {
  const { tracker, packet, sender, recipient } = step;
  const { dialect, id = 0 } = packet;
  const channel = id === DEFAULT_CHANNEL ? undefined : tracker.table.findById(dialect, sender, recipient, id);
  for (const message of packet.messages) if (message.kind) tracker.judgeOnly(step, message, channel);
  if (id !== DEFAULT_CHANNEL) {
    const direction = channel?.initiator === sender ? channel.fromInitiator : channel?.fromResponder;
    if (channel) tie(step, channel, direction?.last ?? 0);
    return;
  }
  for (const message of packet.messages) {
    if (!message.kind || !isHandshake(message.code)) continue;
    if (message.code === CODES.CHANNEL_NEW) {
      const c1 = numberIn(step, message, 'c1');
      const channel = c1 === undefined ? undefined : tracker.table.findAttempt(dialect, sender, recipient, c1);
      if (channel) tie(step, channel, channel.newPacket);
      continue;
    }
    const named = numberIn(step, message, 'id');
    if (named === undefined) continue;
    const answers = message.code === CODES.CHANNEL_ACKNOWLEDGE;
    const channel = channelFor(step, answers ? recipient : sender, answers ? sender : recipient, named);
    if (channel) tie(step, channel, answers ? channel.acknowledgePacket : channel.finalizePacket);
  }
}

function tie(step: Step, channel: Channel, answered: number): void {
  step.tracker.note(step, 'icmp-answer', step.packet, [channel.number, answered]);
  step.tracker.list(channel, step.number);
}
