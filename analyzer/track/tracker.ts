import { type ChannelPacket, isHandshake, type Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED, RESERVED_HALF } from '../../dissectors/channel/packet.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { type Finding, type FindingCode, finding } from '../../dissectors/wire/finding.js';
import { slice } from '../../dissectors/wire/view.js';
import { type Channel, isPending } from './channel.js';
import { type CookieField, cookiesIn } from './cookie-fields.js';
import { CookieJudge, type Verdict } from './cookies.js';
import { NO_FACTS, type PacketFacts } from './facts.js';
import { acknowledge, finalize, open } from './handshake.js';
import { carry } from './on-channel.js';
import { type Peer, Peers } from './peers.js';
import type { Moment, Secret } from './secrets.js';
import { BOUNDS, type Bounds, ChannelTable } from './table.js';

/** How long an attempt goes on without an answer, in seconds. Source: protocol page, section 4 "Timers". */
export const ATTEMPT_SECONDS = 12.6;
/** FINALIZEs without an answer that show that nobody confirms; fewer may be a capture of one side. */
const UNANSWERED = 3;

/** One channel packet on its way through the tracker: who, what, when, and what is found out about it. */
export interface Step {
  readonly tracker: Tracker;
  readonly packet: ChannelPacket;
  readonly number: number;
  readonly sender: Peer;
  readonly recipient: Peer;
  /** In seconds since the first packet of the capture. */
  readonly now: number;
  readonly moment: Moment;
  /** Where the bytes of the packet lie: offsets of findings count from here. */
  readonly source: number;
  readonly shift: number;
}

/**
 * Follows the channels of a capture, packet by packet, in capture order; the capture's time is the clock. Memory is
 * bounded, whatever the packets are.
 * Source: protocol page, section 7.
 */
export class Tracker {
  readonly table: ChannelTable;
  readonly judge: CookieJudge;
  private readonly peers: Peers;
  private origin: number | undefined;
  /** Attempts in the order in which they were made, with the time when they fail. */
  private waiting: { readonly channel: Channel; readonly deadline: number }[] = [];
  private waited = 0;
  private touched: Channel[] = [];
  private findings: Finding[] = [];
  private verdicts: Verdict[] = [];

  /** @param seed any number; strangers must not know it */
  constructor(secrets: readonly Secret[], seed = 0, bounds: Bounds = BOUNDS) {
    this.judge = new CookieJudge(secrets);
    this.peers = new Peers(seed);
    this.table = new ChannelTable(this.peers, bounds);
  }

  /** Folds the next packet of the capture; call it for every packet, for the clock. */
  fold(dissection: Dissection, seconds: number, nanos: number): PacketFacts {
    this.origin ??= seconds;
    const now = seconds - this.origin + nanos / 1e9;
    this.expire(now);
    const { channels, quoted, number } = dissection;
    if (channels.length === 0 && quoted.length === 0) return NO_FACTS;
    this.touched = [];
    this.findings = [];
    this.verdicts = [];
    const moment = { seconds, nanos };
    for (const packet of channels) {
      const step = this.stepOf(packet, dissection, now, moment);
      if (step) this.take(step);
    }
    for (const packet of quoted) {
      const step = this.stepOf(packet, dissection, now, moment);
      if (step) this.quote(step, number);
    }
    return {
      channels: this.touched.map(({ number, c1, c2, state, caps }) => ({ number, c1, c2, state, caps })),
      verdicts: this.verdicts,
      findings: this.findings,
    };
  }

  private stepOf(packet: ChannelPacket, dissection: Dissection, now: number, moment: Moment): Step | undefined {
    const { view, at, id } = packet;
    if (id === undefined) return undefined;
    const { sources } = dissection;
    const source = view === sources[0]?.view ? 0 : sources.findIndex((known) => known.view === view);
    return {
      tracker: this,
      packet,
      number: dissection.number,
      sender: this.peers.findOrMake(view, at + 4),
      recipient: this.peers.findOrMake(view, at + 20),
      now,
      moment,
      source,
      shift: source === 0 ? dissection.start : 0,
    };
  }

  private take(step: Step): void {
    const { packet } = step;
    const dropped = isDropped(step);
    if (packet.id !== DEFAULT_CHANNEL) {
      carry(step, dropped);
      return;
    }
    for (const message of packet.messages) {
      if (!message.kind || message.stop) continue;
      if (!isHandshake(message.code)) {
        this.judgeOnly(step, message);
        continue;
      }
      if (message.code === CODES.CHANNEL_NEW) open(step, message, dropped);
      else if (message.code === CODES.CHANNEL_ACKNOWLEDGE) acknowledge(step, message, dropped);
      else finalize(step, message, dropped);
    }
  }

  /** Ties an ICMP error to the packet that it quotes. */
  private quote(step: Step, number: number): void {
    const { packet, sender, recipient } = step;
    const { dialect, id = 0 } = packet;
    let channel: Channel | undefined;
    for (const message of packet.messages) {
      if (!message.kind || message.stop) continue;
      this.judgeOnly(step, message);
      channel ??= this.quotedChannel(step, message);
    }
    if (id !== DEFAULT_CHANNEL) channel = this.table.findById(dialect, sender, recipient, id);
    if (!channel) return;
    const direction = channel.initiator === sender ? channel.fromInitiator : channel.fromResponder;
    const answered = Math.max(
      direction?.last ?? 0,
      channel.initiator === sender ? initiatorsLast(channel) : channel.acknowledgePacket,
    );
    this.findings.push(finding('icmp-answer', 0, 0, [channel.number, answered]));
    this.touch(channel, number);
  }

  private quotedChannel({ packet, sender, recipient }: Step, message: Message): Channel | undefined {
    const field = message.kind?.body.list.find(({ key }) => key === 'c1' || key === 'id');
    if (!field || !isHandshake(message.code)) return undefined;
    const value = Number(field.read(packet.view, message.body));
    const { dialect } = packet;
    if (field.key === 'c1') return this.table.findAttempt(dialect, sender, recipient, value);
    return (
      this.table.findById(dialect, sender, recipient, value) ??
      this.table.findAttempt(dialect, sender, recipient, value >>> 16) ??
      this.table.findAttempt(dialect, recipient, sender, value >>> 16)
    );
  }

  /** Notes that a packet touches a channel. */
  touch(channel: Channel, number: number): void {
    channel.last = number;
    if (!this.touched.includes(channel)) this.touched.push(channel);
  }

  /** Adds a finding about a place in the packet of a step. */
  note(step: Step, code: FindingCode, message: Pick<Message, 'at' | 'end'>, given: readonly number[] = []): void {
    const { shift, source } = step;
    this.findings.push(finding(code, message.at - shift, message.end - shift, given, source));
  }

  addVerdict(verdict: Verdict): void {
    this.verdicts.push(verdict);
  }

  /** Judges the cookies of a message that has no other effect. */
  judgeOnly(step: Step, message: Message): void {
    for (const field of cookiesIn(step.packet, message)) this.addVerdict(this.judgeAlone(step, field));
  }

  private judgeAlone({ packet, sender, recipient, moment }: Step, { key, start, end }: CookieField): Verdict {
    // Out of place, a cookie belongs to no attempt: only secrets can speak, and only where the halves are known.
    const { id = 0, dialect } = packet;
    const cookie = slice(packet.view, start, end);
    const input = { initiator: sender.bytes, responder: recipient.bytes, c1: id >>> 16, c2: id & 0xffff };
    const creator = key === 'cookie' ? recipient : sender;
    const judged = id === DEFAULT_CHANNEL ? undefined : this.judge.judge(dialect, creator.id, input, cookie, moment);
    return judged && judged.status !== 'invalid' ? { ...judged, packet: 0 } : UNKNOWN;
  }

  /** Lets an attempt fail at its deadline unless something comes of it. */
  awaitUntil(channel: Channel, deadline: number): void {
    channel.deadline = deadline;
    this.waiting.push({ channel, deadline });
  }

  /** Lets attempts fail whose time has come. */
  private expire(now: number): void {
    while (this.waited < this.waiting.length) {
      const first = this.waiting[this.waited];
      if (!first || first.deadline > now) break;
      this.waited++;
      const { channel } = first;
      if (channel.forgotten || channel.deadline > now) continue;
      const unanswered = channel.state === 'established' && !channel.confirmed && channel.finalizes >= UNANSWERED;
      if (isPending(channel) || unanswered) {
        channel.state = 'timed-out';
        this.table.end(channel);
      }
    }
    if (this.waited > 1024 && this.waited * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.waited);
      this.waited = 0;
    }
  }
}

export const UNKNOWN: Verdict = { status: 'unknown', secret: -1, packet: 0, tried: 0 };

const initiatorsLast = ({ newPacket, finalizePacket }: Channel): number => Math.max(newPacket, finalizePacket);

/** Whether its recipient drops a packet before anything in it takes effect. Source: protocol page, section 4. */
function isDropped({ packet, sender, recipient }: Step): boolean {
  const { stop, checksumStatus, id = 0, flags = 0, messages, findings } = packet;
  if (stop?.why === 'malformed' || checksumStatus === 'bad' || (flags & ENCRYPTED) !== 0) return true;
  if (sender.hash === recipient.hash && sender.id === recipient.id) return true;
  if (id !== DEFAULT_CHANNEL && (id >>> 16 === RESERVED_HALF || (id & 0xffff) === RESERVED_HALF)) return true;
  for (const message of messages) if (message.stop?.why === 'malformed') return true;
  for (const { code } of findings) if (code === 'varint-bad') return true;
  return false;
}
