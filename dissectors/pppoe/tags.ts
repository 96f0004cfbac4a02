import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { malformed, type Stop } from '../wire/stop.js';
import { asciiText } from '../wire/view.js';
import { FIXED_TAGS, ODD_TAGS, TEXT_TAGS, tagHead, unknownTag, VALUE_TAGS } from './layout.js';
import { tellVendor, VENDOR_FIELDS } from './vendor-tags.js';

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

/** Tells the tags in `[start, end)`; a tag that reaches beyond is shown as far as it goes. */
export function tellTags(view: DataView, start: number, end: number, sink: FieldSink): void {
  let at = start;
  for (let count = 0; at + tagHead.size <= end && count < MOST_TAGS; count++) {
    const type = tagHead.fields.tag.read(view, at);
    const next = Math.min(at + tagHead.size + tagHead.fields.tag_length.read(view, at), end);
    tellTag(view, at, type, next, sink);
    if (type === END_OF_LIST) break;
    at = next;
  }
}

/** Tells a tag as its value, by the name of its type; those of unknown types with type and length. */
function tellTag(view: DataView, at: number, type: number, end: number, sink: FieldSink): void {
  const value = at + tagHead.size;
  const limit = { captured: end, wire: end };
  const text = TEXT_TAGS.get(type);
  if (text) {
    if (value < end) sink.value(text, asciiText(view, value, end), at, end);
    return;
  }
  if (type === VENDOR) return tellVendor(view, value, end, sink);
  const fixed = FIXED_TAGS.get(type);
  const known = fixed?.size === end - value ? fixed : (ODD_TAGS.get(type) ?? VALUE_TAGS.get(type));
  if (known) {
    tellLayout(sink, known, view, value, limit);
  } else if (type === END_OF_LIST) {
    sink.open('', 'End of the list', at, value);
    sink.close();
  } else {
    tellLayout(sink, tagHead, view, at, limit);
    if (value < end) tellLayout(sink, unknownTag, view, value, limit);
  }
}
