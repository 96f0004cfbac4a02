import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import type { Dissection } from '../../dissectors/dissect.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer, LayerName } from '../../dissectors/layer.js';
import { sctpHeader } from '../../dissectors/sctp/layout.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { udpLiteHeader } from '../../dissectors/udplite/layout.js';
import { type Address, Addresses } from './addresses.js';
import type { Columns } from './columns.js';
import { type Shape, Shapes } from './shapes.js';

const BITS_OF_16 = 16;

/**
 * The meanings of the bits of a column, which must have room for them: a bit that is cut off would be lost without a word.
 * @throws {RangeError} if there are more than `bits`
 */
export function bitsIn<T>(bits: number, column: string, meanings: readonly T[]): readonly T[] {
  if (meanings.length <= bits) return meanings;
  throw new RangeError(`the column ${column} has ${bits} bits, too few for ${meanings.length} meanings: make it wider`);
}

/** The types of messages, in the order of their bits in the `messages` column, of which three bits say something else. */
export const MESSAGE_CODES: readonly number[] = bitsIn(BITS_OF_16 - 3, 'messages', Object.values(CODES));
/** Set where there is a message of any other type. */
export const OTHER_MESSAGES = 1 << MESSAGE_CODES.length;
/** Set where the columns `srcport` and `dstport` hold the ports of the only transport layer. */
export const PORTS_KNOWN = 0x4000;
/** Set where the column `id` holds the channel id of the only channel packet. */
export const ID_KNOWN = 0x8000;

const CHECKSUM_STATUSES = ['good', 'bad', 'unverified'] as const;
/** What the bits of the `envelope` column say: which dialects there are, and which verdicts on checksums. */
export const ENVELOPE_BITS = bitsIn(BITS_OF_16, 'envelope', [
  ...DIALECTS.map(({ name }) => ({ path: 'chan.dialect', value: name })),
  ...CHECKSUM_STATUSES.map((value) => ({ path: 'chan.checksum.status', value })),
]);

/** What numbers in columns stand for, beyond what was told before. */
export interface FreshTerms {
  readonly shapes: readonly Shape[];
  readonly addresses: readonly Address[];
}

/** Fills the columns by which filters can tell without looking at a packet again. */
export class KnownColumns {
  private readonly shapes = new Shapes();
  private readonly addresses: Addresses;
  private shapesTold = 0;
  private addressesTold = 0;

  /** @param seed any number; strangers must not know it */
  constructor(seed = 0) {
    this.addresses = new Addresses(seed);
  }

  /** Fills one row; what columns cannot hold they leave open. */
  fill(columns: Columns, row: number, { layers, sources }: Dissection): void {
    const number = this.shapes.numberOf(layers);
    columns.shape[row] = number;
    let flags = 0;
    let envelope = 0;
    // Those that an error message quotes count as well.
    for (const { facts } of layers) {
      if (facts?.type !== 'channel') continue;
      flags |= messagesOf(facts.packet);
      envelope |= envelopeOf(facts.packet);
    }
    if (number > 0) {
      const { network, transport, channel } = this.shapes.list[number - 1] as Shape;
      const internet = layers[network];
      if (internet) this.fillAddresses(columns, row, internet, sources[internet.source]?.view);
      const carrier = layers[transport];
      if (carrier && fillPorts(columns, row, carrier, sources[carrier.source]?.view)) flags |= PORTS_KNOWN;
      const facts = layers[channel]?.facts;
      if (facts?.type === 'channel' && facts.packet.id !== undefined) {
        columns.id[row] = facts.packet.id;
        flags |= ID_KNOWN;
      }
    }
    columns.messages[row] = flags;
    columns.envelope[row] = envelope;
  }

  private fillAddresses(columns: Columns, row: number, { name, at, limit }: Layer, view?: DataView): void {
    const isFour = name === 'ip';
    const header = isFour ? ipv4Header : ipv6Header;
    if (!view || at + header.size > limit.captured) return;
    // With options an IPv4 packet may name its destination among them.
    const first = view.getUint8(at);
    if (isFour ? first !== PLAIN_IPV4 : first >>> 4 !== 6) return;
    const { src, dst } = header.fields;
    columns.source[row] = this.addresses.numberOf(view, at + src.offset, isFour ? 4 : 6);
    columns.destination[row] = this.addresses.numberOf(view, at + dst.offset, isFour ? 4 : 6);
  }

  /** The shapes and addresses that appeared since this was asked last. */
  fresh(): FreshTerms {
    const shapes = this.shapes.list.slice(this.shapesTold);
    this.shapesTold += shapes.length;
    const addresses: Address[] = [];
    while (this.addressesTold < this.addresses.count) {
      addresses.push(this.addresses.addressOf(++this.addressesTold));
    }
    return { shapes, addresses };
  }
}

/** Version 4 and a header of five words, in its first byte. */
const PLAIN_IPV4 = 0x45;

const HEADER_SIZES: Partial<Record<LayerName, number>> = {
  udp: udpHeader.size,
  tcp: tcpHeader.size,
  sctp: sctpHeader.size,
  udplite: udpLiteHeader.size,
};

/** All transport layers begin with their two ports. @returns whether the header is captured whole */
function fillPorts(columns: Columns, row: number, { name, at, limit }: Layer, view?: DataView): boolean {
  if (!view || at + (HEADER_SIZES[name] ?? 0) > limit.captured) return false;
  columns.srcport[row] = view.getUint16(at);
  columns.dstport[row] = view.getUint16(at + 2);
  return true;
}

const BITS: readonly number[] = bitsByCode();

function bitsByCode(): readonly number[] {
  const bits = new Array<number>(Math.max(...MESSAGE_CODES) + 1).fill(OTHER_MESSAGES);
  for (const [place, code] of MESSAGE_CODES.entries()) bits[code] = 1 << place;
  return bits;
}

function messagesOf({ messages }: ChannelPacket): number {
  let bits = 0;
  for (const { code } of messages) bits |= BITS[code] ?? OTHER_MESSAGES;
  return bits;
}

const DIALECT_BITS = DIALECTS.map((_, place) => 1 << place);

function envelopeOf({ dialect, checksum, checksumStatus = 'unverified' }: ChannelPacket): number {
  const bits = DIALECT_BITS[DIALECTS.indexOf(dialect)] ?? 0;
  if (checksum === undefined) return bits;
  return bits | (1 << (DIALECTS.length + CHECKSUM_STATUSES.indexOf(checksumStatus)));
}
