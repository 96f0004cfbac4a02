import type { Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import {
  CONTENTS,
  downlinkContainer,
  EXTENSION,
  extensionHead,
  gtpHeader,
  nextField,
  numberField,
  OPTIONAL_SIZE,
  pagingPolicy,
  SESSION_CONTAINER,
  sequenceField,
  uplinkContainer,
} from './layout.js';

const { 'flags.e': hasExtension, 'flags.s': hasSequence, 'flags.pn': hasNumber } = gtpHeader.fields;
const { 'ext_hdr.next': nextType } = nextField.fields;
const { 'ext_hdr.length': words } = extensionHead.fields;
/** What lengths count. */
const WORD = 4;

const hasOptional = (view: DataView, at: number): boolean =>
  hasExtension.read(view, at) || hasSequence.read(view, at) || hasNumber.read(view, at);

/** Where the optional fields end that start at `start`, and the chain of extension headers behind them. */
export function optionalEnd(view: DataView, at: number, start: number, limit: Limit): number | Stop {
  if (!hasOptional(view, at)) return start;
  let end = start + OPTIONAL_SIZE;
  if (end > limit.captured) return shortOf('gtp', at, end - at, limit);
  if (!hasExtension.read(view, at)) return end;
  while (nextType.read(view, end - 1) !== 0) {
    if (end >= limit.captured) return shortOf('gtp.ext_hdr', end, WORD, limit);
    const size = words.read(view, end) * WORD;
    if (size === 0) return malformed('gtp.ext_hdr.length', end, 1, 0);
    if (end + size > limit.captured) return shortOf('gtp.ext_hdr', end, size, limit);
    end += size;
  }
  return end;
}

/** Tells the same, as far as they are captured. */
export function tellOptional(view: DataView, at: number, start: number, limit: Limit, sink: FieldSink): void {
  if (!hasOptional(view, at)) return;
  const end = start + OPTIONAL_SIZE;
  if (hasSequence.read(view, at)) tellLayout(sink, sequenceField, view, start, limit);
  if (hasNumber.read(view, at)) tellLayout(sink, numberField, view, start + 2, limit);
  if (!hasExtension.read(view, at)) return;
  tellLayout(sink, nextField, view, end - 1, limit);
  if (end <= limit.captured) tellChain(view, end, limit, sink);
}

/** Tells the extension headers from `start` on, the type of which stands right before it. */
function tellChain(view: DataView, start: number, limit: Limit, sink: FieldSink): void {
  for (let at = start; at < limit.captured; ) {
    const type = nextType.read(view, at - 1);
    const size = words.read(view, at) * WORD;
    if (type === 0 || size === 0) break;
    const end = Math.min(at + size, limit.captured);
    const inside = { captured: end, wire: end };
    const name = nextType.names(type) ?? `type 0x${type.toString(16).padStart(2, '0')}`;
    sink.openValue(EXTENSION, true, at, end, sink.shows ? `${EXTENSION.label}: ${name}` : '');
    tellLayout(sink, extensionHead, view, at, inside);
    for (const { layout, at: place } of contentsOf(view, at, type, end)) {
      sink.apart();
      tellLayout(sink, layout, view, place, inside);
    }
    sink.apart();
    if (at + size <= limit.captured) tellLayout(sink, nextField, view, end - 1, inside);
    sink.close();
    at = end;
  }
}

/** What is in the extension header `[at, end)`, and where. */
function contentsOf(view: DataView, at: number, type: number, end: number) {
  const start = at + extensionHead.size;
  const layout = type === SESSION_CONTAINER && start < end ? containerOf(view, start) : CONTENTS.get(type);
  if (!layout || start + layout.size >= end) return [];
  const contents = [{ layout, at: start }];
  const { 'ext_hdr.pdu_ses_cont.ppp': hasPolicy } = downlinkContainer.fields;
  if (layout === downlinkContainer && hasPolicy.read(view, start) && start + layout.size + pagingPolicy.size < end) {
    return [...contents, { layout: pagingPolicy, at: start + layout.size }];
  }
  return contents;
}

const containerOf = (view: DataView, at: number): Layout =>
  downlinkContainer.fields['ext_hdr.pdu_ses_con.pdu_type'].read(view, at) === 0 ? downlinkContainer : uplinkContainer;
