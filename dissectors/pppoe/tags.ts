import { fieldsOf } from '../wire/layout.js';
import { explain, foundLine, heading, type Line } from '../wire/line.js';
import { malformed, type Stop } from '../wire/stop.js';
import { asciiText } from '../wire/view.js';
import { FIXED_TAGS, ODD_TAGS, TEXT_TAGS, tagHead, unknownTag, VALUE_TAGS } from './layout.js';
import { VENDOR_FIELDS, vendorLines } from './vendor-tags.js';

/** The fields of tags. */
export const TAG_FIELDS = [
  ...fieldsOf(tagHead, unknownTag, ...VALUE_TAGS.values(), ...FIXED_TAGS.values(), ...ODD_TAGS.values()),
  ...TEXT_TAGS.values(),
  ...VENDOR_FIELDS,
];

/** Tags shown of one packet: a frame of 1500 bytes with nothing but service names has room for this many. */
const MOST_TAGS = 256;
/** The tag that ends the list, whatever follows. */
const END_OF_LIST = 0;
const VENDOR = 261;

/** The stop at the tag in `[start, end)` that reaches beyond it, if one does. */
export function tagStop(view: DataView, start: number, end: number): Stop | undefined {
  let at = start;
  for (let count = 0; at + tagHead.size <= end && count < MOST_TAGS; count++) {
    if (tagHead.fields.tag.read(view, at) === END_OF_LIST) return undefined;
    const length = tagHead.fields.tag_length.read(view, at);
    const value = at + tagHead.size;
    if (value + length > end) return malformed('pppoed.tag_length', at, length, end - value);
    at = value + length;
  }
  return at < end && at + tagHead.size > end ? malformed('pppoed.tag', at, tagHead.size, end - at) : undefined;
}

/** The lines of the tags in `[start, end)`; a tag that reaches beyond is shown as far as it goes. */
export function tagLines(view: DataView, start: number, end: number, source: number): readonly Line[] {
  const lines: Line[] = [];
  let at = start;
  while (at + tagHead.size <= end && lines.length < MOST_TAGS) {
    const type = tagHead.fields.tag.read(view, at);
    const next = Math.min(at + tagHead.size + tagHead.fields.tag_length.read(view, at), end);
    lines.push(...tagLinesAt(view, at, type, next, source));
    if (type === END_OF_LIST) break;
    at = next;
  }
  return lines;
}

/** A tag as its value, by the name of its type; those of unknown types tell type and length. */
function tagLinesAt(view: DataView, at: number, type: number, end: number, source: number): readonly Line[] {
  const value = at + tagHead.size;
  const limit = { captured: end, wire: end };
  const text = TEXT_TAGS.get(type);
  if (text) return value < end ? [foundLine(text, asciiText(view, value, end), source, at, end)] : [];
  if (type === VENDOR) return vendorLines(view, value, end, source);
  const fixed = FIXED_TAGS.get(type);
  const known = fixed?.size === end - value ? fixed : (ODD_TAGS.get(type) ?? VALUE_TAGS.get(type));
  if (known) return explain(known, view, value, limit, source).lines;
  if (type === END_OF_LIST) return [heading('', 'End of the list', source, at, value)];
  const head = explain(tagHead, view, at, limit, source).lines;
  return [...head, ...(value < end ? explain(unknownTag, view, value, limit, source).lines : [])];
}
