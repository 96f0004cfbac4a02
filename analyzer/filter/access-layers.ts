import { arpHead } from '../../dissectors/arp/layout.js';
import { isLength, MOST_LENGTH } from '../../dissectors/ethernet/ether-types.js';
import { ethernetHeader, lengthHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer, LayerName } from '../../dissectors/layer.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import { DERIVED as TCP_DERIVED, tcpHeader } from '../../dissectors/tcp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { lengthTag, vlanTag } from '../../dissectors/vlan/layout.js';
import type { Field } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { slice } from '../../dissectors/wire/view.js';
import { type LayerReader, plainValue, treeReader, viewOfLayer } from './reader.js';
import type { Value } from './types.js';

/** Whether the fields of a layout are what stands in a layer. */
type Guard = (view: DataView, layer: Layer) => boolean;

const always: Guard = () => true;
const type = ethernetHeader.fields.type;
const etype = vlanTag.fields.etype;

const isTyped: Guard = (view, { at, limit }) =>
  at + ethernetHeader.size <= limit.captured && !isLength(type.read(view, at));
const isLengthed: Guard = (view, { at, limit }) =>
  at + ethernetHeader.size <= limit.captured && isLength(type.read(view, at));
const isTypedTag: Guard = (view, { at, limit }) =>
  at + vlanTag.size <= limit.captured && etype.read(view, at) > MOST_LENGTH;
const isLengthedTag: Guard = (view, { at, limit }) =>
  at + vlanTag.size <= limit.captured && etype.read(view, at) <= MOST_LENGTH;
const isVersion =
  (version: number): Guard =>
  (view, { at, facts }) =>
    facts?.type !== 'extension' && view.getUint8(at) >>> 4 === version;
const isIn =
  (owner: LayerName): Guard =>
  (_view, { name, facts }) =>
    name === owner && facts?.type !== 'extension';

/** Reads a field of a fixed layout where it stands. */
function placedReader({ offset, size, read }: Placed<Field>, guard: Guard): LayerReader {
  const length = typeof size === 'number' ? size : 0;
  return (packet, layer, visit) => {
    const { at, limit } = layer;
    if (at + offset + length > limit.captured) return false;
    const view = viewOfLayer(packet, layer);
    return guard(view, layer) && visit(plainValue(read(view, at)));
  };
}

const WITHOUT_OPTIONS = ipv4Header.size;

/** The destination of a packet with a source route is in its options. */
function destinationReader(): LayerReader {
  const plain = placedReader(ipv4Header.fields.dst as unknown as Placed<Field>, isVersion(4));
  const tree = treeReader(ipv4Header.fields.dst.path);
  return (packet, layer, visit) => {
    const hasOptions =
      layer.at < layer.limit.captured &&
      ipv4Header.fields.hdr_len.read(viewOfLayer(packet, layer), layer.at) > WITHOUT_OPTIONS;
    return (hasOptions ? tree : plain)(packet, layer, visit);
  };
}

/** UDP-Lite has something else in the place of the length, which is worked out. */
function lengthReader(): LayerReader {
  const plain = placedReader(udpHeader.fields.length, always);
  const tree = treeReader(udpHeader.fields.length.path);
  return (packet, layer, visit) => (layer.name === udpHeader.name ? plain : tree)(packet, layer, visit);
}

/** Reads what the stream of a segment tells of it. */
const streamReader =
  (key: 'number' | 'sequence'): LayerReader =>
  (_packet, { at, limit, facts }, visit) =>
    facts?.type === 'stream' && at + tcpHeader.size <= limit.captured && visit(facts.stream[key]);

/** Without the flag ACK the number is relative to nothing. */
const acknowledgementReader: LayerReader = (packet, layer, visit) => {
  const { at, limit, facts } = layer;
  if (facts?.type !== 'stream' || at + tcpHeader.size > limit.captured) return false;
  const view = viewOfLayer(packet, layer);
  const { 'flags.ack': flag, ack_raw } = tcpHeader.fields;
  return visit(flag.read(view, at) ? facts.stream.acknowledgement : ack_raw.read(view, at));
};

const segmentLength: LayerReader = (packet, layer, visit) => {
  const { at, limit } = layer;
  if (at + tcpHeader.size > limit.captured) return false;
  return visit(Math.max(0, limit.wire - at - tcpHeader.fields.hdr_len.read(viewOfLayer(packet, layer), at)));
};

const dataBytes: LayerReader = (packet, layer, visit) => visit(slice(viewOfLayer(packet, layer), layer.at, layer.end));
const dataLength: LayerReader = (packet, layer, visit) =>
  visit(slice(viewOfLayer(packet, layer), layer.at, layer.end).length);

/** Layouts that stand at the start of a layer, and when. What two of them share is told by the first. */
const LAYOUTS: readonly (readonly [Layout, (key: string) => Guard])[] = [
  [ethernetHeader, (key) => (key === 'type' ? isTyped : always)],
  [lengthHeader, () => isLengthed],
  [vlanTag, (key) => (key === 'etype' ? isTypedTag : always)],
  [lengthTag, () => isLengthedTag],
  [arpHead, () => always],
  [ipv4Header, (key) => (key === 'version' ? isIn('ip') : isVersion(4))],
  [ipv6Header, (key) => (key === 'version' ? isIn('ipv6') : isVersion(6))],
  [udpHeader, () => always],
  [tcpHeader, () => always],
];

/** Readers of the layouts that are all there is to their dissectors, by field and layer: two may share a name. */
function declaredReaders(): ReadonlyMap<string, LayerReader> {
  const byPath = new Map<string, Map<LayerName, LayerReader>>();
  for (const { name, layout } of DISSECTORS) {
    for (const field of layout?.list ?? []) {
      const readers = byPath.get(field.path) ?? new Map<LayerName, LayerReader>();
      byPath.set(field.path, readers.set(name, placedReader(field, always)));
    }
  }
  return new Map([...byPath].map(([path, readers]) => [path, oneOf(readers, treeReader(path))]));
}

/** Reads by the layer's own reader, or by another where it has none. */
const oneOf =
  (readers: ReadonlyMap<LayerName, LayerReader>, other: LayerReader): LayerReader =>
  (packet, layer, visit) =>
    (readers.get(layer.name) ?? other)(packet, layer, visit);

const READERS: ReadonlyMap<string, LayerReader> = new Map([
  ...declaredReaders(),
  ...LAYOUTS.toReversed().flatMap(([layout, guardOf]) =>
    layout.list.map((field) => [field.path, placedReader(field, guardOf(field.key))] as const),
  ),
  [ipv4Header.fields.dst.path, destinationReader()],
  [udpHeader.fields.length.path, lengthReader()],
  [TCP_DERIVED.stream.path, streamReader('number')],
  [TCP_DERIVED.sequence.path, streamReader('sequence')],
  [TCP_DERIVED.acknowledgement.path, acknowledgementReader],
  [TCP_DERIVED.length.path, segmentLength],
  ['data.data', dataBytes],
  ['data.len', dataLength],
]);

/** The headers of usual frames: there nothing but these layouts stands in them. */
const USUAL: readonly Layout[] = [ethernetHeader, ipv4Header, udpHeader];

/** A field of a header of usual frames. */
export interface UsualField {
  readonly layer: LayerName;
  /** Its value, in the header at a place of a view. */
  readonly read: (view: DataView, at: number) => Value;
}

const USUAL_FIELDS: ReadonlyMap<string, UsualField> = new Map(
  USUAL.flatMap(({ name, list }) =>
    list.map((field) => [
      field.path,
      { layer: name as LayerName, read: (view: DataView, at: number) => plainValue(field.read(view, at)) },
    ]),
  ),
);

/** Where a field stands in usual frames, whose layers need not be made for it. */
export const usualField = (path: string): UsualField | undefined => USUAL_FIELDS.get(path);

/** What reads a field where it stands, if its place is known without a walk through its layer. */
export const directReader = (path: string): LayerReader | undefined => READERS.get(path);
