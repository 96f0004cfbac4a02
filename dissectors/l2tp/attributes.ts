import { explain, heading, type Line } from '../wire/line.js';
import type { Limit } from '../wire/stop.js';
import { hexOf } from '../wire/view.js';
import { attributeHead } from './layout.js';

/**
 * The lines of the attributes `[start, limit.captured)` of a control message; their values are left as they are.
 * Source: RFC 2661, section 4.1 "AVP Format".
 */
export function attributeLines(view: DataView, start: number, limit: Limit, source: number): readonly Line[] {
  const lines: Line[] = [];
  for (let at = start; at + attributeHead.size <= limit.captured; ) {
    const length = attributeHead.fields['avp.length'].read(view, at);
    // One shorter than its own head, or beyond the message, means nothing.
    if (length < attributeHead.size || at + length > limit.captured) break;
    const end = at + length;
    const data = at + attributeHead.size;
    const children = [...explain(attributeHead, view, at, limit, source).lines];
    if (data < end) children.push(heading('', `Value: ${hexOf(view, data, end)}`, source, data, end));
    const type = attributeHead.fields['avp.type'].read(view, at);
    lines.push(heading('', `Attribute ${type}`, source, at, end, children));
    at = end;
  }
  return lines;
}
