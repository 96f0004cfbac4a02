import { explain, foundLine, heading, type Line } from '../wire/line.js';
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

/** The lines of an attribute, as far as it is captured; of the payload its length only. */
function attributeLine(view: DataView, attribute: Attribute, captured: number, source: number): Line {
  const { at, type, length } = attribute;
  const value = at + HEAD;
  const end = isPayload(attribute) ? value : Math.max(value, Math.min(at + length, captured));
  const children = [
    foundLine(ATTRIBUTE.length, length, source, at, at + 2),
    foundLine(ATTRIBUTE.type, type, source, at + 2, value),
  ];
  const known = VALUES.get(type);
  if (known && value + known.size <= end) {
    children.push(...explain(known, view, value, { captured: end, wire: end }, source).lines);
  } else if (type === PREFIX) {
    children.push(foundLine(ATTRIBUTE.prefix, asciiText(view, value, end), source, value, end));
  } else if (type === TIMESTAMP && end - value >= TIME) {
    const [seconds, micros] = [view.getBigUint64(value), view.getBigUint64(value + 8)];
    children.push(heading('', `Time: ${seconds} s and ${micros} µs since 1970`, source, value, value + TIME));
  } else if (end > value) {
    children.push(foundLine(ATTRIBUTE.value, slice(view, value, end), source, value, end));
  }
  const name = ATTRIBUTE.type.names(type) ?? `type ${type}`;
  return heading('', `Attribute: ${name}`, source, at, end, children);
}

/** The lines of the attributes behind the header at `at`. */
export function attributeLines(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const { attributes } = attributesIn(view, at + nflogHeader.size, limit);
  return attributes.map((attribute) => attributeLine(view, attribute, limit.captured, source));
}
