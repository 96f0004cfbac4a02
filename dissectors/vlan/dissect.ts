import { MOST_LENGTH } from '../ethernet/ether-types.js';
import { dissectLength, explainLlc } from '../ethernet/llc.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { fieldsOf } from '../wire/layout.js';
import { explain, heading, type Line } from '../wire/line.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { lengthTag, vlanTag } from './layout.js';

const { etype, id, priority } = vlanTag.fields;

/** Finds what the VLAN tag at `at` is put before. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const { size } = vlanTag;
  if (at + size > limit.captured) return shortOf('vlan', at, size, limit);
  const key = etype.read(view, at);
  if (key > MOST_LENGTH) return { ok: true, at: at + size, limit, table: 'ethertype', key };
  return dissectLength(view, at + size, key, limit, 'vlan.len', context);
}

function lines(view: DataView, { at, limit, source, stop }: Layer): Line {
  const { size } = vlanTag;
  const end = Math.min(at + size, limit.captured);
  if (at + size > limit.captured || etype.read(view, at) > MOST_LENGTH) {
    const fields = explain(vlanTag, view, at, limit, source).lines;
    return heading('vlan', `${vlan.title}${tagText(view, at, limit)}`, source, at, end, fields);
  }
  const inside = within(at + size, etype.read(view, at), limit);
  const llc = stop ? [] : explainLlc(view, at + size, inside, source);
  const fields = [...explain(lengthTag, view, at, limit, source).lines, ...llc];
  return heading('vlan', `${vlan.title}${tagText(view, at, limit)}`, source, at, llc.at(-1)?.end ?? end, fields);
}

const tagText = (view: DataView, at: number, limit: Limit): string =>
  at + 2 > limit.captured ? '' : `, PRI: ${priority.read(view, at)}, ID: ${id.read(view, at)}`;

const summary = (view: DataView, { at, limit }: Layer): string =>
  at + vlanTag.size > limit.captured ? 'VLAN, cut off' : `VLAN ${id.read(view, at)}`;

export const vlan: Dissector = {
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  fields: fieldsOf(vlanTag, lengthTag),
  dissect,
  lines,
  summary,
};
