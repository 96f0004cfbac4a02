import { type ChannelPacket, type Message, takesNumber } from '../../dissectors/channel/dissect.js';
import { numberOf } from '../../dissectors/channel/explain.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { dropOldest } from '../../dissectors/wire/drop-oldest.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Handshake, TouchedHandshake } from '../handshakes/handshake.js';
import type { HandshakeTable } from '../handshakes/table.js';
import type { State } from './channel.js';
import { cookiesOf } from './cookie-fields.js';
import type { PacketFacts, Touched } from './facts.js';
import { isRight } from './judging.js';
import type { ChannelTable } from './table.js';

/** How packets belong together: what answers, repeats or duplicates another, and the other way round. */
export const LINKS = {
  'channel.response_to': 'Answers packet',
  'channel.response_in': 'Answered by packet',
  'channel.resend_of': 'Sent again after packet',
  'channel.resent_in': 'Sent again in packet',
  'channel.duplicate_of': 'Duplicate of packet',
  'channel.duplicated_in': 'Duplicated in packet',
  'handshake.response_to': 'Answers the message in packet',
  'handshake.response_in': 'Answered by the message in packet',
} as const;
export type LinkName = keyof typeof LINKS;

/** What became of a handshake in the end. */
export type HandshakeEnd = Pick<Handshake, 'state' | 'reason'>;

/** What is known of packets besides their own: how they belong together, and what became of what they touch. */
export interface PacketLinks {
  /** The packets that a packet is linked with. */
  of(name: LinkName, packet: number): readonly number[];
  /** What became of a handshake; undefined where it is not known any more. */
  endOf(handshake: Pick<TouchedHandshake, 'number'>): HandshakeEnd | undefined;
  /** The state of a channel in the end; undefined where it is not known any more. */
  endOfChannel(number: number): State | undefined;
}

/** The link that leads back. */
const OTHER_WAY: Readonly<Partial<Record<LinkName, LinkName>>> = {
  'channel.response_to': 'channel.response_in',
  'channel.resend_of': 'channel.resent_in',
  'channel.duplicate_of': 'channel.duplicated_in',
  'handshake.response_to': 'handshake.response_in',
};

/** Links that are kept of each kind; of a channel's packets, those whose numbers are remembered. The oldest go first. */
const MOST_LINKS = 1 << 18;
/** Numbers that are remembered until they are sent again; the oldest goes first. */
const MOST_NUMBERS = 1 << 17;

/** What is remembered of one channel: the newest packets with each message that counts, 0 for none. */
interface Opening {
  newPacket: number;
  acknowledgePacket: number;
  finalizePacket: number;
  responder: string;
  isConfirmed: boolean;
}

/** Gathers how the packets of a capture belong together, in capture order. Memory is bounded. */
export class Links implements PacketLinks {
  private readonly links = new Map<LinkName, Map<number, readonly number[]>>();
  private readonly openings = new Map<number, Opening>();
  /** The first packet with each number of a direction. */
  private readonly numbers = new Map<string, number>();
  private handshakes: HandshakeTable['rows'] | undefined;
  private channels: ChannelTable['channels'] | undefined;

  of(name: LinkName, packet: number): readonly number[] {
    return this.links.get(name)?.get(packet) ?? [];
  }

  endOf({ number }: Pick<TouchedHandshake, 'number'>): HandshakeEnd | undefined {
    return this.handshakes?.get(number);
  }

  endOfChannel(number: number): State | undefined {
    return this.channels?.get(number)?.state;
  }

  /** Takes what became of channels and handshakes, when all packets have been taken: each message answers the one before it. */
  conclude({ rows }: HandshakeTable, { channels }: ChannelTable): void {
    this.channels = channels;
    this.handshakes = rows;
    for (const { messages } of rows.values()) {
      for (const [place, { packet, fromInitiator }] of messages.entries()) {
        const asked = messages[place - 1];
        if (!asked || asked.fromInitiator === fromInitiator || asked.packet === packet) continue;
        this.link('handshake.response_to', packet, asked.packet);
      }
    }
  }

  /** Takes the next packet of the capture. */
  take(dissection: Dissection, facts: PacketFacts): void {
    const { number, channels } = dissection;
    for (const { code, given } of facts.findings) {
      const [earlier] = given;
      const repeats = code === 'new-repeated' || code === 'acknowledge-repeated' || code === 'finalize-repeated';
      if (repeats && typeof earlier === 'number') this.link('channel.resend_of', number, earlier);
    }
    const wrong = wrongMessages(dissection, facts);
    for (const packet of channels) {
      if (packet.id === DEFAULT_CHANNEL) {
        for (const message of packet.messages)
          if (!wrong.has(message)) this.open(number, packet, message, facts.channels);
      } else this.carry(number, packet, facts);
    }
  }

  private open(number: number, packet: ChannelPacket, message: Message, touched: readonly Touched[]): void {
    const channel = touchedBy(packet, message, touched);
    if (!channel) return;
    const opening = this.openingOf(channel.number);
    switch (message.code) {
      case CODES.CHANNEL_NEW:
        opening.newPacket = number;
        return;
      case CODES.CHANNEL_ACKNOWLEDGE:
        this.link('channel.response_to', number, opening.newPacket);
        opening.acknowledgePacket = number;
        return;
      case CODES.CHANNEL_FINALIZE:
        this.link('channel.response_to', number, opening.acknowledgePacket);
        opening.finalizePacket = number;
        opening.responder = hexOf(packet.view, packet.at + 20, packet.at + 36);
    }
  }

  private carry(number: number, packet: ChannelPacket, { channels, findings }: PacketFacts): void {
    const { id, sequence, messages, view, at, dialect } = packet;
    const channel = channels.find(({ c1, c2 }) => c2 !== undefined && ((c1 << 16) | c2) >>> 0 === id);
    if (!channel) return;
    const sender = hexOf(view, at + 4, at + 20);
    const opening = this.openings.get(channel.number);
    if (opening && !opening.isConfirmed && opening.responder === sender && messages[0]?.code !== CODES.CHANNEL_COOKIE) {
      opening.isConfirmed = true;
      this.link('channel.response_to', number, opening.finalizePacket);
    }
    if (!dialect.numbered || sequence === undefined || !messages.some(({ code }) => takesNumber(code))) return;
    const key = `${channel.number} ${sender} ${sequence}`;
    const first = this.numbers.get(key);
    const isResent = findings.some(({ code, given }) => code === 'resent' && given[0] === -1);
    const isDuplicate = findings.some(({ code }) => code === 'duplicate');
    if (first !== undefined && isResent) this.link('channel.resend_of', number, first);
    else if (first !== undefined && isDuplicate) this.link('channel.duplicate_of', number, first);
    else remember(this.numbers, key, number, MOST_NUMBERS);
  }

  private openingOf(channel: number): Opening {
    const known = this.openings.get(channel);
    if (known) return known;
    const fresh = { newPacket: 0, acknowledgePacket: 0, finalizePacket: 0, responder: '', isConfirmed: false };
    remember(this.openings, channel, fresh, MOST_NUMBERS);
    return fresh;
  }

  private link(name: LinkName, from: number, to: number): void {
    if (to === 0) return;
    this.add(name, from, to);
    const back = OTHER_WAY[name];
    if (back) this.add(back, to, from);
  }

  private add(name: LinkName, from: number, to: number): void {
    const links = this.links.get(name) ?? new Map<number, readonly number[]>();
    this.links.set(name, links);
    const known = links.get(from) ?? [];
    if (!known.includes(to) && known.length < MOST_OF_ONE) remember(links, from, [...known, to], MOST_LINKS);
  }
}

/** Links of one packet that are kept: a flood of repeats must not grow. */
const MOST_OF_ONE = 64;

/** Sets a value of a table that stays within bounds. */
function remember<K, V>(table: Map<K, V>, key: K, value: V, most: number): void {
  table.set(key, value);
  dropOldest(table, most);
}

/** The channel that a message of a handshake is about: the tracker lists it where the message has any effect. */
function touchedBy(packet: ChannelPacket, message: Message, touched: readonly Touched[]): Touched | undefined {
  if (message.stop) return undefined;
  if (message.code === CODES.CHANNEL_NEW) {
    const half = numberOf(packet, message, 'c1');
    return touched.find(({ c1 }) => c1 === half);
  }
  const id = numberOf(packet, message, 'id');
  return touched.find(({ c1, c2 }) => c2 !== undefined && ((c1 << 16) | c2) >>> 0 === id);
}

/** The messages that return a cookie which is not right: they answer nothing. */
function wrongMessages(dissection: Dissection, { verdicts }: PacketFacts): ReadonlySet<Message> {
  if (verdicts.length === 0) return NO_MESSAGES;
  const wrong = cookiesOf(dissection).filter(({ key, message }, place) => {
    const returned = message.code === CODES.CHANNEL_ACKNOWLEDGE ? 'cookie1' : 'cookie2';
    return key === returned && !isRight(verdicts[place]);
  });
  return new Set(wrong.map(({ message }) => message));
}

const NO_MESSAGES: ReadonlySet<Message> = new Set();
