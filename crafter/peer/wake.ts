import type { Channel } from './channel.js';
import { idleAt, idled, keepAliveAt, settle } from './channel-steps.js';
import { retry } from './initiator.js';

/** Does what time asks for. */
export function wake(channel: Channel, now: number): void {
  if (channel.handshake) retry(channel, now);
  if (channel.phase === 'closed') return;
  if (channel.phase !== 'opening') {
    channel.receiver.tick(now);
    channel.sender.tick(now);
    if (channel.phase === 'open' && now >= idleAt(channel)) {
      idled(channel, now);
      return;
    }
    if (now >= keepAliveAt(channel)) channel.owesConfirmation = true;
  }
  settle(channel, now);
}
