import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { etherText } from '../wire/field.js';
import { fieldsOf } from '../wire/layout.js';
import { explain, heading, type Line } from '../wire/line.js';
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
import { dissectLength, explainLlc } from './llc.js';

const { type, dst, src } = ethernetHeader.fields;

/**
 * Finds the payload of the Ethernet frame at `at`, by its EtherType or through LLC. Padding after a short payload is left
 * to the layer inside, whose length says where it ends.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const { size } = ethernetHeader;
  if (at + size > limit.captured) return shortOf('eth', at, size, limit);
  const key = type.read(view, at);
  if (!isLength(key)) return { ok: true, at: at + size, limit, table: 'ethertype', key };
  return dissectLength(view, at + size, key, limit, 'eth.len', context);
}

/** Whether the header at `at`, as far as it is captured, has a length in the place of its type. */
const hasLength = (view: DataView, at: number, limit: Limit): boolean =>
  at + ethernetHeader.size <= limit.captured && isLength(type.read(view, at));

function lines(view: DataView, { at, limit, source, stop }: Layer): Line {
  const { size } = ethernetHeader;
  if (!hasLength(view, at, limit)) {
    const end = Math.min(at + size, limit.captured);
    const fields = explain(ethernetHeader, view, at, limit, source).lines;
    return heading('eth', `Ethernet II${addressesText(view, at, limit)}`, source, at, end, fields);
  }
  const inside = within(at + size, type.read(view, at), limit);
  const llc = stop ? [] : explainLlc(view, at + size, inside, source);
  const fields = [...explain(lengthHeader, view, at, limit, source).lines, ...llc];
  const end = llc.at(-1)?.end ?? at + size;
  return heading('eth', `IEEE 802.3 Ethernet${addressesText(view, at, limit)}`, source, at, end, fields);
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
  lines,
  summary,
};
