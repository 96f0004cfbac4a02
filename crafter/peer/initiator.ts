import { sameCookie } from '../../dissectors/channel/cookie.js';
import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Core, Remote } from './channel.js';
import { Channel } from './channel.js';
import { timedOut } from './channel-end.js';
import { process, settle } from './channel-steps.js';
import { handshakeAt, isSpent } from './handshake-timer.js';
import { takeHeld } from './held-early.js';
import { bytesIn, ID_SIZE, type Message, numberAt, numberIn, type Packet } from './read.js';
import type { Address } from './settings.js';

const NO_COOKIE = new Uint8Array(0);

/** How often to look for a free `c1` at random before it is taken that there is none. */
const DRAWS = 256;
/** `channeler`: how often FINALIZE goes out, the first time included. */
const FINALIZES = 3;

/** How to open a channel. */
export interface Opening {
  readonly capabilities: number;
  /** Send data that is ready when the acknowledgement comes in place of CHANNEL_FINALIZE. */
  readonly early?: boolean;
  /** Make room for early data of the responder: the size that CHANNEL_NEW's packet is padded to. */
  readonly padTo?: number;
}

/** Begins an attempt. Undefined if there is no room for it, or no free `c1`. */
export function open(
  core: Core,
  remoteId: Uint8Array,
  address: Address,
  opening: Opening,
  wake: (channel: Channel, now: number) => void,
  now: number,
): Channel | undefined {
  if (remoteId.length !== ID_SIZE || sameCookie(remoteId, core.id)) throw new RangeError('not the id of another peer');
  if (core.isFull) return undefined;
  const remote = core.remotes.of(remoteId);
  const c1 = freeHalf(core, remote);
  if (c1 === undefined) return undefined;
  const capabilities = core.dialect.numbered ? opening.capabilities & 7 : 0;
  const channel = new Channel(core, 'initiator', remote, address, (c1 << 16) >>> 0, capabilities, wake);
  const mayBeEarly = core.dialect.mac === 'hmac-sha-256';
  channel.wantsEarly = mayBeEarly && opening.early === true;
  channel.paddedTo = mayBeEarly ? Math.min(opening.padTo ?? 0, core.settings.packetSize) : 0;
  core.remotes.take(remote, c1);
  remote.attempts.set(c1, channel);
  channel.handshake = { startedAt: now, sent: 0, restarts: 0 };
  channel.s1 = core.half();
  sendNew(channel, channel.paddedTo);
  core.log(now, 'opening', { to: address }, channel.id);
  settle(channel, now);
  return channel;
}

function freeHalf(core: Core, remote: Remote): number | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const c1 = core.half();
    if (c1 !== RESERVED_HALF && !remote.halves.has(c1)) return c1;
  }
  return undefined;
}

function sendNew(channel: Channel, paddedTo: number): void {
  const { core, remote, address, c1, s1, capabilities: caps, handshake } = channel;
  if (handshake) handshake.sent += 1;
  const cookie1 = core.secrets.cookie({ initiator: core.id, responder: remote.id, c1 });
  channel.cookie1 = cookie1;
  channel.generation = core.secrets.generation;
  // The dialect's message takes those that it has.
  core.outbox.add('CHANNEL_NEW', remote, address, { c1, cookie1, s1, caps }, paddedTo);
}

/** Takes a CHANNEL_ACKNOWLEDGE: the first right one establishes the channel, all others change nothing. */
export function acknowledged(
  core: Core,
  remote: Remote | undefined,
  packet: Packet,
  message: Message,
  from: Address,
  now: number,
): Channel | undefined {
  const id = numberIn(core.dialect, packet, message, 'id');
  const channel = remote?.attempts.get(id >>> 16);
  if (!remote || !channel || channel.address !== from || core.isTaken(remote, id)) return undefined;
  const generation = rightGeneration(channel, packet, message);
  if (generation < 0) {
    core.log(now, 'dropped', { why: 'wrong cookie' }, id);
    return undefined;
  }
  establish(channel, id, generation, packet, message, now);
  return channel;
}

/** The generation of secrets that an acknowledgement proves, or −1 if it is wrong. */
function rightGeneration(channel: Channel, packet: Packet, message: Message): number {
  const { core, remote, c1, s1, generation } = channel;
  if (core.dialect.mac === 'none') {
    return numberIn(core.dialect, packet, message, 'ack') === plus(s1, 1) ? core.secrets.generation : -1;
  }
  const cookie1 = bytesIn(core.dialect, packet, message, 'cookie1');
  if (core.secrets.accepts(generation) && sameCookie(channel.cookie1, cookie1)) return generation;
  return core.secrets.check({ initiator: core.id, responder: remote.id, c1 }, cookie1);
}

function establish(
  channel: Channel,
  id: number,
  generation: number,
  packet: Packet,
  message: Message,
  now: number,
): void {
  const { core, remote } = channel;
  remote.attempts.delete(channel.c1);
  remote.channels.set(id, channel);
  channel.id = id;
  channel.generation = generation;
  channel.phase = core.dialect.numbered ? 'unconfirmed' : 'open';
  channel.arrivedAt = now;
  channel.cookie1 = NO_COOKIE;
  // Which of several was answered, nobody knows.
  if (channel.handshake?.sent === 1) channel.sender.expect(now - channel.handshake.startedAt);
  channel.handshake = { startedAt: now, sent: 0, restarts: 0 };

  if (core.dialect.mac === 'none') {
    const s2 = numberIn(core.dialect, packet, message, 's2');
    channel.ack = plus(s2, 1);
    channel.start = plus(channel.s1, 1);
    channel.receiver.begin(channel.ack);
  } else {
    // A copy: the packet is otherwise done with.
    channel.cookie2 = bytesIn(core.dialect, packet, message, 'cookie2').slice();
    channel.start = numberAt(channel.cookie2, 2);
    channel.receiver.begin(numberAt(channel.cookie2, 0));
  }
  const isEarly = channel.wantsEarly && !channel.queue.isEmpty;
  if (isEarly) channel.line.proof = { cookie: channel.cookie2, caps: channel.capabilities };
  channel.sender.begin(channel.start, [], now);
  core.log(now, 'established', { role: 'initiator' }, id);
  core.emit({ type: 'established', channel });
  if (isEarly) channel.handshake.sent = 1;
  else sendFinalize(channel);
  if (!core.dialect.numbered) channel.sender.confirm(now);
}

/** Delivers what the responder sent before its acknowledgement came. */
export function releaseHeld(channel: Channel, now: number): void {
  if (channel.held.length === 0) return;
  for (const packet of takeHeld(channel)) if (packet.id === channel.id) process(channel, packet, true, now);
}

function sendFinalize(channel: Channel): void {
  const { core, remote, address, id, cookie2, ack, capabilities: caps, handshake } = channel;
  if (handshake) handshake.sent += 1;
  core.outbox.add('CHANNEL_FINALIZE', remote, address, { id, cookie2, ack, caps });
}

/** Sends the handshake again if it is time, and gives it up when it is over. */
export function retry(channel: Channel, now: number): void {
  const { core, handshake, line } = channel;
  if (!handshake || now < handshakeAt(handshake, core.settings)) return;
  if (channel.phase === 'unconfirmed') channel.hasRepeatedProof = true;
  if (channel.phase === 'open') {
    // Only `channeler` has nothing that confirms.
    sendFinalize(channel);
    if (handshake.sent >= FINALIZES) channel.handshake = undefined;
  } else if (isSpent(handshake, core.settings)) {
    timedOut(channel, now);
  } else if (channel.phase === 'opening') {
    sendNew(channel, channel.paddedTo);
  } else if (line.proof) {
    handshake.sent += 1;
    channel.sender.repeat(now);
  } else {
    sendFinalize(channel);
  }
}

/**
 * Starts an attempt again with a new `c1`, since the other peer uses the one it had.
 *
 * @param mayAnswer whether CHANNEL_NEW may go out at once; else it waits for the timer
 */
export function collide(channel: Channel, mayAnswer: boolean, now: number): void {
  const { core, remote, handshake } = channel;
  if (!handshake || handshake.restarts >= core.settings.restarts) return;
  const c1 = freeHalf(core, remote);
  if (c1 === undefined) return;
  core.log(now, 'collided', { c1: channel.c1, new_c1: c1 }, channel.id);
  remote.attempts.delete(channel.c1);
  // Taken before the old one is released, so that the peer is not forgotten in between.
  core.remotes.take(remote, c1);
  core.remotes.release(remote, channel.c1);
  remote.attempts.set(c1, channel);
  channel.c1 = c1;
  channel.id = (c1 << 16) >>> 0;
  channel.s1 = core.half();
  takeHeld(channel);
  channel.handshake = { startedAt: now, sent: 0, restarts: handshake.restarts + 1 };
  if (mayAnswer) sendNew(channel, 0);
  else channel.handshake.sent = 1;
  settle(channel, now);
}
