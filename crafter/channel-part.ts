import { type CookieKey, cookieKey } from '../dissectors/channel/cookie.js';
import { type Dialect, messageOf } from '../dissectors/channel/dialects.js';
import { CODES, type MessageKind, type MessageName } from '../dissectors/channel/messages.js';
import {
  DEFAULT_CHANNEL,
  ENVELOPE,
  footer,
  type initiatorFirstHeader,
  PAYLOAD,
  privateHeader,
} from '../dissectors/channel/packet.js';
import { crc32c } from '../dissectors/wire/checksum.js';
import { type Value, varintLength, writeVarint } from '../dissectors/wire/field.js';
import { encode, encodedSize, type Given } from '../dissectors/wire/message.js';
import { fill, put } from '../dissectors/wire/view.js';
import { type Part, sizeOf, writeAll } from './part.js';

/** The fields of messages, of all types and dialects together; a message takes those that its layout has. */
export interface MessageGiven {
  /** A whole channel id, `c1 ‖ c2`, whichever half the dialect writes first. */
  readonly id?: number;
  readonly c1?: number;
  readonly cookie1?: Uint8Array;
  readonly cookie2?: Uint8Array;
  readonly cookie?: Uint8Array;
  readonly caps?: number;
  readonly 'caps.resend'?: boolean;
  readonly 'caps.ordered'?: boolean;
  readonly 'caps.close_on_loss'?: boolean;
  readonly s1?: number;
  readonly s2?: number;
  readonly ack?: number;
  readonly reason?: number;
  readonly length?: number;
  readonly data?: Uint8Array;
  readonly next?: number;
  readonly received?: number;
  readonly window?: number;
}

/**
 * A message of a dialect: its type and its body. What is left out is zero; the length of DATA is that of its bytes.
 *
 * @throws {RangeError} if the dialect lacks the message; `unknownMessage` writes those
 */
export function message(dialect: Dialect, name: MessageName, given: MessageGiven = {}): Part {
  const kind = messageOf(dialect, name);
  if (!kind) throw new RangeError(`${dialect.name} has no ${name}`);
  return messagePart(kind, given);
}

/** DATA with these bytes, the same in every dialect. */
export function data(dialect: Dialect, bytes: Uint8Array): Part {
  return message(dialect, 'DATA', { data: bytes });
}

function messagePart({ code, body }: MessageKind, given: MessageGiven): Part {
  // The layout picks its own fields by name, and their types are those of `MessageGiven`.
  const values = given as Readonly<Record<string, Value>>;
  const typeSize = varintLength(code);
  return {
    size: typeSize + encodedSize(body, values),
    write: (view, at) => {
      writeVarint(view, at, code);
      encode(body, values, view, at + typeSize);
    },
  };
}

/** A message of a type that nobody knows, or of a known type with a body of one's own. */
export function unknownMessage(code: number, body: Uint8Array): Part {
  const typeSize = varintLength(code);
  return {
    size: typeSize + body.length,
    write: (view, at) => {
      writeVarint(view, at, code);
      put(view, at + typeSize, body);
    },
  };
}

/** The fields of a packet around its messages. */
export type PacketGiven = Given<typeof initiatorFirstHeader> & Given<typeof privateHeader> & Given<typeof footer>;

/** The bytes between the messages and the checksum: so many, or as many as make the packet so large. */
export interface Room {
  readonly padding?: number;
  /** Of the whole packet, in bytes; one that is larger already is not padded. */
  readonly paddedTo?: number;
}

/**
 * A channel packet. What is left out is derived: the dialect's protocol id, the default channel, the sizes, the
 * checksum. What is given is sent as given, however wrong. Padding of R bytes has the value `R mod 255`.
 * Source: protocol page, section 2 "Packet".
 */
export function channelPacket(dialect: Dialect, given: PacketGiven, messages: readonly Part[], room: Room = {}): Part {
  const payload = sizeOf(messages);
  const padding = room.padding ?? Math.max(0, (room.paddedTo ?? 0) - ENVELOPE - payload);
  const size = ENVELOPE + payload + padding;
  const { fields } = privateHeader;
  return {
    size,
    write: (view, at) => {
      encode(dialect.header, { protocol_id: dialect.protocolId, id: DEFAULT_CHANNEL, size }, view, at);
      const opaque = encode(dialect.header, given, view, at);
      fields.sequence.write(view, opaque, given.sequence ?? 0);
      fields.payload_size.write(view, opaque, given.payload_size ?? payload);
      const end = writeAll(messages, view, at + PAYLOAD);
      const place = end + padding;
      fill(view, end, place, padding % 255);
      footer.fields.checksum.write(view, place, given.checksum ?? crc32c(view, at, place));
    },
  };
}

/** The peers of a channel by role, and the secrets that are known. */
export interface Roles {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly initiatorSecret?: Uint8Array | CookieKey;
  readonly responderSecret?: Uint8Array | CookieKey;
}

/**
 * The cookies of the channel `id` that its peers' secrets yield; those of unknown secrets are left out. To make many,
 * give the keys of `cookieKey`, which are ready to use.
 */
export function cookiesOf(
  dialect: Dialect,
  { initiator, responder, initiatorSecret, responderSecret }: Roles,
  id: number,
): { readonly cookie1?: Uint8Array; readonly cookie2?: Uint8Array } {
  if (dialect.mac === 'none') return {};
  const [c1, c2] = [id >>> 16, id & 0xffff];
  const key = (secret: Uint8Array | CookieKey) => (typeof secret === 'function' ? secret : cookieKey(dialect, secret));
  return {
    ...(initiatorSecret && { cookie1: key(initiatorSecret)({ initiator, responder, c1 }) }),
    ...(responderSecret && { cookie2: key(responderSecret)({ initiator, responder, c1, c2 }) }),
  };
}

/**
 * The size that a packet of `news` CHANNEL_NEW and `finals` CHANNEL_FINALIZE is padded to at least, so that its answer
 * is no larger than it.
 * Source: protocol page, section 4 "No amplification".
 */
export function leastSize(dialect: Dialect, news: number, finals = 0): number {
  const acknowledge = messageOf(dialect, 'CHANNEL_ACKNOWLEDGE');
  const answer = varintLength(CODES.CHANNEL_ACKNOWLEDGE) + (acknowledge?.body.size ?? 0);
  const confirmation = dialect.numbered ? ENVELOPE + 3 : 0;
  return Math.max(news > 0 ? ENVELOPE + answer * news : 0, confirmation * finals);
}
