import type { Message } from '../../dissectors/channel/dissect.js';
import { plus } from '../../dissectors/channel/sequence.js';
import { type Channel, isEnded, isPending, newChannel } from './channel.js';
import { cookiesIn } from './cookie-fields.js';
import { answersWith, better, judgeCookie, noteCookie } from './judging.js';
import type { Peer } from './peers.js';
import { ATTEMPT_SECONDS, type Step } from './tracker.js';

/** A repeat of a NEW that the network delayed comes within this time, in seconds; later it is a new attempt. */
const DELAYED_SECONDS = 15;
/** Answers and cookies kept for one attempt: a flood of them must not grow. */
const ANSWERS = 8;
const COOKIES = 2;

/** The number in a field of a message, if the dialect's message has it. */
export function numberIn({ packet }: Step, message: Message, key: string): number | undefined {
  const field = message.kind?.body.fields[key];
  return field ? Number(field.read(packet.view, message.body)) : undefined;
}

/** CHANNEL_NEW: an attempt begins, or begins again. */
export function open(step: Step, message: Message, dropped: boolean): void {
  const { tracker, packet, sender, recipient, now, number } = step;
  const { dialect } = packet;
  const c1 = numberIn(step, message, 'c1') ?? 0;
  const s1 = numberIn(step, message, 's1');
  const known = tracker.table.findAttempt(dialect, sender, recipient, c1);
  const repeated = known && isRepeat(known, now, s1) ? known : undefined;
  const [field] = cookiesIn(packet, message);
  const input = { initiator: sender.bytes, responder: recipient.bytes, c1 };
  // A NEW returns nothing; only a repeat has an equal whose verdict holds.
  const judged = field && judgeCookie(step, field, sender, input, []);
  if (judged && field) noteCookie(step, judged, 1, field);
  if (dropped) return;

  const channel = repeated ?? tracker.table.add(newChannel(dialect, sender, recipient, c1, 'new', number));
  tracker.touch(channel, number);
  if (judged) {
    channel.cookie1Status = better(channel.cookie1Status, judged.verdict.status);
    if (!channel.cookies1.some(({ secret, text }) => secret === judged.cookie.secret && text === judged.cookie.text)) {
      channel.cookies1 = [...channel.cookies1, judged.cookie].slice(-COOKIES);
    }
  }
  if (repeated && channel.newPacket > 0) tracker.note(step, 'new-repeated', message, [channel.newPacket]);
  if (!repeated) {
    channel.caps = numberIn(step, message, 'caps');
    channel.s1 = s1;
    tracker.awaitUntil(channel, now + ATTEMPT_SECONDS);
  }
  channel.newPacket = number;
  if (channel.acknowledgeTime === undefined) channel.newTime = now;
  collide(step, message, channel);
}

function isRepeat(channel: Channel, now: number, s1: number | undefined): boolean {
  if (channel.s1 !== undefined && channel.s1 !== s1) return false;
  if (isPending(channel) || channel.state === 'collided') return now < channel.deadline;
  return channel.state !== 'timed-out' && now - (channel.newTime ?? channel.acknowledgeTime ?? now) < DELAYED_SECONDS;
}

/**
 * Two peers that chose the same half for attempts to each other start again, both; an attempt that was answered cannot
 * collide. Source: protocol page, section 4 "Collisions".
 */
function collide(step: Step, message: Message, channel: Channel): void {
  const { tracker, packet, sender, recipient, now, number } = step;
  const other = tracker.table.findAttempt(packet.dialect, recipient, sender, channel.c1);
  if (!other || other === channel || other.state !== 'new' || other.deadline <= now) return;
  if (channel.state === 'new') channel.state = 'collided';
  other.state = 'collided';
  tracker.note(step, 'collision', message, [other.number]);
  tracker.touch(other, number);
}

/** A proof with the half of an own attempt makes that attempt start again; the proof holds. */
export function collideWithProof(step: Step, message: Message, c1: number): void {
  const { tracker, packet, sender, recipient, number } = step;
  const other = tracker.table.findAttempt(packet.dialect, recipient, sender, c1);
  if (other?.state !== 'new') return;
  other.state = 'collided';
  tracker.note(step, 'collision', message, [other.number]);
  tracker.touch(other, number);
}

/** CHANNEL_ACKNOWLEDGE: the responder answers; the first answer with the right cookie counts. */
export function acknowledge(step: Step, message: Message, dropped: boolean): void {
  const { tracker, packet, sender, recipient, now, number } = step;
  const { dialect } = packet;
  const id = numberIn(step, message, 'id') ?? 0;
  const [c1, c2] = [id >>> 16, id & 0xffff];
  const attempt = attemptFor(step, recipient, sender, id);
  const [first, second] = cookiesIn(packet, message);
  const ids = { initiator: recipient.bytes, responder: sender.bytes, c1 };
  const returned = first && judgeCookie(step, first, recipient, ids, attempt?.cookies1 ?? []);
  const known = (attempt && !dropped ? answersWith(attempt, c2) : []).filter(({ secret }) => secret >= 0);
  const given = second && judgeCookie(step, second, sender, { ...ids, c2 }, known);
  if (returned && first) noteCookie(step, returned, 1, first);
  if (given && second) noteCookie(step, given, 2, second);
  if (dropped) return;

  if (attempt) tracker.touch(attempt, number);
  const ack = numberIn(step, message, 'ack');
  if (attempt?.s1 !== undefined && ack !== undefined && ack !== plus(attempt.s1, 1)) {
    tracker.note(step, 'ack-number-wrong', message, [ack, plus(attempt.s1, 1)]);
    return;
  }
  if (returned && !returned.right) {
    if (attempt) attempt.cookie1Status = better(attempt.cookie1Status, returned.verdict.status);
    if (attempt && dialect.name === 'channeler') tracker.note(step, 'attempt-cancelled', message);
    return;
  }
  const channel = attempt ?? addUnseen(step, message, recipient, sender, c1);
  tracker.table.prove(channel, 2);
  if (returned) channel.cookie1Status = better(channel.cookie1Status, returned.verdict.status);
  if (given) channel.cookie2Status = better(channel.cookie2Status, given.verdict.status);
  const before = channel.answers.find((answer) => answer.c2 === c2);
  if (before) tracker.note(step, 'acknowledge-repeated', message, [channel.acknowledgePacket]);
  else if (channel.answers.length > 0)
    tracker.note(step, 'acknowledge-other-half', message, [channel.acknowledgePacket]);
  const s2 = numberIn(step, message, 's2');
  if (!before && channel.answers.length < ANSWERS) {
    channel.answers.push({ c2, cookie2: given?.cookie, time: now, packet: number, s2 });
  }
  channel.acknowledgePacket = number;
  if (channel.acknowledgeTime !== undefined) return;
  channel.acknowledgeTime = now;
  if (channel.newTime !== undefined) channel.rttNewAcknowledge = now - channel.newTime;
  if (channel.c2 === undefined) tracker.table.name(channel, c2);
  if (isPending(channel) || channel.state === 'timed-out' || channel.state === 'collided') {
    channel.state = 'acknowledged';
    tracker.awaitUntil(channel, now + ATTEMPT_SECONDS);
  }
}

/** The channel that a message with a full id is about, when these are its peers. */
function attemptFor({ tracker, packet }: Step, initiator: Peer, responder: Peer, id: number): Channel | undefined {
  const named = tracker.table.findById(packet.dialect, initiator, responder, id);
  if (named && (named.initiator === initiator || !named.rolesKnown)) return named;
  return tracker.table.findAttempt(packet.dialect, initiator, responder, id >>> 16);
}

function addUnseen(step: Step, message: Message, initiator: Peer, responder: Peer, c1: number): Channel {
  const { tracker, packet, number } = step;
  tracker.note(step, 'new-unseen', message);
  const channel = tracker.table.add(newChannel(packet.dialect, initiator, responder, c1, 'new', number));
  tracker.touch(channel, number);
  return channel;
}

/** CHANNEL_FINALIZE: the initiator proves its address, and the channel is established. */
export function finalize(step: Step, message: Message, dropped: boolean): void {
  const { tracker, packet, sender, recipient, now, number } = step;
  const id = numberIn(step, message, 'id') ?? 0;
  const [c1, c2] = [id >>> 16, id & 0xffff];
  const found = attemptFor(step, sender, recipient, id);
  const [field] = cookiesIn(packet, message);
  const input = { initiator: sender.bytes, responder: recipient.bytes, c1, c2 };
  const judged = field && judgeCookie(step, field, recipient, input, found ? answersWith(found, c2) : []);
  if (judged && field) noteCookie(step, judged, 2, field);
  if (dropped) return;

  if (found) tracker.touch(found, number);
  const ack = numberIn(step, message, 'ack');
  const s2 = found?.answers.find((answer) => answer.c2 === c2)?.s2;
  if (s2 !== undefined && ack !== undefined && ack !== plus(s2, 1)) {
    tracker.note(step, 'ack-number-wrong', message, [ack, plus(s2, 1)]);
    return;
  }
  if (judged && !judged.right) {
    if (found) found.cookie2Status = better(found.cookie2Status, judged.verdict.status);
    return;
  }
  const channel = found ?? addUnseen(step, message, sender, recipient, c1);
  if (!channel.rolesKnown) setRoles(channel, step);
  if (judged) {
    channel.cookie2Status = better(channel.cookie2Status, judged.verdict.status);
    learnStart(channel, c2, judged.cookie, step);
  }
  prove(step, message, channel, c2);
  channel.finalizes++;
  const repeated = channel.finalizePacket > 0 || isEnded(channel);
  if (repeated) tracker.note(step, 'finalize-repeated', message, [channel.finalizePacket]);
  channel.caps ??= numberIn(step, message, 'caps');
  const first = channel.finalizePacket === 0;
  const answer = channel.answers.find((one) => one.c2 === c2);
  if (first && answer && answer.packet < number) channel.rttAcknowledgeFinalize = now - answer.time;
  channel.finalizePacket = number;
  if (isEnded(channel)) return;
  channel.state = 'established';
  // Where FINALIZE is confirmed, an initiator without a confirmation gives up as it does without an answer.
  if (first && !channel.confirmed && packet.dialect.cookieSize === 16)
    tracker.awaitUntil(channel, now + ATTEMPT_SECONDS);
  collideWithProof(step, message, c1);
}

/** Who was taken for the responder has shown to be the initiator, or the other way round. */
export function setRoles(channel: Channel, { sender, recipient }: Step): void {
  channel.rolesKnown = true;
  if (channel.initiator === sender) return;
  channel.initiator = sender;
  channel.responder = recipient;
  [channel.fromInitiator, channel.fromResponder] = [channel.fromResponder, channel.fromInitiator];
}

/** Keeps the cookie of a proof as an answer that was not seen: the numbers start from it. */
export function learnStart(channel: Channel, c2: number, cookie2: Channel['cookies1'][number], step: Step): void {
  if (channel.answers.some((answer) => answer.c2 === c2) || channel.answers.length >= ANSWERS) return;
  channel.answers.push({ c2, cookie2, time: step.now, packet: step.number, s2: undefined });
}

/** Takes a proof by the initiator: gives the channel the half it names, and notes what must have come before. */
export function prove(step: Step, message: Message, channel: Channel, c2: number): void {
  const { tracker } = step;
  tracker.table.prove(channel, 1);
  if (channel.acknowledgePacket === 0 && channel.finalizePacket === 0 && isPending(channel)) {
    tracker.note(step, 'acknowledge-unseen', message);
  }
  if (channel.c2 !== c2) tracker.table.name(channel, c2);
}
