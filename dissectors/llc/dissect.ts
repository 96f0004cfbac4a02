import { llcHeader, numberedLlcHeader, organizationHeader, snapHeader } from '../ethernet/layout.js';
import { dissectLlc, explainLlc, llcStop } from '../ethernet/llc.js';
import type { Dissector } from '../layer.js';
import { fieldsOf } from '../wire/layout.js';
import { heading } from '../wire/line.js';

/** LLC as a layer of its own: behind headers other than Ethernet's, whose frames tell a length where they have LLC. */
export const llc: Dissector = {
  name: 'llc',
  title: 'Logical-Link Control',
  fields: fieldsOf(numberedLlcHeader, llcHeader, snapHeader, organizationHeader),
  dissect: (view, at, limit) => llcStop(view, at, limit) ?? dissectLlc(view, at, limit),
  lines: (view, { at, end, limit, source, stop }) =>
    (stop ? undefined : explainLlc(view, at, limit, source)[0]) ?? heading('llc', llc.title, source, at, end),
  summary: (view, { at, end, stop }) => {
    if (stop) return 'LLC, cut off';
    if (end - at < snapHeader.size) return 'LLC';
    const type = snapHeader.fields.type.read(view, at);
    return `LLC ${snapHeader.fields.type.names(type) ?? `0x${type.toString(16).padStart(4, '0')}`}`;
  },
};
