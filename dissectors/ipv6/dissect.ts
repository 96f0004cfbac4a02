import { ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import { presumeLength } from '../ipv4/presumed-length.js';
import {
  PROTOCOL_DESTINATION,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ROUTING,
  PROTOCOL_TCP,
} from '../ipv4/protocols.js';
import type { Context, CutHeader, Dissector, Facts, Fragment, Layer, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { ipv6Text } from '../wire/field.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, pathSet, placeAfter, tellLayout } from '../wire/sink.js';
import { sliced } from '../wire/sliced.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { extensionsEnd, LAYOUTS, tellExtensions } from './explain.js';
import {
  addressSum,
  checkOptions,
  EXTENSIONS,
  type Extension,
  extensionAt,
  finalSum,
  homeSum,
  jumboLength,
  type Kind,
  kindOf,
  MOST_EXTENSIONS,
} from './extensions.js';
import { DERIVED, destinationHeader, fragmentHeader, ipv6Header, mobilityHeader, shim6Header } from './layout.js';

const { fields, size } = ipv6Header;
/** Fragment offsets count words of 8 bytes. */
const WORD = 8;

/** Added to a protocol, the key of extension headers that follow a fragment header. */
export const EXTENSION_KEY = 0x100;

/** The bytes of a header up to the end of its length. */
const LENGTH_END = fields.plen.offset + 2;

/**
 * Finds the payload of the IPv6 packet at `at`, after all its extension headers. What its own length promises beyond its
 * frame counts as not captured: of sliced packets, of those that an error message quotes, and in the first of several
 * fragments.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | CutHeader {
  if (at + size > limit.captured) return cutHeader(view, at, limit, context);
  const version = fields.version.read(view, at);
  if (version !== 6) return notIpv6(at, limit, version, context);

  const end = at + size;
  const protocol = fields.nxt.read(view, at);
  const length = payloadLength(view, at, limit, context.quoted === true);
  const wire = end + length;
  const cut = wire > limit.wire ? slicedAt(at, length, limit, context) : undefined;
  const inside = wire === limit.wire ? limit : { captured: Math.min(wire, limit.captured), wire };

  const source = addressSum(view, at + fields.src.offset);
  const destination = addressSum(view, at + fields.dst.offset);
  const kind = kindOf(protocol);
  if (!kind) {
    const facts = networkFacts(view, at, context, source + destination, protocol);
    return payloadAt(context, end, inside, 'ip.proto', protocol, facts, cut);
  }
  const chain = walk(view, end, protocol, kind, inside, context, at);
  if ('ok' in chain) return { ...chain, findings: cut };
  if (cut) chain.findings.unshift(...cut);
  const sum = (chain.homeSum ?? source) + (chain.finalSum ?? destination);
  return { ...payloadOf(chain, inside), facts: networkFacts(view, at, context, sum, chain.next) };
}

/** The most that the field of the payload length can say. */
const LONGEST = 65_535;

/** The length of the payload of the packet at `at`, in bytes: the field's, or what stands for one of 0. */
function payloadLength(view: DataView, at: number, limit: Limit, quoted: boolean): number {
  const length = fields.plen.read(view, at);
  if (length !== 0) return length;
  return jumboOf(view, at, limit) || (quoted ? 0 : presumedLength(view, at, limit));
}

const jumboOf = (view: DataView, at: number, limit: Limit): number =>
  fields.nxt.read(view, at) === PROTOCOL_HOP_BY_HOP ? jumboLength(view, at + size, limit) : 0;

/**
 * The length of the payload where neither the field nor a jumbo option tells, or 0: a sender that leaves segmentation
 * to its network card (BIG TCP) writes 0, and the capture sees what was handed to the card. That is TCP, or TCP behind
 * other headers, longer than the field could say.
 */
function presumedLength(view: DataView, at: number, limit: Limit): number {
  if (fields.plen.read(view, at) !== 0 || jumboOf(view, at, limit) !== 0) return 0;
  const rest = limit.wire - at - size;
  return fields.nxt.read(view, at) === PROTOCOL_TCP || rest > LONGEST ? rest : 0;
}

/** The stop in a header that is cut, and whether its length tells that more was sent than the file says. */
function cutHeader(view: DataView, at: number, limit: Limit, context: Context): CutHeader {
  const { captured, wire } = limit;
  if (context.quoted || context.partial) {
    return shortOf('ipv6', at, size, { captured, wire: Number.MAX_SAFE_INTEGER });
  }
  const isTold = at + LENGTH_END <= captured && fields.version.read(view, at) === 6;
  const told = isTold ? at + size + fields.plen.read(view, at) : 0;
  if (told <= wire) return shortOf('ipv6', at, size, limit);
  const stop = shortOf('ipv6', at, size, { captured, wire: told });
  return { ...stop, findings: slicedAt(at, told - at - size, limit, context) };
}

/** The finding for a payload length that reaches beyond the frame, where that means anything. */
function slicedAt(at: number, length: number, { wire }: Limit, context: Context): readonly Finding[] | undefined {
  if (context.quoted || context.partial) return undefined;
  const start = at + fields.plen.offset;
  return [sliced(start, at + LENGTH_END, 'ipv6.plen', length, Math.max(0, wire - at - size), context.source)];
}

const networkFacts = (
  view: DataView,
  at: number,
  { source }: Context,
  addressSum: number,
  protocol: number,
): Facts => ({
  type: 'network',
  network: { version: 6, source, at, view, destination: at + fields.dst.offset, addressSum, protocol },
});

/**
 * What the header announced is no IPv6 packet: none of its fields means anything. An IPv4 packet says so, and is one,
 * whatever announced it.
 */
const notIpv6 = (at: number, limit: Limit, version: number, { source }: Context): Payload => ({
  ok: true,
  at,
  limit,
  ...(version === 4 ? { table: 'ethertype', key: ETHERTYPE_IPV4 } : { table: 'payload', key: 0 }),
  findings: [finding('ip-version-bad', at, at + 1, [version, 6], source)],
});

/** What a walk over extension headers has found. */
interface Chain {
  readonly end: number;
  /** The protocol of what follows the last header. */
  readonly next: number;
  readonly findings: Finding[];
  /** The sums of the addresses that stand for the header's in pseudo-headers. */
  readonly homeSum?: number;
  readonly finalSum?: number;
  readonly fragment?: Fragment;
}

/** Walks the extension headers from `at` on, as far as a fragment's bytes allow. */
function walk(
  view: DataView,
  at: number,
  protocol: number,
  first: Kind,
  limit: Limit,
  { source }: Context,
  header?: number,
): Chain | Stop {
  const findings: Finding[] = [];
  let chain: Chain = { end: at, next: protocol, findings };
  let kind: Kind | undefined = first;
  for (let count = 0; kind; count++) {
    if (count === MOST_EXTENSIONS) {
      findings.push(finding('too-deep', chain.end, chain.end + 1, [MOST_EXTENSIONS], source));
      break;
    }
    const extension = extensionAt(view, chain.end, chain.next, kind, limit);
    if ('ok' in extension) return extension;
    chain = { ...chain, end: extension.end, next: extension.next, ...readExtension(view, extension, header) };
    const bad = badOptions(view, extension);
    if (bad) findings.push(finding('malformed', bad.at, extension.end, [bad.what, bad.need, bad.have], source));
    if (chain.fragment) break;
    kind = kindOf(chain.next);
  }
  return chain;
}

/** What an extension header says of the packet's addresses or of its place in a larger one. */
function readExtension(
  view: DataView,
  extension: Extension,
  header: number | undefined,
): Pick<Chain, 'homeSum' | 'finalSum' | 'fragment'> {
  if (header === undefined) return {};
  if (extension.protocol === PROTOCOL_DESTINATION) {
    const sum = homeSum(view, extension);
    return sum === undefined ? {} : { homeSum: sum };
  }
  if (extension.protocol === PROTOCOL_ROUTING) {
    const sum = finalSum(view, extension, header);
    return sum === undefined ? {} : { finalSum: sum };
  }
  if (extension.protocol !== PROTOCOL_FRAGMENT) return {};
  const { offset, more, ident } = fragmentHeader.fields;
  const [start, isMore] = [offset.read(view, extension.at) * WORD, more.read(view, extension.at)];
  // A datagram in one piece that still has the header is whole (RFC 6946).
  if (start === 0 && !isMore) return {};
  const addresses = Array.from({ length: 8 }, (_, word) => view.getUint32(header + fields.src.offset + 4 * word));
  return {
    fragment: { key: `6 ${addresses.join(' ')} ${ident.read(view, extension.at)}`, offset: start, more: isMore },
  };
}

const badOptions = (view: DataView, { protocol, at, end, kind }: Extension): Stop | undefined =>
  protocol === PROTOCOL_HOP_BY_HOP || protocol === PROTOCOL_DESTINATION
    ? checkOptions(view, at + kind.layout.size, end)
    : undefined;

function payloadOf({ end, next, findings, fragment }: Chain, limit: Limit): Payload {
  // Extension headers in the fragmentable part can be read once it is whole.
  const key = fragment && kindOf(next) ? EXTENSION_KEY + next : next;
  const told = findings.length > 0 ? findings : undefined;
  return { ok: true, at: end, limit, table: 'ip.proto', key, findings: told, fragment };
}

/** Walks the extension headers at the front of what was put together from fragments. */
function dissectExtensions(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const protocol = context.key - EXTENSION_KEY;
  const facts = { type: 'extension', protocol } as const;
  const kind = kindOf(protocol);
  const chain = kind ? walk(view, at, protocol, kind, limit, context) : { end: at, next: protocol, findings: [] };
  if (!('ok' in chain)) return { ...payloadOf(chain, limit), facts };
  const { why, what, need, have } = chain;
  const cut = finding(why, Math.min(chain.at, limit.captured), limit.captured, [what, need, have], context.source);
  return { ok: true, at: limit.captured, limit, table: 'none', key: 0, findings: [cut], facts };
}

const LENGTH = placeAfter(ipv6Header, 'plen');

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, end, limit, facts } = layer;
  if (facts?.type === 'extension') {
    sink.open('ipv6', sink.shows ? `${ipv6.title}, extension headers` : '', at, end);
    tellExtensions(sink, view, at, end, facts.protocol, limit);
    return sink.close();
  }
  if (at < limit.captured && fields.version.read(view, at) !== 6) {
    sink.open('ipv6', sink.shows ? `${ipv6.title}, but its version is not 6` : '', at, at + 1);
    sink.field(fields.version, view, at);
    return sink.close();
  }
  if (at + size > limit.captured) {
    sink.open('ipv6', ipv6.title, at, limit.captured);
    tellLayout(sink, ipv6Header, view, at, limit);
    return sink.close();
  }
  const protocol = fields.nxt.read(view, at);
  const last = sink.shows ? extensionsEnd(view, at + size, end, protocol, limit) : end;
  sink.open('ipv6', sink.shows ? `${ipv6.title}, ${addressesText(view, at)}` : '', at, last);
  tellHeader(view, layer, sink);
  if (end > at + size && sink.wantsAny(EXTENSION_FIELDS)) {
    tellExtensions(sink, view, at + size, end, protocol, limit, at);
  }
  sink.close();
}

function tellHeader(view: DataView, { at, limit, quoted }: Layer, sink: FieldSink): void {
  const presumed = quoted ? 0 : presumedLength(view, at, limit);
  if (presumed === 0) {
    tellLayout(sink, ipv6Header, view, at, limit);
    return;
  }
  tellLayout(sink, ipv6Header, view, at, limit, 0, LENGTH - 1);
  presumeLength(sink, fields.plen, at, presumed);
  tellLayout(sink, ipv6Header, view, at, limit, LENGTH);
}

const addressesText = (view: DataView, at: number): string =>
  `Src: ${ipv6Text(view, at + fields.src.offset)}, Dst: ${ipv6Text(view, at + fields.dst.offset)}`;

function summary(view: DataView, { at, limit, facts }: Layer): string {
  if (facts?.type === 'extension') return 'IPv6 extension headers';
  if (at + size > limit.captured) return 'IPv6, cut off';
  if (fields.version.read(view, at) !== 6) return 'not IPv6';
  const protocol = fields.nxt.read(view, at);
  const name = fields.nxt.names(protocol) ?? `protocol ${protocol}`;
  return `next header ${protocol}${name.startsWith('protocol') ? '' : ` (${name})`}`;
}

/** What is inside and has no dissector, by its name: the addresses say already that it is IPv6. */
function labelOf(view: DataView, { at, limit, facts }: Layer): string {
  const isWhole = facts?.type !== 'extension' && at + size <= limit.captured && fields.version.read(view, at) === 6;
  const protocol = isWhole ? fields.nxt.read(view, at) : 0;
  return isWhole && !EXTENSIONS.includes(protocol) ? (fields.nxt.names(protocol) ?? 'IPv6') : 'IPv6';
}

const EXTENSION_LAYOUTS = [fragmentHeader, destinationHeader, mobilityHeader, shim6Header, ...LAYOUTS];
const EXTENSION_FIELDS = pathSet([...fieldsOf(...EXTENSION_LAYOUTS), ...Object.values(DERIVED)]);

export const ipv6: Dissector = {
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  fields: [...fieldsOf(ipv6Header, ...EXTENSION_LAYOUTS), ...Object.values(DERIVED)],
  dissect,
  tell,
  summary,
  labelOf,
};

/** Extension headers that are put together from fragments: a layer `ipv6` of their own. */
export const ipv6Extensions: Dissector = { ...ipv6, dissect: dissectExtensions };
