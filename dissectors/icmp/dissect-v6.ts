import { ETHERTYPE_IPV6 } from '../ethernet/ether-types.js';
import { findingOf, judge, statusField, tellStatus } from '../internet-checksum.js';
import { PROTOCOL_ICMPV6 } from '../ipv4/protocols.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, placeAfter, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { tellExtensions } from './extensions.js';
import { DERIVED, OPTIONS } from './layout-options.js';
import {
  auxiliaryData,
  BODIES,
  CODE_NAMES,
  echoBody,
  errorBody,
  icmpv6Header,
  listenerBody,
  listenerQueryBody,
  listenerSource,
  longErrorBody,
  recordSource,
  reportBody,
  reportRecord,
} from './layout-v6.js';
import { redirectedPacket, tellOptions } from './neighbour-options.js';

const { fields, size } = icmpv6Header;

const UNREACHABLE = 1;
const TIME_EXCEEDED = 3;
/** Types below are errors, all of which quote the packet that they complain of. */
const LEAST_INFORMATION = 128;
/** The last type of an error that quotes a packet. Source: RFC 4443, section 2.1. */
const MOST_ERROR = 4;
const LISTENER_QUERY = 130;
const REDIRECT = 137;
const REPORT = 143;
const EXTENDED_REQUEST = 160;

/** Where an error message starts to quote. */
const QUOTE = size + errorBody.size;
/** The length of a quoted packet counts words of 8 bytes, that of auxiliary data words of 4. */
const WORD = 8;
const AUXILIARY_WORD = 4;
const ADDRESS = listenerSource.size;

const isError = (type: number): boolean => type > 0 && type <= MOST_ERROR;
const tellsLength = (type: number): boolean => type === UNREACHABLE || type === TIME_EXCEEDED;
/** Messages of neighbour discovery, which end in options. */
const hasOptions = (type: number): boolean => (type >= 133 && type <= REDIRECT) || type === 141 || type === 142;
/** Messages whose every byte is theirs, with nothing to hand on. */
const isWhole = (type: number): boolean =>
  hasOptions(type) || type === LISTENER_QUERY || type === REPORT || type === EXTENDED_REQUEST;

/** Finds what the ICMPv6 message at `at` carries: data, or the start of a packet that it complains of. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  if (at + size > limit.captured) return shortOf('icmpv6', at, size, limit);
  const type = fields.type.read(view, at);
  const body = bodyAt(view, at, limit);
  const end = at + size + (body?.size ?? 0);
  if (end > limit.captured) return shortOf('icmpv6', at, end - at, limit);

  const facts = judge(view, at, limit, context, PROTOCOL_ICMPV6, fields.checksum.read(view, at));
  const findings = findingOf(facts, 'icmp-checksum-bad', at + fields.checksum.offset, context);
  const told = { facts, findings };
  if (isError(type)) {
    const length = body === longErrorBody ? longErrorBody.fields.length.read(view, at + size) * WORD : 0;
    return { ...quote(end, length === 0 ? limit : within(end, length, limit)), ...told };
  }
  if (type === REDIRECT) {
    const quoted = redirectedPacket(view, end, limit.captured);
    if (quoted) return { ...quote(quoted.at, within(quoted.at, quoted.end - quoted.at, limit)), ...told };
  }
  if (!isWhole(type)) return { ok: true, at: end, limit, table: 'payload', key: type, ...told };
  if (limit.captured < limit.wire) return shortOf('icmpv6', at, limit.wire - at, limit);
  return { ok: true, at: limit.captured, limit, table: 'none', key: 0, ...told };
}

const quote = (at: number, limit: Limit) =>
  ({ ok: true, at, limit, table: 'ethertype', key: ETHERTYPE_IPV6, quoted: true }) as const;

/** The layout of what follows the first word, if there is one. */
function bodyAt(view: DataView, at: number, limit: Limit): Layout | undefined {
  const type = fields.type.read(view, at);
  if (type === LISTENER_QUERY) {
    return at + size + listenerQueryBody.size <= limit.wire ? listenerQueryBody : listenerBody;
  }
  if (!tellsLength(type)) return BODIES.get(type);
  return at + size < limit.captured && view.getUint8(at + size) > 0 ? longErrorBody : errorBody;
}

const STATUS = statusField('icmpv6');

const CHECKSUM = placeAfter(icmpv6Header, 'checksum');

function tell(view: DataView, { at, end, limit, facts, stop }: Layer, sink: FieldSink): void {
  sink.open('icmpv6', sink.shows ? `${icmpv6.title}${typeText(view, at, limit)}` : '', at, end);
  tellLayout(sink, icmpv6Header, view, at, limit, 0, CHECKSUM);
  const start = at + fields.checksum.offset;
  if (facts?.type === 'checksum') tellStatus(sink, STATUS, facts, start, start + 2);
  tellLayout(sink, icmpv6Header, view, at, limit, CHECKSUM);
  if (at + size <= limit.captured) {
    const body = bodyAt(view, at, limit);
    sink.apart();
    if (body) tellLayout(sink, body, view, at + size, limit);
    sink.apart();
    const rest = at + size + (body?.size ?? 0);
    if (!stop || rest <= limit.captured) tellRest(view, at, rest, limit, sink);
  }
  sink.close();
}

/** Tells what stands after the body and is not payload. */
function tellRest(view: DataView, at: number, rest: number, limit: Limit, sink: FieldSink): void {
  const type = fields.type.read(view, at);
  if (hasOptions(type)) return tellOptions(view, rest, limit.captured, sink);
  switch (type) {
    case LISTENER_QUERY:
      if (rest - at === size + listenerQueryBody.size) tellSources(view, rest, limit, listenerSource, sink);
      return;
    case REPORT:
      return tellRecords(view, at, rest, limit, sink);
    case EXTENDED_REQUEST:
      return tellExtensions(view, rest, limit, sink);
    default: {
      const told = tellsLength(type) ? view.getUint8(at + size) * WORD : 0;
      if (told > 0) tellExtensions(view, at + QUOTE + told, limit, sink);
    }
  }
}

function tellSources(view: DataView, at: number, limit: Limit, layout: Layout, sink: FieldSink): void {
  for (let start = at; start + ADDRESS <= limit.captured; start += ADDRESS) {
    tellLayout(sink, layout, view, start, limit);
  }
}

function tellRecords(view: DataView, at: number, rest: number, limit: Limit, sink: FieldSink): void {
  const count = reportBody.fields['mldr.nb_mcast_records'].read(view, at + size);
  let start = rest;
  for (let index = 0; index < count && start + reportRecord.size <= limit.captured; index++) {
    start = tellRecord(view, start, limit, sink);
  }
}

/** Tells the record at `at`; returns where it ends. */
function tellRecord(view: DataView, at: number, limit: Limit, sink: FieldSink): number {
  const { fields: record } = reportRecord;
  const data = at + reportRecord.size + record['mldr.mar.nb_sources'].read(view, at) * ADDRESS;
  const wanted = data + record['mldr.mar.aux_data_len'].read(view, at) * AUXILIARY_WORD;
  const [sources, end] = [Math.min(data, limit.captured), Math.min(wanted, limit.captured)];
  const type = record['mldr.mar.record_type'].read(view, at);
  const name = record['mldr.mar.record_type'].names(type) ?? `type ${type}`;
  sink.open('', sink.shows ? `Record: ${name}` : '', at, end);
  tellLayout(sink, reportRecord, view, at, limit);
  sink.apart();
  tellSources(view, at + reportRecord.size, within(at, sources - at, limit), recordSource, sink);
  sink.apart();
  if (sources < end) sink.value(auxiliaryData, slice(view, sources, end), sources, end);
  sink.close();
  return end;
}

/** The type and code in words. */
function typeText(view: DataView, at: number, limit: Limit): string {
  if (at + 2 > limit.captured) return '';
  const type = fields.type.read(view, at);
  const code = fields.code.read(view, at);
  const kind = type < LEAST_INFORMATION ? 'error' : 'type';
  const codeText = CODE_NAMES[type]?.[code] ?? (code === 0 ? '' : `code ${code}`);
  return `, ${fields.type.names(type) ?? `${kind} ${type}`}${codeText && ` (${codeText})`}`;
}

function summary(view: DataView, { at, limit, stop }: Layer): string {
  const text = typeText(view, at, limit).slice(2);
  if (stop || text === '') return text === '' ? 'ICMPv6, cut off' : `${text}, cut off`;
  if (BODIES.get(fields.type.read(view, at)) !== echoBody) return text;
  const identifier = echoBody.fields['echo.identifier'].read(view, at + size);
  return `${text} id=${identifier} seq=${echoBody.fields['echo.sequence_number'].read(view, at + size)}`;
}

export const icmpv6: Dissector = {
  name: 'icmpv6',
  title: 'Internet Control Message Protocol v6',
  fields: [
    ...new Map(
      [
        ...fieldsOf(
          icmpv6Header,
          longErrorBody,
          listenerQueryBody,
          listenerSource,
          reportRecord,
          recordSource,
          ...BODIES.values(),
          ...OPTIONS.values(),
        ),
        ...Object.values(DERIVED),
        auxiliaryData,
        STATUS,
      ].map((field) => [field.path, field]),
    ).values(),
  ],
  dissect,
  tell,
  summary,
};
