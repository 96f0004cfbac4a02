import type { Context, Payload } from '../layer.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { sliced } from '../wire/sliced.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { LEAST_ETHERTYPE, NO_ETHERTYPE } from './ether-types.js';
import { llcHeader, numberedLlcHeader, organizationHeader, snapHeader } from './layout.js';

const SNAP = 0xaa;
const UNNUMBERED = 3;
/** Both SAPs of a NetWare frame that has no LLC header at all. */
const RAW_NETWARE = 0xffff;

/**
 * Finds the payload of the LLC header at `at`, which the field `what` says to be `length` bytes long: its own are the 2
 * before the header. What it promises beyond the frame counts as not captured.
 */
export function dissectLength(
  view: DataView,
  at: number,
  length: number,
  frame: Limit,
  what: string,
  context: Context,
): Payload {
  const wire = at + length;
  const found = dissectLlc(view, at, { captured: Math.min(wire, frame.captured), wire });
  if (wire <= frame.wire || context.partial) return found;
  return { ...found, findings: [sliced(at - 2, at, what, length, frame.wire - at, context.source)] };
}

/**
 * Finds the payload of the LLC header at `at`: under SNAP an EtherType may lead on, else it is data. A header that does
 * not fit is data too: nothing of it is needed to go on.
 */
export function dissectLlc(view: DataView, at: number, limit: Limit): Payload {
  const header = headerAt(view, at, limit);
  if (!header) return { ok: true, at, limit, table: 'ethertype', key: NO_ETHERTYPE };
  const end = at + header.size;
  const type = header === snapHeader ? snapHeader.fields.type.read(view, at) : NO_ETHERTYPE;
  const key = type < LEAST_ETHERTYPE ? NO_ETHERTYPE : type;
  return { ok: true, at: end, limit, table: 'ethertype', key };
}

/** The stop of an LLC header of which less is captured than its form needs; none where it is whole, or there is none. */
export function llcStop(view: DataView, at: number, limit: Limit): Stop | undefined {
  const has = (bytes: number) => at + bytes <= limit.captured;
  if (has(2) && view.getUint16(at) === RAW_NETWARE) return undefined;
  if (!has(llcHeader.size)) return shortOf('llc', at, llcHeader.size, limit);
  const isUnnumbered = (llcHeader.fields.control.read(view, at) & 3) === UNNUMBERED;
  return isUnnumbered || has(numberedLlcHeader.size) ? undefined : shortOf('llc', at, numberedLlcHeader.size, limit);
}

/** Where the LLC header at `at` ends, or the two bytes that say that there is none; `at` where neither is captured. */
export function llcEnd(view: DataView, at: number, limit: Limit): number {
  const header = headerAt(view, at, limit);
  return header ? at + header.size : at + 2 <= limit.captured ? at + 2 : at;
}

/** Tells the LLC header at `at`, if there is one. */
export function tellLlc(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const header = headerAt(view, at, limit);
  if (header) {
    sink.open('llc', 'Logical-Link Control', at, at + header.size);
    tellLayout(sink, header, view, at, limit);
    sink.close();
  } else if (at + 2 <= limit.captured) {
    sink.open('', 'No LLC header (raw NetWare)', at, at + 2);
    sink.close();
  }
}

/** Which of the four headers there is, whole; none in a raw NetWare frame. */
function headerAt(view: DataView, at: number, limit: Limit): Layout | undefined {
  const has = (bytes: number) => at + bytes <= limit.captured;
  if (!has(llcHeader.size) || view.getUint16(at) === RAW_NETWARE) return undefined;
  const control = llcHeader.fields.control.read(view, at);
  if ((control & 3) !== UNNUMBERED) return has(numberedLlcHeader.size) ? numberedLlcHeader : undefined;
  const { dsap, ssap } = llcHeader.fields;
  const snap = dsap.read(view, at) === SNAP && ssap.read(view, at) === SNAP && control === UNNUMBERED;
  if (!snap || !has(snapHeader.size)) return llcHeader;
  const organization = snapHeader.fields.oui.read(view, at);
  return organization === 0 || organization === 0xf8 ? snapHeader : organizationHeader;
}
