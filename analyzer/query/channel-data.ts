import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { readVarint, varintSize } from '../../dissectors/wire/field.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { cookiesOf } from '../track/cookie-fields.js';
import type { Answering } from './answering.js';
import { touching } from './channel-rows.js';
import type { Ground } from './finding.js';
import type { Answer } from './messages.js';
import type { DataPiece } from './news.js';
import { Sifter } from './sifter.js';

/** Bytes of data that are kept of one channel, and pieces. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Pieces of data that are shown of a channel: each has an entry of its own. */
const MOST_PIECES = 200_000;

/** Gathers what a channel carried, both ways, in the order of the capture; what was sent again is there once. */
export class ChannelData implements Answering {
  private readonly ground: Ground;
  private readonly channel: number;
  private initiator: string;
  private readonly sifter: Sifter;
  private fresh: DataPiece[] = [];
  private pieces = 0;
  private bytes = 0;
  private left = 0;
  private more = true;

  /** @param initiator the id of the peer that initiated it; who sends data first, if that is not known */
  constructor(ground: Ground, channel: number, initiator: string) {
    this.ground = ground;
    this.channel = channel;
    this.initiator = initiator;
    this.sifter = new Sifter(ground.index, ground.packet, { rows: touching([channel]) });
  }

  work(isTimeUp: () => boolean): boolean {
    this.more = this.sifter.work(isTimeUp, (number) => this.take(this.ground.packet(number)));
    return this.more;
  }

  answer(): Answer {
    const pieces = this.fresh;
    this.fresh = [];
    return { type: 'data', pieces, left: this.left, done: !this.more, problem: undefined };
  }

  private take(packet: Packet): void {
    const touched = packet.facts.channels.find(({ number }) => number === this.channel);
    if (touched?.c2 === undefined) return;
    const id = ((touched.c1 << 16) | touched.c2) >>> 0;
    for (const channel of packet.dissection.channels) {
      if (channel.id !== id || wasSeen(packet, channel) || hasWrongCookie(packet, channel)) continue;
      const sender = senderOf(channel);
      for (const message of channel.messages) {
        const bytes = dataOf(channel, message);
        if (!bytes || bytes.length === 0) continue;
        if (this.initiator === '') this.initiator = sender;
        this.add(packet.number, sender === this.initiator, bytes);
      }
    }
  }

  private add(packet: number, fromInitiator: boolean, bytes: Uint8Array): void {
    if (this.bytes + bytes.length > MOST_BYTES || this.pieces === MOST_PIECES) {
      this.left += bytes.length;
      return;
    }
    this.bytes += bytes.length;
    this.pieces++;
    // A copy: the packet is gone once the next is read.
    this.fresh.push({ packet, fromInitiator, bytes: bytes.slice() });
  }
}

function senderOf({ view, at, dialect }: ChannelPacket): string {
  const { sender } = dialect.header.fields;
  return hexOf(view, at + sender.offset, at + sender.offset + 16);
}

/** Whether an earlier packet had the same number. */
function wasSeen({ dissection, facts }: Packet, { view, at }: ChannelPacket): boolean {
  return facts.findings.some(({ code, source, start, given }) => {
    if (dissection.sources[source]?.view !== view || start !== at + NUMBER) return false;
    return code === 'duplicate' || code === 'number-old' || (code === 'resent' && given[0] !== 0);
  });
}

/** Where the number of a packet stands in it. */
const NUMBER = 44;

const WRONG: ReadonlySet<string> = new Set(['invalid', 'stale', 'echo-bad']);

/** Whether its recipient drops a packet because of the COOKIE that leads it. */
function hasWrongCookie({ dissection, facts }: Packet, channel: ChannelPacket): boolean {
  const [first] = channel.messages;
  if (first?.code !== CODES.CHANNEL_COOKIE || facts.verdicts.length === 0) return false;
  return cookiesOf(dissection).some(
    ({ message }, place) => message === first && WRONG.has(facts.verdicts[place]?.status ?? ''),
  );
}

/** The bytes of a DATA message, as far as they are there. */
function dataOf({ view, limit }: ChannelPacket, { code, kind, body, end }: Message): Uint8Array | undefined {
  if (code !== CODES.DATA || !kind) return undefined;
  const size = varintSize(view, body, limit.captured);
  if (size === 0) return undefined;
  const start = body + size;
  const stop = Math.min(start + readVarint(view, body), end, limit.captured);
  return stop > start ? new Uint8Array(view.buffer, view.byteOffset + start, stop - start) : undefined;
}
