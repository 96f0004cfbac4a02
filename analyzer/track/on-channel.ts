import { type Message, takesNumber } from '../../dissectors/channel/dissect.js';
import { CODES, REFUSED } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED } from '../../dissectors/channel/packet.js';
import { slice } from '../../dissectors/wire/view.js';
import { addChannel, channelNamed, collide, numberIn, setInitiator } from './attempts.js';
import { type Channel, isAttempt, isEnded } from './channel.js';
import { cookiesIn } from './cookie-fields.js';
import type { Verdict } from './cookies.js';
import { establish, proved } from './handshake.js';
import { answersWith, isRight, judgeCookie, noteStatus, UNKNOWN } from './judging.js';
import { NONE_SEEN } from './seen-cookie.js';
import type { Step } from './step.js';
import { count, follow } from './traffic.js';

type Role = 'initiator' | 'responder';

/** The COOKIE that leads a packet: whose it is, and what it is worth. */
interface Lead {
  readonly message: Message;
  readonly role: Role;
  /** Whether the role was seen, not guessed. */
  readonly roleKnown: boolean;
  /** Where the cookie starts, if the capture kept it. */
  readonly at: number | undefined;
  readonly verdict: Verdict | undefined;
}

/** A packet on a channel other than the default one. Source: protocol page, sections 4 "Early data", 5 and 6. */
export function carry(step: Step, counts: boolean): void {
  const { tracker, packet, number } = step;
  const known = channelOf(step);
  const lead = leadOf(step, known);
  for (const message of packet.messages) {
    if (message !== lead?.message && message.code <= CODES.CHANNEL_COOKIE) tracker.judgeOnly(step, message, known);
  }
  if (!counts) {
    // Its recipient cannot read it, and drops it; an observer can tell where it belongs.
    const whole = packet.checksumStatus !== 'bad' && packet.stop?.why !== 'malformed';
    if (known && whole && (packet.flags ?? 0) & ENCRYPTED) tracker.list(known, number);
    return;
  }
  if (lead && !isRight(lead.verdict)) {
    if (!known) return;
    tracker.list(known, number);
    const isFirst = lead.role === 'initiator' ? known.proved : known.acknowledgePacket > 0;
    noteStatus(known, lead.role === 'initiator' ? 2 : 1, lead.verdict, isFirst);
    return;
  }
  const c2 = (packet.id ?? 0) & 0xffff;
  const channel = known ? channelNamed(step, known, c2, true) : addUnseen(step, lead);
  tracker.touch(channel, number);
  const wasConfirmed = channel.confirmed;
  if (lead) takeLead(step, channel, lead);
  else advance(step, channel);
  const direction = count(step, channel);
  follow(step, channel, direction, lead !== undefined, wasConfirmed);
}

/** The channel of a packet: by its id, or the attempt whose answer it shows. */
function channelOf({ tracker, packet, sender, recipient }: Step): Channel | undefined {
  const { dialect, id = 0 } = packet;
  const { table } = tracker;
  const named = table.findById(dialect, sender, recipient, id);
  if (named) return named;
  const own = table.findAttempt(dialect, sender, recipient, id >>> 16);
  if (own && mayBecome(own, id)) return own;
  const other = table.findAttempt(dialect, recipient, sender, id >>> 16);
  return other && mayBecome(other, id) ? other : undefined;
}

/** Whether an attempt may have become the channel with this id: it was given the id, or no answer was seen. */
function mayBecome(attempt: Channel, id: number): boolean {
  if (attempt.c2 === undefined) return isAttempt(attempt);
  for (const { c2 } of attempt.answers) if (c2 === (id & 0xffff)) return true;
  return false;
}

/** Judges a COOKIE that has no effect where it stands. On the default channel it belongs to no channel. */
export function judgeMisplaced(step: Step, message: Message, known: Channel | undefined): void {
  if (!message.kind) return;
  if (step.packet.id !== DEFAULT_CHANNEL) readCookie(step, message, known);
  else if (!message.stop) step.tracker.addVerdict(UNKNOWN);
}

/** Judges the COOKIE that leads a packet, if one does. */
function leadOf(step: Step, known: Channel | undefined): Lead | undefined {
  const [message] = step.packet.messages;
  return message?.code === CODES.CHANNEL_COOKIE && message.kind ? readCookie(step, message, known) : undefined;
}

function readCookie(step: Step, message: Message, known: Channel | undefined): Lead {
  const { packet, sender, recipient } = step;
  const [field] = cookiesIn(packet, message);
  const shown = known?.rolesKnown
    ? known.initiator === sender
      ? 'initiator'
      : 'responder'
    : roleOf(step, field?.start);
  const guess = known && known.initiator !== sender ? 'responder' : 'initiator';
  const role = shown ?? guess;
  const roleKnown = shown !== undefined;
  if (!field) return { message, role, roleKnown, at: undefined, verdict: undefined };
  const at = field.start;
  const [c1, c2] = halvesOf(step);
  const [initiator, responder] = role === 'initiator' ? [sender, recipient] : [recipient, sender];
  const claim = { which: role === 'initiator' ? 2 : 1, initiator, responder, c1, c2, at } as const;
  const earlier = role === 'initiator' ? answersWith(known, c2) : (known?.cookies1 ?? NONE_SEEN);
  return { message, role, roleKnown, at, verdict: judgeCookie(step, claim, earlier, true) };
}

const halvesOf = ({ packet: { id = 0 } }: Step): readonly [number, number] => [id >>> 16, id & 0xffff];

/** Who sent a COOKIE, as far as known secrets tell: in either case its recipient made it. */
function roleOf(step: Step, at: number | undefined): Role | undefined {
  const { tracker, packet, sender, recipient, moment } = step;
  if (at === undefined || !tracker.judge.knows(recipient.id)) return undefined;
  const { dialect, view } = packet;
  const cookie = slice(view, at, at + dialect.cookieSize);
  const [c1, c2] = halvesOf(step);
  const yields = (input: Parameters<typeof tracker.judge.judge>[2]): boolean =>
    (tracker.judge.judge(dialect, recipient.id, input, cookie, moment)?.secret ?? -1) >= 0;
  if (yields({ initiator: sender.bytes, responder: recipient.bytes, c1, c2 })) return 'initiator';
  return yields({ initiator: recipient.bytes, responder: sender.bytes, c1 }) ? 'responder' : undefined;
}

/** Begins to follow a channel whose handshake was not seen. */
function addUnseen(step: Step, lead: Lead | undefined): Channel {
  const { tracker, packet, sender, recipient } = step;
  const [c1, c2] = halvesOf(step);
  const byResponder = lead ? lead.role === 'responder' : isRefusal(step);
  const [initiator, responder] = byResponder ? [recipient, sender] : [sender, recipient];
  const channel = addChannel(step, initiator, responder, c1, lead ? 'early' : 'established', false);
  tracker.table.name(channel, c2);
  if (lead) tracker.attempts.join(channel, step.clock);
  channel.rolesKnown = lead?.roleKnown ?? false;
  tracker.note(step, channel.rolesKnown ? 'new-unseen' : 'handshake-unseen', packet);
  return channel;
}

/** Whether a packet holds nothing but CLOSE 4: what a responder sends that refuses. */
function isRefusal(step: Step): boolean {
  const { messages } = step.packet;
  const [only] = messages;
  return messages.length === 1 && only?.code === CODES.CHANNEL_CLOSE && numberIn(step, only, 'reason') === REFUSED;
}

/** What a right COOKIE says: the initiator's is a proof, the responder's comes with its answer. */
function takeLead(step: Step, channel: Channel, { message, role, roleKnown, at, verdict }: Lead): void {
  const { tracker, sender, recipient } = step;
  if (roleKnown) setInitiator(step, channel, role === 'initiator' ? sender : recipient);
  if (role === 'initiator') {
    const isFirst = !channel.proved;
    proved(step, message, channel, at, verdict);
    if (isFirst && !isEnded(channel)) collide(step, message, channel);
  } else {
    tracker.table.prove(channel, 2);
    noteStatus(channel, 1, verdict, channel.acknowledgePacket > 0);
  }
  if (isAttempt(channel)) establish(step, channel, 'early');
}

/** What a packet without COOKIE says: both peers know the channel, or its sender would not send it. */
function advance(step: Step, channel: Channel): void {
  const { tracker, packet, sender } = step;
  const fromInitiator = channel.initiator === sender;
  tracker.table.prove(channel, fromInitiator ? 1 : 2);
  // Before the confirmation an initiator sends nothing numbered without COOKIE; it may report.
  const shows = !fromInitiator || packet.messages.some(({ code }) => takesNumber(code));
  if (shows) channel.confirmed = true;
  if (channel.state === 'established') {
    if (channel.confirmed) tracker.attempts.leave(channel);
    return;
  }
  if (isEnded(channel) || (channel.state === 'early' && channel.proved && !shows)) return;
  if (channel.acknowledgePacket === 0 && !channel.proved) tracker.note(step, 'acknowledge-unseen', packet);
  if (!channel.proved) tracker.note(step, 'finalize-unseen', packet);
  establish(step, channel, 'established');
}
