import { llcHeader, numberedLlcHeader, organizationHeader, snapHeader } from '../ethernet/layout.js';
import { dissectLlc, llcEnd, llcStop, tellLlc } from '../ethernet/llc.js';
import type { Dissector, Tell } from '../layer.js';
import { fieldsOf } from '../wire/layout.js';

/** The organization of bridged frames, and its numbers for Ethernet with and without its check sequence. */
const BRIDGED = 0x0080c2;
const BRIDGED_ETHERNET: readonly number[] = [1, 7];
/** Zeros that put the frame at a multiple of 4 bytes. Source: RFC 2684, "LLC Encapsulation for Bridged Protocols". */
const BRIDGED_PADDING = 2;
const LINK_TYPE_ETHERNET = 1;

function isBridgedEthernet(view: DataView, at: number, end: number): boolean {
  const { oui, pid } = organizationHeader.fields;
  if (end - at !== organizationHeader.size || oui.read(view, at) !== BRIDGED) return false;
  return BRIDGED_ETHERNET.includes(pid.read(view, at));
}

const tell: Tell = (view, { at, end, limit, stop }, sink) => {
  if (!stop && llcEnd(view, at, limit) > at) return tellLlc(view, at, limit, sink);
  sink.open('llc', llc.title, at, end);
  sink.close();
};

/** LLC as a layer of its own: behind headers other than Ethernet's, whose frames tell a length where they have LLC. */
export const llc: Dissector = {
  name: 'llc',
  title: 'Logical-Link Control',
  fields: fieldsOf(numberedLlcHeader, llcHeader, snapHeader, organizationHeader),
  dissect: (view, at, limit) => {
    const stop = llcStop(view, at, limit);
    if (stop) return stop;
    const found = dissectLlc(view, at, limit);
    const start = found.at + BRIDGED_PADDING;
    const isBridged = isBridgedEthernet(view, at, found.at) && start <= limit.captured;
    return isBridged ? { ...found, at: start, table: 'link', key: LINK_TYPE_ETHERNET } : found;
  },
  tell,
  summary: (view, { at, end, stop }) => {
    if (stop) return 'LLC, cut off';
    if (end - at < snapHeader.size) return 'LLC';
    const type = snapHeader.fields.type.read(view, at);
    return `LLC ${snapHeader.fields.type.names(type) ?? `0x${type.toString(16).padStart(4, '0')}`}`;
  },
};
