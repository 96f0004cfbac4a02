import { ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import { findingOf, statusField, tellStatus, UNVERIFIED, verdict } from '../internet-checksum.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { sum16 } from '../wire/checksum.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, placeAfter, tellDerived, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { EXTENSION_FIELDS, tellExtensions } from './extensions.js';
import {
  addressMaskBody,
  advertisementBody,
  CODE_NAMES,
  DERIVED,
  echoBody,
  errorBody,
  extendedReplyBody,
  extendedRequestBody,
  fragmentationBody,
  icmpHeader,
  longErrorBody,
  longParameterBody,
  mtuBody,
  parameterBody,
  redirectBody,
  restBody,
  routerAddress,
  timestampBody,
} from './layout.js';

const { fields, size } = icmpHeader;

const UNREACHABLE = 3;
const QUENCH = 4;
const REDIRECT = 5;
const ADVERTISEMENT = 9;
const SOLICITATION = 10;
const TIME_EXCEEDED = 11;
const PARAMETER = 12;
const EXTENDED_REQUEST = 42;

/** The code of an unreachable destination that tells an MTU. */
const FRAGMENTATION_NEEDED = 4;

/** Where an error message starts to quote, and where the quoted packet's length is told. */
const QUOTE = size + errorBody.size;
const QUOTE_LENGTH = size + longErrorBody.fields.length.offset;
const WORD = 4;

/** Bodies that are the same for all messages of a type. */
const BODIES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0, echoBody],
  [QUENCH, errorBody],
  [REDIRECT, redirectBody],
  [8, echoBody],
  [ADVERTISEMENT, advertisementBody],
  [SOLICITATION, errorBody],
  [13, timestampBody],
  [14, timestampBody],
  [15, echoBody],
  [16, echoBody],
  [17, addressMaskBody],
  [18, addressMaskBody],
  [EXTENDED_REQUEST, extendedRequestBody],
  [43, extendedReplyBody],
]);

const quotes = (type: number): boolean =>
  type === UNREACHABLE || type === QUENCH || type === REDIRECT || type === TIME_EXCEEDED || type === PARAMETER;
const tellsLength = (type: number): boolean => type === UNREACHABLE || type === TIME_EXCEEDED || type === PARAMETER;

/** Finds what the ICMP message at `at` carries: data, or the start of a packet that it complains of. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  if (at + size > limit.captured) return shortOf('icmp', at, size, limit);
  const type = fields.type.read(view, at);
  const need = quotes(type) ? QUOTE : size + (BODIES.get(type)?.size ?? 0);
  if (at + need > limit.captured) return shortOf('icmp', at, need, limit);

  const facts = judgeMessage(view, at, limit);
  const findings = findingOf(facts, 'icmp-checksum-bad', at + fields.checksum.offset, context);
  const end = at + need;
  if (quotes(type)) {
    const told = tellsLength(type) ? view.getUint8(at + QUOTE_LENGTH) * WORD : 0;
    const inside = told === 0 ? limit : within(end, told, limit);
    return { ok: true, at: end, limit: inside, table: 'ethertype', key: ETHERTYPE_IPV4, quoted: true, facts, findings };
  }
  const after = afterBody(view, at, end, type, limit);
  if (after > limit.captured) return shortOf('icmp', at, after - at, limit);
  return { ok: true, at: after, limit, table: 'payload', key: type, facts, findings };
}

/** Where data starts: after the addresses of routers, and after what names the interface that a message asks for. */
function afterBody(view: DataView, at: number, end: number, type: number, limit: Limit): number {
  if (type === EXTENDED_REQUEST) return limit.wire;
  return type === ADVERTISEMENT ? end + addressBytes(view, at) : end;
}

const addressBytes = (view: DataView, at: number): number => {
  const { num_addrs, addr_entry_size } = advertisementBody.fields;
  return num_addrs.read(view, at + size) * addr_entry_size.read(view, at + size) * WORD;
};

const judgeMessage = (view: DataView, at: number, limit: Limit) =>
  limit.captured < limit.wire ? UNVERIFIED : verdict(sum16(view, at, limit.wire), fields.checksum.read(view, at));

const STATUS = statusField('icmp');

const CHECKSUM = placeAfter(icmpHeader, 'checksum');

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, end, limit, facts, stop } = layer;
  sink.open('icmp', sink.shows ? `${icmp.title}${typeText(view, at, limit)}` : '', at, end);
  tellLayout(sink, icmpHeader, view, at, limit, 0, CHECKSUM);
  const start = at + fields.checksum.offset;
  if (facts?.type === 'checksum') tellStatus(sink, STATUS, facts, start, start + 2);
  tellLayout(sink, icmpHeader, view, at, limit, CHECKSUM);
  if (at + size <= limit.captured) tellBody(view, at, limit, sink);
  if (!stop) tellAfter(view, at, limit, sink);
  sink.close();
}

function tellBody(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  let start = at + size;
  for (const body of bodiesAt(view, at, limit)) {
    const length = body.fields.length ? placeAfter(body, 'length') : 0;
    const place = at + QUOTE_LENGTH;
    sink.apart();
    if (tellLayout(sink, body, view, start, limit, 0, length) && length > 0) {
      sink.apart();
      tellDerived(sink, DERIVED.originalLength, view.getUint8(place) * WORD, place, place + 1);
    }
    tellLayout(sink, body, view, start, limit, length);
    start += body.size;
  }
}

/** The layouts of what follows the first word, back to back. */
function bodiesAt(view: DataView, at: number, limit: Limit): readonly Layout[] {
  const type = fields.type.read(view, at);
  const told = at + QUOTE_LENGTH < limit.captured && view.getUint8(at + QUOTE_LENGTH) > 0;
  switch (type) {
    case UNREACHABLE:
      if (fields.code.read(view, at) === FRAGMENTATION_NEEDED)
        return told ? [longErrorBody, mtuBody] : [fragmentationBody];
      return told ? [longErrorBody, restBody] : [errorBody];
    case TIME_EXCEEDED:
      return told ? [longErrorBody, restBody] : [errorBody];
    case PARAMETER:
      return told ? [longParameterBody, restBody] : [parameterBody];
    // Nothing in these bytes means anything.
    case QUENCH:
    case SOLICITATION:
      return [];
    default: {
      const body = BODIES.get(type);
      return body ? [body] : [];
    }
  }
}

/** Tells what stands after the body and is not payload: addresses, or extensions after a quoted packet. */
function tellAfter(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const type = fields.type.read(view, at);
  if (type === EXTENDED_REQUEST) return tellExtensions(view, at + QUOTE, limit, sink);
  if (type === ADVERTISEMENT) return tellAddresses(view, at, limit, sink);
  if (!tellsLength(type)) return;
  const told = view.getUint8(at + QUOTE_LENGTH) * WORD;
  if (told > 0) tellExtensions(view, at + QUOTE + told, limit, sink);
}

function tellAddresses(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const entry = advertisementBody.fields.addr_entry_size.read(view, at + size) * WORD;
  if (entry < routerAddress.size) return;
  const end = Math.min(at + QUOTE + addressBytes(view, at), limit.captured);
  for (let start = at + QUOTE; start + entry <= end; start += entry) {
    sink.apart();
    tellLayout(sink, routerAddress, view, start, limit);
  }
}

/** The type and code in words. */
function typeText(view: DataView, at: number, limit: Limit): string {
  if (at + 2 > limit.captured) return '';
  const type = fields.type.read(view, at);
  const code = fields.code.read(view, at);
  const codeText = CODE_NAMES[type]?.[code] ?? (code === 0 ? '' : `code ${code}`);
  return `, ${fields.type.names(type) ?? `type ${type}`}${codeText && ` (${codeText})`}`;
}

function summary(view: DataView, { at, limit, stop }: Layer): string {
  const text = typeText(view, at, limit).slice(2);
  if (stop || text === '') return text === '' ? 'ICMP, cut off' : `${text}, cut off`;
  if (BODIES.get(fields.type.read(view, at)) !== echoBody) return text;
  const { ident, seq } = echoBody.fields;
  return `${text} id=${ident.read(view, at + size)} seq=${seq.read(view, at + size)}`;
}

export const icmp: Dissector = {
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  fields: [
    ...fieldsOf(
      icmpHeader,
      longErrorBody,
      mtuBody,
      longParameterBody,
      routerAddress,
      extendedRequestBody,
      extendedReplyBody,
      ...BODIES.values(),
    ),
    STATUS,
    ...EXTENSION_FIELDS,
  ],
  dissect,
  tell,
  summary,
};
