import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import type { Finding } from '../../dissectors/wire/finding.js';
import { cookiesOf } from '../track/cookie-fields.js';
import type { Touched } from '../track/facts.js';
import type { CookieVerdict } from './ladder.js';
import type { Packet } from './packet.js';

interface Numbered {
  readonly place: number;
  readonly finding: Finding;
}

/**
 * What is known of each message of one channel packet, sorted out in one pass: a packet may hold thousands of messages,
 * with as many findings, cookies and channels.
 */
export class LadderLook {
  private readonly packet: Packet;
  private readonly channel: ChannelPacket;
  private readonly touched = new Map<number, Touched[]>();
  private readonly findings = new Map<Message | undefined, Numbered[]>();
  private readonly statuses = new Map<Message, CookieVerdict[]>();

  constructor(packet: Packet, channel: ChannelPacket) {
    this.packet = packet;
    this.channel = channel;
    for (const one of packet.facts.channels) listIn(this.touched, one.c1).push(one);
    this.sortFindings();
    this.sortStatuses();
  }

  /** The tracked channel that has these halves, as far as both are known. */
  touchedBy(c1: number, c2: number | undefined): Touched | undefined {
    return this.touched.get(c1)?.find((known) => c2 === undefined || known.c2 === undefined || known.c2 === c2);
  }

  /** The tracked channel that has this id, its unknown half read as 0. */
  touchedById(id: number): Touched | undefined {
    return this.touched.get(id >>> 16)?.find(({ c1, c2 }) => ((c1 << 16) | (c2 ?? 0)) >>> 0 === id);
  }

  /** The findings about some messages; those about the packet as a whole stand with its first message. */
  findingsOf(messages: readonly Message[]): readonly Finding[] {
    const { messages: all } = this.channel;
    const first = messages.length === 0 || messages[0] === all[0];
    const places = first ? [...messages, undefined] : messages;
    const found = places.flatMap((message) => this.findings.get(message) ?? []);
    return found.sort((one, other) => one.place - other.place).map(({ finding }) => finding);
  }

  statusesOf(messages: readonly Message[]): readonly CookieVerdict[] {
    return messages.flatMap((message) => this.statuses.get(message) ?? []);
  }

  private sortFindings(): void {
    const { dissection, facts } = this.packet;
    const { view, at, end, messages } = this.channel;
    const source = dissection.sources.findIndex((one) => one.view === view);
    const shift = source === 0 ? dissection.start : 0;
    let place = 0;
    for (const finding of [...dissection.findings, ...facts.findings]) {
      const where = finding.start + shift;
      if (finding.source !== source || finding.code === 'icmp-answer' || where < at || where > end) continue;
      listIn(this.findings, messageAt(messages, where)).push({ place: place++, finding });
    }
  }

  private sortStatuses(): void {
    const { verdicts } = this.packet.facts;
    if (verdicts.length === 0) return;
    for (const [index, field] of cookiesOf(this.packet.dissection).entries()) {
      const status = verdicts[index]?.status;
      if (field.packet === this.channel && status)
        listIn(this.statuses, field.message).push({ key: field.key, status });
    }
  }
}

function listIn<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key);
  if (list) return list;
  const fresh: V[] = [];
  lists.set(key, fresh);
  return fresh;
}

/** The message that holds a place; messages stand in order, back to back. */
function messageAt(messages: readonly Message[], where: number): Message | undefined {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.end ?? 0) <= where) low = middle + 1;
    else high = middle;
  }
  const message = messages[low];
  return message && message.at <= where ? message : undefined;
}
