import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import { loopHeader, nullHeader } from '../../dissectors/loopback/layout.js';
import { dataChunk, sctpHeader } from '../../dissectors/sctp/layout.js';
import { sll2Header, sllHeader } from '../../dissectors/sll/layout.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { vlanTag } from '../../dissectors/vlan/layout.js';
import { fold16, sum16 } from '../../dissectors/wire/checksum.js';
import type { Value } from '../../dissectors/wire/field.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { ethernet, loop, loopback, sll, sll2, vlan } from '../link-part.js';
import { ipv4, ipv6 } from '../network-part.js';
import { type Part, raw } from '../part.js';
import { sctp, sctpData, tcp, udp } from '../transport-part.js';
import { bridged } from '../tunnel-part.js';
import { CraftError } from './craft-error.js';
import { ipv4Options, tcpFlags, tcpOptions } from './layer-options.js';
import { type LayerKind, MORE_LAYERS, moreLayer } from './more-layers.js';
import { namedFields, valuesFrom } from './named-fields.js';

export type Fields = Readonly<Record<string, Value>>;

/** A layer that can be put around a packet. */
interface Kind {
  readonly layout: Layout;
  readonly make: (given: Fields, inside: Part) => Part;
  /** The link type of a capture whose packets start with it; none for layers that never come first. */
  readonly linkType?: number;
  /** Fields that follow from what is inside, and are made anew for a packet that was captured. */
  readonly derived: readonly string[];
  /** Values that stand in no field of the layout, by what reads their texts. */
  readonly extra?: NonNullable<LayerKind['extra']>;
}

/** Without any layer: bare packets, as link types for private use carry them. */
export const BARE_LINK_TYPE = 147;
const RAW_LINK_TYPE = 101;

/** Every layer by the name that the command line has for it. */
export const LAYERS = {
  eth: {
    layout: ethernetHeader,
    // In a tunnel a frame is announced as one that is bridged.
    make: (given: Fields, inside: Part) => bridged(ethernet(given, inside)),
    linkType: 1,
    derived: ['type'],
  },
  vlan: { layout: vlanTag, make: vlan, derived: ['etype'] },
  sll: { layout: sllHeader, make: sll, linkType: 113, derived: ['etype'] },
  sll2: { layout: sll2Header, make: sll2, linkType: 276, derived: ['etype'] },
  null: { layout: nullHeader, make: loopback, linkType: 0, derived: ['family'] },
  loop: { layout: loopHeader, make: loop, linkType: 108, derived: ['family'] },
  ip: {
    layout: ipv4Header,
    make: (given: Fields, inside: Part) => ipv4(given, inside, optionsIn(given)),
    linkType: RAW_LINK_TYPE,
    derived: ['hdr_len', 'len', 'proto', 'checksum'],
    extra: { options: ipv4Options },
  },
  ipv6: { layout: ipv6Header, make: ipv6, linkType: RAW_LINK_TYPE, derived: ['plen', 'nxt'] },
  udp: { layout: udpHeader, make: udp, derived: ['length', 'checksum'] },
  tcp: {
    layout: tcpHeader,
    make: (given: Fields, inside: Part) => tcp(given, inside, optionsIn(given)),
    derived: ['hdr_len', 'checksum'],
    extra: { options: tcpOptions, flags: tcpFlags },
  },
  sctp: { layout: sctpHeader, make: (given, inside) => sctp(given, [inside]), derived: ['checksum'] },
  'sctp-data': { layout: dataChunk, make: sctpData, derived: ['chunk_length'] },
} satisfies Readonly<Record<string, Kind>>;

export type LayerKey = keyof typeof LAYERS;

export interface LayerPlan {
  readonly name: LayerKey;
  readonly given: Fields;
}

/** A layer of any kind, those that no captured packet is taken apart into among them. */
export interface AnyLayer {
  readonly name: string;
  readonly given: Fields;
}

const optionsIn = ({ options }: Fields): Part => raw(options instanceof Uint8Array ? options : new Uint8Array(0));

/** What a layer of that name is; undefined where there is none. */
export function layerKind(name: string): LayerKind | undefined {
  if (!isLayer(name)) return moreLayer(name);
  const { layout, ...kind }: Kind = LAYERS[name];
  return { ...kind, fields: layout.list };
}

/**
 * The layer that a text such as `ip:src=192.0.2.1,ttl=1` asks for.
 * @throws {CraftError} saying what is wrong with it
 */
export function layerFrom(text: string): AnyLayer {
  const { name, fields } = namedFields(text);
  const kind = layerKind(name);
  if (!kind) {
    const names = [...Object.keys(LAYERS), ...MORE_LAYERS].join(', ');
    throw new CraftError(`--layer ${text}: unknown layer "${name}", expected one of ${names}`);
  }
  return { name, given: valuesFrom(`--layer ${name}`, kind.fields, fields, kind.extra) };
}

export const isLayer = (name: string): name is LayerKey => Object.hasOwn(LAYERS, name);

/** Layers around a packet at most, far beyond any tunnel: each is built inside the one before it, on the stack. */
const MOST_LAYERS = 256;

/** The packet inside its layers, the first of which is the outermost. @throws {CraftError} if they are too many */
export function wrapped(layers: readonly AnyLayer[], packet: Part): Part {
  if (layers.length > MOST_LAYERS) throw new CraftError(`--layer: ${layers.length} layers: at most ${MOST_LAYERS}`);
  return layers.reduceRight((inside, { name, given }, place) => {
    const content = name === 'routing' ? atTheEnd(layers.slice(0, place), given, inside) : inside;
    return layerKind(name)?.make(given, content) ?? inside;
  }, packet);
}

/** What a routing header has before it gets to where it goes in the end: checksums cover that address, not the next stop. */
function atTheEnd(around: readonly AnyLayer[], given: Fields, inside: Part): Part {
  const { addresses, segleft = 0, type = 0 } = given;
  const next = around.findLast(({ name }) => name === 'ipv6')?.given.dst;
  if (!(addresses instanceof Uint8Array) || addresses.length < IPV6_SIZE || segleft === 0) return inside;
  // Segments are listed from the last one on.
  const final = type === SEGMENT_ROUTING ? addresses.subarray(0, IPV6_SIZE) : addresses.subarray(-IPV6_SIZE);
  const left = next instanceof Uint8Array ? 0xffff - fold16(sum16(viewOf(next), 0, next.length)) : 0;
  const change = sum16(viewOf(final), 0, IPV6_SIZE) + left;
  return { ...inside, write: (view, at, addressSum = 0) => inside.write(view, at, addressSum + change) };
}

const IPV6_SIZE = 16;
const SEGMENT_ROUTING = 4;

/**
 * The link type of a capture of packets in these layers.
 * @throws {CraftError} if the outermost layer cannot come first
 */
export function linkTypeOf([outermost]: readonly AnyLayer[]): number {
  if (!outermost) return BARE_LINK_TYPE;
  const linkType = layerKind(outermost.name)?.linkType;
  if (linkType !== undefined) return linkType;
  throw new CraftError(`--layer ${outermost.name}: no capture starts with it; put ip or eth around it`);
}
