import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { hexOf } from '../wire/view.js';
import { attributeHead } from './layout.js';

/**
 * Tells the attributes `[start, limit.captured)` of a control message; their values are left as they are.
 * Source: RFC 2661, section 4.1 "AVP Format".
 */
export function tellAttributes(view: DataView, start: number, limit: Limit, sink: FieldSink): void {
  for (let at = start; at + attributeHead.size <= limit.captured; ) {
    const length = attributeHead.fields['avp.length'].read(view, at);
    // One shorter than its own head, or beyond the message, means nothing.
    if (length < attributeHead.size || at + length > limit.captured) break;
    const end = at + length;
    const data = at + attributeHead.size;
    sink.open('', sink.shows ? `Attribute ${attributeHead.fields['avp.type'].read(view, at)}` : '', at, end);
    tellLayout(sink, attributeHead, view, at, limit);
    if (data < end) {
      sink.open('', sink.shows ? `Value: ${hexOf(view, data, end)}` : '', data, end);
      sink.close();
    }
    sink.close();
    at = end;
  }
}
