import { isChdlcAddress } from '../chdlc/layout.js';
import { LINK_TYPE_CHDLC } from '../chdlc/link-type.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellDerived } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { ALL_STATIONS, DIRECTION, pppBareHeader, pppHeader } from './layout.js';
import { LINK_TYPE_PPP_BARE, LINK_TYPE_PPP_PPPD, LINK_TYPE_PPP_WITH_DIR } from './link-types.js';

const { address, control } = pppHeader.fields;
const { protocol } = pppBareHeader.fields;

const hasDirection = (key: number): boolean => key === LINK_TYPE_PPP_WITH_DIR || key === LINK_TYPE_PPP_PPPD;

/** A protocol number of one byte is odd, one of two bytes starts with an even one (RFC 1661, "Protocol Field"). */
const isCompressed = (byte: number): boolean => (byte & 1) === 1;

/** Where the address of a frame would stand, and where its protocol starts; the first byte of both must be captured. */
function placesIn(view: DataView, at: number, key: number): { readonly frame: number; readonly protocol: number } {
  const frame = at + (hasDirection(key) ? 1 : 0);
  if (key === LINK_TYPE_PPP_BARE || view.getUint8(frame) !== ALL_STATIONS) return { frame, protocol: frame };
  return { frame, protocol: frame + 2 };
}

/** Finds the payload of the PPP frame at `at`, by its protocol, with everything left out of the header that may be. */
function dissect(view: DataView, at: number, limit: Limit, { key }: Context): Payload | Stop {
  const first = hasDirection(key) ? 2 : 1;
  if (at + first > limit.captured) return shortOf('ppp', at, first, limit);
  const facts = { type: 'form', key } as const;
  const { frame, protocol: start } = placesIn(view, at, key);
  if (key !== LINK_TYPE_PPP_BARE && isChdlcAddress(view.getUint8(frame))) {
    return { ok: true, at: frame, limit, table: 'link', key: LINK_TYPE_CHDLC, facts };
  }
  if (start >= limit.captured) return shortOf('ppp', at, start + 1 - at, limit);
  const size = isCompressed(view.getUint8(start)) ? 1 : protocol.size;
  const end = start + Number(size);
  if (end > limit.captured) return shortOf('ppp', at, end - at, limit);
  return { ok: true, at: end, limit, table: 'ppp', key: protocolAt(view, start), facts };
}

const protocolAt = (view: DataView, at: number): number =>
  isCompressed(view.getUint8(at)) ? view.getUint8(at) : protocol.read(view, at);

function tell(view: DataView, { at, end, facts }: Layer, sink: FieldSink): void {
  sink.open('ppp', ppp.title, at, end);
  if (facts?.type === 'form' && end > at) tellHeader(view, at, end, facts.key, sink);
  sink.close();
}

/** Tells the header `[at, end)` of a frame of this link type. */
function tellHeader(view: DataView, at: number, end: number, key: number, sink: FieldSink): void {
  const { frame, protocol: start } = placesIn(view, at, key);
  if (hasDirection(key)) tellDerived(sink, DIRECTION, view.getUint8(at) === 0 ? 1 : 0, at, frame);
  if (end === frame) return;
  if (start > frame) {
    sink.value(address, address.read(view, frame), frame, frame + 1);
    sink.value(control, control.read(view, frame), frame + 1, start);
  }
  sink.value(protocol, protocolAt(view, start), start, end);
}

function summary(view: DataView, { at, end, stop, facts }: Layer): string {
  if (stop || facts?.type !== 'form') return 'PPP, cut off';
  const { frame, protocol: start } = placesIn(view, at, facts.key);
  if (end === frame) return 'PPP, Cisco HDLC';
  const number = protocolAt(view, start);
  return `PPP ${protocol.names(number) ?? `0x${number.toString(16).padStart(4, '0')}`}`;
}

export const ppp: Dissector = {
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  fields: [...fieldsOf(pppHeader), DIRECTION],
  dissect,
  tell,
  summary,
};
