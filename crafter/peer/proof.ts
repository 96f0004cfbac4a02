import { REFUSED } from '../../dissectors/channel/messages.js';
import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { plus } from '../../dissectors/channel/sequence.js';
import { type Arrival, senderIn } from './arrival.js';
import type { Core } from './channel.js';
import { Channel } from './channel.js';
import { confirm } from './channel-steps.js';
import type { Pending } from './core.js';
import { takeEarly } from './early-data.js';
import { keyOf } from './expiring.js';
import { collide } from './initiator.js';
import { bytesIn, type Message, numberAt, numberIn, SENDER } from './read.js';

/** A CHANNEL_FINALIZE, or a COOKIE in its place. */
export interface Proof {
  readonly id: number;
  /** Empty in `seqno`. */
  readonly cookie2: Uint8Array;
  readonly ack: number;
  readonly caps: number;
}

/** Takes a CHANNEL_FINALIZE, and confirms it if it is right. */
export function finalize(core: Core, arrival: Arrival, message: Message): void {
  const { packet } = arrival;
  const channel = prove(core, arrival, {
    id: numberIn(core.dialect, packet, message, 'id'),
    cookie2: bytesIn(core.dialect, packet, message, 'cookie2'),
    ack: numberIn(core.dialect, packet, message, 'ack'),
    caps: numberIn(core.dialect, packet, message, 'caps'),
  });
  if (!channel || arrival.proven.includes(channel)) return;
  arrival.proven.push(channel);
  // Nothing confirms in `channeler`. What does not fit waits for the repeat.
  if (!core.dialect.numbered || !arrival.budget.spend(core.answerSizes.of('CHANNEL_FINALIZE', 1))) return;
  confirm(channel, arrival.now);
}

/**
 * The channel of a proof: the one it is for, or a new one. Undefined if the proof is wrong, for a closed channel, or
 * refused.
 */
export function prove(core: Core, arrival: Arrival, proof: Proof): Channel | undefined {
  const { packet, initiator, from, now } = arrival;
  const { id } = proof;
  const c1 = id >>> 16;
  if (c1 === RESERVED_HALF) return undefined;
  const remote = senderIn(core, packet);
  const known = remote?.channels.get(id);
  const generation =
    known && core.dialect.mac === 'none' ? repeated(known, proof) : rightGeneration(core, arrival, proof);
  if (generation < 0) {
    core.log(now, 'dropped', { why: 'wrong proof', from }, id);
    return undefined;
  }
  if (known) {
    if (known.role !== 'responder' || known.address !== from) return undefined;
    known.hasRepeatedProof = true;
    return known;
  }
  if (remote?.closed.has(id)) {
    core.log(now, 'dropped', { why: 'closed before', from }, id);
    return undefined;
  }
  const pending =
    core.dialect.capabilitiesIn === 'CHANNEL_NEW' ? core.pending.get(keyOf(initiator, id), now) : undefined;
  if (core.dialect.capabilitiesIn === 'CHANNEL_NEW' && !pending) return undefined;
  const attempt = remote?.attempts.get(c1);
  // The proof is one of the address, too.
  if (attempt) collide(attempt, attempt.address === from, now);
  const caps = core.dialect.numbered ? (pending?.capabilities ?? proof.caps) & 7 : 0;
  const [own, other] = starts(core, proof, pending);
  const isFull = core.isFull || (remote?.channels.size ?? 0) >= core.settings.channelsOfRemote;
  if (isFull || !core.settings.accept({ remoteId: initiator, from, id, capabilities: caps })) {
    refuse(core, arrival, id, own);
    return undefined;
  }
  return establish(core, arrival, proof, generation, caps, own, other);
}

/** The first numbers of both directions. */
function starts(
  { dialect }: Core,
  { cookie2 }: Proof,
  pending: Pending | undefined,
): readonly [own: number, other: number] {
  if (dialect.mac === 'none') return pending ? [plus(pending.s2, 1), plus(pending.s1, 1)] : [0, 0];
  return dialect.numbered ? [numberAt(cookie2, 0), numberAt(cookie2, 2)] : [0, 0];
}

/** The generation of secrets that a proof proves, or −1 if it is wrong. */
function rightGeneration(core: Core, { initiator, from, now }: Arrival, { id, cookie2, ack }: Proof): number {
  const [c1, c2] = [id >>> 16, id & 0xffff];
  if (core.dialect.mac === 'none') {
    const pending = core.pending.get(keyOf(initiator, id), now);
    const isRight = pending && ack === plus(pending.s2, 1) && (!core.settings.bindAddress || pending.from === from);
    return isRight ? core.secrets.generation : -1;
  }
  const generation = core.secrets.check({ initiator, responder: core.id, c1, c2 }, cookie2);
  if (generation < 0 || !core.settings.bindAddress) return generation;
  return core.responderHalf.gives(from, initiator, c1, c2) ? generation : -1;
}

/** Whether a CHANNEL_FINALIZE of `seqno` is the one that an established channel was proven with. */
const repeated = (channel: Channel, { ack }: Proof): number => (ack === channel.start ? channel.generation : -1);

/** Refuses a channel; stores nothing. */
function refuse(core: Core, { initiator, from, budget, now }: Arrival, id: number, start: number): void {
  core.log(now, 'refused', { to: from }, id);
  if (!core.dialect.numbered) return;
  const { writer } = core;
  writer.start(initiator, id, start);
  writer.add('CHANNEL_CLOSE', { reason: REFUSED });
  const bytes = writer.finish();
  if (budget.spend(bytes.length)) core.send(from, bytes);
}

function establish(
  core: Core,
  { packet, from, now, wake }: Arrival,
  { id, cookie2 }: Proof,
  generation: number,
  capabilities: number,
  own: number,
  other: number,
): Channel {
  const remote = core.remotes.at(packet.view, SENDER);
  const channel = new Channel(core, 'responder', remote, from, id, capabilities, wake);
  core.remotes.take(remote, channel.c1);
  remote.channels.set(id, channel);
  channel.generation = generation;
  channel.start = own;
  channel.arrivedAt = now;
  channel.receiver.begin(other);
  const early = takeEarly(core, remote.id, from, id, now);
  const wasSent = early?.cookie2 !== undefined && isStart(early.cookie2, cookie2);
  channel.sender.begin(own, wasSent && early?.packet ? [early.packet] : [], now);
  if (early && !wasSent) channel.queue.push(early.data);
  channel.sender.confirm(now);
  if (core.pending.size > 0) core.pending.delete(keyOf(remote.id, id));
  core.log(now, 'established', { role: 'responder', from, caps: capabilities }, id);
  core.emit({ type: 'established', channel });
  return channel;
}

const isStart = (one: Uint8Array, other: Uint8Array): boolean => one[0] === other[0] && one[1] === other[1];
