import { FIRST_WHOLE } from '../../../dissectors/dtls/flow.js';
import { type DtlsRecord, fragmentsIn, isPlain, recordsIn } from '../../../dissectors/dtls/records.js';
import type { Layer } from '../../../dissectors/layer.js';
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE } from '../../../dissectors/tls/layout.js';
import {
  contentOf,
  HEAD,
  isEncrypted,
  isPlainAlert,
  lengthAt,
  MESSAGE_HEAD,
  messagesIn,
  typeAt,
} from '../../../dissectors/tls/records.js';
import { NO_STATE } from '../../../dissectors/tls/state.js';

/** Something that happens in a session: a handshake message in the clear, or a record of another kind. */
export type TlsEvent =
  | {
      readonly is: 'message';
      readonly type: number;
      /** Where its body lies, without its head. */
      readonly view: DataView;
      readonly at: number;
      readonly end: number;
      /** The number that DTLS gives it; −1 in TLS. */
      readonly sequence: number;
    }
  | { readonly is: 'alert'; readonly level: number; readonly description: number }
  | { readonly is: 'change' }
  /** Encrypted: a handshake message, an alert, or of a type that cannot be told. */
  | { readonly is: 'encrypted handshake' | 'encrypted alert' }
  /** @see size of what is encrypted, in bytes */
  | { readonly is: 'data'; readonly size: number };

type Take = (event: TlsEvent) => void;

/** Tells what the records of a TLS layer are, in their order. */
export function tlsEvents(view: DataView, { at, limit, facts }: Layer, take: Take): void {
  const end = limit.captured;
  if (at + HEAD > end) return;
  switch (typeAt(view, at)) {
    case CHANGE_CIPHER_SPEC:
      return take(CHANGE);
    case ALERT:
      if (!isPlainAlert(view, at)) take(ENCRYPTED_ALERT);
      else if (at + HEAD + 2 <= end) take(alertAt(view, at + HEAD));
      return;
    case APPLICATION_DATA:
      return take({ is: 'data', size: lengthAt(view, at) });
    case HANDSHAKE:
      if (isEncrypted(view, at, end, facts?.type === 'pdu' ? facts.state : NO_STATE)) return take(ENCRYPTED_HANDSHAKE);
      return tlsMessages(view, at, end, take);
  }
}

function tlsMessages(view: DataView, at: number, end: number, take: Take): void {
  const content = contentOf(view, at, end);
  for (const { type, at: start, end: stop } of messagesIn(content)) {
    take({ is: 'message', type, view: content.view, at: start + MESSAGE_HEAD, end: stop, sequence: -1 });
  }
}

/** Tells what the records of a DTLS layer are, in their order; a message in fragments where its last one came. */
export function dtlsEvents(view: DataView, layer: Layer, take: Take): void {
  let place = 0;
  for (const record of recordsIn(view, layer.at, layer.limit)) {
    const { type, end, body } = record;
    if (record.isUnified || type === APPLICATION_DATA) take({ is: 'data', size: end - body });
    else if (type === CHANGE_CIPHER_SPEC) take(CHANGE);
    else if (type === ALERT && isPlain(record) && body + 2 <= end) take(alertAt(view, body));
    else if (type === ALERT) take(ENCRYPTED_ALERT);
    else if (type === HANDSHAKE && !isPlain(record)) take(ENCRYPTED_HANDSHAKE);
    else if (type === HANDSHAKE) place = dtlsMessages(view, layer, record, place, take);
  }
}

/** @param place how many fragments came before; @returns how many there are after */
function dtlsMessages(view: DataView, { facts }: Layer, record: DtlsRecord, place: number, take: Take): number {
  let count = place;
  for (const { type, isAll, body, end, sequence } of fragmentsIn(view, record)) {
    const found = facts?.type === 'flow' ? facts.numbers.indexOf(count, FIRST_WHOLE) : -1;
    const whole = facts?.type === 'flow' && found >= 0 ? facts.wholes[found - FIRST_WHOLE] : undefined;
    if (whole) take({ is: 'message', type, view: whole.view, at: 0, end: whole.view.byteLength, sequence });
    else if (isAll) take({ is: 'message', type, view, at: body, end, sequence });
    count++;
  }
  return count;
}

const CHANGE: TlsEvent = { is: 'change' };
const ENCRYPTED_ALERT: TlsEvent = { is: 'encrypted alert' };
const ENCRYPTED_HANDSHAKE: TlsEvent = { is: 'encrypted handshake' };
const alertAt = (view: DataView, at: number): TlsEvent => ({
  is: 'alert',
  level: view.getUint8(at),
  description: view.getUint8(at + 1),
});
