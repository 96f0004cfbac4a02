import type { Field } from '../wire/field.js';
import type { Layout, Placed } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import {
  bareOption,
  DERIVED,
  FIXED_OPTIONS,
  fastOpenCookie,
  fastOpenRequest,
  optionHead,
  REST,
  sackBlock,
  unknownRest,
} from './layout.js';
import { isRemoval, multipathLayout, multipathStart, removedAddress } from './multipath.js';
import { FAST_OPEN_MAGIC, MOST_SHIFT, OPTION } from './option-start.js';
import { tellTimestampCookie } from './syn-cookie.js';

/** Two bytes of padding and a timestamp option: what most segments have, and nothing else. */
const TIMESTAMP_ONLY = 0x0101080a;

/**
 * Why the options `[at, end)` cannot be read to their end, if they cannot.
 * Source: RFC 9293, section 3.1 "Header Format", "Options".
 */
export function checkOptions(view: DataView, at: number, end: number): Stop | undefined {
  if (end - at === 12 && view.getUint32(at) === TIMESTAMP_ONLY) return undefined;
  let start = at;
  while (start < end) {
    const kind = view.getUint8(start);
    if (kind === OPTION.end) return undefined;
    if (kind === OPTION.noOperation) {
      start += bareOption.size;
      continue;
    }
    const length = lengthAt(view, start, end);
    if (typeof length !== 'number') return length;
    start += length;
  }
  return undefined;
}

/** The length of the option at `at`, or why it cannot be. */
function lengthAt(view: DataView, at: number, end: number): number | Stop {
  if (at + optionHead.size > end) return shortOf('tcp.options', at, optionHead.size, { captured: end, wire: end });
  const length = optionHead.fields.option_len.read(view, at);
  if (length < optionHead.size) return malformed('tcp.option_len', at, optionHead.size, length);
  return at + length > end ? malformed('tcp.option_len', at, length, end - at) : length;
}

/**
 * Tells the options `[at, end)`, each in a group.
 * @param base what to take off the edges of SACK blocks, so that they count as the acknowledgement does
 */
export function tellOptions(view: DataView, at: number, end: number, base: number, sink: FieldSink): void {
  let start = at;
  while (start < end) {
    const kind = view.getUint8(start);
    const single = kind === OPTION.end || kind === OPTION.noOperation;
    const length = single ? bareOption.size : lengthAt(view, start, end);
    if (typeof length !== 'number') {
      sink.open('', sink.shows ? `Option: length does not fit (${length.what})` : '', start, end);
      return sink.close();
    }
    const stop = start + length;
    const name = sink.shows ? (bareOption.fields.option_kind.names(kind) ?? `kind ${kind}`) : '';
    sink.open('', sink.shows ? `Option: ${name}` : '', start, stop);
    const limit = { captured: stop, wire: stop };
    if (single) tellLayout(sink, bareOption, view, start, limit);
    else tellOption(view, start, limit, kind, base, sink);
    sink.close();
    start = stop;
    // Zeros fill up the header; what else follows the end means nothing.
    if (kind === OPTION.end && start < end && view.getUint8(start) !== OPTION.end) break;
  }
}

function tellOption(view: DataView, at: number, limit: Limit, kind: number, base: number, sink: FieldSink): void {
  const end = limit.captured;
  const layout = layoutOf(view, at, end, kind);
  tellLayout(sink, layout, view, at, limit);
  const rest = fittingEnd(layout, at, end);
  if (kind === OPTION.timestamps && rest > at + optionHead.size) {
    tellTimestampCookie(view, at + optionHead.size, limit, sink);
  }
  if (kind === OPTION.sack) return tellBlocks(view, rest, limit, base, sink);
  if (kind === OPTION.sackPermitted) return sink.value(DERIVED.sackPermitted, true, at, end);
  if (kind === OPTION.windowScale && rest > at + optionHead.size) {
    const shift = Math.min(view.getUint8(rest - 1), MOST_SHIFT);
    return sink.value(DERIVED.multiplier, 2 ** shift, rest - 1, rest);
  }
  if (kind === OPTION.multipath && layout === multipathStart && isRemoval(view, at))
    return tellRemoved(view, rest, limit, sink);
  if (rest === end) {
    // What ends after its kind, or after the magic of the experiment, asks for a cookie.
    if (kind === OPTION.fastOpen || (rest === at + 4 && isFastOpen(view, rest, kind))) {
      sink.value(fastOpenRequest, true, at, end);
    }
    return;
  }
  const field = isFastOpen(view, rest, kind) ? fastOpenCookie : (REST.get(kind) ?? unknownRest);
  sink.value(field, slice(view, rest, end), rest, end);
}

/** The layout of the option `[at, end)`: the multipath option has a form a subtype. */
const layoutOf = (view: DataView, at: number, end: number, kind: number): Layout =>
  kind === OPTION.multipath && end - at >= multipathStart.size
    ? multipathLayout(view, at, end - at)
    : (FIXED_OPTIONS.get(kind) ?? optionHead);

function tellRemoved(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  for (let start = at; start < limit.captured; start++) tellLayout(sink, removedAddress, view, start, limit);
}

/** Where the last field of the option at `at` ends that fits before `end`. */
function fittingEnd({ list }: Layout, at: number, end: number): number {
  let last = end;
  for (const { offset, size } of list) {
    const next = at + offset + Number(size);
    if (next > end) break;
    last = next;
  }
  return last;
}

/** Whether an option of an experiment is that of fast open, before it got a kind. Source: RFC 7413, section 4.1.1. */
const isFastOpen = (view: DataView, rest: number, kind: number): boolean =>
  (kind === OPTION.otherExperiment || kind === OPTION.experiment) && view.getUint16(rest - 2) === FAST_OPEN_MAGIC;

function tellBlocks(view: DataView, at: number, limit: Limit, base: number, sink: FieldSink): void {
  let start = at;
  for (; start + sackBlock.size <= limit.captured; start += sackBlock.size) {
    for (const field of Object.values(sackBlock.fields)) {
      if (base === 0) sink.field(field, view, start);
      else tellEdge(field, (field.read(view, start) - base) >>> 0, start, sink);
    }
  }
  sink.value(DERIVED.blocks, (start - at) / sackBlock.size, at, start);
}

function tellEdge(field: Placed<Field<number>>, value: number, base: number, sink: FieldSink): void {
  const start = base + field.offset;
  sink.value(field, value, start, start + Number(field.size), sink.shows ? `${field.label}: ${value} (relative)` : '');
}
