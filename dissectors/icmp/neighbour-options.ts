import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { asciiText, slice } from '../wire/view.js';
import { DERIVED, OPTIONS, optionHead, redirectedOption } from './layout-options.js';

/** Option lengths count words of 8 bytes. */
const WORD = 8;
const ADDRESS = 16;
const SOURCE_LINK = 1;
const TARGET_LINK = 2;
const REDIRECTED = 4;
const NONCE = 14;
const ROUTE = 24;
const SERVERS = 25;
const SEARCH = 31;
const PORTAL = 37;
const PREF64 = 38;

/** The size of the option at `at` that fits before `end`, or 0. */
function sizeAt(view: DataView, at: number, end: number): number {
  if (at + optionHead.size > end) return 0;
  const size = optionHead.fields['opt.length'].read(view, at) * WORD;
  return at + size <= end ? size : 0;
}

/** Where the packet that a redirect quotes lies, if it quotes one: `[at, end)`. */
export function redirectedPacket(
  view: DataView,
  at: number,
  end: number,
): { readonly at: number; readonly end: number } | undefined {
  for (let start = at; start < end; ) {
    const size = sizeAt(view, start, end);
    if (size === 0) return undefined;
    if (optionHead.fields['opt.type'].read(view, start) === REDIRECTED) {
      return { at: start + redirectedOption.size, end: start + size };
    }
    start += size;
  }
  return undefined;
}

/**
 * Tells the options `[at, end)` of neighbour discovery.
 * Source: RFC 4861, section 4.6 "Option Formats".
 */
export function tellOptions(view: DataView, at: number, end: number, sink: FieldSink): void {
  for (let start = at; start < end; ) {
    const size = sizeAt(view, start, end);
    if (size === 0) {
      sink.open('', 'Option: length does not fit', start, end);
      return sink.close();
    }
    const type = optionHead.fields['opt.type'].read(view, start);
    const name = optionHead.fields['opt.type'].names(type) ?? `type ${type}`;
    sink.open('', sink.shows ? `Option: ${name}` : '', start, start + size);
    tellOption(view, start, { captured: start + size, wire: start + size }, type, sink);
    sink.close();
    start += size;
  }
}

function tellOption(view: DataView, at: number, limit: Limit, type: number, sink: FieldSink): void {
  const layout = OPTIONS.get(type) ?? optionHead;
  const isWhole = tellLayout(sink, layout, view, at, limit);
  sink.apart();
  if (isWhole) tellRest(view, at + layout.size, limit.captured, type, sink);
}

/** Tells what an option holds after its fixed fields. */
function tellRest(view: DataView, at: number, end: number, type: number, sink: FieldSink): void {
  if (at >= end) return;
  const raw = (field: typeof DERIVED.nonce) => sink.value(field, slice(view, at, end), at, end);
  switch (type) {
    case SOURCE_LINK:
    case TARGET_LINK:
      return raw(DERIVED.linkAddress);
    case NONCE:
      return raw(DERIVED.nonce);
    case ROUTE:
      return sink.value(DERIVED.prefix, padded(view, at, end), at, end);
    case PREF64:
      return sink.value(DERIVED.pref64, padded(view, at, end), at, end);
    case SERVERS:
      return tellServers(view, at, end, sink);
    case SEARCH:
      return tellDomains(view, at, end, sink);
    case PORTAL:
      return sink.value(DERIVED.portal, asciiText(view, at, end), at, end);
    case REDIRECTED:
      return;
    default:
      if (!OPTIONS.has(type)) raw(DERIVED.data);
  }
}

/** An address of which only the start is sent. */
function padded(view: DataView, at: number, end: number): Uint8Array {
  const address = new Uint8Array(ADDRESS);
  address.set(slice(view, at, Math.min(end, at + ADDRESS)));
  return address;
}

function tellServers(view: DataView, at: number, end: number, sink: FieldSink): void {
  for (let start = at; start + ADDRESS <= end; start += ADDRESS) {
    sink.value(DERIVED.server, slice(view, start, start + ADDRESS), start, start + ADDRESS);
  }
}

/** Tells the domain names `[at, end)`: labels with their lengths, an empty one after each name. Source: RFC 1035, section 3.1. */
function tellDomains(view: DataView, at: number, end: number, sink: FieldSink): void {
  let labels: string[] = [];
  let from = at;
  for (let start = at; start < end; ) {
    const length = view.getUint8(start);
    const next = start + 1 + length;
    if (next > end) break;
    if (length > 0) {
      labels.push(asciiText(view, start + 1, next));
    } else if (labels.length > 0) {
      sink.value(DERIVED.domain, labels.join('.'), from, next);
      labels = [];
    }
    if (length === 0) from = next;
    start = next;
  }
}
