import { SIDE_PLACE, SIDES } from '../../../dissectors/dtls/flow.js';
import type { Layer } from '../../../dissectors/layer.js';
import { tcpHeader } from '../../../dissectors/tcp/layout.js';
import { APPLICATION_DATA } from '../../../dissectors/tls/layout.js';
import { HEAD, lengthAt, typeAt } from '../../../dissectors/tls/records.js';
import { isFromClient } from '../../../dissectors/tls/state.js';
import { endsAround } from '../ends.js';
import { type Handshake, isPending } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { dtlsEvents, type TlsEvent, tlsEvents } from './events.js';
import { FirstHellos, memoryOf } from './memory.js';
import { count, takeAlert, takeChange, takeData, takeEncrypted, takeEncryptedAlert } from './records.js';
import { type Place, takeMessage } from './session.js';
import { afterRetry, unansweredReason } from './words.js';

/** How long a side tries again in DTLS: 1 s, doubling, six times. Source: RFC 6347, section 4.2.4.1. */
const SECONDS = 63;

/** Follows the handshakes of TLS, one a connection, or of DTLS: each ClientHello with other random bytes begins one. */
export class TlsHandshakes implements KindTracker {
  readonly kind;
  readonly layers;
  readonly seconds = SECONDS;
  private readonly hellos = new FirstHellos();

  constructor(kind: 'tls' | 'dtls') {
    this.kind = kind;
    this.layers = kind === 'tls' ? ['tcp', 'tls'] : ['dtls'];
  }

  readonly expire = (row: Handshake): string => unansweredReason(row, memoryOf(row)).replace(' so far', '');

  readonly release = (row: Handshake): void => {
    if (row.memory) this.hellos.forget(memoryOf(row));
  };

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    if (layer.name === 'tcp') return this.takeSegment(step, layer, view, place);
    const key = this.keyOf(step, layer, place);
    if (key === undefined) return;
    const { kind, hellos } = this;
    if (kind === 'tls' && layer.at + HEAD <= layer.limit.captured && typeAt(view, layer.at) === APPLICATION_DATA) {
      const row = step.table.find(kind, key);
      if (!row) return;
      // Most records are of sessions that are established, and are only counted.
      if (row.memory === undefined) return count(step, row, lengthAt(view, layer.at), sideOf(layer) ?? false);
    }
    const at: Place = { step, layer, place, kind, key, hellos, fromClient: sideOf(layer) };
    const take = (event: TlsEvent) => takeEvent(at, event);
    if (kind === 'tls') tlsEvents(view, layer, take);
    else dtlsEvents(view, layer, take);
    if (layer.limit.captured < layer.limit.wire) noteCut(step.table.find(kind, key));
  }

  /** A connection and a flow have numbers. */
  private keyOf({ dissection }: Step, { facts }: Layer, place: number): number | undefined {
    if (this.kind === 'dtls') return facts?.type === 'flow' ? facts.flow : undefined;
    for (let at = place; at >= 0; at--) {
      const around = dissection.layers[at]?.facts;
      if (around?.type === 'stream') return around.stream.number;
    }
    return undefined;
  }

  /** The end of a connection whose handshake has not come to its own. */
  private takeSegment(step: Step, { facts, at, limit }: Layer, view: DataView, place: number): void {
    if (facts?.type !== 'stream' || at + tcpHeader.size > limit.captured) return;
    const flags = tcpHeader.fields.flags.read(view, at);
    if ((flags & (FIN | RESET)) === 0) return;
    // What the segment carries says more of why it ended.
    if ((flags & RESET) === 0 && limit.wire > at + tcpHeader.fields.hdr_len.read(view, at)) return;
    const row = step.table.find('tls', facts.stream.number);
    if (!row || !(isPending(row) || row.state === 'answered')) return;
    // Where the capture did not keep all, or data was seen, a handshake that is answered has come to its end.
    if (row.state === 'answered' && row.memory && (memoryOf(row).isCut || memoryOf(row).hasData)) return;
    const fromServer = endsAround(step.dissection, place)?.from === row.responder;
    const how = flags & RESET ? 'reset' : 'closed';
    const last = row.messages.at(-1)?.name ?? 'it';
    step.table.message(step, row, flags & RESET ? 'RST' : 'FIN', !fromServer);
    step.table.setState(
      step,
      row,
      'refused',
      `the ${fromServer ? 'server' : 'client'} ${how} the connection after ${last}${row.memory ? afterRetry(memoryOf(row)) : ''}`,
    );
  }
}

const FIN = 0x001;
const RESET = 0x004;

/** Whether a layer was sent by the client, as far as is known. */
function sideOf({ facts }: Layer): boolean | undefined {
  if (facts?.type === 'pdu') return isFromClient(facts.state);
  if (facts?.type !== 'flow') return undefined;
  const side = facts.numbers[SIDE_PLACE];
  return side === SIDES.unknown ? undefined : side === SIDES.client;
}

function noteCut(row: Handshake | undefined): void {
  if (row?.memory) memoryOf(row).isCut = true;
}

function takeEvent(at: Place, event: TlsEvent): void {
  if (event.is === 'message') return takeMessage(at, event);
  const row = at.step.table.find(at.kind, at.key);
  if (!row) return;
  // A row begins with a hello: from then on it is known who is who.
  const fromClient = at.fromClient ?? false;
  switch (event.is) {
    case 'alert':
      return takeAlert(at, row, event.level, event.description, fromClient);
    case 'change':
      return takeChange(at, row, fromClient);
    case 'encrypted handshake':
      return takeEncrypted(at, row, fromClient);
    case 'encrypted alert':
      return takeEncryptedAlert(at, row, fromClient);
    case 'data':
      return takeData(at, row, event.size, fromClient);
  }
}
