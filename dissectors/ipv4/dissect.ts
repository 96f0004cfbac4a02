import { ETHERTYPE_IPV6 } from '../ethernet/ether-types.js';
import { findingOf, GOOD, statusField, tellStatus, verdict } from '../internet-checksum.js';
import type { Context, CutHeader, Dissector, Fragment, Layer, Network, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { sum16 } from '../wire/checksum.js';
import { ipv4Text } from '../wire/field.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, pathSet, placeAfter, tellLayout } from '../wire/sink.js';
import { sliced } from '../wire/sliced.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import {
  currentRoute,
  emptyRoute,
  FIXED_OPTIONS,
  ipv4Header,
  recordedRoute,
  routeOption,
  sourceRoute,
  timestamp,
  timestampAddress,
  timestampOption,
} from './layout.js';
import { tellOptions, walkOptions } from './options.js';
import { presumeLength } from './presumed-length.js';

const { fields, size } = ipv4Header;
const MORE_FRAGMENTS = 0x2000;
const OFFSET = 0x1fff;
/** Fragment offsets count words of 8 bytes. */
const WORD = 8;

/** The bytes of a header up to the end of its length. */
const LENGTH_END = fields.len.offset + 2;

/**
 * Finds the payload of the IPv4 packet at `at`. What its own length promises beyond its frame counts as not captured:
 * of sliced packets, of those that an error message quotes, and in the first of several fragments.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | CutHeader {
  const told = toldEnd(view, at, limit);
  const isOpen = context.quoted || context.partial;
  const reach = isOpen ? Number.MAX_SAFE_INTEGER : Math.max(told, limit.wire);
  const cut = told > limit.wire && !isOpen ? slicedAt(at, told, limit, context) : undefined;
  if (at + size > limit.captured) return { ...shortOf('ip', at, size, keptOf(limit, reach)), ...cut };
  const version = fields.version.read(view, at);
  if (version !== 4) return notIpv4(at, limit, version, context);

  const headerLength = fields.hdr_len.read(view, at);
  if (headerLength < size) return malformed('ip.hdr_len', at, size, headerLength);
  if (at + headerLength > reach) return malformed('ip.hdr_len', at, headerLength, reach - at);
  if (at + headerLength > limit.captured) return { ...shortOf('ip', at, headerLength, keptOf(limit, reach)), ...cut };
  const length = fields.len.read(view, at);
  // A sender that leaves segmentation to its network card writes 0; the capture sees what was handed to the card.
  const wire = length === 0 ? limit.wire : at + length;
  if (wire < at + headerLength) return malformed('ip.len', at, headerLength, length);

  const end = at + headerLength;
  const inside = wire === limit.wire ? limit : { captured: Math.min(wire, limit.captured), wire };
  const key = fields.proto.read(view, at);
  const word = view.getUint16(at + fields.frag_offset.offset);
  const options = headerLength > size ? walkOptions(view, at + size, end) : undefined;
  const network = networkOf(view, at, key, options?.finalAt ?? 0, context.source);
  const findings = findingsOf(view, at, end, options?.stop, cut?.findings, context);
  const found = payloadAt(context, end, inside, 'ip.proto', key, { type: 'network', network }, findings);
  if ((word & (MORE_FRAGMENTS | OFFSET)) !== 0) found.fragment = fragmentOf(view, at, word, key);
  return found;
}

/** What the capture kept of a packet that reaches so far. */
const keptOf = ({ captured }: Limit, wire: number): Limit => ({ captured, wire });

/** Where the packet ends by its own length, as far as that is captured; 0 where it is not. */
const toldEnd = (view: DataView, at: number, { captured }: Limit): number =>
  at + LENGTH_END <= captured && fields.version.read(view, at) === 4 ? at + fields.len.read(view, at) : 0;

/** The finding for a packet that ends at `told` by its own length, beyond its frame. */
const slicedAt = (at: number, told: number, { wire }: Limit, { source }: Context) => ({
  findings: [sliced(at + fields.len.offset, at + LENGTH_END, 'ip.len', told - at, wire - at, source)],
});

/**
 * What the header announced is no IPv4 packet: none of its fields means anything. An IPv6 packet says so, and is one,
 * whatever announced it.
 */
const notIpv4 = (at: number, limit: Limit, version: number, { source }: Context): Payload => ({
  ok: true,
  at,
  limit,
  ...(version === 6 ? { table: 'ethertype', key: ETHERTYPE_IPV6 } : { table: 'payload', key: 0 }),
  findings: [finding('ip-version-bad', at, at + 1, [version, 4], source)],
});

/** The final destination counts, not the next stop of a source route. */
function networkOf(view: DataView, at: number, protocol: number, finalAt: number, source: number): Network {
  const destination = finalAt === 0 ? at + fields.dst.offset : finalAt;
  const addressSum = view.getUint32(at + fields.src.offset) + view.getUint32(destination);
  return { version: 4, source, at, view, destination, addressSum, protocol };
}

function fragmentOf(view: DataView, at: number, word: number, protocol: number): Fragment {
  const [source, destination] = [fields.src.read(view, at), fields.dst.read(view, at)];
  const key = `4 ${source} ${destination} ${protocol} ${fields.id.read(view, at)}`;
  return { key, offset: (word & OFFSET) * WORD, more: (word & MORE_FRAGMENTS) !== 0 };
}

const judgeHeader = (view: DataView, at: number, end: number) =>
  verdict(sum16(view, at, end), fields.checksum.read(view, at));

function findingsOf(
  view: DataView,
  at: number,
  end: number,
  stop: Stop | undefined,
  cut: readonly Finding[] | undefined,
  context: Context,
): readonly Finding[] | undefined {
  const judged = context.unjudged ? GOOD : judgeHeader(view, at, end);
  const start = at + fields.checksum.offset;
  const bad = judged.status === 'good' ? undefined : findingOf(judged, 'ip-checksum-bad', start, context);
  if (!stop && !cut) return bad;
  const found = [...(bad ?? [])];
  if (stop) found.push(finding('malformed', stop.at, end, [stop.what, stop.need, stop.have], context.source));
  return cut ? [...found, ...cut] : found;
}

const STATUS = statusField('ip');

const LENGTH = placeAfter(ipv4Header, 'len');
const CHECKSUM = placeAfter(ipv4Header, 'checksum');
const DESTINATION = placeAfter(ipv4Header, 'src');

function tell(view: DataView, { at, limit }: Layer, sink: FieldSink): void {
  const { captured } = limit;
  if (at < captured && fields.version.read(view, at) !== 4) {
    sink.open('ip', sink.shows ? `${ipv4.title}, but its version is not 4` : '', at, at + 1);
    sink.field(fields.version, view, at);
    return sink.close();
  }
  if (at + size > captured) {
    sink.open('ip', ipv4.title, at, captured);
    tellLayout(sink, ipv4Header, view, at, limit);
    return sink.close();
  }
  const end = at + Math.max(size, fields.hdr_len.read(view, at));
  const heard = Math.min(end, captured);
  sink.open('ip', sink.shows ? `${ipv4.title}, ${addressesText(view, at)}` : '', at, heard);
  if (fields.len.read(view, at) !== 0) {
    tellLayout(sink, ipv4Header, view, at, limit, 0, CHECKSUM);
  } else {
    tellLayout(sink, ipv4Header, view, at, limit, 0, LENGTH - 1);
    presumeLength(sink, fields.len, at, limit.wire - at);
    tellLayout(sink, ipv4Header, view, at, limit, LENGTH, CHECKSUM);
  }
  if (end <= captured && sink.wants(STATUS.path)) {
    const start = at + fields.checksum.offset;
    tellStatus(sink, STATUS, judgeHeader(view, at, end), start, start + 2);
  }
  if (heard === at + size) tellLayout(sink, ipv4Header, view, at, limit, CHECKSUM);
  else {
    tellLayout(sink, ipv4Header, view, at, limit, CHECKSUM, DESTINATION);
    tellDestination(view, at, heard, sink);
    if (sink.wantsAny(OPTIONS)) tellOptions(view, at + size, heard, sink);
  }
  sink.close();
}

/** Shows where a source-routed packet goes in the end as its destination, and its next stop as what it is. */
function tellDestination(view: DataView, at: number, end: number, sink: FieldSink): void {
  const { finalAt } = walkOptions(view, at + size, end);
  if (finalAt === 0) return sink.field(fields.dst, view, at);
  sink.field(currentRoute.fields.cur_rt, view, at + fields.dst.offset);
  sink.field(fields.dst, view, finalAt - fields.dst.offset);
}

const addressesText = (view: DataView, at: number): string =>
  `Src: ${ipv4Text(fields.src.read(view, at))}, Dst: ${destinationText(view, at)}`;

function destinationText(view: DataView, at: number): string {
  const headerLength = fields.hdr_len.read(view, at);
  const { finalAt } = walkOptions(view, at + size, Math.min(at + headerLength, view.byteLength));
  return ipv4Text(finalAt === 0 ? fields.dst.read(view, at) : view.getUint32(finalAt));
}

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + size > limit.captured) return 'IPv4, cut off';
  if (fields.version.read(view, at) !== 4) return 'not IPv4';
  const protocol = fields.proto.read(view, at);
  const name = fields.proto.names(protocol) ?? `protocol ${protocol}`;
  const word = view.getUint16(at + fields.frag_offset.offset);
  if ((word & (MORE_FRAGMENTS | OFFSET)) === 0)
    return `IP protocol ${protocol}${name.startsWith('protocol') ? '' : ` (${name})`}`;
  return `${name} fragment off=${(word & OFFSET) * WORD} id=0x${fields.id.read(view, at).toString(16).padStart(4, '0')}`;
}

/** What is inside and has no dissector, by its name: the addresses say already that it is IPv4. */
function labelOf(view: DataView, { at, limit }: Layer): string {
  if (at + size > limit.captured || fields.version.read(view, at) !== 4) return 'IPv4';
  if ((view.getUint16(at + fields.frag_offset.offset) & (MORE_FRAGMENTS | OFFSET)) !== 0) return 'IPv4';
  return fields.proto.names(fields.proto.read(view, at)) ?? 'IPv4';
}

const OPTION_LAYOUTS = [
  recordedRoute,
  emptyRoute,
  sourceRoute,
  routeOption,
  timestampOption,
  timestamp,
  timestampAddress,
  ...FIXED_OPTIONS.values(),
];
const OPTIONS = pathSet(fieldsOf(...OPTION_LAYOUTS));

export const ipv4: Dissector = {
  name: 'ip',
  title: 'Internet Protocol Version 4',
  fields: [...fieldsOf(ipv4Header, currentRoute, ...OPTION_LAYOUTS), STATUS],
  dissect,
  tell,
  summary,
  labelOf,
};
