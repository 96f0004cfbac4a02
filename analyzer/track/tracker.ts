import { type ChannelPacket, isHandshake, type Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, RESERVED_HALF } from '../../dissectors/channel/packet.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { type Finding, type FindingCode, finding, tallyOf } from '../../dissectors/wire/finding.js';
import { Clock } from '../handshakes/clock.js';
import type { HandshakeTable } from '../handshakes/table.js';
import { Waiting } from '../handshakes/waiting.js';
import type { Moment, Secret } from '../secrets/secrets.js';
import { numberIn } from './attempts.js';
import { type Channel, isPending } from './channel.js';
import { ChannelRows } from './channel-rows.js';
import { CookieJudge, type Verdict } from './cookies.js';
import { isDropped } from './dropped.js';
import { NO_FACTS, type PacketFacts, type Touched } from './facts.js';
import { acknowledge, finalize, open } from './handshake.js';
import { carry, judgeMisplaced } from './on-channel.js';
import { Peers } from './peers.js';
import { quote } from './quoted.js';
import type { Step, Tracking } from './step.js';
import { BOUNDS, type Bounds, ChannelTable } from './table.js';

/** How long an attempt goes on without an answer, in seconds. Source: protocol page, section 4 "Timers". */
const ATTEMPT_SECONDS = 12.6;
/** How long packets of a closed channel still come. Source: protocol page, section 6 "CHANNEL_CLOSE". */
const LINGER_SECONDS = 15;
/** Repeats of a proof that show that nobody confirms it; fewer may be a capture that misses the confirmation. */
const UNANSWERED = 2;

/** A step as its tracker moves it on. */
type GrowingStep = { -readonly [Key in keyof Step]: Step[Key] };

/**
 * Follows the channels of a capture, packet by packet, in capture order; the capture's time is the clock. Memory is
 * bounded, whatever the packets are.
 * Source: protocol page, section 7.
 */
export class Tracker implements Tracking {
  readonly table: ChannelTable;
  readonly judge: CookieJudge;
  /** Attempts that fail without an answer, and channels that have ended. */
  readonly attempts = new Waiting<Channel>(ATTEMPT_SECONDS);
  readonly lingering = new Waiting<Channel>(LINGER_SECONDS);
  private readonly peers: Peers;
  private readonly clock = new Clock();
  private origin: Moment | undefined;
  private now = 0;
  private touched: Channel[] = [];
  private findings: Finding[] = [];
  private verdicts: Verdict[] = [];
  /** The step of all packets, from the first one on: nothing keeps it, and one a packet would be garbage. */
  private step: GrowingStep | undefined;
  private readonly moment = { seconds: 0, nanos: 0 };
  /** Facts of packets that say nothing but which channel they are of, to be used again. */
  private readonly plain: (PacketFacts | undefined)[] = new Array(PLAIN).fill(undefined);

  /** The handshakes of the channels among those of other protocols. */
  private readonly rows: ChannelRows | undefined;
  /** The channels that a message was found to be about, or a packet that is on one. */
  private readonly listed: Channel[] = [];

  /**
   * @param seed any number; strangers must not know it
   * @param handshakes where channels are rows among others
   */
  constructor(secrets: readonly Secret[], seed = 0, bounds: Bounds = BOUNDS, handshakes?: HandshakeTable) {
    this.judge = new CookieJudge(secrets);
    this.rows = handshakes && new ChannelRows(handshakes);
    this.peers = new Peers(seed);
    this.table = new ChannelTable(this.peers, bounds);
  }

  /** Folds the next packet of the capture; call it for every packet, for the clock. */
  fold(dissection: Dissection, seconds: number, nanos: number): PacketFacts {
    this.origin ??= { seconds, nanos };
    const now = seconds - this.origin.seconds + (nanos - this.origin.nanos) / 1e9;
    this.now = now;
    const clock = this.clock.at(now);
    this.expire(clock);
    const { channels, quoted } = dissection;
    if (channels.length === 0 && quoted.length === 0) return NO_FACTS;
    this.judge.beginPacket();
    this.moment.seconds = seconds;
    this.moment.nanos = nanos;
    for (const packet of channels) {
      const step = this.stepOf(packet, dissection, now, clock, false);
      if (step) this.take(step);
    }
    for (const packet of quoted) {
      const step = this.stepOf(packet, dissection, now, clock, true);
      if (!step) continue;
      this.listed.length = 0;
      quote(step);
      const [about] = this.listed;
      const answer = this.findings.at(-1);
      if (about && answer) this.rows?.quoted(step, about, answer);
    }
    this.countFindings(dissection.findings);
    this.countFindings(this.findings);
    return this.facts();
  }

  /** The step of a packet, valid until the next; undefined where too little of it is left to follow. */
  private stepOf(
    packet: ChannelPacket,
    { number, start }: Dissection,
    now: number,
    clock: number,
    quoted: boolean,
  ): Step | undefined {
    const { view, at, id, source } = packet;
    if (id === undefined) return undefined;
    const sender = this.peers.findOrMake(view, at + 4);
    const recipient = this.peers.findOrMake(view, at + 20);
    const shift = source === 0 ? start : 0;
    const { step, moment } = this;
    if (!step) {
      this.step = { tracker: this, packet, number, sender, recipient, now, clock, moment, source, shift, quoted };
      return this.step;
    }
    step.packet = packet;
    step.number = number;
    step.sender = sender;
    step.recipient = recipient;
    step.now = now;
    step.clock = clock;
    step.source = source;
    step.shift = shift;
    step.quoted = quoted;
    return step;
  }

  private take(step: Step): void {
    const { packet } = step;
    const counts = !isDropped(step);
    if (packet.id !== DEFAULT_CHANNEL) {
      const { findings, verdicts } = this;
      const before = findings.length;
      const judged = verdicts.length;
      this.listed.length = 0;
      carry(step, counts);
      const [about] = this.listed;
      if (about) this.rows?.packet(step, about, findings, before, verdicts[judged]);
      return;
    }
    for (const message of packet.messages) {
      if (!message.kind) continue;
      const { findings, verdicts } = this;
      const before = findings.length;
      const judged = verdicts.length;
      this.listed.length = 0;
      this.takeHandshake(step, message, counts);
      const { listed, rows } = this;
      const [about] = listed;
      if (!about || !rows) continue;
      rows.message(step, about, message, counts, { findings: findings.slice(before), verdict: verdicts[judged] });
      for (let place = 1; place < listed.length; place++) rows.collided(step, listed[place] as Channel);
    }
  }

  private takeHandshake(step: Step, message: Message, counts: boolean): void {
    switch (message.code) {
      case CODES.CHANNEL_NEW:
        return open(step, message, counts && numberIn(step, message, 'c1') !== RESERVED_HALF);
      case CODES.CHANNEL_ACKNOWLEDGE:
        return acknowledge(step, message, counts);
      case CODES.CHANNEL_FINALIZE:
        return finalize(step, message, counts);
      case CODES.CHANNEL_COOKIE:
        return judgeMisplaced(step, message, undefined);
    }
  }

  /** Judges the cookies of a message that has no effect where it stands. */
  judgeOnly(step: Step, message: Message, channel?: Channel): void {
    if (isHandshake(message.code)) this.takeHandshake(step, message, false);
    else if (message.code === CODES.CHANNEL_COOKIE) judgeMisplaced(step, message, channel);
  }

  /** Notes that a packet is about a channel, though it does not count. */
  list(channel: Channel, number: number): void {
    if (!this.listed.includes(channel)) this.listed.push(channel);
    if (channel.listed === number) return;
    channel.listed = number;
    this.touched.push(channel);
  }

  /** Notes that a packet counts for a channel. */
  touch(channel: Channel, number: number): void {
    channel.last = number;
    channel.ended = this.now;
    this.list(channel, number);
  }

  /** Adds a finding about a place in the packet of a step. */
  note(step: Step, code: FindingCode, place: Pick<Message, 'at' | 'end'>, given: readonly number[] = []): void {
    const { shift, source } = step;
    this.findings.push(finding(code, place.at - shift, place.end - shift, given, source));
  }

  addVerdict(verdict: Verdict): void {
    this.verdicts.push(verdict);
  }

  /** What was found out since the last packet. */
  private facts(): PacketFacts {
    const { touched, verdicts, findings } = this;
    if (verdicts.length === 0 && findings.length === 0) {
      // The list is used again: most packets touch one channel, and say no more.
      const last = touched.pop();
      if (!last) return NO_FACTS;
      if (touched.length === 0) return this.plainFacts(last);
      this.touched = [];
      return { ...NO_FACTS, channels: [...touched, last].map(touchedOf) };
    }
    this.touched = [];
    this.verdicts = [];
    this.findings = [];
    return { channels: touched.map(touchedOf), verdicts, findings };
  }

  /** Counts findings for the channels that the packet is about. */
  private countFindings(findings: readonly Finding[]): void {
    if (findings.length === 0 || this.touched.length === 0) return;
    const { count, worst } = tallyOf(findings);
    for (const channel of this.touched) {
      channel.findings += count;
      channel.worst = Math.max(channel.worst, worst);
    }
  }

  private plainFacts(channel: Channel): PacketFacts {
    const place = channel.number % PLAIN;
    const known = this.plain[place];
    const was = known?.channels[0];
    const { number, c2, state, caps, start } = channel;
    const isSame = was?.number === number && was.c2 === c2 && was.state === state;
    if (known && isSame && was.caps === caps && was.start === start) return known;
    const facts = { ...NO_FACTS, channels: [touchedOf(channel)] };
    this.plain[place] = facts;
    return facts;
  }

  /** Times out attempts that were not answered in time, and settles channels that ended a while ago. */
  private expire(clock: number): void {
    for (let channel = this.attempts.due(clock); channel; channel = this.attempts.due(clock)) {
      const { state, confirmed, proved, repeats } = channel;
      const unanswered = !confirmed && repeats >= UNANSWERED && (state === 'established' || state === 'early');
      if (!isPending(channel) && !unanswered && !(state === 'early' && !proved)) continue;
      channel.state = 'timed-out';
      this.table.end(channel);
      this.rows?.changed({ number: channel.last, now: this.now, clock }, channel);
    }
    for (let channel = this.lingering.due(clock); channel; channel = this.lingering.due(clock)) {
      this.table.settle(channel);
    }
  }
}

/** How many plain facts are kept. */
const PLAIN = 256;

const touchedOf = ({ number, c1, c2, state, caps, start }: Channel): Touched => ({
  number,
  c1,
  c2,
  state,
  caps,
  start,
});
