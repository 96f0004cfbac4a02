import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import { loopHeader, nullHeader } from '../../dissectors/loopback/layout.js';
import { dataChunk, sctpHeader } from '../../dissectors/sctp/layout.js';
import { sll2Header, sllHeader } from '../../dissectors/sll/layout.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { vlanTag } from '../../dissectors/vlan/layout.js';
import type { Value } from '../../dissectors/wire/field.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import { ethernet, loop, loopback, sll, sll2, vlan } from '../link-part.js';
import { ipv4, ipv6 } from '../network-part.js';
import type { Part } from '../part.js';
import { sctp, sctpData, tcp, udp } from '../transport-part.js';
import { CraftError } from './craft-error.js';
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
}

/** Without any layer: bare packets, as link types for private use carry them. */
export const BARE_LINK_TYPE = 147;
const RAW_LINK_TYPE = 101;

/** Every layer by the name that the command line has for it. */
export const LAYERS = {
  eth: { layout: ethernetHeader, make: ethernet, linkType: 1, derived: ['type'] },
  vlan: { layout: vlanTag, make: vlan, derived: ['etype'] },
  sll: { layout: sllHeader, make: sll, linkType: 113, derived: ['etype'] },
  sll2: { layout: sll2Header, make: sll2, linkType: 276, derived: ['etype'] },
  null: { layout: nullHeader, make: loopback, linkType: 0, derived: ['family'] },
  loop: { layout: loopHeader, make: loop, linkType: 108, derived: ['family'] },
  ip: { layout: ipv4Header, make: ipv4, linkType: RAW_LINK_TYPE, derived: ['hdr_len', 'len', 'proto', 'checksum'] },
  ipv6: { layout: ipv6Header, make: ipv6, linkType: RAW_LINK_TYPE, derived: ['plen', 'nxt'] },
  udp: { layout: udpHeader, make: udp, derived: ['length', 'checksum'] },
  tcp: { layout: tcpHeader, make: tcp, derived: ['hdr_len', 'checksum'] },
  sctp: { layout: sctpHeader, make: (given, inside) => sctp(given, [inside]), derived: ['checksum'] },
  'sctp-data': { layout: dataChunk, make: sctpData, derived: ['chunk_length'] },
} satisfies Readonly<Record<string, Kind>>;

export type LayerKey = keyof typeof LAYERS;

export interface LayerPlan {
  readonly name: LayerKey;
  readonly given: Fields;
}

/**
 * The layer that a text such as `ip:src=192.0.2.1,ttl=1` asks for.
 * @throws {CraftError} saying what is wrong with it
 */
export function layerFrom(text: string): LayerPlan {
  const { name, fields } = namedFields(text);
  if (!isLayer(name)) {
    throw new CraftError(`--layer ${text}: unknown layer "${name}", expected one of ${Object.keys(LAYERS).join(', ')}`);
  }
  const { layout }: Kind = LAYERS[name];
  return { name, given: valuesFrom(`--layer ${name}`, layout.list, fields) };
}

export const isLayer = (name: string): name is LayerKey => Object.hasOwn(LAYERS, name);

/** Layers around a packet at most, far beyond any tunnel: each is built inside the one before it, on the stack. */
const MOST_LAYERS = 256;

/** The packet inside its layers, the first of which is the outermost. @throws {CraftError} if they are too many */
export function wrapped(layers: readonly LayerPlan[], packet: Part): Part {
  if (layers.length > MOST_LAYERS) throw new CraftError(`--layer: ${layers.length} layers: at most ${MOST_LAYERS}`);
  return layers.reduceRight((inside, { name, given }) => (LAYERS[name] as Kind).make(given, inside), packet);
}

/**
 * The link type of a capture of packets in these layers.
 * @throws {CraftError} if the outermost layer cannot come first
 */
export function linkTypeOf([outermost]: readonly LayerPlan[]): number {
  if (!outermost) return BARE_LINK_TYPE;
  const { linkType }: Kind = LAYERS[outermost.name];
  if (linkType !== undefined) return linkType;
  throw new CraftError(`--layer ${outermost.name}: no capture starts with it; put ip or eth around it`);
}
