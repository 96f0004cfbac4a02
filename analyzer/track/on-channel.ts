import { ORDERED, RESEND } from '../../dissectors/channel/capabilities.js';
import { type Message, takesNumber } from '../../dissectors/channel/dissect.js';
import { messageValues } from '../../dissectors/channel/explain.js';
import { CODES, REFUSED } from '../../dissectors/channel/messages.js';
import { ENCRYPTED } from '../../dissectors/channel/packet.js';
import { distance, plus } from '../../dissectors/channel/sequence.js';
import { readVarint, varintSize } from '../../dissectors/wire/field.js';
import { type Channel, type Direction, isEnded, isPending, newChannel, newDirection } from './channel.js';
import { cookiesIn } from './cookie-fields.js';
import { collideWithProof, learnStart, numberIn, prove, setRoles } from './handshake.js';
import { answersWith, better, judgeCookie, noteCookie } from './judging.js';
import { Numbers } from './numbers.js';
import { ATTEMPT_SECONDS, type Step } from './tracker.js';

/** A packet on a channel other than the default one. Source: protocol page, sections 4 "Early data", 5 and 6. */
export function carry(step: Step, dropped: boolean): void {
  const { tracker, packet, number } = step;
  const [first] = packet.messages;
  const led = first?.kind?.name === 'CHANNEL_COOKIE' && !first.stop ? first : undefined;
  const known = channelOf(step);
  for (const message of packet.messages) {
    if (message !== led && message.code <= CODES.CHANNEL_COOKIE) tracker.judgeOnly(step, message);
  }
  if (dropped) {
    if (led) judgeLead(step, led, known);
    // Encrypted packets are dropped by peers of today, but they belong to their channel all the same.
    if (known && (packet.flags ?? 0) & ENCRYPTED && packet.checksumStatus !== 'bad' && !packet.stop) {
      tracker.touch(known, number);
      count(step, directionOf(known, step), []);
    }
    return;
  }
  if (led && !judgeLead(step, led, known)) {
    if (known) tracker.touch(known, number);
    return;
  }
  const channel = known ?? addUnseen(step, led);
  tracker.touch(channel, number);
  nameAnswered(step, channel);
  advance(step, channel, led);
  const direction = directionOf(channel, step);
  count(step, direction, packet.messages);
  follow(step, channel, direction, led);
}

/** The channel of a packet: by its id, or the attempt whose answer it shows. */
function channelOf({ tracker, packet, sender, recipient }: Step): Channel | undefined {
  const { dialect, id = 0 } = packet;
  const named = tracker.table.findById(dialect, sender, recipient, id);
  if (named) return named;
  const fits = (attempt: Channel | undefined): Channel | undefined => {
    if (!attempt) return undefined;
    const answered = attempt.answers.some(({ c2 }) => c2 === (id & 0xffff));
    const open = attempt.c2 === undefined && (isPending(attempt) || attempt.state === 'timed-out');
    return answered || open ? attempt : undefined;
  };
  return (
    fits(tracker.table.findAttempt(dialect, sender, recipient, id >>> 16)) ??
    fits(tracker.table.findAttempt(dialect, recipient, sender, id >>> 16))
  );
}

/** Gives an attempt the responder's half that a packet on the channel shows. */
function nameAnswered(step: Step, channel: Channel): void {
  const c2 = (step.packet.id ?? 0) & 0xffff;
  if (channel.c2 === c2) return;
  if (channel.acknowledgePacket === 0) step.tracker.note(step, 'acknowledge-unseen', step.packet);
  step.tracker.table.name(channel, c2);
}

function addUnseen(step: Step, led: Message | undefined): Channel {
  const { tracker, packet, sender, recipient, number } = step;
  const { dialect, id = 0 } = packet;
  // A cookie returned tells roles if a secret yields it; else who speaks first is taken for the initiator.
  const responder = led !== undefined && roleByCookie(step, led) === 'responder';
  const [initiator, other] = responder ? [recipient, sender] : [sender, recipient];
  const fresh = newChannel(dialect, initiator, other, id >>> 16, led ? 'acknowledged' : 'established', number);
  const channel = tracker.table.add(fresh);
  tracker.table.name(channel, id & 0xffff);
  channel.rolesKnown = led !== undefined && roleByCookie(step, led) !== undefined;
  tracker.note(step, 'handshake-unseen', packet);
  return channel;
}

/** Who sent a cookie, as far as known secrets tell. */
function roleByCookie(step: Step, led: Message): 'initiator' | 'responder' | undefined {
  const { tracker, packet, sender, recipient, moment } = step;
  const [field] = cookiesIn(packet, led);
  if (!field || !tracker.judge.knows(recipient.id)) return undefined;
  const cookie = new Uint8Array(packet.view.buffer, packet.view.byteOffset + field.start, field.end - field.start);
  const [c1, c2] = halvesOf(step);
  const as = (input: Parameters<typeof tracker.judge.judge>[2]) => {
    const status = tracker.judge.judge(packet.dialect, recipient.id, input, cookie, moment)?.status;
    return status === 'valid' || status === 'stale';
  };
  if (as({ initiator: sender.bytes, responder: recipient.bytes, c1, c2 })) return 'initiator';
  return as({ initiator: recipient.bytes, responder: sender.bytes, c1 }) ? 'responder' : undefined;
}

const halvesOf = ({ packet: { id = 0 } }: Step): readonly [number, number] => [id >>> 16, id & 0xffff];

/** Judges the COOKIE that leads a packet; false where it is wrong and the packet is dropped. */
function judgeLead(step: Step, led: Message, channel: Channel | undefined): boolean {
  const { packet, sender, recipient } = step;
  const [field] = cookiesIn(packet, led);
  if (!field) return true;
  const [c1, c2] = halvesOf(step);
  const guessed = channel === undefined || !channel.rolesKnown ? roleByCookie(step, led) : undefined;
  const fromInitiator = guessed ? guessed === 'initiator' : !channel || channel.initiator === sender;
  if (fromInitiator) {
    const input = { initiator: sender.bytes, responder: recipient.bytes, c1, c2 };
    const judged = judgeCookie(step, field, recipient, input, channel ? answersWith(channel, c2) : []);
    noteCookie(step, judged, 2, field);
    if (channel) channel.cookie2Status = better(channel.cookie2Status, judged.verdict.status);
    if (channel && judged.right) learnStart(channel, c2, judged.cookie, step);
    return judged.right;
  }
  const input = { initiator: recipient.bytes, responder: sender.bytes, c1 };
  const judged = judgeCookie(step, field, recipient, input, channel?.cookies1 ?? []);
  noteCookie(step, judged, 1, field);
  if (channel) channel.cookie1Status = better(channel.cookie1Status, judged.verdict.status);
  return judged.right;
}

/** What a packet that counts says of the state of its channel. */
function advance(step: Step, channel: Channel, led: Message | undefined): void {
  const { tracker, sender, now } = step;
  if (led && !channel.rolesKnown && roleByCookie(step, led) === 'initiator') setRoles(channel, step);
  const fromInitiator = channel.initiator === sender;
  tracker.table.prove(channel, fromInitiator ? 1 : 2);
  if (led) {
    if (fromInitiator) {
      channel.caps ??= numberIn(step, led, 'caps');
      prove(step, led, channel, (step.packet.id ?? 0) & 0xffff);
      if (channel.finalizePacket === 0) collideWithProof(step, led, channel.c1);
    }
    if (isPending(channel) || channel.state === 'timed-out' || channel.state === 'collided') {
      channel.state = 'early';
      if (!channel.confirmed) tracker.awaitUntil(channel, now + ATTEMPT_SECONDS);
    }
    return;
  }
  channel.confirmed = true;
  if (isEnded(channel) || channel.state === 'established') return;
  // Without COOKIE the packet follows from a proof: its sender has seen one, or seen it confirmed.
  if (channel.state !== 'early' && channel.finalizePacket === 0) tracker.note(step, 'finalize-unseen', step.packet);
  channel.state = 'established';
}

function directionOf(channel: Channel, { sender }: Step): Direction {
  if (channel.initiator === sender) {
    channel.fromInitiator ??= newDirection();
    return channel.fromInitiator;
  }
  channel.fromResponder ??= newDirection();
  return channel.fromResponder;
}

function count({ packet, number }: Step, direction: Direction, messages: readonly Message[]): void {
  direction.packets++;
  direction.bytes += packet.size ?? 0;
  direction.last = number;
  let carries = false;
  for (const { code, kind, body } of messages) {
    if (code !== CODES.DATA || !kind) continue;
    if (varintSize(packet.view, body, packet.limit.captured) === 0) continue;
    carries = true;
    direction.dataBytes += readVarint(packet.view, body);
  }
  if (carries) direction.dataPackets++;
}

/** Follows the numbers of a direction, the reports of the other, and the end. */
function follow(step: Step, channel: Channel, direction: Direction, led: Message | undefined): void {
  const { packet, sender } = step;
  const fromInitiator = channel.initiator === sender;
  let numbered = false;
  let close: Message | undefined;
  for (const message of packet.messages) {
    const { code, kind, stop } = message;
    if (!kind || stop) continue;
    numbered ||= takesNumber(code);
    if (code === CODES.CHANNEL_CLOSE) close ??= message;
    if (code === CODES.DATA_PROGRESS)
      report(step, message, fromInitiator ? channel.fromResponder : channel.fromInitiator);
  }
  const old =
    numbered &&
    packet.dialect.numbered &&
    packet.sequence !== undefined &&
    takeNumber(step, channel, direction, led, close);
  if (close && !old) takeClose(step, channel, direction, close);
}

function report(step: Step, message: Message, reported: Direction | undefined): void {
  const next = numberIn(step, message, 'next');
  const received = numberIn(step, message, 'received');
  if (next !== undefined && received !== undefined) reported?.numbers?.report(next, received);
}

/** Takes the number of a packet; true when it is an old one, whose content is not news. */
function takeNumber(
  step: Step,
  channel: Channel,
  direction: Direction,
  led: Message | undefined,
  close: Message | undefined,
): boolean {
  const { tracker, packet, now } = step;
  const number = packet.sequence ?? 0;
  const numbers = direction.numbers ?? newNumbers(channel, step);
  direction.numbers = numbers;
  const { caps } = channel;
  // Packets with COOKIE or CLOSE are sent again in every mode; others where the mode resends, or might.
  const repeats = led !== undefined || close !== undefined || caps === undefined || (caps & RESEND) !== 0;
  const expected = numbers.expected;
  const verdict = numbers.take(number, now, repeats);
  direction.lost = Math.max(0, direction.lost + verdict.lost);
  const place = { at: packet.at + 44, end: packet.at + 46 };
  if (direction.closed && distance(direction.closed.sequence, number) > 0) {
    tracker.note(step, 'after-close', place, [direction.closed.packet]);
  }
  switch (verdict.kind) {
    case 'next':
      return false;
    case 'gap':
      tracker.note(step, 'sequence-gap', place, [verdict.count]);
      return false;
    case 'reordered':
      direction.reordered++;
      tracker.note(step, 'reordered', place, [verdict.count]);
      return false;
    case 'resent':
      direction.resent++;
      tracker.note(step, 'resent', place, [0]);
      if (isGivenUp(step, channel)) tracker.note(step, 'given-up', place);
      return false;
    case 'duplicate':
      direction.duplicates++;
      tracker.note(step, 'duplicate', place, [0]);
      return false;
    case 'old':
      tracker.note(step, 'number-old', place, [number, expected]);
      return true;
  }
}

function newNumbers(channel: Channel, step: Step): Numbers {
  const start = startOf(channel, step);
  return new Numbers(start ?? step.packet.sequence ?? 0, start !== undefined);
}

/** Where the numbers of a packet's direction start, if the handshake told. Source: protocol page, section 4. */
function startOf(channel: Channel, { sender, packet }: Step): number | undefined {
  const fromInitiator = channel.initiator === sender;
  const answer = channel.answers.find(({ c2 }) => c2 === channel.c2);
  if (packet.dialect.name === 'seqno') {
    const start = fromInitiator ? channel.s1 : answer?.s2;
    return start === undefined ? undefined : plus(start, 1);
  }
  const cookie = answer?.cookie2?.text;
  if (!cookie || cookie.length < 4) return undefined;
  const at = fromInitiator ? 2 : 0;
  return (cookie.charCodeAt(at) << 8) | cookie.charCodeAt(at + 1);
}

/** A number given up is sent with one DATA of length 0 in place of its messages. Source: protocol page, section 5. */
function isGivenUp({ packet }: Step, { caps }: Channel): boolean {
  const [only] = packet.messages;
  if (caps === undefined || (caps & RESEND) === 0 || packet.messages.length !== 1) return false;
  const skips = caps === RESEND || caps === (RESEND | ORDERED);
  return skips && only?.code === CODES.DATA && messageValues(packet, only).get('length') === 0;
}

function takeClose(step: Step, channel: Channel, direction: Direction, message: Message): void {
  const { tracker, packet, number, sender } = step;
  const reason = numberIn(step, message, 'reason') ?? 0;
  direction.closed ??= { packet: number, sequence: packet.sequence ?? 0, reason };
  if (reason === 0) {
    const both = channel.fromInitiator?.closed?.reason === 0 && channel.fromResponder?.closed?.reason === 0;
    if (both) end(step, channel, 'closed');
    return;
  }
  // Only an answer to a proof refuses: later it is an end like others.
  const answers = direction.packets === 1 || channel.state === 'refused';
  const refuses = reason === REFUSED && channel.responder === sender && answers;
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

function end({ tracker }: Step, channel: Channel, state: 'closed' | 'refused'): void {
  if (isEnded(channel)) return;
  channel.state = state;
  tracker.table.end(channel);
}
