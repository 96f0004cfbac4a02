import { crc32 } from '../wire/checksum.js';
import { ipv4Text, ipv6Text } from '../wire/field.js';
import { type FieldSink, tellDerived, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { asciiText, put, slice } from '../wire/view.js';
import * as layouts from './layout.js';
import * as names from './names.js';
import { walkAttributes } from './read.js';

const { stunHeader, attributeHead, TEXTS, FIXED } = layouts;
const upTo = (end: number): Limit => ({ captured: end, wire: end });

/** Attributes that are addresses, and those that are xored. */
const ADDRESSES: ReadonlySet<number> = new Set([
  names.MAPPED_ADDRESS,
  2,
  4,
  5,
  11,
  names.ALTERNATE_SERVER,
  names.RESPONSE_ORIGIN,
  names.OTHER_ADDRESS,
]);
const XORED: ReadonlySet<number> = new Set([
  names.XOR_MAPPED_ADDRESS,
  names.XOR_PEER_ADDRESS,
  names.XOR_RELAYED_ADDRESS,
]);
const IPV4 = 1;
const IPV6 = 2;

/** Tells the attributes of the message at `at`, in `[start, end)`, each in a group that its type heads. */
export function tellAttributes(view: DataView, at: number, start: number, end: number, sink: FieldSink): void {
  walkAttributes(view, start, end, (type, head, value, valueEnd, next) => {
    const text = sink.shows ? `${nameOf(type)}${noteOf(view, at, type, value, valueEnd)}` : '';
    sink.openValue(layouts.ATTRIBUTE, type, head, next, text);
    tellLayout(sink, attributeHead, view, head, upTo(end));
    if (value < valueEnd) tellValue(view, at, type, head, value, valueEnd, sink);
    if (next > valueEnd) tellDerived(sink, layouts.PADDING, next - valueEnd, valueEnd, next);
    sink.close();
  });
}

const nameOf = (type: number): string => names.ATTRIBUTES[type] ?? `attribute 0x${type.toString(16).padStart(4, '0')}`;

function tellValue(
  view: DataView,
  message: number,
  type: number,
  head: number,
  at: number,
  end: number,
  sink: FieldSink,
): void {
  const text = TEXTS.get(type);
  if (text) return sink.value(text, asciiText(view, at, end), at, end);
  if (ADDRESSES.has(type)) return tellAddress(view, at, end, sink);
  if (XORED.has(type)) return tellXored(view, message, at, end, sink);
  if (type === names.ERROR_CODE) return tellError(view, at, end, sink);
  if (type === names.PASSWORD_ALGORITHM || type === names.PASSWORD_ALGORITHMS)
    return tellAlgorithms(view, at, end, sink);
  if (type === names.UNKNOWN_ATTRIBUTES) {
    for (let place = at; place + 2 <= end; place += 2)
      tellLayout(sink, layouts.unknownAttribute, view, place, upTo(end));
    return;
  }
  const fixed = FIXED.get(type);
  if (fixed?.size !== end - at) tellLayout(sink, layouts.anyValue, view, at, upTo(end));
  else {
    tellLayout(sink, fixed, view, at, upTo(end));
    if (type === names.FINGERPRINT && sink.wants(layouts.FINGERPRINT_STATUS.path)) {
      const isGood = fingerprintOf(view, message, head) === layouts.fingerprint.fields['att.crc32'].read(view, at);
      tellDerived(sink, layouts.FINGERPRINT_STATUS, isGood ? 1 : 0, at, end);
    }
  }
}

/** What the fingerprint at `head` must be of a message: of all that stands before it. Source: RFC 8489, section 14.7. */
export const fingerprintOf = (view: DataView, message: number, head: number): number =>
  (crc32(view, message, head) ^ 0x5354_554e) >>> 0;

function tellAddress(view: DataView, at: number, end: number, sink: FieldSink): void {
  const { address4, address6, addressStart, anyValue } = layouts;
  const family = at + addressStart.size <= end ? addressStart.fields['att.family'].read(view, at) : 0;
  const of = family === IPV4 ? address4 : family === IPV6 ? address6 : undefined;
  tellLayout(sink, of?.size === end - at ? of : anyValue, view, at, upTo(end));
}

function tellXored(view: DataView, message: number, at: number, end: number, sink: FieldSink): void {
  const { addressStart, anyValue, xored4, xored6, address4, address6 } = layouts;
  const family = at + addressStart.size <= end ? addressStart.fields['att.family'].read(view, at) : 0;
  const isFour = family === IPV4 && end - at === xored4.size;
  if (!isFour && !(family === IPV6 && end - at === xored6.size)) {
    tellLayout(sink, anyValue, view, at, upTo(end));
    return;
  }
  const of = isFour ? xored4 : xored6;
  const plain = plainOf(view, message, at, end);
  const port = addressStart.size;
  const address = port + 2;
  tellLayout(sink, of, view, at, upTo(end), 0, 3);
  tellDerived(sink, address4.fields['att.port'], plain.getUint16(port), at + port, at + address);
  tellLayout(sink, of, view, at, upTo(end), 3);
  if (isFour) tellDerived(sink, address4.fields['att.ipv4'], plain.getUint32(address), at + address, end);
  else tellDerived(sink, address6.fields['att.ipv6'], slice(plain, address, address + 16), at + address, end);
}

/** The bytes of an xored address as they were before: the key is the cookie, and the transaction behind it. */
function plainOf(view: DataView, message: number, at: number, end: number): DataView {
  const plain = new DataView(new ArrayBuffer(end - at));
  put(plain, 0, slice(view, at, end));
  const key = message + stunHeader.fields.cookie.offset;
  const port = layouts.addressStart.size;
  for (let byte = 0; byte < 2; byte++)
    plain.setUint8(port + byte, plain.getUint8(port + byte) ^ view.getUint8(key + byte));
  for (let place = port + 2; place < end - at; place++) {
    plain.setUint8(place, plain.getUint8(place) ^ view.getUint8(key + place - port - 2));
  }
  return plain;
}

function tellError(view: DataView, at: number, end: number, sink: FieldSink): void {
  const { errorStart, ERROR_REASON } = layouts;
  if (!tellLayout(sink, errorStart, view, at, upTo(end))) return;
  const text = at + errorStart.size;
  if (text < end) sink.value(ERROR_REASON, asciiText(view, text, end), text, end);
}

function tellAlgorithms(view: DataView, start: number, end: number, sink: FieldSink): void {
  const { passwordAlgorithm, PASSWORD_PARAMETERS } = layouts;
  let at = start;
  while (at + passwordAlgorithm.size <= end) {
    tellLayout(sink, passwordAlgorithm, view, at, upTo(end));
    const parameters = at + passwordAlgorithm.size;
    const stop = Math.min(end, parameters + passwordAlgorithm.fields['att.pw_alg_len'].read(view, at));
    if (parameters < stop) sink.value(PASSWORD_PARAMETERS, slice(view, parameters, stop), parameters, stop);
    at = parameters + ((stop - parameters + 3) & ~3);
  }
}

/** What the heading of an attribute adds to its name. */
function noteOf(view: DataView, message: number, type: number, at: number, end: number): string {
  if (TEXTS.has(type)) return `: ${asciiText(view, at, end)}`;
  if (type === names.ERROR_CODE && end - at >= layouts.errorStart.size) {
    const { 'att.error.class': hundreds, 'att.error': rest } = layouts.errorStart.fields;
    const code = 100 * hundreds.read(view, at) + rest.read(view, at);
    return ` ${code}${names.ERRORS[code] === undefined ? '' : ` (${names.ERRORS[code]})`}`;
  }
  const isPlain = ADDRESSES.has(type);
  if (!isPlain && !XORED.has(type)) return '';
  const length = end - at;
  if (length !== layouts.address4.size && length !== layouts.address6.size) return '';
  const from = isPlain ? view : plainOf(view, message, at, end);
  const base = isPlain ? at : 0;
  const address = base + layouts.addressStart.size + 2;
  const text = length === layouts.address4.size ? ipv4Text(from.getUint32(address)) : `[${ipv6Text(from, address)}]`;
  return `: ${text}:${from.getUint16(address - 2)}`;
}

/** What the list says of a message besides its name: addresses, errors, who asks. */
export function notesOf(view: DataView, at: number, end: number): string {
  let text = '';
  walkAttributes(view, at + stunHeader.size, end, (type, _head, value, valueEnd) => {
    if (text.length > 160) return;
    if (ADDRESSES.has(type) || XORED.has(type) || type === names.ERROR_CODE) {
      text += ` ${nameOf(type)}${noteOf(view, at, type, value, valueEnd)}`;
    } else if (type === names.USERNAME) text += ` user: ${asciiText(view, value, valueEnd)}`;
    else if (type === names.REALM) text += ` realm: ${asciiText(view, value, valueEnd)}`;
    else if (type === names.NONCE) text += ' with nonce';
  });
  return text;
}
