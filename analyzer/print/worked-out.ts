import type { Layer } from '../../dissectors/layer.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { derived, type Field, u32 } from '../../dissectors/wire/field.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { slice } from '../../dissectors/wire/view.js';
import { hasFlow } from '../track/conversations.js';
import { endingLines } from './frame-ending.js';
import type { Packet } from './packet.js';
import { SEGMENT_FIELDS, segmentLines } from './segment-lines.js';
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

/** The lines of these fields in a layer. @param explained what the layer itself tells */
export function workedOutLines(packet: Packet, layer: Layer, explained: Line): readonly Line[] {
  const view = packet.dissection.sources[layer.source]?.view;
  if (!view) return [];
  switch (layer.name) {
    case 'eth':
    case 'vlan':
      return endingLines(packet, layer, view, WORKED_OUT_FIELDS);
    case 'ip':
    case 'ipv6':
      return hostLines(layer.name, explained);
    case 'udp':
      return [...flowLines(packet, layer), ...payloadLines('udp.payload', layer, view, udpReach(view, layer))];
    case 'tcp':
      return [...segmentLines(packet, layer, view), ...payloadLines('tcp.payload', layer, view, layer.limit.captured)];
    default:
      return [];
  }
}

/** Hosts are named by their addresses: no names are resolved. */
function hostLines(name: 'ip' | 'ipv6', explained: Line): readonly Line[] {
  return (['src', 'dst'] as const).flatMap((end) => {
    const found = explained.children.find(({ path, field }) => field && path === `${name}.${end}`);
    if (!found?.field || found.value === undefined) return [];
    const { source, start } = found;
    const path = `${name}.${end}_host`;
    return [
      workedOutLine(path, WORKED_OUT_FIELDS[path], plainText(found.field, found.value), source, start, found.end),
    ];
  });
}

/** Where the payload of a datagram ends, as captured; a jumbogram has 0 for its length. */
function udpReach(view: DataView, { at, limit }: Layer): number {
  const length = at + udpHeader.size > limit.captured ? 0 : udpHeader.fields.length.read(view, at);
  return length === 0 ? limit.captured : Math.min(at + length, limit.captured);
}

function payloadLines(path: string, { end, stop, source }: Layer, view: DataView, reach: number): readonly Line[] {
  if (stop || end >= reach) return [];
  return [workedOutLine(path, WORKED_OUT_FIELDS[path], slice(view, end, reach), source, end, reach)];
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
