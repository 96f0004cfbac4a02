import {
  type Application,
  type Context,
  type Dissector,
  type Form,
  type Layer,
  NOT_MINE,
  type Payload,
} from '../layer.js';
import { payloadAt } from '../payload.js';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  dtlsAlert,
  dtlsClientHello,
  dtlsData,
  dtlsHandshake,
  dtlsRecord,
  dtlsServerHello,
  HANDSHAKE,
  HELLO_VERIFY_REQUEST,
  helloVerifyRequest,
  SERVER_HELLO,
} from '../tls/layout.js';
import { CONTENT_TYPES, HANDSHAKE_TYPES } from '../tls/names.js';
import { Reader } from '../tls/reader.js';
import { alertText, clientHelloText, serverHelloText } from '../tls/summary.js';
import { tellHandshakeBody } from '../tls/tell-handshake.js';
import { versionLabel } from '../tls/version.js';
import { WORDS } from '../tls/words.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { DtlsFlow, FIRST_WHOLE, VERSION_PLACE } from './flow.js';
import {
  type DtlsRecord,
  fragmentsIn,
  HAS_CONNECTION_ID,
  HAS_LENGTH,
  HAS_LONG_SEQUENCE,
  HEAD,
  isPlain,
  isRecord,
  isUnified,
  MESSAGE_HEAD,
  type MessageFragment,
  recordsIn,
} from './records.js';

const words = WORDS.dtls;

/**
 * Takes a datagram of records: the first proves the protocol, or the flow that it is in.
 * Source: RFC 6347, section 4.1; RFC 9147, section 4.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | typeof NOT_MINE {
  const isMine = isRecord(view, at, limit) || (context.expected && at < limit.captured && isUnified(view.getUint8(at)));
  if (!isMine) return NOT_MINE;
  const records = recordsIn(view, at, limit);
  const end = records.at(-1)?.end ?? limit.captured;
  const found = payloadAt(context, end, limit, 'none', 0, undefined, findingsOf(view, at, limit, records, context));
  return { ...found, inFlow: true };
}

function findingsOf(
  view: DataView,
  at: number,
  { captured, wire }: Limit,
  records: readonly DtlsRecord[],
  { source, quoted }: Context,
): readonly Finding[] | undefined {
  if (quoted) return undefined;
  if (captured < wire) return [finding('truncated', at, captured, ['dtls.record', wire - at, captured - at], source)];
  const found: Finding[] = [];
  for (const record of records) {
    if (record.type !== HANDSHAKE || !isPlain(record)) continue;
    const last = fragmentsIn(view, record).at(-1)?.wire ?? record.body;
    if (last === record.wire) continue;
    const given = ['dtls.handshake.fragment_length', MESSAGE_HEAD, record.wire - last];
    found.push(finding('malformed', record.at, record.end, given, source));
  }
  return found.length > 0 ? found : undefined;
}

const versionOf = ({ facts }: Layer): number => (facts?.type === 'flow' ? (facts.numbers[VERSION_PLACE] ?? 0) : 0);

function labelOf(view: DataView, layer: Layer): string {
  const { at, limit } = layer;
  // Without a flow the head says it: of quoted packets, and in tests.
  const alone = layer.facts?.type !== 'flow' && at + HEAD <= limit.captured ? view.getUint16(at + 1) : 0;
  return versionLabel(versionOf(layer) || alone, 'DTLS');
}

/** A handshake message that a fragment of this datagram has completed: which one, by the count of fragments. */
function wholeOf({ facts }: Layer, place: number) {
  if (facts?.type !== 'flow') return undefined;
  const found = facts.numbers.indexOf(place, FIRST_WHOLE);
  return found < 0 ? undefined : facts.wholes[found - FIRST_WHOLE];
}

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, limit } = layer;
  sink.open('dtls', sink.shows ? dtls.title : '', at, layer.end);
  const label = labelOf(view, layer);
  let place = 0;
  for (const record of recordsIn(view, at, limit)) {
    const name = isPlain(record) ? (CONTENT_TYPES[record.type] ?? '') : 'encrypted';
    sink.openValue(words.record, true, record.at, record.end, sink.shows ? `${label} record layer: ${name}` : '');
    if (record.isUnified) tellUnified(view, record, sink);
    else {
      tellLayout(sink, dtlsRecord, view, record.at, { captured: record.end, wire: record.wire });
      place = tellContent(view, layer, record, place, sink);
    }
    sink.close();
  }
  sink.close();
}

function tellUnified(view: DataView, { at, body, end, epoch }: DtlsRecord, sink: FieldSink): void {
  const flags = view.getUint8(at);
  sink.openValue(words.unified_header, flags, at, at + 1);
  sink.value(words['unified_header.cid'], (flags & HAS_CONNECTION_ID) !== 0, at, at + 1);
  sink.value(words['unified_header.seq'], (flags & HAS_LONG_SEQUENCE) !== 0, at, at + 1);
  sink.value(words['unified_header.length'], (flags & HAS_LENGTH) !== 0, at, at + 1);
  sink.value(words['unified_header.epoch_lower'], epoch, at, at + 1);
  sink.close();
  const isSized = (flags & HAS_LENGTH) !== 0 && (flags & HAS_CONNECTION_ID) === 0;
  const sequenceEnd = isSized ? body - 2 : body;
  sink.value(words['record.encrypted_sequence'], slice(view, at + 1, sequenceEnd), at + 1, sequenceEnd);
  if (isSized) sink.value(dtlsRecord.fields['record.length'], view.getUint16(sequenceEnd), sequenceEnd, body);
  tellData(view, body, end, sink);
}

function tellData(view: DataView, at: number, end: number, sink: FieldSink): void {
  if (sink.wants('dtls.app_data')) sink.value(dtlsData.fields.app_data, slice(view, at, end), at, end);
}

/** @param place how many fragments came before; @returns how many there are after */
function tellContent(view: DataView, layer: Layer, record: DtlsRecord, place: number, sink: FieldSink): number {
  const { type, body, end } = record;
  if (type === CHANGE_CIPHER_SPEC) sink.value(words.change_cipher_spec, true, body, end, 'Change cipher spec message');
  else if (type === ALERT) {
    const text = isPlain(record) ? 'Alert message' : 'Encrypted alert';
    sink.openValue(words.alert_message, true, body, end, text);
    if (isPlain(record)) tellLayout(sink, dtlsAlert, view, body, { captured: end, wire: end });
    sink.close();
  } else if (type === HANDSHAKE && isPlain(record)) {
    let count = place;
    for (const fragment of fragmentsIn(view, record)) tellFragment(view, layer, fragment, count++, sink);
    return count;
  } else if (type === HANDSHAKE) {
    sink.value(words.handshake, true, body, end, 'Handshake protocol: Encrypted Handshake Message');
  } else tellData(view, body, end, sink);
  return place;
}

function tellFragment(view: DataView, layer: Layer, fragment: MessageFragment, place: number, sink: FieldSink): void {
  const { type, at, body, end, wire } = fragment;
  const whole = wholeOf(layer, place);
  const how = fragment.isAll ? '' : whole ? ' (reassembled)' : ' (fragment)';
  const text = sink.shows ? `Handshake protocol: ${HANDSHAKE_TYPES[type] ?? `type ${type}`}${how}` : '';
  sink.openValue(words.handshake, true, at, end, text);
  tellLayout(sink, dtlsHandshake, view, at, { captured: end, wire });
  const version = versionOf(layer);
  if (fragment.isAll) tellHandshakeBody(type, new Reader(sink, view, body, end), 'dtls', version);
  if (whole) {
    const before = sink.source;
    sink.source = whole.source;
    tellHandshakeBody(type, new Reader(sink, whole.view, 0, whole.view.byteLength), 'dtls', version);
    sink.source = before;
  }
  sink.close();
}

/** The most messages that a summary names. */
const MOST_NAMES = 16;

function summary(view: DataView, layer: Layer): string {
  const texts: string[] = [];
  let place = 0;
  for (const record of recordsIn(view, layer.at, layer.limit)) {
    if (texts.length >= MOST_NAMES) {
      texts.push('…');
      break;
    }
    const fragments = fragmentsIn(view, record);
    if (fragments.length === 0) texts.push(recordText(view, record));
    for (const fragment of fragments) texts.push(fragmentText(view, layer, fragment, place++));
  }
  return texts.length > 0 ? texts.join(', ') : 'DTLS, cut off';
}

function recordText(view: DataView, record: DtlsRecord): string {
  const { type, body, end } = record;
  if (type === ALERT) return isPlain(record) ? alertText(view, body, end) : 'Encrypted Alert';
  if (type === HANDSHAKE) return isPlain(record) ? 'Handshake, cut off' : 'Encrypted Handshake Message';
  if (type === APPLICATION_DATA || record.isUnified) return 'Application Data';
  return CONTENT_TYPES[type] ?? 'Unknown record';
}

function fragmentText(view: DataView, layer: Layer, fragment: MessageFragment, place: number): string {
  const { type, isAll, body, end } = fragment;
  const whole = wholeOf(layer, place);
  if (!isAll && !whole) return `${HANDSHAKE_TYPES[type] ?? `type ${type}`} (Fragment)`;
  const text = whole ? helloText(type, whole.view, 0, whole.view.byteLength) : helloText(type, view, body, end);
  return whole ? `${text} (Reassembled)` : text;
}

function helloText(type: number, view: DataView, at: number, end: number): string {
  if (type === CLIENT_HELLO) return clientHelloText(view, at, end, true);
  if (type === SERVER_HELLO) return serverHelloText(view, at, end);
  return HANDSHAKE_TYPES[type] ?? `Handshake message ${type}`;
}

const BODIES: ReadonlyMap<unknown, Layout> = new Map<unknown, Layout>([
  [CLIENT_HELLO, dtlsClientHello],
  [SERVER_HELLO, dtlsServerHello],
  [HELLO_VERIFY_REQUEST, helloVerifyRequest],
]);

/** The layouts that follow the head of a record, by the keys of the values that are given for them. */
function layoutsOf(given: Readonly<Record<string, unknown>>): readonly Layout[] {
  const has = (prefix: string) => Object.keys(given).some((key) => key.startsWith(prefix));
  if (has('alert_message')) return [dtlsRecord, dtlsAlert];
  if (has('app_data')) return [dtlsRecord, dtlsData];
  if (!has('handshake')) return [dtlsRecord];
  const body = BODIES.get(given['handshake.type'] ?? CLIENT_HELLO);
  return body ? [dtlsRecord, dtlsHandshake, body] : [dtlsRecord, dtlsHandshake];
}

const LAYOUTS = [dtlsRecord, dtlsHandshake, dtlsClientHello, dtlsServerHello, helloVerifyRequest, dtlsAlert, dtlsData];

const form: Form = {
  layouts: LAYOUTS,
  layoutsOf,
  filled: (size) => {
    const message = Math.max(0, size - HEAD - MESSAGE_HEAD);
    return {
      'record.content_type': HANDSHAKE,
      'record.version': 0xfefd,
      'record.length': size - HEAD,
      'handshake.type': CLIENT_HELLO,
      'handshake.length': message,
      'handshake.fragment_length': message,
      'handshake.version': 0xfefd,
    };
  },
};

const dissector: Dissector = {
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  labelOf,
  form,
  fields: uniqueFields(),
  dissect,
  tell,
  summary,
};
const dtls = dissector;

/** Those of the layouts, and those of the words, once each. */
function uniqueFields() {
  const placed = fieldsOf(...LAYOUTS);
  const paths = new Set(placed.map(({ path }) => path));
  return [...placed, ...Object.values(words).filter(({ path }) => !paths.has(path))];
}

/** CoAP and Diameter over DTLS, among others. Source: IANA, "Service Name and Transport Protocol Port Number Registry". */
const PORTS: readonly number[] = [853, 2083, 4433, 5349, 5684, 5868];

export const dtlsApplication: Application = {
  dissector,
  udpPorts: PORTS,
  onAnyUdpPort: true,
  followFlow: () => new DtlsFlow(),
};
