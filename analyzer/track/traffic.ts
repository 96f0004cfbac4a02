import { CLOSE_ON_LOSS, ORDERED, RESEND } from '../../dissectors/channel/capabilities.js';
import { type Message, takesNumber } from '../../dissectors/channel/dissect.js';
import { CODES, REFUSED } from '../../dissectors/channel/messages.js';
import { distance, plus } from '../../dissectors/channel/sequence.js';
import { readVarint, varintSize } from '../../dissectors/wire/field.js';
import { numberIn } from './attempts.js';
import { type Channel, isEnded } from './channel.js';
import { type Direction, isDone, newDirection } from './direction.js';
import { Numbers, type NumberVerdict } from './numbers.js';
import type { Step } from './step.js';

/** Counts a packet for its direction of a channel. */
export function count({ packet, number, sender }: Step, channel: Channel): Direction {
  const direction = directionFrom(channel, channel.initiator === sender);
  direction.packets++;
  direction.bytes += packet.size ?? 0;
  direction.last = number;
  let carries = false;
  for (const message of packet.messages) {
    if (message.code !== CODES.DATA || !message.kind) continue;
    const { view, limit } = packet;
    const size = varintSize(view, message.body, limit.captured);
    if (size === 0) continue;
    carries = true;
    const length = readVarint(view, message.body);
    // The reference does not check a length against the payload: what is there counts, not what is claimed.
    const cut = message.stop?.why === 'malformed';
    direction.dataBytes += cut ? Math.min(length, message.end - message.body - size) : length;
  }
  if (carries) direction.dataPackets++;
  return direction;
}

function directionFrom(channel: Channel, fromInitiator: boolean): Direction {
  if (fromInitiator) {
    channel.fromInitiator ??= newDirection();
    return channel.fromInitiator;
  }
  channel.fromResponder ??= newDirection();
  return channel.fromResponder;
}

/**
 * Follows the numbers of a direction, the reports on the other, and the end.
 * @param led whether the packet begins with COOKIE
 * @param wasConfirmed whether the channel was confirmed before this packet
 */
export function follow(step: Step, channel: Channel, direction: Direction, led: boolean, wasConfirmed: boolean): void {
  const { packet, sender } = step;
  let numbered = false;
  let close: Message | undefined;
  for (const message of packet.messages) {
    const { code, kind, stop } = message;
    if (!kind) continue;
    numbered ||= takesNumber(code);
    if (stop) continue;
    if (code === CODES.CHANNEL_CLOSE) close ??= message;
    else if (code === CODES.DATA_PROGRESS) {
      report(step, message, channel.initiator === sender ? channel.fromResponder : channel.fromInitiator);
    }
  }
  if (!packet.dialect.numbered || packet.sequence === undefined) return;
  direction.start ??= startOf(step, channel) ?? packet.sequence;
  channel.start = direction.start;
  // Long after the end nothing is remembered by which a number could be judged.
  const verdict = numbered && !channel.settled ? takeNumber(step, channel, direction, led, close) : NEXT;
  if (!close) return;
  // A number that something else had, or that is before the start, is an old one: its CLOSE has no effect.
  const isOld = verdict.kind === 'old' || (verdict.again && !isCloseOf(direction, packet.sequence));
  if (!isOld) takeClose(step, channel, direction, close, wasConfirmed);
}

const isCloseOf = ({ closePacket, closeNumber }: Direction, number: number): boolean =>
  closePacket > 0 && closeNumber === number;

const NEXT: NumberVerdict = { kind: 'next', count: 0, lost: 0, again: false };

function report(step: Step, message: Message, reported: Direction | undefined): void {
  if (!reported?.numbers) return;
  const next = numberIn(step, message, 'next');
  const received = numberIn(step, message, 'received');
  if (next !== undefined && received !== undefined) reported.numbers.report(next, received);
}

/** Takes the number of a packet, of which those with COOKIE or CLOSE are sent again in every mode. */
function takeNumber(
  step: Step,
  channel: Channel,
  direction: Direction,
  led: boolean,
  close: Message | undefined,
): NumberVerdict {
  const { tracker, packet, clock } = step;
  const number = packet.sequence ?? 0;
  const numbers = direction.numbers ?? newNumbers(step, channel);
  direction.numbers = numbers;
  const { caps } = channel;
  const expected = numbers.expected;
  const repeats = led || close !== undefined || caps === undefined || (caps & RESEND) !== 0;
  const asked = close !== undefined && isAsked(step, channel, direction);
  const verdict = numbers.take(number, clock, repeats, asked, givesUpGaps(channel));
  const { kind, count: by, again } = verdict;
  direction.lost = Math.max(0, direction.lost + verdict.lost);
  if (kind === 'next') {
    if (direction.closePacket > 0) noteAfterClose(step, direction, close);
    return verdict;
  }
  const place = { at: packet.at + 44, end: packet.at + 46 };
  if (direction.closePacket > 0) noteAfterClose(step, direction, close);
  if (kind === 'gap') {
    tracker.note(step, 'sequence-gap', place, [by]);
  } else if (kind === 'reordered') {
    direction.reordered++;
    tracker.note(step, 'reordered', place, [by]);
  } else if (kind === 'late') {
    tracker.note(step, 'after-gap', place, [by]);
  } else if (kind === 'resent') {
    direction.resent++;
    if (led && channel.proved && channel.initiator === step.sender) channel.repeats++;
    tracker.note(step, 'resent', place, [again ? -1 : 0]);
    if (isGivenUp(step, channel)) tracker.note(step, 'given-up', place);
  } else if (kind === 'duplicate') {
    direction.duplicates++;
    tracker.note(step, 'duplicate', place, [0]);
  } else {
    tracker.note(step, 'number-old', place, [number, expected]);
  }
  return verdict;
}

/** Whether gaps that stay open are given up: in the modes without resend, but for `udp`, which knows none. */
const givesUpGaps = ({ caps = 0 }: Channel): boolean =>
  (caps & RESEND) === 0 && (caps & (ORDERED | CLOSE_ON_LOSS)) !== 0;

/** Whether a CLOSE with a reason is told again, since the other peer sent something after it was told last. */
function isAsked({ packet }: Step, { fromInitiator, fromResponder }: Channel, direction: Direction): boolean {
  const { closeNumber, closeReason, closeSeen } = direction;
  if (closeSeen === 0 || closeReason === 0 || closeNumber !== packet.sequence) return false;
  const other = direction === fromInitiator ? fromResponder : fromInitiator;
  return (other?.last ?? 0) > closeSeen;
}

/** Notes what follows a CLOSE: after one with reason 0 one with another may. */
function noteAfterClose(step: Step, { closeNumber, closePacket, closeReason }: Direction, close?: Message): void {
  const { packet, tracker } = step;
  if (closeReason === 0 && close && (numberIn(step, close, 'reason') ?? 0) !== 0) return;
  if (distance(closeNumber, packet.sequence ?? 0) <= 0) return;
  tracker.note(step, 'after-close', { at: packet.at + 44, end: packet.at + 46 }, [closePacket]);
}

function newNumbers(step: Step, channel: Channel): Numbers {
  const start = startOf(step, channel);
  return new Numbers(start ?? step.packet.sequence ?? 0, start !== undefined);
}

/** Where the numbers of a packet's direction start, if the handshake told. Source: protocol page, section 4. */
function startOf({ sender, packet }: Step, channel: Channel): number | undefined {
  const fromInitiator = channel.initiator === sender;
  const answer = channel.accepted ?? channel.answers.findLast(({ c2 }) => c2 === channel.c2);
  if (packet.dialect.mac === 'none') {
    const start = fromInitiator ? channel.s1 : answer?.s2;
    return start === undefined ? undefined : plus(start, 1);
  }
  if (!answer?.read) return undefined;
  return fromInitiator ? answer.a & 0xffff : answer.a >>> 16;
}

/** A number given up is sent with one DATA of length 0 in place of its messages. Source: protocol page, section 5. */
function isGivenUp({ packet }: Step, { caps }: Channel): boolean {
  const [only] = packet.messages;
  if (caps === undefined || packet.messages.length !== 1 || only?.code !== CODES.DATA || !only.kind) return false;
  const skips = (caps & 7) === RESEND || (caps & 7) === (RESEND | ORDERED);
  return (
    skips && varintSize(packet.view, only.body, packet.limit.captured) > 0 && readVarint(packet.view, only.body) === 0
  );
}

/** Takes a CHANNEL_CLOSE. Source: protocol page, sections 4 "Refusal" and 6 "CHANNEL_CLOSE". */
function takeClose(step: Step, channel: Channel, direction: Direction, message: Message, wasConfirmed: boolean): void {
  const { tracker, packet, number, sender } = step;
  const reason = numberIn(step, message, 'reason') ?? 0;
  direction.closeSeen = number;
  if (direction.closePacket === 0 || (direction.closeReason === 0 && reason !== 0)) {
    direction.closePacket = number;
    direction.closeNumber = packet.sequence ?? 0;
    direction.closeReason = reason;
  }
  if (reason === 0) {
    if (isDone(channel.fromInitiator) && isDone(channel.fromResponder)) end(step, channel, 'closed');
    return;
  }
  // Only the answer to a proof refuses: after the confirmation it is an end like others.
  const refuses = reason === REFUSED && channel.responder === sender && (!wasConfirmed || channel.state === 'refused');
  if (refuses && channel.state !== 'closed') {
    end(step, channel, 'refused');
    tracker.note(step, 'refused', message);
    return;
  }
  end(step, channel, 'closed');
  if (reason === 1) tracker.note(step, 'close-loss', message);
  else if (reason === 2) tracker.note(step, 'close-idle', message);
  else tracker.note(step, 'close-error', message, [reason]);
}

function end({ tracker, clock }: Step, channel: Channel, state: 'closed' | 'refused'): void {
  if (isEnded(channel)) return;
  channel.state = state;
  tracker.table.end(channel);
  tracker.lingering.join(channel, clock);
}
