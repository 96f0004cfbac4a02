import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { asciiText, slice } from '../wire/view.js';
import { ATTRIBUTE, nflogHeader, VALUES } from './layout.js';

/** The bytes of the length and the type of an attribute. */
export const HEAD = 4;
/** Attributes start at multiples of this many bytes. */
const WORD = 4;
/** Attributes looked at in one packet: Linux knows some 20 types. */
const MOST = 64;
/** The highest bit of a type only tells that attributes are nested. */
const TYPE = 0x7fff;
const TIMESTAMP = 3;
/** The bytes of seconds and microseconds. */
const TIME = 16;
const PAYLOAD = 9;
const PREFIX = 10;

interface Attribute {
  readonly at: number;
  readonly type: number;
  /** In bytes, with length and type. */
  readonly length: number;
}

/** Whether the first length makes sense in an order: what is small in one is large in the other. */
function isLittleEndian(view: DataView, at: number, { wire }: Limit): boolean {
  const length = view.getUint16(at, true);
  return length >= HEAD && (at + length <= wire || length <= view.getUint16(at));
}

/** The attributes from `start` on, in order, until the payload, the end, or one that is no attribute. */
export function attributesIn(
  view: DataView,
  start: number,
  limit: Limit,
): { readonly attributes: readonly Attribute[]; readonly stop?: Stop } {
  const attributes: Attribute[] = [];
  if (start + HEAD > limit.captured) return { attributes, stop: shortOf('nflog', start, HEAD, limit) };
  const little = isLittleEndian(view, start, limit);
  let at = start;
  while (at < limit.captured && attributes.length < MOST) {
    if (at + HEAD > limit.captured) return { attributes, stop: shortOf('nflog', at, HEAD, limit) };
    const length = view.getUint16(at, little);
    if (length < HEAD) return { attributes, stop: malformed('nflog.tlv_length', at, HEAD, length) };
    const type = view.getUint16(at + 2, little) & TYPE;
    attributes.push({ at, type, length });
    if (type === PAYLOAD) break;
    if (at + length > limit.wire)
      return { attributes, stop: malformed('nflog.tlv_length', at, length, limit.wire - at) };
    at += Math.ceil(length / WORD) * WORD;
  }
  const isCut = limit.captured < limit.wire && attributes.at(-1)?.type !== PAYLOAD;
  return isCut ? { attributes, stop: shortOf('nflog', at, HEAD, limit) } : { attributes };
}

export const isPayload = ({ type }: Attribute): boolean => type === PAYLOAD;

/** Tells an attribute, as far as it is captured; of the payload its length only. */
function tellAttribute(view: DataView, attribute: Attribute, captured: number, sink: FieldSink): void {
  const { at, type, length } = attribute;
  const value = at + HEAD;
  const end = isPayload(attribute) ? value : Math.max(value, Math.min(at + length, captured));
  sink.open('', sink.shows ? `Attribute: ${ATTRIBUTE.type.names(type) ?? `type ${type}`}` : '', at, end);
  sink.value(ATTRIBUTE.length, length, at, at + 2);
  sink.value(ATTRIBUTE.type, type, at + 2, value);
  sink.apart();
  const known = VALUES.get(type);
  if (known && value + known.size <= end) {
    tellLayout(sink, known, view, value, { captured: end, wire: end });
  } else if (type === PREFIX) {
    sink.value(ATTRIBUTE.prefix, asciiText(view, value, end), value, end);
  } else if (type === TIMESTAMP && end - value >= TIME) {
    const [seconds, micros] = [view.getBigUint64(value), view.getBigUint64(value + 8)];
    sink.open('', sink.shows ? `Time: ${seconds} s and ${micros} µs since 1970` : '', value, value + TIME);
    sink.close();
  } else if (end > value) {
    sink.value(ATTRIBUTE.value, slice(view, value, end), value, end);
  }
  sink.close();
}

/** Tells the attributes behind the header at `at`. */
export function tellAttributes(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const { attributes } = attributesIn(view, at + nflogHeader.size, limit);
  for (const attribute of attributes) tellAttribute(view, attribute, limit.captured, sink);
}
