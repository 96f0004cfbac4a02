import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ROUTING,
} from '../ipv4/protocols.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, type Named, tellDerived, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { bytesOf, slice } from '../wire/view.js';
import {
  type Extension,
  extensionAt,
  fullAddress,
  kindOf,
  MOST_EXTENSIONS,
  optionAt,
  ROUTE,
  rplRoute,
} from './extensions.js';
import {
  authenticationHeader,
  bareOption,
  DERIVED,
  FIXED_OPTIONS,
  hopByHopHeader,
  mobileRouting,
  optionHead,
  routingHeader,
  rplRouting,
  segmentAddress,
  segmentRouting,
  sourceAddress,
  sourceRouting,
} from './layout.js';

const PADN = 1;
const ADDRESS = sourceAddress.size;

/**
 * Tells the extension headers from `at` on, of which the first is of `protocol`, up to `end`, each in a group.
 * @param header where the IPv6 header starts, if it is in these bytes
 */
export function tellExtensions(
  sink: FieldSink,
  view: DataView,
  at: number,
  end: number,
  protocol: number,
  limit: Limit,
  header?: number,
): void {
  let [start, next] = [at, protocol];
  for (let count = 0; count < MOST_EXTENSIONS && start < end; count++) {
    const kind = kindOf(next);
    if (!kind) break;
    const extension = extensionAt(view, start, next, kind, limit);
    if ('ok' in extension) {
      const stop = Math.min(start + kind.layout.size, limit.captured);
      sink.open('', sink.shows ? `${kind.name}, cut off` : '', start, stop);
      tellLayout(sink, kind.layout, view, start, limit);
      return sink.close();
    }
    sink.open('', kind.name, start, extension.end);
    tellExtension(sink, view, extension, header);
    sink.close();
    ({ end: start, next } = extension);
  }
}

/** Where the last of the extension headers ends that `tellExtensions` tells; `at` where there is none. */
export function extensionsEnd(view: DataView, at: number, end: number, protocol: number, limit: Limit): number {
  let [start, next] = [at, protocol];
  for (let count = 0; count < MOST_EXTENSIONS && start < end; count++) {
    const kind = kindOf(next);
    if (!kind) break;
    const extension = extensionAt(view, start, next, kind, limit);
    if ('ok' in extension) return Math.min(start + kind.layout.size, limit.captured);
    ({ end: start, next } = extension);
  }
  return start;
}

function tellExtension(sink: FieldSink, view: DataView, extension: Extension, header?: number): void {
  const { kind, protocol, at, end } = extension;
  const rest = at + kind.layout.size;
  tellLayout(sink, kind.layout, view, at, { captured: end, wire: end });
  const tellLength = (field: Named) => tellDerived(sink, field, end - at, at + 1, at + 2);
  switch (protocol) {
    case PROTOCOL_HOP_BY_HOP:
      tellLength(DERIVED.hopByHopLength);
      return tellOptions(sink, view, rest, end);
    case PROTOCOL_DESTINATION:
      tellLength(DERIVED.destinationLength);
      return tellOptions(sink, view, rest, end);
    case PROTOCOL_ROUTING:
      tellLength(DERIVED.routingLength);
      return tellRoute(sink, view, extension, header);
    case PROTOCOL_AUTHENTICATION:
      return sink.value(DERIVED.checkValue, slice(view, rest, end), rest, end);
  }
}

function tellRoute(sink: FieldSink, view: DataView, { at, end }: Extension, header?: number): void {
  const rest = at + routingHeader.size;
  switch (routingHeader.fields.type.read(view, at)) {
    case 0:
      return tellAddresses(sink, view, rest, end, sourceRouting, sourceAddress);
    case 2:
      tellLayout(sink, mobileRouting, view, rest, { captured: end, wire: end });
      return;
    case 3:
      return tellRpl(sink, view, at, end, header);
    case 4:
      return tellAddresses(sink, view, rest, end, segmentRouting, segmentAddress, segmentsEnd(view, rest, end));
    default:
      return sink.value(DERIVED.routingData, slice(view, rest, end), rest, end);
  }
}

/** Where the segments end, and where what may follow them begins. */
const segmentsEnd = (view: DataView, rest: number, end: number): number =>
  Math.min(end, rest + segmentRouting.size + (segmentRouting.fields['srh.last_entry'].read(view, rest) + 1) * ADDRESS);

function tellAddresses(
  sink: FieldSink,
  view: DataView,
  rest: number,
  end: number,
  head: Layout,
  address: Layout,
  last = end,
): void {
  const limit = { captured: end, wire: end };
  tellLayout(sink, head, view, rest, limit);
  for (let start = rest + head.size; start + ADDRESS <= last; start += ADDRESS) {
    tellLayout(sink, address, view, start, limit);
  }
}

function tellRpl(sink: FieldSink, view: DataView, at: number, end: number, header?: number): void {
  tellLayout(sink, rplRouting, view, at + routingHeader.size, { captured: end, wire: end });
  const route = rplRoute(view, at, end);
  if (!route) return;
  for (let index = 0; index <= route.count; index++) {
    const kept = index < route.count ? route.kept : ADDRESS - route.lastLeft;
    const start = at + ROUTE + index * route.kept;
    sink.value(DERIVED.rplAddress, slice(view, start, start + kept), start, start + kept);
    if (header === undefined) continue;
    const full = bytesOf(fullAddress(view, start, kept, header));
    tellDerived(sink, DERIVED.rplFullAddress, full, start, start + kept);
  }
}

function tellOptions(sink: FieldSink, view: DataView, at: number, end: number): void {
  for (let start = at; start < end; ) {
    const option = optionAt(view, start, end);
    if ('ok' in option) {
      sink.open('', sink.shows ? `Option: length does not fit (${option.what})` : '', start, end);
      return sink.close();
    }
    sink.open('', sink.shows ? `Option: ${optionName(option.type)}` : '', start, option.end);
    tellOption(sink, view, option.type, start, option.end);
    sink.close();
    start = option.end;
  }
}

const optionName = (type: number): string =>
  bareOption.fields.type.names(type) ?? `type 0x${type.toString(16).padStart(2, '0')}`;

function tellOption(sink: FieldSink, view: DataView, type: number, at: number, end: number): void {
  const limit = { captured: end, wire: end };
  if (end - at < optionHead.size) {
    tellLayout(sink, bareOption, view, at, limit);
    return;
  }
  tellLayout(sink, FIXED_OPTIONS.get(type) ?? optionHead, view, at, limit);
  const data = at + optionHead.size;
  if (FIXED_OPTIONS.has(type) || data === end) return;
  const field = type === PADN ? DERIVED.padding : isExperimental(type) ? DERIVED.experimental : DERIVED.unknown;
  sink.value(field, slice(view, data, end), data, end);
}

/** Source: RFC 4727, section 3.3 "New Option Types". */
const isExperimental = (type: number): boolean => (type & 0x1f) === 0x1e;

export const LAYOUTS: readonly Layout[] = [
  hopByHopHeader,
  routingHeader,
  sourceRouting,
  sourceAddress,
  mobileRouting,
  rplRouting,
  segmentRouting,
  segmentAddress,
  authenticationHeader,
  optionHead,
  ...FIXED_OPTIONS.values(),
];
