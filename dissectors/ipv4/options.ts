import type { Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import {
  bareOption,
  emptyRoute,
  FIXED_OPTIONS,
  optionHead,
  recordedRoute,
  routeOption,
  sourceRoute,
  timestamp,
  timestampAddress,
  timestampOption,
} from './layout.js';

const END = 0;
const NO_OPERATION = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_ROUTE = 131;
const STRICT_ROUTE = 137;

const ADDRESS = sourceRoute.size;

/** The bytes that options of some types have at least: up to their pointers. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [RECORD_ROUTE, routeOption.size],
  [LOOSE_ROUTE, routeOption.size],
  [STRICT_ROUTE, routeOption.size],
  [TIMESTAMP, timestampOption.size],
]);

/** What walking the options of a header has found. */
export interface Options {
  /** Where the last address of a source route lies that the packet has not yet followed to its end; 0 for none. */
  readonly finalAt: number;
  readonly stop?: Stop;
}

/**
 * Walks the options `[at, end)` of a header that is captured up to there.
 * Source: RFC 791, section 3.1 "Internet Header Format".
 */
export function walkOptions(view: DataView, at: number, end: number): Options {
  let finalAt = 0;
  let start = at;
  while (start < end) {
    const type = view.getUint8(start);
    if (type === END) break;
    if (type === NO_OPERATION) {
      start += bareOption.size;
      continue;
    }
    const length = lengthAt(view, start, end);
    if (typeof length !== 'number') return { finalAt, stop: length };
    if (type === LOOSE_ROUTE || type === STRICT_ROUTE) finalAt = finalAddress(view, start, length);
    start += length;
  }
  return { finalAt };
}

/** The length of the option at `at`, or why it cannot be. */
function lengthAt(view: DataView, at: number, end: number): number | Stop {
  if (at + optionHead.size > end) return shortOf('ip.opt', at, optionHead.size, { captured: end, wire: end });
  const length = optionHead.fields.len.read(view, at);
  if (length < optionHead.size) return malformed('ip.opt.len', at, optionHead.size, length);
  const least = LEAST.get(view.getUint8(at)) ?? 0;
  if (length < least) return malformed('ip.opt.len', at, least, length);
  return at + length > end ? malformed('ip.opt.len', at, length, end - at) : length;
}

/** Where the last address of the source route at `at` lies, unless the packet is past all of them. */
function finalAddress(view: DataView, at: number, length: number): number {
  if (length < routeOption.size + ADDRESS) return 0;
  const next = routeOption.fields.ptr.read(view, at) - 1;
  const ahead = next >= routeOption.size && next + ADDRESS <= length && (next - routeOption.size) % ADDRESS === 0;
  return ahead ? at + length - ((length - routeOption.size) % ADDRESS) - ADDRESS : 0;
}

/** Tells the options `[at, end)`, each in a group. */
export function tellOptions(view: DataView, at: number, end: number, sink: FieldSink): void {
  let start = at;
  while (start < end) {
    const type = view.getUint8(start);
    const single = type === END || type === NO_OPERATION;
    const length = single ? bareOption.size : lengthAt(view, start, end);
    if (typeof length !== 'number') {
      sink.open('', sink.shows ? `Option: length does not fit (${length.what})` : '', start, end);
      return sink.close();
    }
    const stop = start + length;
    const name = sink.shows ? (bareOption.fields.type.names(type) ?? `type ${type}`) : '';
    sink.open('', sink.shows ? `Option: ${name}` : '', start, stop);
    const limit = { captured: stop, wire: stop };
    if (single) tellLayout(sink, bareOption, view, start, limit);
    else tellOption(view, start, limit, type, sink);
    sink.close();
    start = stop;
    if (type === END) break;
  }
}

function tellOption(view: DataView, at: number, limit: Limit, type: number, sink: FieldSink): void {
  if (type === RECORD_ROUTE || type === LOOSE_ROUTE || type === STRICT_ROUTE) tellRoute(view, at, limit, type, sink);
  else if (type === TIMESTAMP) tellTimestamps(view, at, limit, sink);
  else tellLayout(sink, FIXED_OPTIONS.get(type) ?? optionHead, view, at, limit);
}

function tellRoute(view: DataView, at: number, limit: Limit, type: number, sink: FieldSink): void {
  if (!tellLayout(sink, routeOption, view, at, limit)) return;
  const next = at + routeOption.fields.ptr.read(view, at) - 1;
  // The last address of a source route is shown as the packet's destination.
  const final = type === RECORD_ROUTE ? 0 : finalAddress(view, at, limit.captured - at);
  const ahead: Layout = type === RECORD_ROUTE ? emptyRoute : sourceRoute;
  for (let start = at + routeOption.size; start + ADDRESS <= limit.captured; start += ADDRESS) {
    if (start !== final) tellLayout(sink, start < next ? recordedRoute : ahead, view, start, limit);
  }
}

function tellTimestamps(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  if (!tellLayout(sink, timestampOption, view, at, limit)) return;
  const entry: readonly Layout[] =
    timestampOption.fields.flag.read(view, at) === 0 ? [timestamp] : [timestampAddress, timestamp];
  let start = at + timestampOption.size;
  while (start < limit.captured) {
    for (const layout of entry) {
      tellLayout(sink, layout, view, start, limit);
      start += layout.size;
    }
  }
}
