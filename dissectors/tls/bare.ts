import type { Dissector, Layer } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { shortOf } from '../wire/stop.js';
import { tlsHandshake } from './layout.js';
import { HANDSHAKE_TYPES } from './names.js';
import { Reader } from './reader.js';
import { MESSAGE_HEAD, messagesIn } from './records.js';
import { messageText } from './summary.js';
import { tellHandshakeBody } from './tell-handshake.js';
import { WORDS } from './words.js';

/** What tells a layer of handshake messages without records, as QUIC carries them. */
const BARE = 1;
/** The only version that QUIC carries. Source: RFC 9001, section 4.2. */
const TLS_13 = 0x0304;

/** Whether a layer holds handshake messages without the records around them. */
export const isBare = ({ facts }: Pick<Layer, 'facts'>): boolean => facts?.type === 'form' && facts.key === BARE;

/** Handshake messages without records. Source: RFC 9001, section 4.1.3. */
export const dissectBare: Dissector['dissect'] = (_view, at, limit, context) =>
  at + MESSAGE_HEAD > limit.captured
    ? shortOf('tls', at, MESSAGE_HEAD, limit)
    : payloadAt(context, limit.captured, limit, 'none', 0, { type: 'form', key: BARE });

export function tellBare(view: DataView, { at, limit }: Layer, sink: FieldSink): void {
  const end = limit.captured;
  sink.open('tls', sink.shows ? 'Transport Layer Security' : '', at, end);
  for (const { type, at: start, end: stop } of messagesIn({ view, at, end })) {
    const name = HANDSHAKE_TYPES[type] ?? `type ${type}`;
    sink.openValue(WORDS.tls.handshake, true, start, stop, sink.shows ? `Handshake protocol: ${name}` : '');
    tellLayout(sink, tlsHandshake, view, start, { captured: stop, wire: stop });
    tellHandshakeBody(type, new Reader(sink, view, start + MESSAGE_HEAD, stop), 'tls', TLS_13);
    sink.close();
  }
  sink.close();
}

export const bareSummary = (view: DataView, { at, limit }: Layer): string =>
  messagesIn({ view, at, end: limit.captured })
    .map((message) => messageText(view, message))
    .join(', ');
