import type { Layer } from '../../../dissectors/layer.js';
import { ERRORS } from '../../../dissectors/stun/names.js';
import {
  ALLOCATE,
  ERROR,
  isChannelData,
  messageName,
  REQUEST,
  readStun,
  STALE_NONCE,
  type StunMessage,
  SUCCESS,
  UNAUTHENTICATED,
} from '../../../dissectors/stun/read.js';
import { type Ends, endsAround } from '../ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { answeredReason, errorReason, securityFeatures, silentReason } from './words.js';

const KIND = 'stun';
/** How long a request over UDP is sent again before its sender gives up. Source: RFC 8489, section 6.2.1. */
const TRANSACTION_SECONDS = 39.5;
/** Nonces of one server to one client that are compared with: the last ones. */
const MOST_NONCES = 4;
const MISSING = 'the client asked again without the nonce that the server gave';
const IN_USE = 'the relay passes data, both ways';

/** What a handshake with a server of STUN or TURN keeps while it goes on. */
interface StunMemory {
  /** The nonces that the server gave, oldest first, in hex. */
  readonly nonces: string[];
  /** The transaction of the last request. */
  request: string;
  isUsedByClient: boolean;
  isUsedByServer: boolean;
}

function memoryOf(row: Handshake): StunMemory {
  row.memory ??= { nonces: [], request: '', isUsedByClient: false, isUsedByServer: false };
  return row.memory as StunMemory;
}

const keyOf = (client: string, server: string): string => `${client} ${server}`;

/** States before the server has taken what was asked for. */
const isOpen = ({ state }: Handshake): boolean => state === 'asked' || state === 'challenged' || state === 'echoed';

/**
 * Follows what STUN and TURN servers let only those do who return their nonce: by client and server, from the first
 * request on. Requests that need none, such as the checks of ICE, are no handshakes.
 * Source: RFC 8489, section 9.2.
 */
export class StunTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['stun'];
  readonly seconds = TRANSACTION_SECONDS;

  readonly expire = (row: Handshake): string => silentReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    if (isChannelData(view, layer.at, layer.limit)) return takeData(step, place);
    const message = readStun(view, layer.at, layer.limit);
    if (!message) return;
    const name = messageName(view, layer.at);
    if (message.sort === REQUEST) takeRequest(step, layer, message, name, place);
    else if (message.sort === ERROR) takeError(step, message, name, place);
    else if (message.sort === SUCCESS) takeSuccess(step, message, name);
    else takeData(step, place);
  }

  takeQuoted(step: Step, layer: Layer): void {
    const view = step.dissection.sources[layer.source]?.view;
    const message = view && readStun(view, layer.at, layer.limit);
    const row = message && step.table.find(KIND, message.id);
    if (!row || !isOpen(row)) return;
    step.table.message(step, row, 'ICMP', false, { note: 'did not get through' });
    const reason =
      'an ICMP message says that the request did not get through: nothing listens there, or it is filtered';
    step.table.setState(step, row, 'refused', reason);
  }
}

function begin(step: Step, client: string, server: string, { id }: StunMessage): Handshake {
  const key = keyOf(client, server);
  return step.table.begin(step, { kind: KIND, initiator: client, responder: server, id: id.slice(0, 8), key });
}

function takeRequest(step: Step, layer: Layer, message: StunMessage, name: string, place: number): void {
  const { table } = step;
  const { nonce, method, username, realm } = message;
  const ends = endsAround(step.dissection, place);
  if (!ends) return;
  const known = table.find(KIND, keyOf(ends.from, ends.to));
  const isFirst = nonce === undefined;
  if (!known && isFirst && method !== ALLOCATE) return;
  const isResent = known !== undefined && memoryOf(known).request === message.id;
  // A client that asks for an allocation again without a nonce begins a new handshake.
  const beginsAgain = isFirst && method === ALLOCATE && !isResent && known !== undefined && !isOpen(known);
  const row = known && !beginsAgain ? known : begin(step, ends.from, ends.to, message);
  // Checks of ICE between the same ends are none of its messages.
  if (row === known && isFirst && method !== ALLOCATE && !isOpen(row)) return;
  const memory = memoryOf(row);
  if (!isResent) {
    if (memory.request !== '') table.disown(row, memory.request);
    table.remember(row, message.id);
    memory.request = message.id;
  }
  if (username !== undefined) table.detail(row, 'username', username);
  if (realm !== undefined) table.detail(row, 'realm', realm);
  const note = judge(step, layer, row, memory, nonce);
  table.message(step, row, name, true, { isFirst: isFirst && !isResent, isResent, ...(note && { note }) });
  if (!isOpen(row) && row.state !== 'refused' && row.state !== 'timed-out') return;
  if (nonce !== undefined)
    table.setState(step, row, 'echoed', 'the request came again with the nonce; no answer so far');
  else table.explain(row, row.state === 'challenged' ? MISSING : silentReason(row));
}

/** Judges the nonce of a request; tells what there is to say of it. */
function judge(
  step: Step,
  layer: Layer,
  row: Handshake,
  { nonces }: StunMemory,
  nonce: string | undefined,
): string | undefined {
  if (nonce === undefined) {
    if (nonces.length === 0) return undefined;
    step.note('stun-nonce-missing', layer);
    return 'without the nonce';
  }
  if (nonces.length === 0) {
    // What a handshake that is long settled was challenged with is kept no more.
    if (!isOpen(row)) return undefined;
    row.cookieStatus = 'unknown';
    return 'with a nonce that was not seen';
  }
  const place = nonces.indexOf(nonce);
  row.cookieStatus = place < 0 ? 'echo-bad' : 'echo-ok';
  if (place < 0) {
    step.note('stun-nonce-other', layer);
    return 'with a nonce that the server did not give it';
  }
  return place === nonces.length - 1 ? 'with the nonce' : 'with an older nonce';
}

/** The row of a response: that of its request. */
const rowOf = (step: Step, { id }: StunMessage): Handshake | undefined => step.table.find(KIND, id);

function takeError(step: Step, message: StunMessage, name: string, place: number): void {
  const { table } = step;
  const { error, nonce } = message;
  const isChallenge = (error === UNAUTHENTICATED || error === STALE_NONCE) && nonce !== undefined;
  const found = rowOf(step, message);
  const ends = found || !isChallenge ? undefined : endsAround(step.dissection, place);
  const row = found ?? (ends && rowFor(step, ends, message));
  if (!row || error === undefined) return;
  const memory = memoryOf(row);
  const isResent = nonce !== undefined && memory.nonces.at(-1) === nonce && row.state === 'challenged';
  const word = ERRORS[error] ?? message.errorText ?? '';
  table.message(step, row, name, false, { isResent, note: `${error} ${word}`.trim() });
  if (message.realm !== undefined) table.detail(row, 'realm', message.realm);
  if (message.software !== undefined) table.detail(row, 'server', message.software);
  const features = securityFeatures(message.nonceText);
  if (features !== undefined) table.detail(row, 'security_features', features);
  const had = row.state === 'echoed' && row.cookieStatus === 'echo-ok';
  if (error === STALE_NONCE && row.cookieStatus !== 'echo-bad') row.cookieStatus = 'stale';
  if (nonce !== undefined && !memory.nonces.includes(nonce)) {
    if (memory.nonces.length >= MOST_NONCES) memory.nonces.shift();
    memory.nonces.push(nonce);
  }
  if (!isOpen(row)) return;
  const reason = errorReason(row, error, word, had);
  // Who returned the right nonce and is asked again has shown the wrong credentials.
  const isRefused = !isChallenge || (error === UNAUTHENTICATED && had);
  table.setState(step, row, isRefused ? 'refused' : 'challenged', reason);
}

/** The row of a challenge whose request needed none before. */
const rowFor = (step: Step, { from, to }: Ends, message: StunMessage): Handshake =>
  step.table.find(KIND, keyOf(to, from)) ?? begin(step, to, from, message);

function takeSuccess(step: Step, message: StunMessage, name: string): void {
  const { table } = step;
  const row = rowOf(step, message);
  if (!row) return;
  const isResent = !isOpen(row) && row.messages.at(-1)?.name === name;
  table.message(step, row, name, false, { isResent });
  if (isOpen(row)) table.setState(step, row, 'answered', answeredReason(message.method === ALLOCATE));
}

/** Data through the relay. */
function takeData(step: Step, place: number): void {
  const ends = endsAround(step.dissection, place);
  if (!ends) return;
  const { table } = step;
  const sent = table.find(KIND, keyOf(ends.from, ends.to));
  const row = sent ?? table.find(KIND, keyOf(ends.to, ends.from));
  if (row?.state !== 'answered') return;
  const memory = memoryOf(row);
  const isKnown = sent ? memory.isUsedByClient : memory.isUsedByServer;
  if (isKnown) return;
  if (sent) memory.isUsedByClient = true;
  else memory.isUsedByServer = true;
  table.message(step, row, 'Data', sent !== undefined);
  if (memory.isUsedByClient && memory.isUsedByServer) table.setState(step, row, 'established', IN_USE);
}
