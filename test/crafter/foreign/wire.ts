import { createHmac } from 'node:crypto';

/**
 * Packets and messages as the protocol page describes them, written from that page alone: nothing here is shared with
 * the peer or the dissectors of the project, so that the two can be held against each other.
 */

export type DialectName = 'hmac' | 'hmac-newcaps' | 'seqno' | 'channeler';

/** What differs between the dialects. Source: section 3. */
export interface Dialect {
  readonly name: DialectName;
  readonly id: number;
  readonly cookieSize: number;
  readonly capsIn: 'new' | 'finalize';
  readonly numbered: boolean;
}

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  hmac: { name: 'hmac', id: 0x99838caa, cookieSize: 16, capsIn: 'finalize', numbered: true },
  'hmac-newcaps': { name: 'hmac-newcaps', id: 0xc5a85d79, cookieSize: 16, capsIn: 'new', numbered: true },
  seqno: { name: 'seqno', id: 0x42bc47c6, cookieSize: 0, capsIn: 'new', numbered: true },
  channeler: { name: 'channeler', id: 0x0c229d94, cookieSize: 4, capsIn: 'finalize', numbered: false },
};

export const NEW = 10;
export const ACKNOWLEDGE = 11;
export const FINALIZE = 12;
export const COOKIE = 13;
export const CLOSE = 14;
export const DATA = 20;
export const PROGRESS = 21;
export const WINDOW = 22;

export const DEFAULT_CHANNEL = 0xf0f0f0f0;
export const RESERVED_HALF = 0xf0f0;
/** Header, private header and checksum. */
export const ENVELOPE = 52;

/** A message, with the fields that its type has in its dialect. */
export interface Message {
  readonly type: number;
  readonly c1?: number;
  readonly id?: number;
  readonly cookie1?: Buffer;
  /** Of CHANNEL_COOKIE too, whichever it is. */
  readonly cookie2?: Buffer;
  readonly caps?: number;
  readonly s1?: number;
  readonly s2?: number;
  readonly ack?: number;
  readonly reason?: number;
  readonly data?: Buffer;
  readonly next?: number;
  readonly received?: number;
  readonly window?: number;
}

export interface Packet {
  readonly sender: Buffer;
  readonly recipient: Buffer;
  readonly channel: number;
  readonly sequence: number;
  readonly messages: readonly Message[];
  /** Of the datagram's packet, in bytes. */
  readonly size: number;
}

function table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

const CASTAGNOLI = table(0x82f63b78);
const ZLIB = table(0xedb88320);

function crc(of: Uint32Array, bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (of[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}

export const checksumOf = (bytes: Uint8Array): number => crc(CASTAGNOLI, bytes);

const u16 = (value: number): Buffer => Buffer.from([(value >>> 8) & 0xff, value & 0xff]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);

/** The halves of an id as they stand in a packet. */
const idBytes = ({ name }: Dialect, id: number): Buffer =>
  name === 'channeler' ? Buffer.concat([u16(id & 0xffff), u16(id >>> 16)]) : u32(id);

function idFrom({ name }: Dialect, bytes: Buffer, at: number): number {
  const id = bytes.readUInt32BE(at);
  return name === 'channeler' ? ((id << 16) | (id >>> 16)) >>> 0 : id;
}

/** A cookie of a peer with this secret; `c2` only where it is cookie2. Source: section 3, "Cookies". */
export function cookieOf(
  dialect: Dialect,
  secret: Buffer,
  initiator: Buffer,
  responder: Buffer,
  c1: number,
  c2?: number,
): Buffer {
  const halves = c2 === undefined ? [u16(c1)] : dialect.name === 'channeler' ? [u16(c2), u16(c1)] : [u16(c1), u16(c2)];
  const input = Buffer.concat([initiator, responder, ...halves]);
  if (dialect.name === 'channeler') return u32(crc(ZLIB, Buffer.concat([secret, input])));
  return createHmac('sha256', secret).update(input).digest().subarray(0, 16);
}

export function varint(value: number, isPlain = false): Buffer {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    if (!isPlain) rest -= 1;
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return Buffer.from(bytes);
}

/** The value and the offset behind it; undefined where it is cut off or longer than 5 bytes. */
export function readVarint(bytes: Buffer, at: number): readonly [number, number] | undefined {
  let value = 0;
  for (let taken = 0; taken < 5; taken++) {
    const byte = bytes[at + taken];
    if (byte === undefined) return undefined;
    value = (taken === 0 ? 0 : (value + 1) * 128) + (byte & 0x7f);
    if (byte < 0x80) return [value, at + taken + 1];
  }
  return undefined;
}

type Part =
  | 'c1'
  | 'id'
  | 'cookie1'
  | 'cookie2'
  | 'caps'
  | 's1'
  | 's2'
  | 'ack'
  | 'reason'
  | 'next'
  | 'received'
  | 'window';

/** The fields of a message, in order; undefined for a type that the dialect lacks. */
function partsOf({ name, capsIn, numbered }: Dialect, type: number): readonly Part[] | undefined {
  const isSeqno = name === 'seqno';
  const inNew: readonly Part[] = capsIn === 'new' ? ['caps'] : [];
  const inFinalize: readonly Part[] = capsIn === 'finalize' ? ['caps'] : [];
  switch (type) {
    case NEW:
      return ['c1', isSeqno ? 's1' : 'cookie1', ...inNew];
    case ACKNOWLEDGE:
      return isSeqno ? ['id', 'ack', 's2'] : ['id', 'cookie1', 'cookie2'];
    case FINALIZE:
      return isSeqno ? ['id', 'ack'] : ['id', 'cookie2', ...inFinalize];
    case COOKIE:
      return isSeqno ? undefined : ['cookie2', ...inFinalize];
    case CLOSE:
      return numbered ? ['reason'] : undefined;
    case PROGRESS:
      return numbered ? ['next', 'received'] : undefined;
    case WINDOW:
      return numbered ? ['window'] : undefined;
    default:
      return undefined;
  }
}

const sizeOf = ({ cookieSize }: Dialect, part: Part): number =>
  part === 'cookie1' || part === 'cookie2' ? cookieSize : part === 'id' || part === 'received' ? 4 : 2;

export function messageBytes(dialect: Dialect, message: Message, isPlain = false): Buffer {
  if (message.type === DATA) {
    const data = message.data ?? Buffer.alloc(0);
    return Buffer.concat([Buffer.from([DATA]), varint(data.length, isPlain), data]);
  }
  const parts = partsOf(dialect, message.type) ?? [];
  const bytes = parts.map((part) => {
    const value = message[part];
    if (Buffer.isBuffer(value)) return value;
    if (part === 'id') return idBytes(dialect, Number(value));
    return part === 'received' ? u32(Number(value)) : u16(Number(value ?? 0));
  });
  return Buffer.concat([Buffer.from([message.type]), ...bytes]);
}

/** The messages of a payload; undefined where the whole packet is dropped. */
function readMessages(dialect: Dialect, payload: Buffer): readonly Message[] | undefined {
  const messages: Message[] = [];
  for (let at = 0; at < payload.length; ) {
    const type = readVarint(payload, at);
    if (!type) return undefined;
    at = type[1];
    if (type[0] === DATA) {
      const length = readVarint(payload, at);
      if (!length || length[1] + length[0] > payload.length) return undefined;
      messages.push({ type: DATA, data: Buffer.from(payload.subarray(length[1], length[1] + length[0])) });
      at = length[1] + length[0];
      continue;
    }
    const parts = partsOf(dialect, type[0]);
    if (!parts) break;
    const fields: Record<string, number | Buffer> = {};
    for (const part of parts) {
      const size = sizeOf(dialect, part);
      if (at + size > payload.length) return undefined;
      if (part === 'cookie1' || part === 'cookie2') fields[part] = Buffer.from(payload.subarray(at, at + size));
      else if (part === 'id') fields[part] = idFrom(dialect, payload, at);
      else fields[part] = payload.readUIntBE(at, size);
      at += size;
    }
    messages.push({ type: type[0], ...fields });
  }
  return messages;
}

/** What a peer with this id reads; undefined for all that is dropped without an answer. Source: section 4. */
export function readPacket(dialect: Dialect, own: Buffer, bytes: Buffer): Packet | undefined {
  if (bytes.length < ENVELOPE || bytes.readUInt32BE(0) !== dialect.id) return undefined;
  const size = bytes.readUInt16BE(42);
  if (size < ENVELOPE || size > bytes.length) return undefined;
  const sender = Buffer.from(bytes.subarray(4, 20));
  const recipient = Buffer.from(bytes.subarray(20, 36));
  const flags = bytes.readUInt16BE(40);
  if (flags & 1 || !recipient.equals(own) || sender.equals(own)) return undefined;
  if (checksumOf(bytes.subarray(0, size - 4)) !== bytes.readUInt32BE(size - 4)) return undefined;
  const payloadSize = bytes.readUInt16BE(46);
  if (payloadSize > size - ENVELOPE) return undefined;
  const channel = idFrom(dialect, bytes, 36);
  const reserved = Number(channel >>> 16 === RESERVED_HALF) + Number((channel & 0xffff) === RESERVED_HALF);
  if (reserved === 1) return undefined;
  const messages = readMessages(dialect, bytes.subarray(48, 48 + payloadSize));
  return messages && { sender, recipient, channel, sequence: bytes.readUInt16BE(44), messages, size };
}

/** How a packet is written; what only peers that are wrong do is left out. */
export interface Writing {
  readonly sender: Buffer;
  readonly recipient: Buffer;
  readonly channel: number;
  readonly sequence: number;
  readonly messages: readonly Message[];
  /** The least size of the whole packet. */
  readonly atLeast?: number;
  readonly flags?: number;
  readonly isPlain?: boolean;
  readonly isPaddingUnsummed?: boolean;
}

export function writePacket(dialect: Dialect, writing: Writing): Buffer {
  const { sender, recipient, channel, sequence, messages, atLeast = 0, flags = 0 } = writing;
  const payload = Buffer.concat(messages.map((message) => messageBytes(dialect, message, writing.isPlain)));
  const padding = Math.max(0, atLeast - ENVELOPE - payload.length);
  const size = ENVELOPE + payload.length + padding;
  const head = Buffer.concat([u32(dialect.id), sender, recipient, idBytes(dialect, channel), u16(flags), u16(size)]);
  const body = Buffer.concat([head, u16(sequence), u16(payload.length), payload]);
  const whole = Buffer.concat([body, Buffer.alloc(padding, padding % 255)]);
  return Buffer.concat([whole, u32(checksumOf(writing.isPaddingUnsummed ? body : whole))]);
}
