import type { Dialect } from '../../dissectors/channel/dialects.js';
import { CODES } from '../../dissectors/channel/messages.js';
import {
  DEFAULT_CHANNEL,
  ENCRYPTED,
  ENVELOPE,
  footer,
  initiatorFirstHeader,
  PAYLOAD,
  privateHeader,
  RESERVED_HALF,
} from '../../dissectors/channel/packet.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { readVarint, varintSize } from '../../dissectors/wire/field.js';
import { slice, viewOf } from '../../dissectors/wire/view.js';

/** A message of a received packet: its type, where its body starts and where it ends. For DATA, where its bytes start. */
export interface Message {
  readonly code: number;
  readonly body: number;
  readonly end: number;
}

/** A packet that a peer may act on. Views the received bytes, which must not change any more. */
export interface Packet {
  readonly view: DataView;
  /** `c1 ‖ c2`. */
  readonly id: number;
  readonly sequence: number;
  /** In bytes; a datagram may hold more. */
  readonly size: number;
  readonly messages: readonly Message[];
  /** Where the messages end: before whatever is undissected. */
  readonly end: number;
}

/** Why a packet is dropped without an answer. Source: protocol page, section 4 "What is dropped". */
export type Drop =
  | 'malformed'
  | 'bad checksum'
  | 'other dialect'
  | 'not for us'
  | 'from ourselves'
  | 'encrypted'
  | 'half reserved';

const { sender, recipient, size: sizeField, flags, protocol_id: protocolId } = initiatorFirstHeader.fields;
const PRIVATE = PAYLOAD - privateHeader.size;
const { sequence, payload_size: payloadSize } = privateHeader.fields;
/** The bytes of a peer id. */
export const ID_SIZE = 16;

/** A peer id as four numbers, for comparing. */
export type IdWords = readonly [number, number, number, number];

export const wordsOf = (view: DataView, at: number): IdWords => [
  view.getInt32(at),
  view.getInt32(at + 4),
  view.getInt32(at + 8),
  view.getInt32(at + 12),
];

/** Whether the 16 bytes at `at` are a peer id. */
export const isId = (view: DataView, at: number, words: IdWords): boolean =>
  view.getInt32(at) === words[0] &&
  view.getInt32(at + 4) === words[1] &&
  view.getInt32(at + 8) === words[2] &&
  view.getInt32(at + 12) === words[3];

/** Where the sender's id lies in a packet. */
export const SENDER = sender.offset;
/** The sender's id, without a copy. */
export const senderOf = ({ view }: Packet): Uint8Array => slice(view, SENDER, SENDER + ID_SIZE);

const hasOneHalfReserved = (id: number): boolean =>
  id !== DEFAULT_CHANNEL && (id >>> 16 === RESERVED_HALF || (id & 0xffff) === RESERVED_HALF);

/** Reads a packet for the peer with the id `own`, or says why it is dropped. Nothing is acted on before all is read. */
export function readPacket(bytes: Uint8Array, dialect: Dialect, own: IdWords): Packet | Drop {
  if (bytes.length < ENVELOPE) return 'malformed';
  const view = viewOf(bytes);
  if (protocolId.read(view, 0) !== dialect.protocolId) return 'other dialect';
  const size = sizeField.read(view, 0);
  if (size < ENVELOPE || size > bytes.length) return 'malformed';
  if (!isId(view, recipient.offset, own)) return 'not for us';
  if (isId(view, sender.offset, own)) return 'from ourselves';
  const end = size - footer.size;
  if (crc32c(view, 0, end) !== view.getUint32(end)) return 'bad checksum';
  if (flags.read(view, 0) & ENCRYPTED) return 'encrypted';
  const payload = payloadSize.read(view, PRIVATE);
  if (payload > size - ENVELOPE) return 'malformed';
  const id = dialect.header.fields.id.read(view, 0);
  if (hasOneHalfReserved(id)) return 'half reserved';
  const messages = readMessages(view, PAYLOAD + payload, dialect);
  if (typeof messages === 'string') return messages;
  return { view, id, sequence: sequence.read(view, PRIVATE), size, messages, end: messages.at(-1)?.end ?? PAYLOAD };
}

function readMessages(view: DataView, end: number, dialect: Dialect): readonly Message[] | Drop {
  const messages: Message[] = [];
  for (let at = PAYLOAD; at < end; ) {
    // All known types are a single byte.
    const isShort = view.getUint8(at) < 0x80;
    const typeSize = isShort ? 1 : varintSize(view, at, end);
    if (typeSize === 0) return 'malformed';
    const code = isShort ? view.getUint8(at) : readVarint(view, at);
    const kind = dialect.byCode[code];
    // What follows a type that the dialect lacks has no known length.
    if (!kind) break;
    let body = at + typeSize;
    if (code === CODES.DATA) {
      const lengthSize = varintSize(view, body, end);
      if (lengthSize === 0) return 'malformed';
      const length = readVarint(view, body);
      body += lengthSize;
      at = body + length;
    } else {
      at = body + kind.body.size;
    }
    if (at > end) return 'malformed';
    if (code === CODES.CHANNEL_ACKNOWLEDGE || code === CODES.CHANNEL_FINALIZE) {
      if (hasOneHalfReserved(Number(kind.body.fields.id?.read(view, body)))) return 'half reserved';
    }
    messages.push({ code, body, end: at });
  }
  return messages;
}

/** The number in a field of a message; 0 where the dialect's message has no such field. */
export const numberIn = (dialect: Dialect, { view }: Packet, { code, body }: Message, key: string): number =>
  Number(dialect.byCode[code]?.body.fields[key]?.read(view, body) ?? 0);

const NO_BYTES = new Uint8Array(0);

/** The bytes in a field of a message, without a copy; none where the dialect's message has no such field. */
export function bytesIn(dialect: Dialect, { view }: Packet, { code, body }: Message, key: string): Uint8Array {
  const value = dialect.byCode[code]?.body.fields[key]?.read(view, body);
  return value instanceof Uint8Array ? value : NO_BYTES;
}

/** The bytes of a DATA, without a copy. */
export const dataOf = ({ view }: Packet, { body, end }: Message): Uint8Array => slice(view, body, end);

/** The 16-bit number at `at` of a few bytes, big-endian; a view of them would cost more than they do. */
export const numberAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
