import { plus } from '../../dissectors/channel/sequence.js';
import type { Channel } from './channel.js';
import type { Closed } from './closed-channels.js';
import { takeHeld } from './held-early.js';

/** Reasons of CHANNEL_CLOSE. Source: protocol page, section 6. */
export const DONE = 0;
export const LOSS = 1;
export const IDLE = 2;

/** Ends a channel at once with a reason other than 0, and tells the other peer. */
export function closeWith(channel: Channel, reason: number, now: number): void {
  if (channel.phase === 'closed') return;
  if (channel.phase === 'opening') {
    callOff(channel, now);
    return;
  }
  const { core, sender, line, remote } = channel;
  const { writer } = core;
  const number = sender.next;
  // Nothing numbered follows a CLOSE, and nothing numbered goes before the confirmation without a proof.
  const maySend = sender.closeNumber === undefined && (channel.phase === 'open' || line.proof !== undefined);
  if (maySend && core.dialect.numbered) {
    writer.start(remote.id, channel.id, number);
    if (line.proof) writer.add('CHANNEL_COOKIE', line.proof);
    writer.add('CHANNEL_CLOSE', { reason });
    line.transmit(writer.finish(), now);
  }
  finish(channel, reason, 'us', now);
}

/** Ends a channel whose CLOSE, if one is to be sent, is sent. What was delivered may still be read. */
export function finish(channel: Channel, reason: number, by: 'us' | 'them', now: number): void {
  if (channel.phase === 'closed') return;
  const { core, remote, id, sender, receiver } = channel;
  announce(channel);
  core.closed.add(record(channel, reason, by, now), channel.generation, now);
  if (channel.inbox.length > 0) core.unread.add(channel);
  sender.stop();
  receiver.stop();
  leave(channel);
  remote.channels.delete(id);
  core.log(now, 'closed', { reason, by, ...channel.traffic, ...receiver.counts }, id);
  core.emit({ type: 'closed', channel, reason, by });
}

/** Ends a handshake that nobody answered. */
export function timedOut(channel: Channel, now: number): void {
  const { core, remote, id, c1 } = channel;
  if (channel.phase === 'opening') {
    remote.attempts.delete(c1);
    core.remotes.release(remote, c1);
  } else {
    remote.channels.delete(id);
    // The responder may know the channel all the same; what it sends on it is answered.
    core.closed.add(record(channel, IDLE, 'us', now), channel.generation, now);
  }
  channel.sender.stop();
  channel.receiver.stop();
  leave(channel);
  core.log(now, 'timed out', {}, id);
  core.emit({ type: 'failed', channel, why: 'timed out' });
}

/** Ends an attempt before its acknowledgement, for the application. */
function callOff(channel: Channel, now: number): void {
  const { core, remote, c1, id } = channel;
  remote.attempts.delete(c1);
  core.remotes.release(remote, c1);
  channel.sender.stop();
  leave(channel);
  core.log(now, 'called off', {}, id);
  core.emit({ type: 'failed', channel, why: 'called off' });
}

function leave(channel: Channel): void {
  channel.phase = 'closed';
  takeHeld(channel);
  channel.core.stuck.delete(channel);
  channel.handshake = undefined;
  channel.core.timers.cancel(channel);
  channel.core.open -= 1;
}

/** Tells the application what it has not been told about deliveries. */
export function announce(channel: Channel): void {
  if (channel.inbox.length === 0 || channel.hasToldReadable) return;
  channel.hasToldReadable = true;
  channel.core.emit({ type: 'readable', channel });
}

function record(channel: Channel, reason: number, by: 'us' | 'them', now: number): Closed {
  const { core, remote, id, address, sender, receiver, hasResend } = channel;
  const report = receiver.report();
  const own = ownClose(channel, reason, by);
  return {
    remote,
    id,
    address,
    reason,
    resend: hasResend,
    own,
    next: own && own.reason !== DONE ? plus(own.number, 1) : sender.next,
    past: receiver.next,
    window: report?.window ?? 0,
    closesSent: 0,
    until: now + core.settings.linger,
  };
}

function ownClose({ sender }: Channel, reason: number, by: 'us' | 'them'): Closed['own'] {
  if (sender.closeNumber !== undefined) return { reason: DONE, number: sender.closeNumber };
  return by === 'us' ? { reason, number: sender.next } : undefined;
}
