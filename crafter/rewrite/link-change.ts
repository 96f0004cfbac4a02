import type { Dissection } from '../../dissectors/dissect.js';
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_VLAN,
} from '../../dissectors/ethernet/ether-types.js';
import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { LINK_TYPE_ETHERNET } from '../../dissectors/registry.js';
import { vlanTag } from '../../dissectors/vlan/layout.js';
import { concatenated, viewOf } from '../../dissectors/wire/view.js';
import { ethernet, loop, loopback, sll, sll2 } from '../link-part.js';
import { announced, build, type Part, raw } from '../part.js';
import { networkAt } from './covers.js';

/** A tag that is put between the addresses and the type of an Ethernet frame. */
export interface Tag {
  readonly id: number;
  readonly priority: number;
  /** The EtherType that announces it. */
  readonly type: number;
}

/** What is to become of what frames begin with. */
export interface LinkChanges {
  readonly addTags: readonly Tag[];
  /** How many of the outermost tags are taken out. */
  readonly dropTags: number;
  /** New ids for tags, by their ids; -1 stands for all. */
  readonly tagIds: ReadonlyMap<number, number>;
  readonly linkType?: LinkName;
  /** Addresses of an Ethernet header that is put before a packet, where it had none. */
  readonly macs: { readonly src?: Uint8Array; readonly dst?: Uint8Array };
}

/** Link types that a frame can be given, by their names: what its network layer is put into. */
export const LINK_NAMES = { eth: 1, raw: 101, sll: 113, sll2: 276, null: 0, loop: 108 } as const;
export type LinkName = keyof typeof LINK_NAMES;

/** A frame, and the bytes that it had on the wire. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
}

/**
 * The frame with other tags, and with another header before its network layer. No checksum covers either.
 * @returns undefined where it has no Ethernet header for tags, or no network layer to put another header before
 */
export function relinked(frame: Frame, dissection: Dissection, changes: LinkChanges): Frame | undefined {
  const tagged = retagged(frame, changes);
  if (!tagged || changes.linkType === undefined) return tagged;
  return rewrapped(tagged, frame, dissection, changes.linkType, changes.macs);
}

/** Where the EtherType of a frame stands, and the bytes of a tag. */
const TYPE = ethernetHeader.fields.type.offset;
const TAG_SIZE = vlanTag.size;
const TAG_TYPES: ReadonlySet<number> = new Set([ETHERTYPE_VLAN, 0x88a8, 0x9100, 0x9200]);

function retagged(frame: Frame, { addTags, dropTags, tagIds }: LinkChanges): Frame | undefined {
  if (addTags.length === 0 && dropTags === 0 && tagIds.size === 0) return frame;
  if (frame.linkType !== LINK_TYPE_ETHERNET || frame.bytes.length < ethernetHeader.size) return undefined;
  const bytes = frame.bytes.slice();
  const tags = countTags(bytes);
  for (let tag = 0; tag < tags; tag++) {
    const at = ethernetHeader.size + tag * TAG_SIZE;
    const was = vlanTag.fields.id.read(viewOf(bytes), at);
    const id = tagIds.get(was) ?? (tag === 0 ? tagIds.get(-1) : undefined);
    if (id !== undefined) vlanTag.fields.id.write(viewOf(bytes), at, id);
  }
  const dropped = Math.min(dropTags, tags) * TAG_SIZE;
  const added = addTags.map(tagBytes);
  const pieces = [bytes.subarray(0, TYPE), ...added, bytes.subarray(TYPE + dropped)];
  return { ...frame, bytes: concatenated(pieces), wire: frame.wire + added.length * TAG_SIZE - dropped };
}

/** The tags that are captured whole. */
function countTags(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let tags = 0;
  while (ethernetHeader.size + (tags + 1) * TAG_SIZE <= bytes.length) {
    if (!TAG_TYPES.has(view.getUint16(TYPE + tags * TAG_SIZE))) break;
    tags++;
  }
  return tags;
}

function tagBytes({ id, priority, type }: Tag): Uint8Array {
  const bytes = new Uint8Array(TAG_SIZE);
  const view = viewOf(bytes);
  view.setUint16(0, type);
  view.setUint16(2, (priority << 13) | id);
  return bytes;
}

const ETHERTYPES: Readonly<Record<string, number>> = {
  ip: ETHERTYPE_IPV4,
  ipv6: ETHERTYPE_IPV6,
  arp: ETHERTYPE_ARP,
};

function rewrapped(
  tagged: Frame,
  { bytes, linkType, wire }: Frame,
  { layers }: Dissection,
  name: LinkName,
  macs: LinkChanges['macs'],
): Frame | undefined {
  if (LINK_NAMES[name] === linkType) return tagged;
  const network = layers.find((layer) => layer.source === 0 && ETHERTYPES[layer.name] !== undefined);
  if (!network || (network.name === 'arp' && (name === 'raw' || name === 'null' || name === 'loop'))) return undefined;
  // Tags stand before it: they may have become more or fewer.
  const grown = tagged.wire - wire;
  const at = network.at + grown;
  const end = endOf(network, viewOf(bytes), wire) + grown;
  const inside = tagged.bytes.subarray(at, Math.min(end, tagged.bytes.length));
  const etherType = ETHERTYPES[network.name] ?? 0;
  const [first] = layers;
  const hadMacs = first?.name === 'eth' && first.at === 0;
  const dst = macs.dst ?? (hadMacs ? tagged.bytes.slice(0, 6) : new Uint8Array(6));
  const src = macs.src ?? (hadMacs ? tagged.bytes.slice(6, 12) : new Uint8Array(6));
  const whole = build(wrap(name, announced({ etherType }, raw(inside)), src, dst));
  const head = whole.length - inside.length;
  return { bytes: whole, wire: head + (end - at), linkType: LINK_NAMES[name] };
}

/** Where the network layer ends: what comes behind it, padding and check sequences, belongs to its old frame. */
function endOf(network: Layer, frame: DataView, wire: number): number {
  const told = network.name === 'arp' ? network.end : (networkAt(frame, network)?.limit.wire ?? wire);
  return Math.min(wire, Math.max(told, network.at));
}

function wrap(name: LinkName, inside: Part, src: Uint8Array, dst: Uint8Array): Part {
  switch (name) {
    case 'eth':
      return ethernet({ src, dst }, inside);
    case 'raw':
      return inside;
    case 'sll':
      return sll({ 'src.eth': src.slice() }, inside);
    case 'sll2':
      return sll2({ 'src.eth': src.slice() }, inside);
    case 'null':
      return loopback({}, inside);
    case 'loop':
      return loop({}, inside);
  }
}
