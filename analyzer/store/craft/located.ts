import { type Value, varintSize } from '../../../dissectors/wire/field.js';
import { type Layout, type Located, locate } from '../../../dissectors/wire/layout.js';
import { slice } from '../../../dissectors/wire/view.js';

/**
 * Where the fields of a message lie that was made to fill `[at, end)`, and what they hold. Unlike the dissector this
 * does not believe a length that the user may have made wrong: bytes that are counted reach to the end.
 */
export function located(layout: Layout, view: DataView, at: number, end: number): readonly Located[] {
  const limit = Math.min(end, view.byteLength);
  if (layout.fixed) return locate(layout, view, at, { captured: limit, wire: limit }).located;
  const found: Located[] = [];
  let start = at;
  for (const field of layout.list) {
    const size =
      typeof field.size === 'number'
        ? field.size
        : field.size === 'varint'
          ? varintSize(view, start, limit)
          : Math.max(0, limit - start);
    if (start + size > limit || (field.size === 'varint' && size === 0)) break;
    const value: Value =
      typeof field.size === 'object' ? slice(view, start, start + size) : field.read(view, start - field.offset);
    found.push({ field, start, end: start + size, value });
    start += field.advance === 0 ? 0 : size;
  }
  return found;
}
