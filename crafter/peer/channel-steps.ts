import { CODES } from '../../dissectors/channel/messages.js';
import type { Channel } from './channel.js';
import { announce, closedBy, closeUnheard, closeWith, DONE, finish, IDLE, LOSS } from './channel-end.js';
import { handshakeAt } from './handshake-timer.js';
import { bytesIn, numberIn, type Packet } from './read.js';
import type { Address } from './settings.js';

const NEVER = Number.POSITIVE_INFINITY;
const NO_COOKIE = new Uint8Array(0);

/** Takes a packet on an established channel. */
export function receive(channel: Channel, packet: Packet, from: Address, now: number): void {
  const { core } = channel;
  if (from !== channel.address) {
    core.log(now, 'dropped', { why: 'other address', from }, channel.id);
    return;
  }
  const isProof = packet.messages[0]?.code === CODES.CHANNEL_COOKIE;
  if (isProof && !isProven(channel, packet)) {
    core.log(now, 'dropped', { why: 'wrong cookie' }, channel.id);
    return;
  }
  process(channel, packet, isProof, now);
  settle(channel, now);
}

/** Whether the COOKIE at the beginning of a packet is the one that its sender must return. */
function isProven({ core, remote, role, c1, id }: Channel, packet: Packet): boolean {
  const first = packet.messages[0];
  if (!first) return false;
  const cookie = bytesIn(core.dialect, packet, first, 'cookie');
  const input =
    role === 'initiator'
      ? { initiator: core.id, responder: remote.id, c1 }
      : { initiator: remote.id, responder: core.id, c1, c2: id & 0xffff };
  return core.secrets.check(input, cookie) >= 0;
}

/** Acts on a packet whose proof, if it has one, is right. `settle` must follow. */
export function process(channel: Channel, packet: Packet, isProof: boolean, now: number): void {
  if (channel.phase === 'closed') return;
  const { core, receiver } = channel;
  channel.arrivedAt = now;
  channel.traffic.received += 1;
  channel.traffic.receivedBytes += packet.size;
  if (!isProof && channel.role === 'initiator') confirmed(channel, now);

  let isNumbered = isProof;
  let reason: number | undefined;
  let progress = -1;
  let window = -1;
  for (let place = 0; place < packet.messages.length; place++) {
    const code = packet.messages[place]?.code;
    if (code === CODES.DATA) isNumbered = true;
    else if (code === CODES.DATA_PROGRESS) progress = place;
    else if (code === CODES.DATA_WINDOW) window = place;
    else if (code === CODES.CHANNEL_CLOSE) {
      isNumbered = true;
      reason ??= valueAt(channel, packet, place, 'reason');
    }
  }
  if (isProof && channel.role === 'responder') channel.owesConfirmation = true;
  if (!isNumbered) {
    if (progress < 0) return;
    const next = valueAt(channel, packet, progress, 'next');
    const bits = valueAt(channel, packet, progress, 'received');
    const allowed = window < 0 ? 0 : valueAt(channel, packet, window, 'window');
    channel.sender.report(next, bits, allowed, now);
    return;
  }
  if (reason === undefined || reason === DONE) {
    const { dropped } = receiver.counts;
    receiver.receive(packet, packet.sequence, reason === DONE, now);
    if (receiver.stuckSince !== channel.stuckSince) noteStuck(channel);
    if (receiver.counts.dropped > dropped) makeRoom(channel, now);
  } else if (!receiver.isOld(packet.sequence)) {
    receiver.receiveLast(packet, packet.sequence);
    core.log(now, 'other closed', { reason }, channel.id);
    closedBy(channel, reason, packet.sequence, now);
  }
}

/** Keeps the list of channels with a gap in the order of their waiting. */
function noteStuck(channel: Channel): void {
  const { core, receiver } = channel;
  channel.stuckSince = receiver.stuckSince;
  core.stuck.delete(channel);
  if (channel.stuckSince !== NEVER) core.stuck.add(channel);
}

/** There was no room for a packet: the channel goes whose packets have waited behind a gap for longest, if for long. */
function makeRoom({ core }: Channel, now: number): void {
  if (!core.allowance.isCrowded) return;
  for (const stuck of core.stuck) {
    if (stuck.stuckSince + core.settings.stuckFor > now) return;
    core.log(now, 'let go', { stuck: now - stuck.stuckSince }, stuck.id);
    return closeWith(stuck, LOSS, now);
  }
}

function valueAt({ core }: Channel, packet: Packet, place: number, key: string): number {
  const message = packet.messages[place];
  return message ? numberIn(core.dialect, packet, message, key) : 0;
}

/** A packet of the responder came: it knows the channel. */
function confirmed(channel: Channel, now: number): void {
  channel.handshake = undefined;
  if (channel.phase !== 'unconfirmed') return;
  channel.phase = 'open';
  channel.line.proof = undefined;
  channel.cookie2 = NO_COOKIE;
  channel.sender.confirm(now);
  channel.core.log(now, 'confirmed', {}, channel.id);
  channel.core.emit({ type: 'confirmed', channel });
}

/** A channel that was quiet for too long ends; in `channeler` that is how every channel ends. */
export function idled(channel: Channel, now: number): void {
  const isDone = !channel.core.dialect.numbered && channel.isClosing;
  if (isDone) finish(channel, now);
  else closeWith(channel, IDLE, now);
}

/** Does whatever follows from what changed: sends, reports, tells the application, ends. */
export function settle(channel: Channel, now: number): void {
  if (channel.phase === 'closed') return;
  if (channel.phase === 'opening') {
    channel.core.timers.schedule(channel, deadline(channel));
    return;
  }
  const { sender, receiver, line, core } = channel;
  if (receiver.hasLost) {
    core.log(now, 'gap stayed open', { next: receiver.next }, channel.id);
    closeWith(channel, LOSS, now);
    return;
  }
  if (receiver.counts.lost > channel.toldLost) {
    core.log(now, 'gap skipped', { lost: receiver.counts.lost - channel.toldLost, next: receiver.next }, channel.id);
    channel.toldLost = receiver.counts.lost;
  }
  if (receiver.mustReport || channel.owesConfirmation) report(channel, now);
  sender.pump(now);
  announce(channel);
  if (receiver.hasEnded && !channel.hasToldEnded) {
    channel.hasToldEnded = true;
    core.emit({ type: 'ended', channel });
    if (!core.settings.halfOpen) {
      channel.isClosing = true;
      sender.close();
      sender.pump(now);
    }
  }
  if (channel.isBlocked && 2 * channel.queue.cost <= core.settings.sendBuffer) {
    channel.isBlocked = false;
    core.emit({ type: 'writable', channel });
  }
  if (line.outcome === 'failed') closeWith(channel, LOSS, now);
  else if (line.outcome === 'unanswered') closeUnheard(channel, now);
  else if (line.outcome === 'finished' || (receiver.hasEnded && sender.isFinished)) finish(channel, now);
  else core.timers.schedule(channel, deadline(channel));
}

/** Sends what the receiver has to report, and confirms with it. */
function report(channel: Channel, now: number): void {
  const { core, line, sender, receiver, remote } = channel;
  channel.owesConfirmation = false;
  if (!core.dialect.numbered) return;
  const { writer } = core;
  const told = receiver.report();
  writer.start(remote.id, channel.id, sender.next);
  if (told) writer.add('DATA_PROGRESS', { next: told.next, received: told.bits });
  writer.add('DATA_WINDOW', { window: told?.window ?? receiver.window });
  line.transmit(writer.finish(), now);
}

/** Confirms a proof: a DATA_WINDOW by itself. */
export function confirm(channel: Channel, now: number): void {
  const { core, line, sender, receiver, remote } = channel;
  const { writer } = core;
  writer.start(remote.id, channel.id, sender.next);
  writer.add('DATA_WINDOW', { window: receiver.window });
  line.transmit(writer.finish(), now);
}

function deadline(channel: Channel): number {
  const { handshake, core } = channel;
  const retryAt = handshake ? handshakeAt(handshake, core.settings) : NEVER;
  if (channel.phase === 'opening') return retryAt;
  const soonest = Math.min(retryAt, channel.sender.deadline(), channel.receiver.deadline());
  return channel.phase === 'open' ? Math.min(soonest, idleAt(channel), keepAliveAt(channel)) : soonest;
}

export function idleAt({ core, hasResend, arrivedAt, sentAt }: Channel): number {
  return (hasResend ? arrivedAt : Math.max(arrivedAt, sentAt)) + core.settings.idle;
}

/** When a quiet channel is to be kept. One on which nobody answers for as long as it may idle is left to its end. */
export function keepAliveAt({ core, sentAt, arrivedAt, phase }: Channel): number {
  const { keepAlive, idle } = core.settings;
  if (keepAlive <= 0 || phase !== 'open' || !core.dialect.numbered) return NEVER;
  return sentAt + keepAlive < arrivedAt + idle ? sentAt + keepAlive : NEVER;
}
