import { NOTIFY_INVALID_KE } from '../../../dissectors/isakmp/layout.js';
import { NOTIFICATIONS_2 } from '../../../dissectors/isakmp/names.js';
import {
  EXCHANGE_AUTH,
  EXCHANGE_SA_INIT,
  hasSpi,
  type IkeMessage,
  type Run,
  readIke,
} from '../../../dissectors/isakmp/read.js';
import type { Layer } from '../../../dissectors/layer.js';
import { hexOf } from '../../../dissectors/wire/view.js';
import { type Ends, endsAround } from '../ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { IkeCookies } from './cookies.js';

const KIND = 'ikev2';
/** How long an initiator's message may stay without answer. Source: the handshake page, part 1. */
const ANSWER_SECONDS = 30;
/** Notifications below this are errors. Source: RFC 7296, section 3.10.1. */
const FIRST_STATUS = 16_384;
/** The size of strongSwan's cookies: a time of 4 bytes, and a SHA-1; good for 10 s. Source: strongSwan, receiver.c. */
const STRONGSWAN_COOKIE = 24;

/** What an IKE handshake keeps while it goes on. */
interface IkeMemory {
  /** The initiator's request without its cookie, as far as it must repeat itself: nonce and key exchange, in hex. */
  nonce: string;
  keyExchange: string;
  /** The cookie of its last request, in hex; empty where it had none. */
  returned: string;
  challenges: number;
  wantsGroup: boolean;
}

const memoryOf = (row: Handshake): IkeMemory | undefined => row.memory as IkeMemory | undefined;

/** Follows IKE_SA_INIT and IKE_AUTH of IKEv2, by the initiator's SPI: the port may change between them. */
export class IkeTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['isakmp'];
  readonly seconds = ANSWER_SECONDS;
  private readonly cookies = new IkeCookies();

  readonly expire = (row: Handshake): string => silentReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    const message = view && !layer.stop ? readIke(view, layer) : undefined;
    if (!view || !message) return;
    if (message.exchange === EXCHANGE_SA_INIT && message.id === 0) {
      const ends = endsAround(step.dissection, place);
      if (!ends) return;
      if (message.isResponse) this.takeAnswer(step, layer, view, message, ends);
      else this.takeRequest(step, layer, view, message, ends);
    } else if (message.exchange === EXCHANGE_AUTH) takeAuthentication(step, message);
  }

  takeQuoted(step: Step, layer: Layer): void {
    const view = step.dissection.sources[layer.source]?.view;
    const message = view && readIke(view, layer);
    const row = message && step.table.find(KIND, message.initiator);
    if (!row || message.isResponse || row.state === 'established') return;
    step.table.message(step, row, 'ICMP', false, { note: 'did not get through' });
    const reason =
      'an ICMP message says that the request did not get through: nothing listens there, or it is filtered';
    step.table.setState(step, row, 'refused', reason);
  }

  private takeRequest(step: Step, layer: Layer, view: DataView, message: IkeMessage, ends: Ends): void {
    const { table } = step;
    const known = table.find(KIND, message.initiator);
    const nonce = textOf(view, message.nonce);
    const keyExchange = textOf(view, message.keyExchange);
    const returned = textOf(view, message.cookie);
    const before = known && memoryOf(known);
    const isSame = before !== undefined && before.nonce === nonce && before.keyExchange === keyExchange;
    const isResent = isSame && before.returned === returned;
    // A request that comes after the answer, and is not the one that was answered, asks anew.
    const isOver = known?.state === 'answered' || known?.state === 'established';
    const row = known && (!isOver || isResent) ? known : begin(step, message, ends);
    const memory: IkeMemory = memoryOf(row) ?? { nonce, keyExchange, returned, challenges: 0, wantsGroup: false };
    row.memory = memory;
    const note = message.cookie ? this.judge(step, layer, row, message, returned, ends) : undefined;
    table.message(step, row, 'IKE_SA_INIT', true, { isFirst: !isResent, isResent, ...(note && { note }) });
    if (known === row && !isResent && !isSame && !memory.wantsGroup) step.note('ikev2-request-changed', layer);
    Object.assign(memory, { nonce, keyExchange, returned });
    if (isOver && row === known) return;
    if (!message.cookie) table.setState(step, row, 'asked', silentReason(row));
    else if (row.cookieStatus === 'echo-bad') {
      table.setState(
        step,
        row,
        row.state === 'challenged' ? 'challenged' : 'asked',
        'a wrong cookie was returned; no answer so far',
      );
    } else table.setState(step, row, 'echoed', 'the request came again with the cookie; no answer so far');
  }

  /** Judges a returned cookie; tells what there is to say of it. */
  private judge(step: Step, layer: Layer, row: Handshake, message: IkeMessage, cookie: string, { to }: Ends): string {
    const { status, madeFor } = this.cookies.judge(to, message.initiator, cookie);
    row.cookieStatus = status;
    const { at, end } = message.cookie ?? layer;
    if (status === 'echo-bad') step.note('ikev2-cookie-bad', { source: layer.source, at, end });
    if (!message.isCookieFirst) step.note('ikev2-cookie-not-first', { source: layer.source, at, end });
    if (madeFor !== undefined) return `a cookie that was made for SPI ${madeFor}`;
    return `with a cookie, ${status}`;
  }

  private takeAnswer(step: Step, layer: Layer, view: DataView, message: IkeMessage, ends: Ends): void {
    const { table } = step;
    const found = table.find(KIND, message.initiator);
    const row = found ?? begin(step, message, { from: ends.to, to: ends.from });
    if (!found) step.note('ikev2-request-unseen', layer);
    const error = message.notifications.find((number) => number > 0 && number < FIRST_STATUS);
    if (message.cookie) return this.challenge(step, view, row, message, message.cookie, ends);
    if (message.hasSa) {
      table.message(step, row, 'IKE_SA_INIT response', false, { isResent: row.state === 'answered' });
      if (hasSpi(message.responder)) row.id = `${message.initiator} ${message.responder}`;
      if (row.state === 'established') return;
      return table.setState(step, row, 'answered', 'answered; no IKE_AUTH so far');
    }
    const name = error === undefined ? 'IKE_SA_INIT response' : (NOTIFICATIONS_2[error] ?? `error ${error}`);
    table.message(step, row, name, false);
    if (error === NOTIFY_INVALID_KE) {
      const memory = memoryOf(row);
      if (memory) memory.wantsGroup = true;
      return table.setState(step, row, row.state, 'the responder wants another group for the key exchange');
    }
    if (error !== undefined && row.state !== 'established') {
      table.setState(step, row, 'refused', refusedReason(name));
    }
  }

  /** The responder asks for its cookie. */
  private challenge(
    step: Step,
    view: DataView,
    row: Handshake,
    message: IkeMessage,
    cookie: Run,
    { from }: Ends,
  ): void {
    const { table } = step;
    const text = textOf(view, cookie);
    this.cookies.note(from, message.initiator, text);
    const memory = memoryOf(row);
    if (memory) memory.challenges++;
    const wasEchoed = row.state === 'echoed';
    table.message(step, row, 'COOKIE', false, { note: `${text.length / 2} bytes` });
    if (!hasSpi(message.responder)) {
      table.addEvidence(
        step,
        row,
        'yes',
        'a cookie without an SPI of the responder: it keeps nothing until the cookie comes back',
      );
    }
    if (text.length / 2 === STRONGSWAN_COOKIE)
      table.detail(row, 'cookie_form', 'a time and a SHA-1, as strongSwan makes it: good for 10 s');
    if (row.state === 'answered' || row.state === 'established') return;
    table.setState(step, row, 'challenged', challengedReason(row, wasEchoed));
  }
}

/** IKE_AUTH, which is encrypted: its answer ends the handshake, whatever it says inside. */
function takeAuthentication(step: Step, message: IkeMessage): void {
  const row = step.table.find(KIND, message.initiator);
  if (!row) return;
  const { table } = step;
  if (row.state === 'established') return;
  table.message(step, row, message.isResponse ? 'IKE_AUTH response' : 'IKE_AUTH', !message.isResponse);
  if (message.isResponse) {
    table.setState(step, row, 'established', 'IKE_AUTH was answered; whether it was accepted is encrypted');
  } else if (row.state === 'answered') table.setState(step, row, 'answered', 'IKE_AUTH was sent; no answer so far');
}

function begin(step: Step, { initiator }: IkeMessage, { from, to }: Ends): Handshake {
  return step.table.begin(step, { kind: KIND, initiator: from, responder: to, id: initiator, key: initiator });
}

const textOf = (view: DataView, run: Run | undefined): string => (run ? hexOf(view, run.at, run.end) : '');

/** Why a request is not answered. */
function silentReason(row: Handshake): string {
  const count = row.attempts + row.resent;
  const times = count <= 1 ? 'IKE_SA_INIT was sent' : `IKE_SA_INIT was sent ${count} times`;
  if (row.state === 'challenged') return 'the responder asked for its cookie, and none came back';
  if (row.cookieStatus === 'echo-bad') return 'a wrong cookie was returned; no answer so far';
  if (row.state === 'echoed') return 'the cookie was returned, and no answer came';
  return `${times}, no answer: lost on the way, filtered, or nothing listens there`;
}

function challengedReason(row: Handshake, wasEchoed: boolean): string {
  if (row.cookieStatus === 'echo-bad') return 'a wrong cookie was returned: the responder asks for its cookie again';
  if (wasEchoed)
    return 'the cookie was returned, but the responder asks again: it was too old, or its secret has changed';
  return 'the responder is under load: it asks for its cookie before it keeps anything';
}

const refusedReason = (name: string): string =>
  name === 'NO_PROPOSAL_CHOSEN'
    ? 'NO_PROPOSAL_CHOSEN: the two sides have no algorithms in common'
    : `the responder refused: ${name}`;
