import type { Message } from '../../dissectors/channel/dissect.js';
import { plus } from '../../dissectors/channel/sequence.js';
import {
  addChannel,
  channelFor,
  channelNamed,
  collide,
  isReserved,
  numberIn,
  otherWithId,
  repeatedAttempt,
  setInitiator,
} from './attempts.js';
import { type Channel, isEnded, isPending } from './channel.js';
import { cookiesIn } from './cookie-fields.js';
import type { Verdict } from './cookies.js';
import { answersWith, isRight, judgeCookie, keepCookie, noteStatus, UNKNOWN } from './judging.js';
import { type Answer, answerOf, isSeen, NONE_SEEN, unreadCookie, withNewest } from './seen-cookie.js';
import type { Step } from './step.js';

/** Answers and cookies kept for one attempt: a flood of them must not grow. */
const ANSWERS = 8;
const COOKIES = 2;

/** CHANNEL_NEW: an attempt begins, or begins again. @param counts whether it has any effect */
export function open(step: Step, message: Message, counts: boolean): void {
  const { tracker, packet, sender, recipient, now, clock, number } = step;
  const { dialect, view } = packet;
  const c1 = numberIn(step, message, 'c1');
  if (c1 === undefined) return;
  const s1 = numberIn(step, message, 's1');
  const repeated = repeatedAttempt(step, c1, s1);
  const [field] = cookiesIn(packet, message);
  const claim = { which: 1, initiator: sender, responder: recipient, c1, c2: 0, at: field?.start ?? 0 } as const;
  // A NEW returns nothing; only a repeat has an equal whose verdict holds.
  const verdict = field && judgeCookie(step, claim, repeated?.cookies1 ?? NONE_SEEN, false);
  if (!counts) return;

  const channel = repeated ?? addChannel(step, sender, recipient, c1, 'new');
  tracker.touch(channel, number);
  if (verdict && field) {
    noteStatus(channel, 1, verdict, channel.acknowledgePacket > 0);
    const { cookies1 } = channel;
    if (!cookies1.some((seen) => isSeen(seen, view, field.start, dialect.cookieSize))) {
      channel.cookies1 = withNewest(keepCookie(step, field.start, verdict, true), cookies1, COOKIES);
    }
  }
  if (channel.newPacket > 0) tracker.note(step, 'new-repeated', message, timesAfter(channel.newPacket, channel.news));
  channel.news++;
  channel.caps ??= numberIn(step, message, 'caps');
  channel.s1 ??= s1;
  channel.newPacket = number;
  channel.newTime = now;
  channel.heard = clock;
  if (!repeated) tracker.attempts.join(channel, clock);
  collide(step, message, channel);
}

/** What a repeated message repeats, and how often it was sent before, where that was more than once. */
const timesAfter = (packet: number, times: number): readonly number[] => (times > 1 ? [packet, times] : [packet]);

/** CHANNEL_ACKNOWLEDGE: the responder answers; the first answer with the right cookie counts. */
export function acknowledge(step: Step, message: Message, counts: boolean): void {
  const { tracker, packet, sender, recipient, clock, number } = step;
  const id = numberIn(step, message, 'id');
  if (id === undefined) return;
  const [first, second] = cookiesIn(packet, message);
  const [c1, c2] = [id >>> 16, id & 0xffff];
  const attempt = channelFor(step, recipient, sender, id);
  const [initiator, responder] = [recipient, sender];
  const answers = answersWith(attempt, c2);
  const returned =
    first &&
    judgeCookie(
      step,
      { which: 1, initiator, responder, c1, c2, at: first.start },
      attempt?.cookies1 ?? NONE_SEEN,
      true,
    );
  const given =
    second && judgeCookie(step, { which: 2, initiator, responder, c1, c2, at: second.start }, answers, false);
  if (!counts || isReserved(id)) return;

  const taken = otherWithId(step, recipient, sender, id);
  if (taken) return tracker.list(taken, number);
  if (!isRight(returned)) {
    if (!attempt) return;
    tracker.list(attempt, number);
    noteStatus(attempt, 1, returned, attempt.acknowledgePacket > 0);
    if (packet.dialect.name === 'channeler' && attempt.state === 'new') {
      tracker.note(step, 'attempt-cancelled', message);
    }
    return;
  }
  const ack = numberIn(step, message, 'ack');
  if (attempt?.s1 !== undefined && ack !== undefined && ack !== plus(attempt.s1, 1)) {
    tracker.list(attempt, number);
    tracker.note(step, 'ack-number-wrong', message, [ack, plus(attempt.s1, 1)]);
    return;
  }
  const channel = attempt ?? addChannel(step, recipient, sender, c1, 'new');
  if (!attempt) tracker.note(step, 'new-unseen', message);
  tracker.touch(channel, number);
  setInitiator(step, channel, recipient);
  tracker.table.prove(channel, 2);
  noteStatus(channel, 1, returned, channel.acknowledgePacket > 0);
  noteStatus(channel, 2, given, channel.proved);
  answer(step, message, channel, c2, second?.start, given);
  if (channel.c2 === undefined) tracker.table.name(channel, c2);
  if (channel.state !== 'new' && channel.state !== 'collided') return;
  channel.state = 'acknowledged';
  tracker.attempts.join(channel, clock);
}

/** Keeps an answer, and measures the round trip of the first. */
function answer(
  step: Step,
  message: Message,
  channel: Channel,
  c2: number,
  at: number | undefined,
  verdict: Verdict | undefined,
): void {
  const { tracker, packet, now, number } = step;
  const { view, dialect } = packet;
  const s2 = numberIn(step, message, 's2');
  const known = answersWith(channel, c2).filter(({ shown }) => shown);
  const [before] = known;
  if (before) tracker.note(step, 'acknowledge-repeated', message, [before.packet]);
  else if (channel.acknowledgePacket > 0) {
    tracker.note(step, 'acknowledge-other-half', message, [channel.acknowledgePacket]);
  }
  const place = at ?? (dialect.cookieSize === 0 ? 0 : undefined);
  const isKnown = (one: Answer) =>
    one.s2 === s2 && (place === undefined || (one.read && isSeen(one, view, place, dialect.cookieSize)));
  if (channel.answers.length < ANSWERS && !known.some(isKnown)) {
    const read = place !== undefined;
    const cookie = read ? keepCookie(step, place, verdict ?? UNKNOWN, true) : unreadCookie(number);
    channel.answers = withNewest(answerOf(cookie, c2, true, read, now, s2), channel.answers, ANSWERS);
  }
  const isFirst = channel.acknowledgePacket === 0 && !channel.proved;
  channel.acknowledgePacket = number;
  if (isFirst && channel.newTime !== undefined && now >= channel.newTime) {
    channel.rttNewAcknowledge = now - channel.newTime;
  }
}

const NO_STARTS: readonly number[] = [];

/** CHANNEL_FINALIZE: the initiator proves its address, and the channel is established. */
export function finalize(step: Step, message: Message, counts: boolean): void {
  const { tracker, packet, sender, recipient, now, number } = step;
  const id = numberIn(step, message, 'id');
  if (id === undefined) return;
  const [field] = cookiesIn(packet, message);
  const [c1, c2] = [id >>> 16, id & 0xffff];
  const found = channelFor(step, sender, recipient, id);
  const answers = answersWith(found, c2);
  const claim = { which: 2, initiator: sender, responder: recipient, c1, c2, at: field?.start ?? 0 } as const;
  const verdict = field && judgeCookie(step, claim, answers, true);
  if (!counts || isReserved(id)) return;

  const taken = otherWithId(step, sender, recipient, id);
  if (taken) return tracker.list(taken, number);
  if (!isRight(verdict)) {
    if (!found) return;
    tracker.list(found, number);
    noteStatus(found, 2, verdict, found.proved);
    return;
  }
  const ack = numberIn(step, message, 'ack');
  // Most dialects acknowledge no number.
  const starts = ack === undefined ? NO_STARTS : answers.flatMap(({ s2 }) => (s2 === undefined ? [] : [plus(s2, 1)]));
  const [start] = starts;
  if (found && ack !== undefined && start !== undefined && !starts.includes(ack)) {
    tracker.list(found, number);
    tracker.note(step, 'ack-number-wrong', message, [ack, start]);
    return;
  }
  const shown = answers.length > 0 || verdict?.status === 'valid';
  const channel = found ? channelNamed(step, found, c2, shown) : addChannel(step, sender, recipient, c1, 'new');
  if (channel.c2 === undefined) tracker.table.name(channel, c2);
  if (!found) tracker.note(step, 'new-unseen', message);
  tracker.touch(channel, number);
  setInitiator(step, channel, sender);
  const repeats = channel.finalizePacket > 0 || isEnded(channel) || channel.state === 'established';
  if (repeats) tracker.note(step, 'finalize-repeated', message, timesAfter(channel.finalizePacket, channel.finalizes));
  channel.finalizes++;
  const asked = proved(step, message, channel, field?.start, verdict);
  if (!repeats && asked?.shown && now >= asked.time) channel.rttAcknowledgeFinalize = now - asked.time;
  channel.finalizePacket = number;
  if (isEnded(channel)) return;
  establish(step, channel, 'established');
  collide(step, message, channel);
}

/**
 * Takes a right proof of the initiator, FINALIZE or COOKIE in its place; the first counts.
 * @param at where its cookie starts, if the dialect has any and the capture kept it
 * @returns the answer that it returns
 */
export function proved(
  step: Step,
  message: Message,
  channel: Channel,
  at: number | undefined,
  verdict: Verdict | undefined,
): Answer | undefined {
  const { tracker, packet, now } = step;
  tracker.table.prove(channel, 1);
  noteStatus(channel, 2, verdict, channel.proved);
  if (channel.proved) {
    if (message.kind?.name === 'CHANNEL_FINALIZE') channel.repeats++;
    return channel.accepted;
  }
  const settled = channel.state === 'established' || isEnded(channel);
  if (channel.acknowledgePacket === 0 && !settled && channel.rolesKnown)
    tracker.note(step, 'acknowledge-unseen', message);
  channel.proved = true;
  channel.caps ??= numberIn(step, message, 'caps');
  const { view, dialect } = packet;
  const ack = numberIn(step, message, 'ack');
  const answers = answersWith(channel, channel.c2 ?? 0);
  const fits = (one: Answer) =>
    (at === undefined || (one.read && isSeen(one, view, at, dialect.cookieSize))) &&
    (ack === undefined || one.s2 === undefined || plus(one.s2, 1) === ack);
  channel.accepted = answers.findLast(fits);
  if (channel.accepted || !verdict || at === undefined) return channel.accepted;
  // The numbers start from it as from an answer, though the answer was not seen, or not whole.
  const shown = answers.findLast((one) => !one.read);
  const cookie = keepCookie(step, at, verdict, false);
  channel.accepted = answerOf(cookie, channel.c2 ?? 0, shown !== undefined, true, shown?.time ?? now, undefined);
  channel.answers = withNewest(channel.accepted, channel.answers, ANSWERS);
  return channel.accepted;
}

/** Moves an attempt on; where peers wait for the confirmation, it fails without. */
export function establish({ tracker, clock }: Step, channel: Channel, state: 'established' | 'early'): void {
  if (channel.state === state) return;
  if (channel.state === 'timed-out') tracker.table.revive(channel);
  const waits = isPending(channel) || channel.state === 'timed-out' || channel.state === 'collided';
  channel.state = state;
  if (channel.confirmed || !channel.dialect.numbered) tracker.attempts.leave(channel);
  else if (waits) tracker.attempts.join(channel, clock);
}
