import type { Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { type Finding, textOf } from '../../dissectors/wire/finding.js';
import type { Handshake, HandshakeState, When } from '../handshakes/handshake.js';
import type { HandshakeTable } from '../handshakes/table.js';
import { type Channel, channelIdText, STATES } from './channel.js';
import { COOKIE_STATUSES, type CookieStatus, type Verdict } from './cookies.js';
import type { Step } from './step.js';

/** Where the handshake of a channel stands, and why. */
interface Standing {
  readonly state: HandshakeState;
  readonly reason: string;
}

/** What a message brought to light. */
interface Found {
  readonly findings: readonly Finding[];
  /** On the cookie that it returns. */
  readonly verdict: Verdict | undefined;
}

/** Findings that say that a message was sent before. */
const AGAIN: ReadonlySet<string> = new Set(['new-repeated', 'acknowledge-repeated', 'finalize-repeated']);

/** Keeps the handshakes of channels as rows among those of other protocols. */
export class ChannelRows {
  private readonly table: HandshakeTable;

  constructor(table: HandshakeTable) {
    this.table = table;
  }

  /**
   * A message on the default channel was about a channel.
   * @param counts whether it may have had an effect
   */
  message(step: Step, channel: Channel, message: Message, counts: boolean, found: Found): void {
    const { findings, verdict } = found;
    const row = this.rowOf(step, channel);
    if (!row) return;
    const name = message.kind?.name ?? '';
    const isNew = message.code === CODES.CHANNEL_NEW;
    const isAnswer = message.code === CODES.CHANNEL_ACKNOWLEDGE;
    const isResent = findings.some(({ code }) => AGAIN.has(code));
    if (isAnswer) this.judgeState(step, channel, row, isResent);
    // A NEW returns nothing.
    if (!isNew) noteReturned(row, isAnswer ? row.state !== 'asked' : isProven(row), verdict);
    const note = noteOf(findings, counts);
    const fromInitiator = channel.initiator === step.sender;
    this.table.message(step, row, name, fromInitiator, { isFirst: isNew, isResent, ...(note && { note }) });
    this.update(step, channel, row);
  }

  /**
   * A packet on a channel: part of its handshake where COOKIE leads it, or where it shows what the handshake came to.
   * @param findings those of the packet begin at `from`
   * @param verdict on the COOKIE
   */
  packet(step: Step, channel: Channel, findings: readonly Finding[], from: number, verdict: Verdict | undefined): void {
    const [first] = step.packet.messages;
    const leads = first?.code === CODES.CHANNEL_COOKIE;
    if (channel.handshake > 0 && !leads && channel.told === tellingOf(channel)) return;
    const row = this.rowOf(step, channel);
    if (!row) return;
    if (leads) noteReturned(row, isProven(row), verdict);
    if (first && (leads || stateOf(channel, row) !== row.state)) {
      const note = noteOf(findings.slice(from), true);
      const name = first.kind?.name ?? '';
      this.table.message(step, row, name, channel.initiator === step.sender, note ? { note } : {});
    }
    this.update(step, channel, row);
  }

  /** An error message quotes a message of a channel. */
  quoted(step: Step, channel: Channel, answered: Finding): void {
    const row = this.table.rows.get(channel.handshake);
    if (!row) return;
    this.table.message(step, row, 'ICMP error', channel.initiator !== step.sender, { note: textOf(answered) });
    if (row.state === 'asked') this.table.setState(step, row, 'asked', `an ICMP error ${textOf(answered)}`);
  }

  /** A message of another channel has changed a channel. */
  collided(step: Step, channel: Channel): void {
    const row = this.table.rows.get(channel.handshake);
    if (!row) return;
    this.table.touch(row, step);
    this.update(step, channel, row);
  }

  /** A channel has timed out. */
  changed(when: When, channel: Channel): void {
    const row = this.table.rows.get(channel.handshake);
    if (row) this.update(when, channel, row);
  }

  /** The row of a channel; undefined where it was dropped to stay within bounds. */
  private rowOf(step: Step, channel: Channel): Handshake | undefined {
    if (channel.handshake > 0) return this.table.rows.get(channel.handshake);
    const { initiator, responder, c1, c2 } = channel;
    const id = channelIdText(c1, c2);
    const ends = { initiator: initiator.id, responder: responder.id };
    const row = this.table.begin(step, { kind: 'channel', ...ends, id, channel: channel.number });
    channel.handshake = row.number;
    return row;
  }

  private update(when: When, channel: Channel, row: Handshake): void {
    const { initiator, responder, c1, c2 } = channel;
    row.id = channelIdText(c1, c2);
    if (row.initiator !== initiator.id || row.responder !== responder.id) {
      this.table.setEnds(row, initiator.id, responder.id);
    }
    const { state, reason } = standingOf(channel, row);
    if (state === 'established' && row.state === 'echoed') row.rttAnswer ??= answeredAfter(row);
    this.table.setState(when, row, state, reason);
    row.rttChallenge = channel.rttNewAcknowledge;
    row.rttEcho = channel.rttAcknowledgeFinalize;
    channel.told = tellingOf(channel);
  }

  /** A responder that sends its answer again, though nobody asked again, has kept it. */
  private judgeState(when: When, { newPacket }: Channel, row: Handshake, isResent: boolean): void {
    const before = row.messages.findLast(({ name }) => name === 'CHANNEL_ACKNOWLEDGE');
    if (!isResent || !before || newPacket === 0 || newPacket > before.packet) return;
    this.table.addEvidence(when, row, 'no', 'it sent its answer again, though it was not asked again');
  }
}

/** What a channel says of its handshake, as a number: while it stays the same, the row need not be looked at. */
function tellingOf({ state, confirmed, proved, c2, cookie1Status, cookie2Status }: Channel): number {
  const statuses = statusPlace(cookie1Status) * 8 + statusPlace(cookie2Status);
  return (
    ((statuses * 8 + (STATE_PLACES.get(state) ?? 0)) * 4 + Number(confirmed) * 2 + Number(proved)) * 0x2_0000 +
    (c2 ?? -1)
  );
}

const STATE_PLACES: ReadonlyMap<string, number> = new Map(STATES.map((state, place) => [state, place]));
const STATUS_PLACES: ReadonlyMap<string, number> = new Map(COOKIE_STATUSES.map((status, place) => [status, place + 1]));

const statusPlace = (status: CookieStatus | undefined): number => (status ? (STATUS_PLACES.get(status) ?? 0) : 0);

/** What is wrong with a message, in words, or why it changed nothing. */
function noteOf(found: readonly Finding[], counts: boolean): string | undefined {
  const words = found.filter(({ code }) => !AGAIN.has(code)).map(textOf);
  if (!counts) words.push('dropped');
  return words.length > 0 ? words.join('; ') : undefined;
}

/** Whether the initiator's proof was taken. */
const isProven = ({ state }: Handshake): boolean => state === 'echoed' || state === 'established';

/** Keeps what a returned cookie is worth, unless one that was right has been taken before. */
function noteReturned(row: Handshake, isSettled: boolean, verdict: Verdict | undefined): void {
  if (verdict && !(isSettled && WRONG.has(verdict.status))) row.cookieStatus = verdict.status;
}

const WRONG: ReadonlySet<CookieStatus> = new Set(['invalid', 'stale', 'echo-bad']);

/** From the last message of the initiator to the one that confirms it, if that is the responder's. */
function answeredAfter({ messages }: Handshake): number | undefined {
  const answer = messages.at(-1);
  const proof = messages.findLast(({ fromInitiator }) => fromInitiator);
  if (!answer || answer.fromInitiator || !proof || answer.time < proof.time) return undefined;
  return answer.time - proof.time;
}

/** The state of the handshake that a channel's state stands for. Source: the handshake page, part 1. */
function stateOf(channel: Channel, row: Handshake): HandshakeState {
  switch (channel.state) {
    case 'new':
      return 'asked';
    case 'acknowledged':
      return 'challenged';
    case 'established':
    case 'early':
      return channel.confirmed || isUnseen(channel) ? 'established' : 'echoed';
    case 'closed':
      return channel.confirmed || isUnseen(channel) ? 'established' : row.state;
    case 'refused':
      return 'refused';
    case 'timed-out':
    case 'collided':
      return 'timed-out';
  }
}

/** Whether a channel is known by its packets alone. */
const isUnseen = ({ newPacket, acknowledgePacket, proved, state }: Channel): boolean =>
  newPacket === 0 && acknowledgePacket === 0 && !proved && state !== 'early';

function standingOf(channel: Channel, row: Handshake): Standing {
  const state = stateOf(channel, row);
  return { state, reason: reasonFor(channel, state, row) };
}

function reasonFor(channel: Channel, state: HandshakeState, row: Handshake): string {
  const { acknowledgePacket, finalizePacket, newPacket } = channel;
  const last = row.messages.at(-1);
  switch (state) {
    case 'asked':
      if (last?.name === 'ICMP error') return `an ICMP error ${last.note}`;
      if (last && !last.fromInitiator && last.note) return `the answer changed nothing: ${last.note}`;
      return 'no answer to CHANNEL_NEW so far';
    case 'challenged':
      if (last?.fromInitiator && last.note) return `the proof changed nothing: ${last.note}`;
      return `${answered(channel)}; its ${token(channel)} was not returned so far`;
    case 'echoed':
      if (channel.state === 'closed') return 'closed before the responder showed that it took the proof';
      return `the initiator returned the ${token(channel)}; nothing shows yet that the responder took it`;
    case 'established':
      if (isUnseen(channel)) return 'the handshake was not captured: packets on the channel follow from it';
      if (newPacket === 0 || acknowledgePacket === 0) return 'established; a part of the handshake was not captured';
      return `the initiator returned the ${token(channel)}, and the responder went on`;
    case 'refused':
      return 'the responder refused the channel: CHANNEL_CLOSE with reason 4';
    default:
      if (channel.state === 'collided') return 'both peers chose the same half at once: both start again';
      if (finalizePacket > 0) return 'the proof was sent again and again, and nothing shows that the responder took it';
      if (acknowledgePacket > 0) return `${answered(channel)}; its ${token(channel)} was never returned`;
      if (last && !last.fromInitiator && last.note) return `no answer was right: ${last.note}`;
      if (last?.name === 'ICMP error') return `nothing but an ICMP error came back: it ${last.note}`;
      return row.attempts > 1
        ? `CHANNEL_NEW was sent ${row.attempts} times, and never answered`
        : 'CHANNEL_NEW was never answered';
  }
}

const answered = ({ acknowledgePacket }: Channel): string => `the responder answered in packet ${acknowledgePacket}`;

/** What a proof returns. */
const token = ({ dialect }: Channel): string => (dialect.cookieSize > 0 ? 'cookie' : 'number');
