import { plus } from '../../dissectors/channel/sequence.js';
import type { Channel, Closed } from './channel.js';
import { CloseRepeats } from './close-repeats.js';
import { sendPast } from './closed-answers.js';
import { takeHeld } from './held-early.js';

/** Reasons of CHANNEL_CLOSE. Source: protocol page, section 6. */
export const DONE = 0;
export const LOSS = 1;
export const IDLE = 2;

/** Ends a channel at once with a reason other than 0, and tells the other peer until it answers. */
export function closeWith(channel: Channel, reason: number, now: number): void {
  if (channel.phase === 'opening') callOff(channel, now);
  else if (channel.phase !== 'closed') tellAndEnd(channel, reason, true, now);
}

/** Ends a channel whose CLOSE 0 nobody answered. The other peer is told once: it will hardly hear that, either. */
export const closeUnheard = (channel: Channel, now: number): void => tellAndEnd(channel, LOSS, false, now);

function tellAndEnd(channel: Channel, reason: number, isRepeated: boolean, now: number): void {
  const { core, line, address } = channel;
  const own = writeOwn(channel, reason);
  // Nothing numbered goes before the confirmation without a proof.
  const maySend = own && (channel.phase === 'open' || line.proof !== undefined);
  if (maySend) line.transmit(own.bytes, now);
  const repeats = maySend && isRepeated ? new CloseRepeats(core, address, own.bytes, now) : undefined;
  end(channel, reason, 'us', { ...record(channel, now), own, repeats, ...nextAfter(own) }, now);
}

/** Ends a channel whose two directions have ended. What was delivered may still be read. */
export const finish = (channel: Channel, now: number): void => end(channel, DONE, 'us', record(channel, now), now);

/** Ends a channel that the other peer closed for a reason, in the packet with this number, and says so. */
export function closedBy(channel: Channel, reason: number, number: number, now: number): void {
  const closed = { ...record(channel, now), past: plus(number, 1), answeredAt: now };
  if (channel.core.dialect.numbered) sendPast(channel.core, closed);
  end(channel, reason, 'them', closed, now);
}

function end(channel: Channel, reason: number, by: 'us' | 'them', closed: Closed, now: number): void {
  const { core, remote, id, sender, receiver } = channel;
  announce(channel);
  if (channel.hadTrouble) core.hadTrouble = true;
  core.closed.add(closed, channel.generation, now);
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
    // The responder may know the channel nevertheless; what it sends on it is answered.
    const own = writeOwn(channel, IDLE);
    core.closed.add({ ...record(channel, now), own, ...nextAfter(own) }, channel.generation, now);
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

/** Writes the own CLOSE with a reason. It may follow one of reason 0, and nothing else numbered does. */
function writeOwn(channel: Channel, reason: number): Closed['own'] {
  const { core, sender, line, remote } = channel;
  const { writer } = core;
  if (!core.dialect.numbered) return undefined;
  const number = sender.next;
  writer.start(remote.id, channel.id, number);
  if (line.proof) writer.add('CHANNEL_COOKIE', line.proof);
  writer.add('CHANNEL_CLOSE', { reason });
  // A copy: it may wait for long, and would keep its whole block alive.
  return { number, bytes: writer.finish().slice() };
}

const nextAfter = (own: Closed['own']): Partial<Pick<Closed, 'next'>> => (own ? { next: plus(own.number, 1) } : {});

function record(channel: Channel, now: number): Closed {
  const { core, remote, id, address, sender, receiver, hasResend } = channel;
  return {
    remote,
    id,
    address,
    resend: hasResend,
    own: undefined,
    repeats: undefined,
    next: sender.next,
    past: receiver.next,
    window: receiver.window,
    answeredAt: receiver.answeredAt,
    until: now + core.settings.linger,
  };
}
