import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { etherText } from '../wire/field.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { isLength } from './ether-types.js';
import {
  ethernetHeader,
  lengthHeader,
  llcHeader,
  numberedLlcHeader,
  organizationHeader,
  snapHeader,
} from './layout.js';
import { dissectLength, llcEnd, tellLlc } from './llc.js';

const { type, dst, src } = ethernetHeader.fields;

/**
 * Finds the payload of the Ethernet frame at `at`, by its EtherType or through LLC. Padding after a short payload is left
 * to the layer inside, whose length says where it ends.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const { size } = ethernetHeader;
  if (at + size > limit.captured) return shortOf('eth', at, size, limit);
  const key = type.read(view, at);
  if (!isLength(key)) return payloadAt(context, at + size, limit, 'ethertype', key);
  return dissectLength(view, at + size, key, limit, 'eth.len', context);
}

/** Whether the header at `at`, as far as it is captured, has a length in the place of its type. */
const hasLength = (view: DataView, at: number, limit: Limit): boolean =>
  at + ethernetHeader.size <= limit.captured && isLength(type.read(view, at));

function tell(view: DataView, { at, limit, stop }: Layer, sink: FieldSink): void {
  const { size } = ethernetHeader;
  if (!hasLength(view, at, limit)) {
    const end = Math.min(at + size, limit.captured);
    sink.open('eth', sink.shows ? `Ethernet II${addressesText(view, at, limit)}` : '', at, end);
    tellLayout(sink, ethernetHeader, view, at, limit);
    return sink.close();
  }
  const inside = within(at + size, type.read(view, at), limit);
  const end = stop ? at + size : llcEnd(view, at + size, inside);
  sink.open('eth', sink.shows ? `IEEE 802.3 Ethernet${addressesText(view, at, limit)}` : '', at, end);
  tellLayout(sink, lengthHeader, view, at, limit);
  if (!stop) tellLlc(view, at + size, inside, sink);
  sink.close();
}

const addressesText = (view: DataView, at: number, limit: Limit): string =>
  at + type.offset > limit.captured
    ? ''
    : `, Src: ${etherText(view, at + src.offset)}, Dst: ${etherText(view, at + dst.offset)}`;

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + ethernetHeader.size > limit.captured) return 'Ethernet, cut off';
  const key = type.read(view, at);
  const name = isLength(key) ? `802.3 Len=${key}` : (type.names(key) ?? `0x${key.toString(16).padStart(4, '0')}`);
  return `${etherText(view, at + src.offset)} → ${etherText(view, at + dst.offset)} ${name}`;
}

export const ethernet: Dissector = {
  name: 'eth',
  title: 'Ethernet',
  fields: fieldsOf(ethernetHeader, lengthHeader, numberedLlcHeader, llcHeader, snapHeader, organizationHeader),
  dissect,
  tell,
  summary,
};
