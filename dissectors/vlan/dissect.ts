import { MOST_LENGTH } from '../ethernet/ether-types.js';
import { dissectLength, llcEnd, tellLlc } from '../ethernet/llc.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { lengthTag, vlanTag } from './layout.js';

const { etype, id, priority } = vlanTag.fields;

/** Finds what the VLAN tag at `at` is put before. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const { size } = vlanTag;
  if (at + size > limit.captured) return shortOf('vlan', at, size, limit);
  const key = etype.read(view, at);
  if (key > MOST_LENGTH) return payloadAt(context, at + size, limit, 'ethertype', key);
  return dissectLength(view, at + size, key, limit, 'vlan.len', context);
}

function tell(view: DataView, { at, limit, stop }: Layer, sink: FieldSink): void {
  const start = at + vlanTag.size;
  const text = sink.shows ? `${vlan.title}${tagText(view, at, limit)}` : '';
  if (start > limit.captured || etype.read(view, at) > MOST_LENGTH) {
    sink.open('vlan', text, at, Math.min(start, limit.captured));
    tellLayout(sink, vlanTag, view, at, limit);
    return sink.close();
  }
  const inside = within(start, etype.read(view, at), limit);
  sink.open('vlan', text, at, stop ? start : llcEnd(view, start, inside));
  tellLayout(sink, lengthTag, view, at, limit);
  if (!stop) tellLlc(view, start, inside, sink);
  sink.close();
}

const tagText = (view: DataView, at: number, limit: Limit): string =>
  at + 2 > limit.captured ? '' : `, PRI: ${priority.read(view, at)}, ID: ${id.read(view, at)}`;

const summary = (view: DataView, { at, limit }: Layer): string =>
  at + vlanTag.size > limit.captured ? 'VLAN, cut off' : `VLAN ${id.read(view, at)}`;

export const vlan: Dissector = {
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  networkOf: (view, { at }) => `${id.read(view, at)}`,
  fields: fieldsOf(vlanTag, lengthTag),
  dissect,
  tell,
  summary,
};
