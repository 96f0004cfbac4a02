import type { Layer } from '../../../dissectors/layer.js';
import {
  WG_COOKIE,
  WG_DATA,
  WG_INITIATION,
  WG_RESPONSE,
  wgCookie,
  wgData,
  wgInitiation,
  wgResponse,
  wgStart,
} from '../../../dissectors/wg/layout.js';
import { MAC_SIZE, macPlaces } from '../../../dissectors/wg/macs.js';
import { hex32, slice } from '../../../dissectors/wire/view.js';
import { type Ends, endsAround } from '../ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { WgInitiators } from './initiators.js';
import { hasMac2, judgeMac1, judgeMac2 } from './judge.js';
import { slowSharedSecret, WgKeys } from './keys.js';
import { type HeldCookie, keepProvoking, memoryOf, type WgMemory } from './memory.js';
import { openCookie, type SharedSecret } from './noise.js';
import {
  answeredReason,
  challengedReason,
  ESTABLISHED_REASON,
  UNREACHABLE_REASON,
  unansweredReason,
} from './reasons.js';

const KIND = 'wireguard';
/** How long an initiator tries. Source: WireGuard paper, section 6.1, `Rekey-Attempt-Time`. */
const ATTEMPT_SECONDS = 90;

const between = ({ from, to }: Ends): string => `${from}>${to}`;
const turned = ({ from, to }: Ends): Ends => ({ from: to, to: from });

/** Follows WireGuard's handshakes: attempts from one end to another, tied together by their indices. */
export class WireGuardTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['wg'];
  readonly seconds = ATTEMPT_SECONDS;
  private readonly keys = new WgKeys();
  private readonly initiators: WgInitiators;

  /** @param sharedSecret the program brings a faster one than that in JavaScript */
  constructor(sharedSecret: SharedSecret = slowSharedSecret) {
    this.initiators = new WgInitiators(this.keys, sharedSecret);
  }

  readonly expire = (row: Handshake): string => unansweredReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    const type = wgStart.fields.type.read(view, layer.at);
    if (type === WG_DATA) this.takeData(step, layer, view, place);
    else if (type === WG_INITIATION) this.takeInitiation(step, layer, view, place);
    else if (type === WG_RESPONSE) this.takeResponse(step, layer, view, place);
    else if (type === WG_COOKIE) this.takeCookie(step, layer, view, place);
  }

  takeQuoted(step: Step, layer: Layer, place: number): void {
    const ends = endsAround(step.dissection, place);
    const row = ends && step.table.find(KIND, between(ends));
    if (!row || row.state === 'established') return;
    step.table.message(step, row, 'ICMP', false, { note: 'did not get through' });
    step.table.setState(step, row, 'refused', UNREACHABLE_REASON);
    void layer;
  }

  private takeInitiation(step: Step, layer: Layer, view: DataView, place: number): void {
    const ends = endsAround(step.dissection, place);
    if (!ends) return;
    const { at } = layer;
    const index = wgInitiation.fields.sender.read(view, at + wgStart.size);
    const { table } = step;
    const known = table.find(KIND, between(ends));
    const goesOn = known && known.state !== 'established' && known.state !== 'timed-out';
    const row = goesOn ? known : this.begin(step, ends, hex32(index));
    const memory = memoryOf(row);
    const mac1 = mac1Of(view, at, WG_INITIATION);
    const isResent = memory.provoking.some((one) => one.index === index && isSame(one.mac1, mac1));
    table.remember(row, index);
    if (!isResent) keepProvoking(memory, { index, fromInitiator: true, mac1 });
    this.judgeInitiation(step, layer, view, row, memory);
    const note = this.judgeCookie(step, layer, view, row, memory.ofInitiator, WG_INITIATION, memory);
    table.message(step, row, 'Initiation', true, { isFirst: !isResent, isResent, ...(note && { note }) });
    this.initiators.read(step, layer, view, row, memory);
    this.settle(step, row, memory, view, at);
  }

  /** Moves a row on after an initiation. */
  private settle(step: Step, row: Handshake, memory: WgMemory, view: DataView, at: number): void {
    const { table } = step;
    const { state } = row;
    if (memory.ofInitiator && hasMac2(view, at, WG_INITIATION) && !memory.isCookieLacking && state === 'challenged') {
      return table.setState(step, row, 'echoed', 'the initiation came again with the cookie; no answer so far');
    }
    if (state === 'challenged') return table.setState(step, row, state, challengedReason(memory));
    if (state === 'answered') return table.setState(step, row, state, answeredReason(row));
    table.setState(step, row, state === 'refused' ? 'asked' : state, unansweredReason(row));
  }

  private begin(step: Step, ends: Ends, id: string): Handshake {
    return step.table.begin(step, { kind: KIND, initiator: ends.from, responder: ends.to, id, key: between(ends) });
  }

  /** Whom the initiation is for: by its mac1. */
  private judgeInitiation(step: Step, layer: Layer, view: DataView, row: Handshake, memory: WgMemory): void {
    const peers = this.keys.peers(step.secrets);
    const { status, receiver } = judgeMac1(view, layer.at, WG_INITIATION, peers, memory.responder);
    if (receiver) {
      memory.responder = receiver;
      step.table.detail(row, 'responder_key', receiver.name);
    }
    memory.isForNobody = status === 'invalid';
    if (status === 'valid') memory.isForSomebody = true;
    row.proofStatus = status === 'invalid' && memory.isForSomebody ? row.proofStatus : status;
    if (status === 'invalid') step.note('wg-mac1-invalid', mac1Spot(layer, WG_INITIATION));
  }

  /** Judges mac2 by the cookie that its sender was given; returns what there is to say of it. */
  private judgeCookie(
    step: Step,
    layer: Layer,
    view: DataView,
    row: Handshake,
    held: HeldCookie | undefined,
    type: number,
    memory: WgMemory,
  ): string | undefined {
    if (!hasMac2(view, layer.at, type)) {
      if (!held) return undefined;
      memory.isCookieLacking = true;
      step.note('wg-mac2-missing', mac2Spot(layer, type));
      return 'without mac2';
    }
    const status = judgeMac2(view, layer.at, type, held?.bytes, step.clock - (held?.at ?? step.clock));
    row.cookieStatus = status;
    memory.isCookieLacking = status === 'invalid' || status === 'stale';
    if (status === 'invalid') step.note('wg-mac2-invalid', mac2Spot(layer, type));
    if (status === 'stale') step.note('wg-mac2-stale', mac2Spot(layer, type));
    return `with mac2, ${status}`;
  }

  private takeResponse(step: Step, layer: Layer, view: DataView, place: number): void {
    const ends = endsAround(step.dissection, place);
    if (!ends) return;
    const { table } = step;
    const body = layer.at + wgStart.size;
    const index = wgResponse.fields.receiver.read(view, body);
    const own = wgResponse.fields.sender.read(view, body);
    const found = table.find(KIND, index) ?? table.find(KIND, between(turned(ends)));
    const row = found ?? this.begin(step, turned(ends), hex32(index));
    if (!found) step.note('wg-initiation-unseen', layer);
    const memory = memoryOf(row);
    const isRepeated = memory.responderIndex === own;
    table.remember(row, index);
    table.remember(row, own);
    row.id = `${hex32(index)} ${hex32(own)}`;
    keepProvoking(memory, { index: own, fromInitiator: false, mac1: mac1Of(view, layer.at, WG_RESPONSE) });
    this.judgeResponse(step, layer, view, row, memory);
    const from = ends.from === row.responder ? undefined : `from ${ends.from}`;
    const note = from ?? this.judgeCookie(step, layer, view, row, memory.ofResponder, WG_RESPONSE, memory);
    table.message(step, row, 'Response', false, { isResent: isRepeated, ...(note && { note }) });
    memory.responderIndex = own;
    if (!isRepeated) memory.answers++;
    if (row.state !== 'established') table.setState(step, row, 'answered', answeredReason(row));
  }

  /** mac1 of a response is made with the initiator's key: that of the initiation, if it could be opened. */
  private judgeResponse(step: Step, layer: Layer, view: DataView, row: Handshake, memory: WgMemory): void {
    const peers = this.keys.peers(step.secrets);
    const { status, receiver } = judgeMac1(view, layer.at, WG_RESPONSE, peers, memory.initiatorPeer);
    if (!receiver) return;
    memory.isForSomebody = true;
    memory.initiatorPeer = receiver;
    step.table.detail(row, 'initiator_key', receiver.name);
    // With the initiator's private key alone the responder of the initiation is not known.
    row.proofStatus = memory.isForNobody ? 'unknown' : status;
  }

  private takeCookie(step: Step, layer: Layer, view: DataView, place: number): void {
    const ends = endsAround(step.dissection, place);
    if (!ends) return;
    const { table } = step;
    const { receiver, nonce, encrypted_cookie } = wgCookie.fields;
    const body = layer.at + wgStart.size;
    const index = receiver.read(view, body);
    const found = table.find(KIND, index) ?? table.find(KIND, between(turned(ends)));
    const row = found ?? this.begin(step, turned(ends), hex32(index));
    if (!found) step.note('wg-initiation-unseen', layer);
    const memory = memoryOf(row);
    const provoking = memory.provoking.findLast((one) => one.index === index);
    const forInitiator = provoking?.fromInitiator ?? ends.to === row.initiator;
    const giver = forInitiator ? memory.responder : memory.initiatorPeer;
    const bytes =
      giver && provoking
        ? openCookie(giver.cookieKey, nonce.read(view, body), encrypted_cookie.read(view, body), provoking.mac1)
        : undefined;
    if (forInitiator) memory.ofInitiator = { bytes, at: step.clock };
    else memory.ofResponder = { bytes, at: step.clock };
    memory.replies++;
    memory.isCookieLacking = false;
    const note = bytes ? 'opened' : giver && provoking ? 'cannot be opened' : undefined;
    table.message(step, row, 'Cookie Reply', !forInitiator, note ? { note } : {});
    if (bytes) table.detail(row, 'cookie', 'opened');
    table.addEvidence(step, row, 'yes', 'a cookie reply: the responder keeps nothing until mac2 shows the cookie');
    if (row.state === 'asked' || row.state === 'timed-out' || row.state === 'echoed') {
      table.setState(step, row, 'challenged', challengedReason(memory));
    }
  }

  /** The first data of the initiator confirms a session. */
  private takeData(step: Step, layer: Layer, view: DataView, place: number): void {
    const { table } = step;
    const row = table.find(KIND, wgData.fields.receiver.read(view, layer.at + wgStart.size));
    // Most data is of sessions that are confirmed.
    if (!row || row.state === 'established') return;
    const ends = endsAround(step.dissection, place);
    const fromInitiator = ends?.from === row.initiator;
    table.message(step, row, 'Data', fromInitiator);
    if (fromInitiator) table.setState(step, row, 'established', ESTABLISHED_REASON);
  }
}

/** A copy of mac1: the packet's bytes do not last. */
function mac1Of(view: DataView, at: number, type: number): Uint8Array {
  const start = at + (macPlaces(type)?.mac1 ?? 0);
  return slice(view, start, start + MAC_SIZE).slice();
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean => one.every((byte, place) => byte === other[place]);

function mac1Spot({ source, at }: Layer, type: number) {
  const start = at + (macPlaces(type)?.mac1 ?? 0);
  return { source, at: start, end: start + MAC_SIZE };
}

function mac2Spot({ source, at }: Layer, type: number) {
  const start = at + (macPlaces(type)?.mac2 ?? 0);
  return { source, at: start, end: start + MAC_SIZE };
}
