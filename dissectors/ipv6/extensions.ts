import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_MOBILITY,
  PROTOCOL_ROUTING,
  PROTOCOL_SHIM6,
} from '../ipv4/protocols.js';
import type { Layout } from '../wire/layout.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import {
  authenticationHeader,
  bareOption,
  destinationHeader,
  fragmentHeader,
  homeOption,
  hopByHopHeader,
  ipv6Header,
  jumboOption,
  mobilityHeader,
  optionHead,
  routingHeader,
  rplRouting,
  shim6Header,
} from './layout.js';

/** More extension headers than this are a trick. */
export const MOST_EXTENSIONS = 32;

/** A kind of extension header. */
export interface Kind {
  readonly name: string;
  /** Its fixed fields; all start with the next header and a length. */
  readonly layout: Layout;
  /** In bytes: what its length field counts, and what it leaves out. */
  readonly unit: number;
  readonly more: number;
}

const words = (name: string, layout: Layout): Kind => ({ name, layout, unit: 8, more: 8 });

/** The kinds of extension headers, by protocol; ESP hides what follows it and so ends them. Source: RFC 8200, section 4. */
const KINDS: ReadonlyMap<number, Kind> = new Map([
  [PROTOCOL_HOP_BY_HOP, words('Hop-by-hop options', hopByHopHeader)],
  [PROTOCOL_ROUTING, words('Routing header', routingHeader)],
  // Its second byte is no length, so it counts for nothing.
  [PROTOCOL_FRAGMENT, { name: 'Fragment header', layout: fragmentHeader, unit: 0, more: fragmentHeader.size }],
  [PROTOCOL_AUTHENTICATION, { name: 'Authentication header', layout: authenticationHeader, unit: 4, more: 8 }],
  [PROTOCOL_DESTINATION, words('Destination options', destinationHeader)],
  [PROTOCOL_MOBILITY, words('Mobility header', mobilityHeader)],
  [PROTOCOL_SHIM6, words('Shim6 header', shim6Header)],
]);

export const kindOf = (protocol: number): Kind | undefined => KINDS.get(protocol);

/** The protocols of all extension headers. */
export const EXTENSIONS: readonly number[] = [...KINDS.keys()];

/** One extension header: where it is, and what follows it. */
export interface Extension {
  readonly kind: Kind;
  readonly protocol: number;
  readonly at: number;
  readonly end: number;
  readonly next: number;
}

/** The extension header at `at`, or why it cannot be read whole. */
export function extensionAt(view: DataView, at: number, protocol: number, kind: Kind, limit: Limit): Extension | Stop {
  const { layout, unit, more } = kind;
  if (at + 2 > limit.captured) return shortOf(layout.name, at, 2, limit);
  const size = view.getUint8(at + 1) * unit + more;
  if (size < layout.size) return malformed(`${layout.name}.${layout.list[1]?.key}`, at, layout.size, size);
  if (at + size > limit.captured) return shortOf(layout.name, at, size, limit);
  return { kind, protocol, at, end: at + size, next: view.getUint8(at) };
}

const PAD1 = 0;
const JUMBO = 0xc2;
const HOME_ADDRESS = 0xc9;

/** One option of a hop-by-hop or destination options header: `end` comes after its data. */
export interface Option {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** The option at `at` of an options header that ends at `end`, or why it cannot be. */
export function optionAt(view: DataView, at: number, end: number): Option | Stop {
  const type = view.getUint8(at);
  if (type === PAD1) return { type, at, end: at + bareOption.size };
  if (at + optionHead.size > end) return shortOf('ipv6.opt', at, optionHead.size, { captured: end, wire: end });
  const size = optionHead.size + optionHead.fields.length.read(view, at);
  return at + size > end ? malformed('ipv6.opt.length', at, size, end - at) : { type, at, end: at + size };
}

/** Why the options `[at, end)` cannot be read to their end, if they cannot. */
export function checkOptions(view: DataView, at: number, end: number): Stop | undefined {
  for (let start = at; start < end; ) {
    const option = optionAt(view, start, end);
    if ('ok' in option) return option;
    start = option.end;
  }
  return undefined;
}

/** Where the first option of a type and form starts among the options `[at, end)`, or 0 where there is none. */
function findOption(view: DataView, at: number, end: number, type: number, form: Layout): number {
  for (let start = at; start < end; ) {
    const option = optionAt(view, start, end);
    if ('ok' in option) return 0;
    if (option.type === type && option.end - option.at === form.size) return start;
    start = option.end;
  }
  return 0;
}

/**
 * The payload length that the jumbo option in the hop-by-hop header at `at` gives; 0 for none.
 * Source: RFC 2675, section 2 "Format of the Jumbo Payload Option".
 */
export function jumboLength(view: DataView, at: number, limit: Limit): number {
  if (at + hopByHopHeader.size > limit.captured) return 0;
  const end = Math.min(at + (hopByHopHeader.fields.len.read(view, at) + 1) * 8, limit.captured);
  const option = findOption(view, at + hopByHopHeader.size, end, JUMBO, jumboOption);
  return option === 0 ? 0 : jumboOption.fields.jumbo.read(view, option);
}

/**
 * The sum of the words of the home address that destination options name: the source, for pseudo-headers.
 * Source: RFC 6275, section 11.3.1 "Sending Packets While Away from Home".
 */
export function homeSum(view: DataView, { at, end }: Extension): number | undefined {
  const option = findOption(view, at + destinationHeader.size, end, HOME_ADDRESS, homeOption);
  return option === 0 ? undefined : addressSum(view, option + homeOption.fields['mipv6.home_address'].offset);
}

const SOURCE_ROUTE = 0;
const MOBILE = 2;
const RPL = 3;
const SEGMENTS = 4;
const ADDRESS = 16;
/** Where the addresses of a routing header start. */
export const ROUTE = 8;

/** The sum of the words of an address, for pseudo-headers. */
export const addressSum = (view: DataView, at: number): number =>
  view.getUint32(at) + view.getUint32(at + 4) + view.getUint32(at + 8) + view.getUint32(at + 12);

/**
 * The sum of the words of the final destination that a routing header names, or undefined where the packet has reached
 * it, or the header names none that we can read.
 * @param header where the IPv6 header starts
 */
export function finalSum(view: DataView, { at, end }: Extension, header: number): number | undefined {
  const { type, segleft } = routingHeader.fields;
  if (segleft.read(view, at) === 0) return undefined;
  const addresses = Math.floor((end - at - ROUTE) / ADDRESS);
  switch (type.read(view, at)) {
    case SOURCE_ROUTE:
      return addresses > 0 ? addressSum(view, at + ROUTE + (addresses - 1) * ADDRESS) : undefined;
    case MOBILE:
    case SEGMENTS:
      // Segments stand in reverse order.
      return addresses > 0 ? addressSum(view, at + ROUTE) : undefined;
    case RPL: {
      const route = rplRoute(view, at, end);
      return route && addressSum(fullAddress(view, route.last, ADDRESS - route.lastLeft, header), 0);
    }
    default:
      return undefined;
  }
}

/** The shortened addresses of an RPL routing header. */
export interface RplRoute {
  /** In bytes: what each address but the last keeps. */
  readonly kept: number;
  /** How many addresses come before the last, and where the last one starts. */
  readonly count: number;
  readonly last: number;
  /** In bytes: what is left out of the last address. */
  readonly lastLeft: number;
}

/** Where the addresses of the RPL routing header `[at, end)` are; undefined where its numbers make no sense. */
export function rplRoute(view: DataView, at: number, end: number): RplRoute | undefined {
  const fields = rplRouting.fields;
  const rest = at + routingHeader.size;
  const kept = ADDRESS - fields['rpl.cmprI'].read(view, rest);
  const lastLeft = fields['rpl.cmprE'].read(view, rest);
  const last = end - fields['rpl.pad'].read(view, rest) - (ADDRESS - lastLeft);
  if (last < at + ROUTE) return undefined;
  const count = Math.floor((last - at - ROUTE) / kept);
  return { kept, count, last: at + ROUTE + count * kept, lastLeft };
}

/** An address of which the last `kept` bytes stand at `at`; those before are the destination's. */
export function fullAddress(view: DataView, at: number, kept: number, header: number): DataView {
  const address = new DataView(new ArrayBuffer(ADDRESS));
  const destination = header + ipv6Header.fields.dst.offset;
  for (let byte = 0; byte < ADDRESS; byte++) {
    const from = byte < ADDRESS - kept ? destination + byte : at + byte - (ADDRESS - kept);
    address.setUint8(byte, view.getUint8(from));
  }
  return address;
}
