import { headerDissector } from '../header.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { malformed } from '../wire/stop.js';
import { LINK_TYPE_WLAN, wlanKey } from '../wlan/link-types.js';
import { COMMON, commonField, ppiField, ppiHeader } from './layout.js';

const { dlt, length, 'flags.alignment': isAligned } = ppiHeader.fields;
const { field_len, field_type } = ppiField.fields;

/** Pieces of information shown of one packet: eight kinds are known. */
const MOST_FIELDS = 64;
const WORD = 4;
/** Link types have 16 bits. */
const MOST_LINK_TYPE = 0xffff;

interface Found {
  readonly at: number;
  readonly type: number;
  /** Where its value ends. */
  readonly end: number;
}

/** The pieces of information of the header `[at, end)`. */
function fieldsIn(view: DataView, at: number, end: number): readonly Found[] {
  const found: Found[] = [];
  const word = isAligned.read(view, at) ? WORD : 1;
  let start = at + ppiHeader.size;
  while (start + ppiField.size <= end && found.length < MOST_FIELDS) {
    const next = start + ppiField.size + field_len.read(view, start);
    found.push({ at: start, type: field_type.read(view, start), end: Math.min(next, end) });
    start = at + Math.ceil((next - at) / word) * word;
  }
  return found;
}

const isCommon = ({ at, type, end }: Found): boolean => type === COMMON && at + ppiField.size + commonField.size <= end;

function tellField(view: DataView, found: Found, sink: FieldSink): void {
  const { at, type, end } = found;
  const limit = { captured: end, wire: end };
  sink.open('', sink.shows ? (field_type.names(type) ?? `Field ${type}`) : '', at, end);
  tellLayout(sink, ppiField, view, at, limit);
  sink.apart();
  if (isCommon(found)) tellLayout(sink, commonField, view, at + ppiField.size, limit);
  sink.close();
}

export const ppi = headerDissector({
  name: 'ppi',
  title: 'Per-packet information',
  short: 'PPI',
  layout: ppiHeader,
  tail: {
    fields: fieldsOf(ppiField, commonField),
    end: (view, at, _start, { wire }) => {
      const size = length.read(view, at);
      if (size < ppiHeader.size) return malformed('ppi.length', at, ppiHeader.size, size);
      return at + size > wire ? malformed('ppi.length', at, size, wire - at) : at + size;
    },
    tell: (view, at, _start, { captured }, sink) => {
      for (const found of fieldsIn(view, at, captured)) tellField(view, found, sink);
    },
  },
  next: (view, at, end) => {
    const key = dlt.read(view, at);
    // What no link type can be would lead to what other headers lead to.
    if (key > MOST_LINK_TYPE) return { table: 'payload', key: 0 };
    if (key !== LINK_TYPE_WLAN) return { table: 'link', key };
    const common = fieldsIn(view, at, end).find(isCommon);
    const { '80211-common.flags.fcs': fcs } = commonField.fields;
    return { table: 'link', key: wlanKey(common ? fcs.read(view, common.at + ppiField.size) : false, false) };
  },
});
