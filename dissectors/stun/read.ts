import type { Limit } from '../wire/stop.js';
import { asciiText, hexOf } from '../wire/view.js';
import { attributeHead, channelHead, errorStart, MAGIC_COOKIE, stunHeader } from './layout.js';
import { ERROR_CODE, NONCE, REALM, SOFTWARE, USERNAME } from './names.js';

const { type, length, id } = stunHeader.fields;
const { 'type.class': classField, 'type.method': methodField } = stunHeader.fields;
const { 'att.type': attributeType, 'att.length': attributeLength } = attributeHead.fields;

/** Attributes of one message that are looked at. */
export const MOST_ATTRIBUTES = 256;

/** Whether a message of STUN starts at `at`: two bits of zero, the cookie, and a length in words of 4 bytes. */
export const isMessage = (view: DataView, at: number, { captured }: Limit): boolean =>
  at + stunHeader.size <= captured &&
  (view.getUint8(at) & 0xc0) === 0 &&
  view.getUint32(at + 4) === MAGIC_COOKIE &&
  (length.read(view, at) & 3) === 0;

/** Whether what starts at `at` has the form of channel data; its numbers begin with two certain bits. */
export const isChannelData = (view: DataView, at: number, { captured }: Limit): boolean =>
  at + channelHead.size <= captured && (view.getUint8(at) & 0xc0) === 0x40;

/** Where a message or channel data at `at` ends, by its own length. */
export const endOf = (view: DataView, at: number): number =>
  at + ((view.getUint8(at) & 0xc0) === 0x40 ? channelHead.size : stunHeader.size) + view.getUint16(at + 2);

/** Tells `each` of the attributes in `[start, end)`: type, where its value is, and where the next one starts. */
export function walkAttributes(
  view: DataView,
  start: number,
  end: number,
  each: (type: number, at: number, value: number, valueEnd: number, next: number) => void,
): number {
  let at = start;
  for (let count = 0; at + attributeHead.size <= end && count < MOST_ATTRIBUTES; count++) {
    const value = at + attributeHead.size;
    const size = attributeLength.read(view, at);
    const next = value + ((size + 3) & ~3);
    each(attributeType.read(view, at), at, Math.min(value, end), Math.min(value + size, end), Math.min(next, end));
    if (next > end) return at;
    at = next;
  }
  return end;
}

/** Classes of messages. */
export const REQUEST = 0;
export const INDICATION = 1;
export const SUCCESS = 16;
export const ERROR = 17;
/** The method that opens an allocation of a relay. Source: RFC 8656, section 17. */
export const ALLOCATE = 3;
/** Errors of the challenge. Source: RFC 8489, section 14.8. */
export const UNAUTHENTICATED = 401;
export const STALE_NONCE = 438;

/** What a message says, as far as handshakes go. Texts are without what cannot be printed. */
export interface StunMessage {
  readonly sort: number;
  readonly method: number;
  /** In hex. */
  readonly id: string;
  /** In hex: it is compared byte by byte. */
  readonly nonce: string | undefined;
  readonly nonceText: string | undefined;
  readonly realm: string | undefined;
  readonly username: string | undefined;
  readonly software: string | undefined;
  readonly error: number | undefined;
  /** What the error says of itself. */
  readonly errorText: string | undefined;
}

/** Characters of a name, a realm or an error that are kept: a row shows no more. */
const MOST_TEXT = 128;
const textIn = (view: DataView, at: number, end: number): string => asciiText(view, at, Math.min(end, at + MOST_TEXT));

/** Reads a message whose header is captured; undefined for channel data. */
export function readStun(view: DataView, at: number, limit: Limit): StunMessage | undefined {
  if (!isMessage(view, at, limit)) return undefined;
  const found: { -readonly [Key in keyof StunMessage]: StunMessage[Key] } = {
    sort: classField.read(view, at),
    method: methodField.read(view, at),
    id: hexOf(view, at + id.offset, at + stunHeader.size),
    nonce: undefined,
    nonceText: undefined,
    realm: undefined,
    username: undefined,
    software: undefined,
    error: undefined,
    errorText: undefined,
  };
  const end = Math.min(limit.captured, at + stunHeader.size + length.read(view, at));
  walkAttributes(view, at + stunHeader.size, end, (of, _start, value, stop) => {
    if (of === NONCE) {
      found.nonce ??= hexOf(view, value, stop);
      found.nonceText ??= textIn(view, value, stop);
    } else if (of === REALM) found.realm ??= textIn(view, value, stop);
    else if (of === USERNAME) found.username ??= textIn(view, value, stop);
    else if (of === SOFTWARE) found.software ??= textIn(view, value, stop);
    else if (of === ERROR_CODE && stop - value >= errorStart.size) {
      const { 'att.error.class': hundreds, 'att.error': remainder } = errorStart.fields;
      found.error ??= 100 * hundreds.read(view, value) + remainder.read(view, value);
      found.errorText ??= textIn(view, value + errorStart.size, stop);
    }
  });
  return found;
}

/** As Wireshark's list has it: `Allocate Error Response`. */
export function messageName(view: DataView, at: number): string {
  const method = methodField.read(view, at);
  const sort = classField.read(view, at);
  return `${methodField.names(method) ?? `method ${method}`} ${classField.names(sort) ?? type.read(view, at)}`;
}

/** Whether what starts at `at` is a message of STUN that fills its datagram. */
export const isStun = (view: DataView, at: number, limit: Limit): boolean =>
  isMessage(view, at, limit) && endOf(view, at) === limit.wire;
