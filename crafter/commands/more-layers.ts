import { arpEthernetIpv4 } from '../../dissectors/arp/layout.js';
import { geneveHeader } from '../../dissectors/geneve/layout.js';
import { greHeader } from '../../dissectors/gre/layout.js';
import { gtpHeader } from '../../dissectors/gtp/layout.js';
import * as v4 from '../../dissectors/icmp/layout.js';
import * as v6 from '../../dissectors/icmp/layout-v6.js';
import {
  authenticationHeader,
  destinationHeader,
  fragmentHeader,
  hopByHopHeader,
  routingHeader,
} from '../../dissectors/ipv6/layout.js';
import { labelEntry } from '../../dissectors/mpls/layout.js';
import { chunkForm } from '../../dissectors/sctp/layout.js';
import { parameterHead } from '../../dissectors/sctp/parameters.js';
import { udpLiteHeader } from '../../dissectors/udplite/layout.js';
import { vxlanHeader } from '../../dissectors/vxlan/layout.js';
import type { Value } from '../../dissectors/wire/field.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import { DECLARED, declared, declaredFields, surplusOf } from '../declared-part.js';
import { addressBytes } from '../ip-address.js';
import { arp } from '../link-part.js';
import { destinationOptions, fragment, hopByHop, routing } from '../network-part.js';
import { fields, joined, nothing, type Part, raw } from '../part.js';
import { icmp, icmpv6, sctpChunk } from '../transport-part.js';
import { authenticated, geneve, gre, gtp, mpls, udpLite, vxlan } from '../tunnel-part.js';
import type { KeyedField } from './field-value.js';
import { ipv6Options } from './layer-options.js';

type Given = Readonly<Record<string, Value>>;

/** A layer that can be put around a packet, or stand in its place. */
export interface LayerKind {
  readonly fields: readonly KeyedField[];
  /** Values that stand in no field of the layout, by what reads their texts. */
  readonly extra?: Readonly<Record<string, (text: string) => Value>>;
  readonly make: (given: Given, inside: Part) => Part;
  /** The link type of a capture whose packets start with it. */
  readonly linkType?: number;
  /** Whether nothing follows it. */
  readonly isLast?: true;
}

const bytesIn = (given: Given, key: string): Part => {
  const value = given[key];
  return value instanceof Uint8Array ? raw(value) : nothing;
};
const numberIn = (given: Given, key: string): number | undefined => {
  const value = given[key];
  return typeof value === 'number' ? value : undefined;
};
const whole = (text: string): number => {
  if (!/^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) throw new RangeError(`"${text}" is not a number, such as 7 or 0x1f`);
  return Number(text);
};
const truth = (text: string): boolean => text !== '0';
const options = { options: ipv6Options };

/** Addresses with `/` between them, each of 16 bytes. */
function addresses(text: string): Uint8Array {
  const list = text.split('/').map(addressBytes);
  if (list.some(({ length }) => length !== 16)) throw new RangeError(`"${text}" is not a list of IPv6 addresses`);
  return Uint8Array.from(list.flatMap((address) => [...address]));
}

/** What a routing header has between its fixed fields and its addresses: of a list of segments the place of the last. */
function beforeAddresses({ type, addresses }: Given): Part {
  const count = addresses instanceof Uint8Array ? addresses.length / 16 : 0;
  return raw(Uint8Array.of(type === 4 ? Math.max(0, count - 1) : 0, 0, 0, 0));
}

function icmpBody(given: Given): Layout {
  const type = numberIn(given, 'type') ?? 0;
  switch (type) {
    case 0:
    case 8:
      return v4.echoBody;
    case 5:
      return v4.redirectBody;
    case 12:
      return v4.parameterBody;
    case 13:
    case 14:
      return v4.timestampBody;
    case 17:
    case 18:
      return v4.addressMaskBody;
    case 3:
      return numberIn(given, 'code') === 4 ? v4.fragmentationBody : v4.errorBody;
    default:
      return v4.errorBody;
  }
}

const V4_BODIES = [v4.echoBody, v4.redirectBody, v4.parameterBody, v4.timestampBody, v4.addressMaskBody];
const icmpv6Body = (given: Given): Layout => v6.BODIES.get(numberIn(given, 'type') ?? 0) ?? v6.errorBody;
const PORTS = { vxlan: 4789, geneve: 6081, gtp: 2152 };

/** The fields of several layouts, the first of each key. */
const keyed = (...layouts: readonly Layout[]): readonly KeyedField[] => [
  ...new Map(layouts.flatMap(({ list }) => [...list].reverse().map((field) => [field.key, field] as const))).values(),
];

/** Types of chunks that open an association. Source: RFC 9260, section 3.2. */
const [INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK] = [1, 2, 10, 11];
const STATE_COOKIE = 7;

/** The cookie of an INIT ACK, in a parameter of its own. */
function stateCookie(given: Given): Part {
  const { cookie } = given;
  if (!(cookie instanceof Uint8Array)) return nothing;
  const head = { parameter_type: STATE_COOKIE, parameter_length: parameterHead.size + cookie.length };
  return joined([fields(parameterHead, head), raw(cookie)]);
}

/** A chunk that opens an association. */
const chunkLayer = (type: number, body?: (given: Given) => Part): LayerKind => ({
  fields: chunkForm(type).layout.list,
  ...(body && { extra: { cookie: (text: string) => bytesOf(text) } }),
  make: ({ cookie, ...given }, inside) =>
    sctpChunk(type, given, joined([body?.(cookie === undefined ? {} : { cookie }) ?? nothing, inside])),
});

/** Layers besides those that a captured packet is taken apart into. */
const MORE: Readonly<Record<string, LayerKind>> = {
  hopopts: {
    fields: hopByHopHeader.list,
    extra: options,
    make: (given, inside) => hopByHop(given, bytesIn(given, 'options'), inside),
  },
  dstopts: {
    fields: destinationHeader.list,
    extra: options,
    make: (given, inside) => destinationOptions(given, bytesIn(given, 'options'), inside),
  },
  routing: {
    fields: routingHeader.list,
    extra: { addresses },
    make: (given, inside) => routing(given, joined([beforeAddresses(given), bytesIn(given, 'addresses')]), inside),
  },
  fraghdr: { fields: fragmentHeader.list, make: fragment },
  ah: {
    fields: authenticationHeader.list,
    extra: { value: (text) => bytesOf(text) },
    make: (given, inside) => authenticated(given, bytesIn(given, 'value'), inside),
  },
  gre: {
    fields: greHeader.list,
    extra: { key: whole, sequence: whole, checksum: truth },
    make: (given, inside) => {
      const [key, sequence] = [numberIn(given, 'key'), numberIn(given, 'sequence')];
      return gre(given, inside, {
        ...(key !== undefined && { key }),
        ...(sequence !== undefined && { sequence }),
        ...(given.checksum === true && { checksum: true }),
      });
    },
  },
  mpls: {
    fields: labelEntry.list,
    make: (given, inside) => {
      const around = mpls([given], inside);
      // The bottom of a stack is what has no label beneath.
      return given.bottom === undefined && inside.etherType === around.etherType
        ? mpls([{ bottom: 0, ...given }], inside)
        : around;
    },
  },
  vxlan: { fields: vxlanHeader.list, make: (given, inside) => ({ ...vxlan(given, inside), port: PORTS.vxlan }) },
  geneve: { fields: geneveHeader.list, make: (given, inside) => ({ ...geneve(given, inside), port: PORTS.geneve }) },
  gtp: { fields: gtpHeader.list, make: (given, inside) => ({ ...gtp(given, inside), port: PORTS.gtp }) },
  udplite: { fields: udpLiteHeader.list, make: udpLite },
  icmp: {
    fields: keyed(v4.icmpHeader, ...V4_BODIES, v4.fragmentationBody, v4.errorBody),
    make: (given, inside) => icmp(given, joined([fields(icmpBody(given), given), inside])),
  },
  icmpv6: {
    fields: keyed(v6.icmpv6Header, ...v6.BODIES.values()),
    make: (given, inside) => icmpv6(given, joined([fields(icmpv6Body(given), given), inside])),
  },
  'sctp-init': chunkLayer(INIT),
  'sctp-init-ack': chunkLayer(INIT_ACK, stateCookie),
  'sctp-cookie-echo': chunkLayer(COOKIE_ECHO, (given) => bytesIn(given, 'cookie')),
  'sctp-cookie-ack': chunkLayer(COOKIE_ACK),
  arp: { fields: arpEthernetIpv4.list, make: (given) => arp(given), isLast: true },
};

const bytesOf = (text: string): Uint8Array => {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new RangeError(`"${text}" is not an even number of hex digits`);
  return Uint8Array.from(Buffer.from(text, 'hex'));
};

/** The names of all of them, those whose dissectors declare how they are written among them. */
export const MORE_LAYERS: readonly string[] = [
  ...Object.keys(MORE),
  ...DECLARED.filter((name) => !Object.hasOwn(MORE, name)),
];

/** A layer by its name; undefined where there is none. */
export function moreLayer(name: string): LayerKind | undefined {
  if (Object.hasOwn(MORE, name)) return MORE[name];
  const known = declaredFields(name);
  if (!known) return undefined;
  return {
    fields: known,
    make: (given, inside) => {
      const [surplus] = surplusOf(name, given);
      if (surplus !== undefined) throw new RangeError(`${name}: ${surplus}: a header of this type has no such field`);
      return declared(name, given, inside);
    },
  };
}
