import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ROUTING,
} from '../ipv4/protocols.js';
import type { Layout } from '../wire/layout.js';
import { derivedLine, explain, flatLines, foundLine, heading, type Line } from '../wire/line.js';
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
 * The lines of the extension headers from `at` on, of which the first is of `protocol`, up to `end`.
 * @param header where the IPv6 header starts, if it is in these bytes
 */
export function explainExtensions(
  view: DataView,
  at: number,
  end: number,
  protocol: number,
  limit: Limit,
  source: number,
  header?: number,
): Line[] {
  const lines: Line[] = [];
  let [start, next] = [at, protocol];
  for (let count = 0; count < MOST_EXTENSIONS && start < end; count++) {
    const kind = kindOf(next);
    if (!kind) break;
    const extension = extensionAt(view, start, next, kind, limit);
    if ('ok' in extension) {
      const { lines: children } = explain(kind.layout, view, start, limit, source);
      const stop = Math.min(start + kind.layout.size, limit.captured);
      lines.push(heading('', `${kind.name}, cut off`, source, start, stop, children));
      break;
    }
    const children = explainExtension(view, extension, source, header);
    lines.push(heading('', kind.name, source, start, extension.end, children));
    ({ end: start, next } = extension);
  }
  return lines;
}

function explainExtension(view: DataView, extension: Extension, source: number, header?: number): readonly Line[] {
  const { kind, protocol, at, end } = extension;
  const limit = { captured: end, wire: end };
  const fields = explain(kind.layout, view, at, limit, source).lines;
  const rest = at + kind.layout.size;
  const length = (field: typeof DERIVED.routingLength) =>
    derivedLine(field.path, field, end - at, source, at + 1, at + 2);
  switch (protocol) {
    case PROTOCOL_HOP_BY_HOP:
      return [...fields, length(DERIVED.hopByHopLength), ...explainOptions(view, rest, end, source)];
    case PROTOCOL_DESTINATION:
      return [...fields, length(DERIVED.destinationLength), ...explainOptions(view, rest, end, source)];
    case PROTOCOL_ROUTING:
      return [...fields, length(DERIVED.routingLength), ...explainRoute(view, extension, source, header)];
    case PROTOCOL_AUTHENTICATION:
      return [...fields, foundLine(DERIVED.checkValue, slice(view, rest, end), source, rest, end)];
    default:
      return fields;
  }
}

function explainRoute(view: DataView, { at, end }: Extension, source: number, header?: number): readonly Line[] {
  const rest = at + routingHeader.size;
  switch (routingHeader.fields.type.read(view, at)) {
    case 0:
      return explainAddresses(view, rest, end, sourceRouting, sourceAddress, source);
    case 2:
      return explain(mobileRouting, view, rest, { captured: end, wire: end }, source).lines;
    case 3:
      return explainRpl(view, at, end, source, header);
    case 4:
      return explainAddresses(view, rest, end, segmentRouting, segmentAddress, source, segmentsEnd(view, rest, end));
    default:
      return [foundLine(DERIVED.routingData, slice(view, rest, end), source, rest, end)];
  }
}

/** Where the segments end, and where what may follow them begins. */
const segmentsEnd = (view: DataView, rest: number, end: number): number =>
  Math.min(end, rest + segmentRouting.size + (segmentRouting.fields['srh.last_entry'].read(view, rest) + 1) * ADDRESS);

function explainAddresses(
  view: DataView,
  rest: number,
  end: number,
  head: Layout,
  address: Layout,
  source: number,
  last = end,
): readonly Line[] {
  const limit = { captured: end, wire: end };
  const lines = [...flatLines(head, view, rest, limit, source).lines];
  for (let start = rest + head.size; start + ADDRESS <= last; start += ADDRESS) {
    lines.push(...flatLines(address, view, start, limit, source).lines);
  }
  return lines;
}

function explainRpl(view: DataView, at: number, end: number, source: number, header?: number): readonly Line[] {
  const limit = { captured: end, wire: end };
  const lines = [...flatLines(rplRouting, view, at + routingHeader.size, limit, source).lines];
  const route = rplRoute(view, at, end);
  if (!route) return lines;
  for (let index = 0; index <= route.count; index++) {
    const kept = index < route.count ? route.kept : ADDRESS - route.lastLeft;
    const start = at + ROUTE + index * route.kept;
    lines.push(foundLine(DERIVED.rplAddress, slice(view, start, start + kept), source, start, start + kept));
    if (header === undefined) continue;
    const full = bytesOf(fullAddress(view, start, kept, header));
    lines.push(derivedLine(DERIVED.rplFullAddress.path, DERIVED.rplFullAddress, full, source, start, start + kept));
  }
  return lines;
}

function explainOptions(view: DataView, at: number, end: number, source: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = at; start < end; ) {
    const option = optionAt(view, start, end);
    if ('ok' in option) {
      lines.push(heading('', `Option: length does not fit (${option.what})`, source, start, end));
      break;
    }
    const name = bareOption.fields.type.names(option.type) ?? `type 0x${option.type.toString(16).padStart(2, '0')}`;
    const fields = explainOption(view, option.type, start, option.end, source);
    lines.push(heading('', `Option: ${name}`, source, start, option.end, fields));
    start = option.end;
  }
  return lines;
}

function explainOption(view: DataView, type: number, at: number, end: number, source: number): readonly Line[] {
  const limit = { captured: end, wire: end };
  if (end - at < optionHead.size) return explain(bareOption, view, at, limit, source).lines;
  const fields = [...explain(FIXED_OPTIONS.get(type) ?? optionHead, view, at, limit, source).lines];
  const data = at + optionHead.size;
  if (FIXED_OPTIONS.has(type) || data === end) return fields;
  const field = type === PADN ? DERIVED.padding : isExperimental(type) ? DERIVED.experimental : DERIVED.unknown;
  return [...fields, foundLine(field, slice(view, data, end), source, data, end)];
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
