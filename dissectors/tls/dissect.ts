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
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { bareSummary, dissectBare, isBare, tellBare } from './bare.js';
import { readClientHello, readServerHello } from './hello.js';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  clientHello,
  HANDSHAKE,
  SERVER_HELLO,
  serverHello,
  tlsAlert,
  tlsData,
  tlsHandshake,
  tlsOpaqueRecord,
  tlsRecord,
} from './layout.js';
import { CONTENT_TYPES, HANDSHAKE_TYPES } from './names.js';
import { PiecedSink } from './pieced-sink.js';
import { Reader } from './reader.js';
import {
  type Content,
  contentOf,
  HEAD,
  isEncrypted,
  isPlainAlert,
  learn,
  lengthAt,
  MESSAGE_HEAD,
  type Message,
  mayBeRecord,
  messagesIn,
  recordsLength,
  startsHello,
  typeAt,
} from './records.js';
import { agreedVersion, NO_STATE } from './state.js';
import { alertText, messageText } from './summary.js';
import { tellHandshakeBody } from './tell-handshake.js';
import { isNewVersion, versionLabel } from './version.js';
import { WORDS } from './words.js';

const words = WORDS.tls;

/**
 * Takes the records at `at`: one, or those of a handshake message that needs several.
 * Source: RFC 8446, section 5.1 "Record Layer".
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop | typeof NOT_MINE {
  if (!mayBeRecord(view, at, limit.captured)) return NOT_MINE;
  if (at + HEAD > limit.captured) return shortOf('tls', at, HEAD, limit);
  const state = context.state ?? NO_STATE;
  const length = recordsLength(view, at, limit, state) ?? HEAD;
  const wire = Math.min(limit.wire, at + Math.abs(length));
  const end = Math.min(wire, limit.captured);
  const facts = { type: 'pdu', state } as const;
  const findings = findingsOf(view, at, { captured: end, wire }, at + Math.abs(length), context);
  return payloadAt(context, end, { captured: end, wire }, 'none', 0, facts, findings);
}

function findingsOf(
  view: DataView,
  at: number,
  { captured: end, wire }: Limit,
  claimed: number,
  { state = NO_STATE, source, quoted }: Context,
): readonly Finding[] | undefined {
  if (quoted) return undefined;
  if (end < wire) return [finding('truncated', at, end, ['tls.record', claimed - at, end - at], source)];
  if (claimed > wire) return [finding('malformed', at, end, ['tls.record.length', claimed - at, end - at], source)];
  if (typeAt(view, at) !== HANDSHAKE || isEncrypted(view, at, end, state)) return undefined;
  const content = contentOf(view, at, end);
  const broken = messagesIn(content).find((message) => isBroken(content, message));
  if (!broken) return undefined;
  const given = ['tls.handshake.length', MESSAGE_HEAD + broken.length, broken.end - broken.at];
  return [finding('malformed', at, end, given, source)];
}

/** Whether a message is not whole, or a hello whose lengths contradict each other. */
function isBroken({ view }: Content, { type, at, end, length }: Message): boolean {
  const body = at + MESSAGE_HEAD;
  if (body + length > end) return true;
  if (type === CLIENT_HELLO) return readClientHello(view, body, end)?.isWhole !== true;
  return type === SERVER_HELLO && readServerHello(view, body, end)?.isWhole !== true;
}

/** What was known of the session, with what these records add. */
const versionOf = (view: DataView, { at, limit, facts }: Layer): number => {
  const state = facts?.type === 'pdu' ? facts.state : NO_STATE;
  if (at + HEAD > limit.captured) return agreedVersion(state);
  return agreedVersion({ own: learn(view, at, limit.captured, state), other: state.other });
};

const stateOf = ({ facts }: Layer) => (facts?.type === 'pdu' ? facts.state : NO_STATE);

function labelOf(view: DataView, layer: Layer): string {
  const { at, limit } = layer;
  if (isBare(layer)) return 'TLSv1.3';
  if (at + HEAD > limit.captured) return 'TLS';
  return versionLabel(versionOf(view, layer) || view.getUint16(at + 1), 'TLS');
}

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  if (isBare(layer)) return tellBare(view, layer, sink);
  const { at, limit, stop } = layer;
  const end = limit.captured;
  sink.open('tls', sink.shows ? tls.title : '', at, end);
  const label = labelOf(view, layer);
  const version = versionOf(view, layer);
  for (let record = at; record < end; ) {
    const isHead = record + HEAD <= end;
    const next = isHead ? Math.min(end, record + HEAD + lengthAt(view, record)) : end;
    const name = CONTENT_TYPES[typeAt(view, record)] ?? 'cut off';
    sink.openValue(words.record, true, record, next, sink.shows ? `${label} record layer: ${name}` : '');
    const isOpaque = isHead && typeAt(view, record) === APPLICATION_DATA && isNewVersion(version);
    tellLayout(sink, isOpaque ? tlsOpaqueRecord : tlsRecord, view, record, { captured: next, wire: next });
    // Messages that need several records are told in the last.
    if (isHead && !stop) tellContent(view, layer, record, next, sink);
    sink.close();
    record = next;
  }
  sink.close();
}

function tellContent(view: DataView, layer: Layer, record: number, end: number, sink: FieldSink): void {
  const start = record + HEAD;
  const limit = { captured: end, wire: end };
  switch (typeAt(view, record)) {
    case CHANGE_CIPHER_SPEC:
      return sink.value(words.change_cipher_spec, true, start, end, 'Change cipher spec message');
    case ALERT:
      sink.openValue(
        words.alert_message,
        true,
        start,
        end,
        isPlainAlert(view, record) ? 'Alert message' : 'Encrypted alert',
      );
      if (isPlainAlert(view, record)) tellLayout(sink, tlsAlert, view, start, limit);
      return sink.close();
    case HANDSHAKE:
      return tellMessages(view, layer, record, end, sink);
    default:
      if (sink.wants('tls.app_data')) sink.value(tlsData.fields.app_data, slice(view, start, end), start, end);
  }
}

function tellMessages(view: DataView, layer: Layer, record: number, end: number, sink: FieldSink): void {
  const { at, limit } = layer;
  if (isEncrypted(view, at, limit.captured, stateOf(layer))) {
    sink.value(words.handshake, true, record + HEAD, end, 'Handshake protocol: Encrypted Handshake Message');
    return;
  }
  if (end < limit.captured) return;
  const content = contentOf(view, at, limit.captured);
  const inner = content.pieces ? new PiecedSink(sink, content.pieces) : sink;
  const version = versionOf(view, layer);
  for (const { type, at: start, end: stop } of messagesIn(content)) {
    const name = HANDSHAKE_TYPES[type] ?? `type ${type}`;
    inner.openValue(words.handshake, true, start, stop, sink.shows ? `Handshake protocol: ${name}` : '');
    tellLayout(inner, tlsHandshake, content.view, start, { captured: stop, wire: stop });
    tellHandshakeBody(type, new Reader(inner, content.view, start + MESSAGE_HEAD, stop), 'tls', version);
    inner.close();
  }
}

function summary(view: DataView, layer: Layer): string {
  const { at, limit } = layer;
  if (isBare(layer)) return bareSummary(view, layer);
  const end = limit.captured;
  if (at + HEAD > end) return 'TLS, cut off';
  switch (typeAt(view, at)) {
    case CHANGE_CIPHER_SPEC:
      return 'Change Cipher Spec';
    case ALERT:
      return isPlainAlert(view, at) ? alertText(view, at + HEAD, end) : 'Encrypted Alert';
    case HANDSHAKE: {
      if (isEncrypted(view, at, end, stateOf(layer))) return 'Encrypted Handshake Message';
      const content = contentOf(view, at, end);
      const texts = messagesIn(content).map((message) => messageText(content.view, message));
      return texts.length > 0 ? texts.join(', ') : 'Handshake, cut off';
    }
    case APPLICATION_DATA:
      return 'Application Data';
    default:
      return CONTENT_TYPES[typeAt(view, at)] ?? 'Unknown record';
  }
}

/** The layouts that follow the head of a record, by the keys of the values that are given for them. */
function layoutsOf(given: Readonly<Record<string, unknown>>): readonly Layout[] {
  const has = (prefix: string) => Object.keys(given).some((key) => key.startsWith(prefix));
  if (has('alert_message')) return [tlsRecord, tlsAlert];
  if (has('app_data')) return [tlsRecord, tlsData];
  if (!has('handshake')) return [tlsRecord];
  const type = given['handshake.type'] ?? CLIENT_HELLO;
  if (type === CLIENT_HELLO) return [tlsRecord, tlsHandshake, clientHello];
  return type === SERVER_HELLO ? [tlsRecord, tlsHandshake, serverHello] : [tlsRecord, tlsHandshake];
}

const form: Form = {
  layouts: [tlsRecord, tlsHandshake, clientHello, serverHello, tlsAlert, tlsData],
  layoutsOf,
  filled: (size) => ({
    'record.content_type': HANDSHAKE,
    'record.version': 0x0303,
    'record.length': size - HEAD,
    'handshake.type': CLIENT_HELLO,
    'handshake.length': Math.max(0, size - HEAD - MESSAGE_HEAD),
    'handshake.version': 0x0303,
  }),
};

const dissector: Dissector = {
  name: 'tls',
  title: 'Transport Layer Security',
  labelOf,
  form,
  fields: uniqueFields(),
  dissect,
  tell,
  summary,
};
const tls = dissector;

/** The same protocol without records, as QUIC carries it. */
export const bareTls: Dissector = { ...dissector, dissect: dissectBare };

/** Those of the layouts, and those of the words, once each. */
function uniqueFields() {
  const placed = fieldsOf(tlsRecord, tlsOpaqueRecord, tlsHandshake, clientHello, serverHello, tlsAlert, tlsData);
  const paths = new Set(placed.map(({ path }) => path));
  return [...placed, ...Object.values(words).filter(({ path }) => !paths.has(path))];
}

/** Ports of protocols over TLS. Source: IANA, "Service Name and Transport Protocol Port Number Registry"; 8443 by use. */
const PORTS: readonly number[] = [
  443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5223, 5671, 6697, 8443, 8883,
];

export const tlsApplication: Application = {
  dissector,
  tcpPorts: PORTS,
  stream: { length: recordsLength, learn, startsOnAnyPort: startsHello },
};
