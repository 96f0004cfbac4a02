import type { Message } from '../../dissectors/channel/dissect.js';
import { RESERVED_HALF } from '../../dissectors/channel/packet.js';
import type { Field } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { type Channel, isAttempt, isBound, isEnded } from './channel.js';
import type { Peer } from './peers.js';
import type { Step } from './step.js';

/** A repeat of a NEW that the network delayed comes within this time, in seconds; later it is a new attempt. */
const DELAYED_SECONDS = 15;

/** The number in a field of a message, if the dialect's message has it and the capture kept it. */
export function numberIn({ packet }: Step, message: Message, key: string): number | undefined {
  const field: Placed<Field> | undefined = message.kind?.body.fields[key];
  if (!field || typeof field.size !== 'number') return undefined;
  if (message.stop && message.body + field.offset + field.size > packet.limit.captured) return undefined;
  return Number(field.read(packet.view, message.body));
}

/** Whether an id is one that no channel can have but the default one. */
export const isReserved = (id: number): boolean => id >>> 16 === RESERVED_HALF || (id & 0xffff) === RESERVED_HALF;

/** The attempt that a NEW with this half repeats, if it is not a new one. */
export function repeatedAttempt(step: Step, c1: number, s1: number | undefined): Channel | undefined {
  const { tracker, packet, sender, recipient, clock } = step;
  const channel = tracker.table.findAttempt(packet.dialect, sender, recipient, c1);
  if (!channel || (channel.s1 !== undefined && channel.s1 !== s1)) return undefined;
  switch (channel.state) {
    case 'new':
    case 'acknowledged':
      return channel;
    case 'timed-out':
      return undefined;
    default:
      return clock - channel.heard < DELAYED_SECONDS ? channel : undefined;
  }
}

/**
 * The channel that an ACKNOWLEDGE or FINALIZE with this id is about. A half may come back after its channel has ended,
 * or its attempt has begun anew: then the newer attempt is meant.
 */
export function channelFor(
  { tracker, packet }: Step,
  initiator: Peer,
  responder: Peer,
  id: number,
): Channel | undefined {
  const { table } = tracker;
  const attempt = table.findAttempt(packet.dialect, initiator, responder, id >>> 16);
  const named = table.findById(packet.dialect, initiator, responder, id);
  if (!named || (named.initiator !== initiator && named.rolesKnown)) return attempt;
  const isLive = !isEnded(named) && !isAttempt(named);
  return attempt && isAttempt(attempt) && !isLive ? attempt : named;
}

/** The channel that has this id already, with the roles the other way round: then nobody else can have it. */
export function otherWithId(
  { tracker, packet }: Step,
  initiator: Peer,
  responder: Peer,
  id: number,
): Channel | undefined {
  const named = tracker.table.findById(packet.dialect, initiator, responder, id);
  return named?.rolesKnown && named.initiator !== initiator && !isEnded(named) ? named : undefined;
}

/**
 * The channel with this id, given one with the same half: itself if it may still take the id, else a new one, since an id
 * that was proven or used is for good.
 * @param shown whether the responder was seen to give this half
 */
export function channelNamed(step: Step, channel: Channel, c2: number, shown: boolean): Channel {
  const { table } = step.tracker;
  if (channel.c2 === c2) return channel;
  if (channel.c2 !== undefined && (isBound(channel) || !shown)) return fork(step, channel, c2);
  table.name(channel, c2);
  return channel;
}

/** Makes a channel of its own of an answer to an attempt that has become another channel. */
function fork(step: Step, from: Channel, c2: number): Channel {
  const { tracker, now, clock, number } = step;
  const { dialect, initiator, responder, c1 } = from;
  const answer = from.answers.find((one) => one.c2 === c2);
  const packet = answer?.packet ?? number;
  const time = answer?.time ?? now;
  const beginning = { dialect, initiator, responder, c1, state: 'acknowledged', packet, time, now: clock } as const;
  const channel = tracker.table.add(beginning, false);
  tracker.table.name(channel, c2);
  if (dialect.capabilitiesIn === 'CHANNEL_NEW') channel.caps = from.caps;
  channel.s1 = from.s1;
  channel.cookies1 = from.cookies1;
  channel.cookie1Status = from.cookie1Status;
  channel.newPacket = from.newPacket;
  channel.news = from.news;
  if (!answer) return channel;
  channel.answers = [answer];
  channel.acknowledgePacket = answer.packet;
  if (from.newTime !== undefined && from.newPacket < answer.packet && answer.time >= from.newTime) {
    channel.rttNewAcknowledge = answer.time - from.newTime;
  }
  return channel;
}

/**
 * Makes a channel that begins with this packet, or is seen from here on.
 * @param asks whether it is known to be the newest that its initiator asked for with this half
 */
export function addChannel(
  step: Step,
  initiator: Peer,
  responder: Peer,
  c1: number,
  state: Channel['state'],
  asks = true,
): Channel {
  const { packet, number, now, clock } = step;
  const { dialect } = packet;
  const beginning = { dialect, initiator, responder, c1, state, packet: number, time: now, now: clock };
  return step.tracker.table.add(beginning, asks);
}

/** Notes who initiated a channel, once that is seen and no longer guessed. */
export function setInitiator({ tracker }: Step, channel: Channel, initiator: Peer): void {
  if (channel.rolesKnown) return;
  channel.rolesKnown = true;
  if (channel.initiator !== initiator) tracker.table.swapRoles(channel);
}

/**
 * Two peers that chose the same half for attempts to each other start again, both; an attempt that was answered cannot
 * collide. Source: protocol page, section 4 "Collisions".
 */
export function collide(step: Step, message: Pick<Message, 'at' | 'end'>, channel: Channel): void {
  const { tracker, packet, number } = step;
  const { initiator, responder, c1 } = channel;
  const other = tracker.table.findAttempt(packet.dialect, responder, initiator, c1);
  if (other?.state !== 'new') return;
  other.state = 'collided';
  // A NEW is not answered, and its attempt starts again as well; a proof holds.
  if (channel.state === 'new') channel.state = 'collided';
  tracker.note(step, 'collision', message, [other.number]);
  tracker.touch(other, number);
}
