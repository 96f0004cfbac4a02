import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
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

/** Tells a vendor's tag `[start, end)`: the vendor, and tags of one byte each where they are those of TR-101. */
export function tellVendor(view: DataView, start: number, end: number, sink: FieldSink): void {
  const limit = { captured: end, wire: end };
  tellLayout(sink, vendorId, view, start, limit);
  let at = start + vendorId.size;
  if (at >= end) return;
  if (vendorId.fields['tags.vendor_id'].read(view, start) !== VENDOR_BROADBAND_FORUM) {
    tellLayout(sink, vendorData, view, at, limit);
    return;
  }
  for (let count = 0; at + vendorTagHead.size <= end && count < MOST_TAGS; count++) {
    const next = Math.min(end, at + vendorTagHead.size + vendorTagHead.fields.tag_length_8.read(view, at));
    tellVendorTag(view, at, next, sink);
    at = next;
  }
}

function tellVendorTag(view: DataView, at: number, end: number, sink: FieldSink): void {
  const type = vendorTagHead.fields['tags.vendorspecific.tag'].read(view, at);
  const value = at + vendorTagHead.size;
  const limit = { captured: end, wire: end };
  const text = VENDOR_TEXTS.get(type);
  const known = VENDOR_VALUES.get(type);
  if (text) {
    sink.value(text, asciiText(view, value, end), at, end);
  } else if (known?.size === end - value) {
    tellLayout(sink, known, view, value, limit);
  } else {
    tellLayout(sink, vendorTagHead, view, at, limit);
    if (value < end) tellLayout(sink, unknownTag, view, value, limit);
  }
}
