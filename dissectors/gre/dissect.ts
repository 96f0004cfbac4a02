import { headerDissector, type Next } from '../header.js';
import { findingOf, statusField, tellStatus, UNVERIFIED, verdict } from '../internet-checksum.js';
import type { Context } from '../layer.js';
import { sum16 } from '../wire/checksum.js';
import { fieldsOf, type Layout, reachOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import {
  acknowledgementPart,
  callPart,
  checksumPart,
  enhancedHeader,
  greHeader,
  keyPart,
  ROUTING,
  routeEntry,
  sequencePart,
} from './layout.js';
import { KEY_ERSPAN_I, PROTOCOL_ERSPAN } from './protocols.js';

/** Its port in UDP. Source: RFC 8086, section 3. */
export const PORT_GRE = 4754;

const { fields } = greHeader;
const STATUS = statusField('gre');

const isEnhanced = (view: DataView, at: number): boolean => fields['flags.version'].read(view, at) === 1;
const hasRouting = (view: DataView, at: number): boolean => fields['flags.routing'].read(view, at);
const hasChecksum = (view: DataView, at: number): boolean => fields['flags.checksum'].read(view, at);

function partsOf(view: DataView, at: number): readonly Layout[] {
  const parts: Layout[] = [];
  if (hasChecksum(view, at) || hasRouting(view, at)) parts.push(checksumPart);
  if (fields['flags.key'].read(view, at)) parts.push(isEnhanced(view, at) ? callPart : keyPart);
  if (fields['flags.sequence_number'].read(view, at)) parts.push(sequencePart);
  if (isEnhanced(view, at) && enhancedHeader.fields['flags.ack'].read(view, at)) parts.push(acknowledgementPart);
  return parts;
}

/** The key of a header, whose parts before it are of known sizes; a sequence number says nothing of the network. */
function keyOf(view: DataView, at: number): string {
  const parts = partsOf(view, at);
  const place = parts.findIndex((part) => part === keyPart || part === callPart);
  if (place < 0) return '';
  const start = parts.slice(0, place).reduce((end, { size }) => end + size, at + greHeader.size);
  return parts[place] === keyPart
    ? `${keyPart.fields.key.read(view, start)}`
    : `call ${callPart.fields['key.call_id'].read(view, start)}`;
}

/** Where the source route entries end that start at `start`. */
function routeEnd(view: DataView, at: number, start: number, limit: Limit): number | Stop {
  if (!hasRouting(view, at)) return start;
  const { 'routing.address_family': family, 'routing.src_length': length } = routeEntry.fields;
  for (let entry = start; ; ) {
    if (entry + routeEntry.size > limit.captured) return shortOf('gre.routing', entry, routeEntry.size, limit);
    const size = length.read(view, entry);
    const end = entry + routeEntry.size + size;
    if (end > limit.captured) return shortOf('gre.routing', entry, end - entry, limit);
    if (size === 0 && family.read(view, entry) === 0) return end;
    entry = end;
  }
}

function tellRoute(view: DataView, at: number, start: number, limit: Limit, sink: FieldSink): void {
  if (!hasRouting(view, at)) return;
  for (let entry = start; entry < limit.captured; ) {
    const end = reachOf(routeEntry, view, entry, limit);
    sink.openValue(ROUTING, true, entry, end === entry ? limit.captured : end, ROUTING.label);
    tellLayout(sink, routeEntry, view, entry, limit);
    sink.close();
    if (end === entry) break;
    entry = end;
  }
}

function next(view: DataView, at: number, end: number, limit: Limit, context: Context): Next {
  const facts = partsOf(view, at)[0] === checksumPart ? judge(view, at, limit) : undefined;
  const findings =
    facts && findingOf(facts, 'gre-checksum-bad', at + greHeader.size + checksumPart.fields.checksum.offset, context);
  const told = { facts, findings };
  // An acknowledgement of PPTP, or a keepalive, carries nothing.
  if (end >= limit.wire) return { table: 'none', key: 0, ...told };
  const key = fields.proto.read(view, at);
  const isBare = key === PROTOCOL_ERSPAN && !fields['flags.sequence_number'].read(view, at);
  return { table: 'gre.proto', key: isBare ? KEY_ERSPAN_I : key, ...told };
}

/** The checksum covers the header and all that it carries. Source: RFC 2784, section 2.3. */
function judge(view: DataView, at: number, limit: Limit) {
  // Its place may be there for the sake of routing only.
  if (limit.captured < limit.wire || !hasChecksum(view, at)) return UNVERIFIED;
  return verdict(sum16(view, at, limit.wire), checksumPart.fields.checksum.read(view, at + greHeader.size));
}

export const gre = headerDissector({
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  short: 'GRE',
  layout: greHeader,
  forms: { all: [enhancedHeader], of: (view, at) => (isEnhanced(view, at) ? enhancedHeader : greHeader) },
  parts: { all: [checksumPart, keyPart, callPart, sequencePart, acknowledgementPart], of: partsOf },
  tail: { fields: [ROUTING, ...fieldsOf(routeEntry)], end: routeEnd, tell: tellRoute },
  derived: [
    {
      field: STATUS,
      after: checksumPart.fields.checksum,
      tell: (sink, { facts }, start) => {
        if (facts?.type === 'checksum') tellStatus(sink, STATUS, facts, start, start + 2);
      },
    },
  ],
  note: (view, at) => {
    const type = fields.proto.read(view, at);
    return fields.proto.names(type) ?? `protocol 0x${type.toString(16).padStart(4, '0')}`;
  },
  next,
  networkOf: (view, { at }) => keyOf(view, at),
});
