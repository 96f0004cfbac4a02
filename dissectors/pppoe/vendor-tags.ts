import { fieldsOf } from '../wire/layout.js';
import { explain, foundLine, type Line } from '../wire/line.js';
import { asciiText } from '../wire/view.js';
import {
  unknownTag,
  VENDOR_BROADBAND_FORUM,
  VENDOR_TEXTS,
  VENDOR_VALUES,
  vendorData,
  vendorId,
  vendorTagHead,
} from './layout.js';

/** The fields of what vendors put into tags. */
export const VENDOR_FIELDS = [
  ...fieldsOf(vendorId, vendorData, vendorTagHead, ...VENDOR_VALUES.values()),
  ...VENDOR_TEXTS.values(),
];

/** Tags shown of one vendor: those of TR-101 are fewer. */
const MOST_TAGS = 64;

/** The lines of a vendor's tag `[start, end)`: the vendor, and tags of one byte each where they are those of TR-101. */
export function vendorLines(view: DataView, start: number, end: number, source: number): readonly Line[] {
  const limit = { captured: end, wire: end };
  const lines: Line[] = [...explain(vendorId, view, start, limit, source).lines];
  let at = start + vendorId.size;
  if (at >= end) return lines;
  if (vendorId.fields['tags.vendor_id'].read(view, start) !== VENDOR_BROADBAND_FORUM) {
    return [...lines, ...explain(vendorData, view, at, limit, source).lines];
  }
  while (at + vendorTagHead.size <= end && lines.length < MOST_TAGS) {
    const next = Math.min(end, at + vendorTagHead.size + vendorTagHead.fields.tag_length_8.read(view, at));
    lines.push(...vendorTagLines(view, at, next, source));
    at = next;
  }
  return lines;
}

function vendorTagLines(view: DataView, at: number, end: number, source: number): readonly Line[] {
  const type = vendorTagHead.fields['tags.vendorspecific.tag'].read(view, at);
  const value = at + vendorTagHead.size;
  const limit = { captured: end, wire: end };
  const text = VENDOR_TEXTS.get(type);
  if (text) return [foundLine(text, asciiText(view, value, end), source, at, end)];
  const known = VENDOR_VALUES.get(type);
  if (known?.size === end - value) return explain(known, view, value, limit, source).lines;
  const head = explain(vendorTagHead, view, at, limit, source).lines;
  return [...head, ...(value < end ? explain(unknownTag, view, value, limit, source).lines : [])];
}
