import { type ChannelPacket, idText, isHandshake, type Message } from '../../dissectors/channel/dissect.js';
import { messageText, numberOf } from '../../dissectors/channel/explain.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED } from '../../dissectors/channel/packet.js';
import { type Finding, severityOf, textOf } from '../../dissectors/wire/finding.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Touched } from '../track/facts.js';
import {
  type Arrow,
  type Hidden,
  type Ladder,
  type LadderNote,
  type LadderPeer,
  pairKey,
  type Step,
  sum,
} from './ladder.js';
import { LadderLook } from './ladder-look.js';
import type { Packet } from './packet.js';
import { addressesOf, REPEATS } from './row.js';

/** Steps and peers that are kept: a diagram of more cannot be read. */
const MOST_STEPS = 20_000;
/** Handshakes whose confirmation is waited for. */
const MOST_WAITING = 10_000;

export interface LadderOptions {
  /** Draw every packet, data too. */
  readonly all: boolean;
  /** Which channels to draw, by number and halves; the number is not known of what the tracker drops. */
  readonly chosen?: (number: number | undefined, c1: number, c2: number | undefined) => boolean;
}

/** Gathers the messages of handshakes, packet by packet, for a sequence diagram. */
export class LadderSteps {
  private readonly options: LadderOptions;
  private readonly most: number;
  private readonly peers = new Map<string, LadderPeer>();
  private readonly steps: Step[] = [];
  /** By channel number: who has sent a proof that is not confirmed yet. */
  private readonly unconfirmed = new Map<number, string>();
  /** The halves that channels turned out to have: an attempt does not know its second one. */
  private readonly halves = new Map<number, readonly [c1: number, c2: number | undefined]>();
  private origin: { readonly seconds: number; readonly nanos: number } | undefined;
  private left = 0;

  constructor(options: LadderOptions, most = MOST_STEPS) {
    this.options = options;
    this.most = most;
  }

  /** Notes the first packet of the capture, from which times count, whether it passes a filter or not. */
  begin({ seconds, nanos }: Pick<Packet, 'seconds' | 'nanos'>): void {
    this.origin ??= { seconds, nanos };
  }

  /** Takes the next packet. */
  take(packet: Packet): void {
    this.begin(packet);
    const { dissection, facts } = packet;
    for (const channel of dissection.channels) this.takeChannel(packet, channel);
    const answer = facts.findings.find(({ code }) => code === 'icmp-answer');
    const [quoted] = dissection.quoted;
    if (answer && quoted && facts.channels.some((channel) => this.isChosen(channel))) {
      const { number, seconds, nanos } = packet;
      const note = { severity: severityOf(answer), text: `ICMP error ${textOf(answer)}` };
      this.add({ type: 'remark', packet: number, seconds, nanos, ...answerEndsOf(quoted), note });
    }
  }

  /** The diagram of all that was taken. */
  ladder(): Ladder {
    const { chosen = () => true } = this.options;
    const steps = this.steps.filter((step) => {
      if (step.type !== 'arrow' || step.channel === undefined) return true;
      const [c1, c2] = this.halves.get(step.channel) ?? [0, undefined];
      return chosen(step.channel, c1, c2);
    });
    const shown = new Set(steps.flatMap(({ from, to }) => [from, to]));
    const peers = [...this.peers.values()].filter(({ id }) => shown.has(id));
    return { origin: this.origin ?? { seconds: 0, nanos: 0 }, peers, steps, left: this.left };
  }

  private isChosen({ number, c1, c2 }: Touched): boolean {
    return this.options.chosen?.(number, c1, c2) ?? true;
  }

  private takeChannel(packet: Packet, channel: ChannelPacket): void {
    const { id, messages } = channel;
    if (id === undefined) return;
    const onDefault = id === DEFAULT_CHANNEL;
    const look = new LadderLook(packet, channel);
    if (onDefault && messages.length > 0) {
      for (const message of messages) this.takeMessage(packet, channel, look, message);
      return;
    }
    const touched = look.touchedById(id);
    if (!onDefault && !this.isWanted(touched, id >>> 16, id & 0xffff)) return;
    const arrow = this.arrowOf(packet, channel, look, messages, touched);
    const handshake = messages.some(({ code }) => code === CODES.CHANNEL_COOKIE || code === CODES.CHANNEL_CLOSE);
    const confirms = this.isConfirmation(arrow, channel);
    if (handshake || confirms || onDefault || this.options.all) {
      this.add(confirms ? { ...arrow, text: `${arrow.text}, confirms` } : arrow);
      if (messages[0]?.code === CODES.CHANNEL_COOKIE) this.expectConfirmation(arrow, channel);
    } else {
      this.hide(packet, channel);
    }
  }

  private takeMessage(packet: Packet, channel: ChannelPacket, look: LadderLook, message: Message): void {
    const [c1, c2] = halvesOf(channel, message);
    const touched = look.touchedBy(c1, c2);
    if (!this.isWanted(touched, c1, c2)) return;
    const arrow = this.arrowOf(packet, channel, look, [message], touched);
    if (isHandshake(message.code) || this.options.all) this.add(arrow);
    if (message.code === CODES.CHANNEL_FINALIZE) this.expectConfirmation(arrow, channel);
  }

  private isWanted(touched: Touched | undefined, c1: number, c2: number | undefined): boolean {
    if (touched) {
      if (this.halves.size < this.most || this.halves.has(touched.number)) {
        this.halves.set(touched.number, [touched.c1, touched.c2]);
      }
      return this.isChosen(touched);
    }
    return this.options.chosen?.(undefined, c1, c2) ?? true;
  }

  /** A proof is confirmed by the other peer's first packet on the channel. Source: protocol page, section 4. */
  private expectConfirmation({ channel: number, from, fate }: Arrow, { dialect }: ChannelPacket): void {
    if (number === undefined || fate === 'dropped' || !dialect.numbered) return;
    if (this.unconfirmed.size < MOST_WAITING) this.unconfirmed.set(number, from);
  }

  private isConfirmation({ channel: number, from, fate }: Arrow, { messages }: ChannelPacket): boolean {
    if (number === undefined || fate === 'dropped' || messages[0]?.code === CODES.CHANNEL_COOKIE) return false;
    if (messages.some(({ code }) => code === CODES.CHANNEL_CLOSE)) return false;
    const prover = this.unconfirmed.get(number);
    if (prover === undefined || prover === from) return false;
    return this.unconfirmed.delete(number);
  }

  private arrowOf(
    packet: Packet,
    channel: ChannelPacket,
    look: LadderLook,
    messages: readonly Message[],
    touched: Touched | undefined,
  ): Arrow {
    const { number, seconds, nanos } = packet;
    const { from, to } = endsOf(channel);
    const [source, destination] = addressesOf(packet);
    this.meet(from, source);
    this.meet(to, destination);
    const findings = look.findingsOf(messages);
    const statuses = look.statusesOf(messages);
    const dropped =
      channel.checksumStatus === 'bad' ||
      channel.stop?.why === 'malformed' ||
      statuses.some(({ status }) => WRONG.has(status)) ||
      findings.some(({ code }) => DROPPED.has(code));
    const again = findings.some(({ code }) => AGAIN.has(code));
    return {
      type: 'arrow',
      packet: number,
      seconds,
      nanos,
      from,
      to,
      channel: touched?.number,
      messages: messages.map(({ kind }) => kind?.name ?? ''),
      text: textOfArrow(channel, messages),
      verdicts: statuses,
      missing: missingIn(findings),
      fate: dropped ? 'dropped' : again ? 'again' : 'taken',
      notes: findings.map(noteOf),
    };
  }

  private meet(id: string, address: string): void {
    if (!this.peers.has(id) && this.peers.size < this.most) this.peers.set(id, { id, address });
  }

  private add(step: Step): void {
    if (this.steps.length < this.most) this.steps.push(step);
    else this.left++;
  }

  /** Counts a packet that is not drawn, with those of its peers since the last step that is. */
  private hide(packet: Packet, channel: ChannelPacket): void {
    const ends = endsOf(channel);
    const [source, destination] = addressesOf(packet);
    this.meet(ends.from, source);
    this.meet(ends.to, destination);
    const count = (code: Finding['code']) => packet.facts.findings.filter((finding) => finding.code === code);
    const hidden: Hidden = {
      type: 'hidden',
      ...ends,
      packets: 1,
      resent: count('resent').length,
      duplicates: count('duplicate').length,
      reordered: count('reordered').length,
      missing: missingIn(packet.facts.findings),
    };
    const key = pairKey(ends);
    for (let place = this.steps.length - 1; place >= 0; place--) {
      const step = this.steps[place];
      if (step?.type !== 'hidden') break;
      if (pairKey(step) !== key) continue;
      this.steps[place] = sum(step, hidden);
      return;
    }
    this.add(hidden);
  }
}

const missingIn = (findings: readonly Finding[]): number =>
  findings.reduce((total, { code, given }) => total + (code === 'sequence-gap' ? Number(given[0] ?? 0) : 0), 0);

/** The ids of the peers that a packet goes from and to. */
function endsOf({ view, at, dialect }: ChannelPacket): { readonly from: string; readonly to: string } {
  const { sender, recipient } = dialect.header.fields;
  const idAt = (start: number) => hexOf(view, start, start + 16);
  return { from: idAt(at + sender.offset), to: idAt(at + recipient.offset) };
}

/** An answer to a packet goes the other way. */
function answerEndsOf(quoted: ChannelPacket): { readonly from: string; readonly to: string } {
  const { from, to } = endsOf(quoted);
  return { from: to, to: from };
}

function noteOf(finding: Finding): LadderNote {
  const { code, given } = finding;
  const resend = REPEATS.has(code) ? { resend: Number(given[1] ?? 1) } : {};
  return { severity: severityOf(finding), text: textOf(finding), ...resend };
}

const WRONG: ReadonlySet<string> = new Set(['invalid', 'stale', 'echo-bad']);
/** Findings of packets or messages that their recipient drops. Source: protocol page, section 4 "What is dropped". */
const DROPPED: ReadonlySet<string> = new Set([
  'message-cut',
  'varint-bad',
  'message-misplaced',
  'half-reserved',
  'sent-to-self',
  'ack-number-wrong',
]);
const AGAIN: ReadonlySet<string> = new Set([
  'new-repeated',
  'acknowledge-repeated',
  'finalize-repeated',
  'resent',
  'duplicate',
]);

/** The halves of the channel that a handshake message is about. */
function halvesOf(channel: ChannelPacket, message: Message): readonly [number, number | undefined] {
  const c1 = numberOf(channel, message, 'c1');
  if (c1 >= 0) return [c1, undefined];
  const id = numberOf(channel, message, 'id');
  return id < 0 ? [-1, undefined] : [id >>> 16, id & 0xffff];
}

function textOfArrow(channel: ChannelPacket, messages: readonly Message[]): string {
  const { flags = 0, stop, id = 0 } = channel;
  const words = messages.map((message) => messageText(channel, message));
  if (flags & ENCRYPTED) words.push(`${idText(id)} encrypted`);
  else if (words.length === 0) words.push(stop ? `[${stop.why}: ${stop.what}]` : 'no messages');
  return words.join(', ');
}
