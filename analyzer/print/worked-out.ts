import type { Layer } from '../../dissectors/layer.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { derived, type Field, u32, type Value } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { PickSink, type Taker } from '../../dissectors/wire/pick-sink.js';
import type { FieldSink } from '../../dissectors/wire/sink.js';
import { slice } from '../../dissectors/wire/view.js';
import { hasFlow } from '../track/conversations.js';
import { endingLines } from './frame-ending.js';
import type { Packet } from './packet.js';
import { SEGMENT_FIELDS, tellSegment } from './tell-segment.js';
import { workedOutLine } from './worked-out-line.js';

const bytes = (label: string): Field => derived(label, 'bytes', 'hex');
const text = (label: string): Field => derived(label, 'string');

/** Fields of layers that no layout has: they follow from where layers end, or from the packets before. */
export const WORKED_OUT_FIELDS: Readonly<Record<string, Field>> = {
  'eth.padding': bytes('Padding'),
  'eth.trailer': bytes('Trailer'),
  'eth.fcs': u32('Frame check sequence, presumably', 'hex'),
  'vlan.trailer': bytes('Trailer'),
  'ip.src_host': text('Source host'),
  'ip.dst_host': text('Destination host'),
  'ipv6.src_host': text('Source host'),
  'ipv6.dst_host': text('Destination host'),
  'udp.stream': derived('Stream'),
  'udp.payload': bytes('Payload'),
  'tcp.payload': bytes('Payload'),
  ...SEGMENT_FIELDS,
};

/** Tells these fields of a layer. */
export function tellWorkedOut(packet: Packet, layer: Layer, sink: FieldSink): void {
  const view = packet.dissection.sources[layer.source]?.view;
  if (!view) return;
  sink.source = layer.source;
  switch (layer.name) {
    case 'eth':
    case 'vlan':
      return sink.lines(endingLines(packet, layer, view, WORKED_OUT_FIELDS));
    case 'ip':
    case 'ipv6':
      return tellHosts(view, layer, sink);
    case 'udp':
      if (sink.wants('udp.stream')) sink.lines(flowLines(packet, layer));
      return tellPayload('udp.payload', layer, view, udpReach(view, layer), sink);
    case 'tcp':
      if (sink.wantsAny(SEGMENT_PATHS)) tellSegment(packet, layer, view, sink);
      return tellPayload('tcp.payload', layer, view, layer.limit.captured, sink);
  }
}

const SEGMENT_PATHS: ReadonlySet<string> = new Set(Object.keys(SEGMENT_FIELDS));

/** Takes the first value as text. */
class Held implements Taker {
  text: string | undefined;

  field(field: Placed<Field>, view: DataView, base: number): void {
    this.value(field, field.read(view, base));
  }

  value(field: Field, value: Value): void {
    this.text ??= plainText(field, value);
  }

  presence(): void {}
}

/** The fields that name a host, and what finds the address of each. */
const HOSTS = (['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'] as const).map((address) => {
  const held = new Held();
  const path = `${address}_host`;
  return { name: address.split('.', 1)[0], path, held, sink: new PickSink([address], held) };
});

/** Hosts are named by their addresses: no names are resolved. */
function tellHosts(view: DataView, layer: Layer, sink: FieldSink): void {
  const dissector = dissectorNamed(layer.name);
  for (const { name, path, held, sink: address } of HOSTS) {
    if (!dissector || name !== layer.name || !sink.wants(path)) continue;
    held.text = undefined;
    dissector.tell(view, layer, address);
    if (held.text !== undefined) sink.lines([workedOutLine(path, WORKED_OUT_FIELDS[path], held.text, layer.source)]);
  }
}

/** Where the payload of a datagram ends, as captured; a jumbogram has 0 for its length. */
function udpReach(view: DataView, { at, limit }: Layer): number {
  const length = at + udpHeader.size > limit.captured ? 0 : udpHeader.fields.length.read(view, at);
  return length === 0 ? limit.captured : Math.min(at + length, limit.captured);
}

function tellPayload(path: string, layer: Layer, view: DataView, reach: number, sink: FieldSink): void {
  const { end, stop, source } = layer;
  if (stop || end >= reach || !sink.wants(path)) return;
  sink.lines([workedOutLine(path, WORKED_OUT_FIELDS[path], slice(view, end, reach), source, end, reach)]);
}

function flowLines({ dissection, facts }: Packet, layer: Layer): readonly Line[] {
  const flows = facts.conversations?.flows;
  if (!flows) return [];
  const place = dissection.layers.filter(hasFlow).indexOf(layer);
  const number = flows[place < 0 && flows.length === 1 ? 0 : place];
  return number === undefined
    ? []
    : [workedOutLine('udp.stream', WORKED_OUT_FIELDS['udp.stream'], number, layer.source, layer.at)];
}

/** Whether a field is worked out, and in which layer it is. */
export const isWorkedOut = (path: string): boolean => Object.hasOwn(WORKED_OUT_FIELDS, path);
