import type { Layer } from '../../../dissectors/layer.js';
import { cookieOf, type Hello, isRetry, readClientHello, readServerHello } from '../../../dissectors/tls/hello.js';
import {
  CLIENT_HELLO,
  HELLO_VERIFY_REQUEST,
  helloVerifyRequest,
  SERVER_HELLO,
} from '../../../dissectors/tls/layout.js';
import { hex32, slice } from '../../../dissectors/wire/view.js';
import { endsAround } from '../ends.js';
import { type Handshake, isPending } from '../handshake.js';
import type { Step } from '../step.js';
import type { TlsEvent } from './events.js';
import { describeClient, describeServer, judgeRetry, judgeReturned, judgeSecond } from './hellos.js';
import { ageOf, isEqual } from './judge.js';
import { type FirstHellos, keepChallenge, memoryOf, type TlsMemory } from './memory.js';
import { randomOf } from './rules.js';
import { afterRetry, groupText, messageName, purposeOf, retryPurpose, unansweredReason, versionText } from './words.js';

/** A layer on its way through a tracker of TLS or DTLS. */
export interface Place {
  readonly step: Step;
  readonly layer: Layer;
  /** The layer's place among those of the dissection. */
  readonly place: number;
  readonly kind: 'tls' | 'dtls';
  /** The number of the connection, or of the flow. */
  readonly key: number;
  readonly hellos: FirstHellos;
  /** Whether the client has sent it; undefined while no hello was seen. */
  readonly fromClient: boolean | undefined;
}

type MessageEvent = Extract<TlsEvent, { readonly is: 'message' }>;

/** Takes a handshake message in the clear. */
export function takeMessage(at: Place, event: MessageEvent): void {
  const { type, view, at: start, end } = event;
  const { step, kind, key } = at;
  if (type === CLIENT_HELLO) {
    const hello = readClientHello(view, start, end, { dtls: kind === 'dtls' });
    if (hello) takeClientHello(at, event, hello);
    return;
  }
  if (type === SERVER_HELLO) {
    const hello = readServerHello(view, start, end);
    if (!hello) return;
    if (isRetry(view, hello.randomAt)) takeRetry(at, hello);
    else takeServerHello(at, event, hello);
    return;
  }
  if (type === HELLO_VERIFY_REQUEST && kind === 'dtls') return takeVerification(at, event);
  const row = step.table.find(kind, key);
  if (row) step.table.message(step, row, messageName(type), at.fromClient ?? false);
}

/** The row of a message of the server; one whose ClientHello was not seen begins with it. */
function answeredRow({ step, layer, place, kind, key }: Place, id: string): Handshake | undefined {
  const { table, dissection } = step;
  const known = table.find(kind, key);
  if (known) return known;
  const ends = endsAround(dissection, place);
  if (!ends) return undefined;
  step.note('tls-hello-unseen', layer);
  return table.begin(step, { kind, initiator: ends.to, responder: ends.from, id, key });
}

const idOf = (view: DataView, randomAt: number): string => hex32(view.getUint32(randomAt));

/** Whether a ClientHello goes on with a handshake: any in the same connection, those with the same random bytes in a flow. */
function goesOn(kind: string, row: Handshake | undefined, hello: Hello): row is Handshake {
  if (!row?.memory || row.isForgotten) return false;
  const { random } = memoryOf(row);
  if (kind === 'tls') return isPending(row);
  return row.state !== 'established' && random !== undefined && isEqual(random, randomOf(hello));
}

function takeClientHello(at: Place, { sequence }: MessageEvent, hello: Hello): void {
  const { step, layer, place, kind, key, hellos } = at;
  const { table, dissection } = step;
  const known = table.find(kind, key);
  const continues = goesOn(kind, known, hello);
  const ends = continues ? undefined : endsAround(dissection, place);
  if (!continues && !ends) return;
  const row =
    continues || !ends
      ? (known as Handshake)
      : table.begin(step, {
          kind,
          initiator: ends.from,
          responder: ends.to,
          id: idOf(hello.view, hello.randomAt),
          key,
        });
  const memory = memoryOf(row);
  const cookie = hello.cookie && hello.cookie.length > 0 ? hello.cookie : cookieOf(hello);
  const isResent = continues && kind === 'dtls' && sequence === memory.clientSequence;
  memory.random = randomOf(hello).slice();
  memory.clientSequence = sequence;
  describeClient(step, row, hello);
  const returned = cookie && judgeReturned(step, layer, row, cookie);
  const note = returned ?? purposeOf(hello);
  table.message(step, row, 'ClientHello', true, {
    isFirst: memory.hellos === 0 || isResent,
    isResent,
    ...(note && { note }),
  });
  if (!isResent) noteHello(at, row, memory, hello, cookie, sequence);
  else if (!cookie && memory.hellos === 1) hellos.keep(memory, hello);
  const state = cookie && isPending(row) ? 'echoed' : row.state === 'timed-out' ? 'asked' : row.state;
  if (isPending(row) || state !== row.state) table.setState(step, row, state, unansweredReason(row, memory));
}

/** Notes a ClientHello that was not seen before, and judges it beside the first. */
function noteHello(
  { step, layer, kind, hellos }: Place,
  row: Handshake,
  memory: TlsMemory,
  hello: Hello,
  cookie: Uint8Array | undefined,
  sequence: number,
): void {
  const dtls = kind === 'dtls';
  if (memory.hellos === 0) {
    hellos.keep(memory, hello);
    memory.hellos = cookie ? 2 : 1;
    return;
  }
  if (memory.retries > 0) judgeSecond(step, layer, row, hello, dtls);
  else if (memory.verifications > 0 && !cookie) step.note('tls-cookie-missing', layer);
  if (dtls && sequence !== memory.hellos) step.note('dtls-message-number', layer, [sequence, memory.hellos]);
  memory.hellos++;
}

function takeRetry(at: Place, hello: Hello): void {
  const { step, layer, kind } = at;
  const row = answeredRow(at, '');
  if (!row) return;
  judgeRetry(step, layer, row, hello, kind === 'dtls');
  const memory = memoryOf(row);
  const { group, wantsCookie } = memory;
  const parts = [...(group === undefined ? [] : [groupText(group)]), ...(wantsCookie ? ['cookie'] : [])];
  step.table.message(step, row, 'HelloRetryRequest', false, parts.length > 0 ? { note: parts.join(', ') } : {});
  step.table.detail(row, 'retry', retryPurpose(memory));
  if (!isPending(row)) return;
  step.table.setState(step, row, wantsCookie ? 'challenged' : row.state, unansweredReason(row, memory));
}

function takeVerification(at: Place, { view, at: start, end }: MessageEvent): void {
  const { step } = at;
  const row = answeredRow(at, '');
  const sizeAt = start + helloVerifyRequest.size - 1;
  if (!row || sizeAt >= end) return;
  const cookie = slice(view, sizeAt + 1, Math.min(end, sizeAt + 1 + view.getUint8(sizeAt)));
  const memory = memoryOf(row);
  const isResent = memory.challenges.some((one) => isEqual(one, cookie));
  memory.verifications++;
  if (!isResent) keepChallenge(memory, cookie);
  const { table } = step;
  const note = `cookie of ${cookie.length} bytes`;
  table.message(step, row, 'HelloVerifyRequest', false, { isResent, note });
  table.detail(row, 'cookie_size', cookie.length);
  if (ageOf(cookie, step.seconds) !== undefined)
    table.detail(row, 'cookie_maker', 'mbedTLS, or another that begins with a time');
  table.addEvidence(
    step,
    row,
    'likely',
    'a HelloVerifyRequest: the server need keep nothing until the cookie comes back',
  );
  const isRefused = row.cookieStatus === 'echo-bad';
  if (!isPending(row) || (isResent && row.state === 'echoed' && !isRefused)) return;
  const again = isRefused ? 'the cookie came back changed, and the server asks again' : undefined;
  table.setState(step, row, 'challenged', again ?? 'the server asks for its cookie back; no second ClientHello so far');
}

function takeServerHello(at: Place, { sequence }: MessageEvent, hello: Hello): void {
  const { step, layer, kind, hellos } = at;
  const row = answeredRow(at, '');
  if (!row) return;
  const { table } = step;
  const memory = memoryOf(row);
  const isResent = memory.version !== 0;
  const wasAsked = memory.retries + memory.verifications > 0;
  describeServer(step, row, hello, memory);
  const version = versionText(memory.version);
  table.message(step, row, 'ServerHello', false, { isResent, note: version });
  hellos.forget(memory);
  const wanted = wasAsked ? 1 : 0;
  const isSeen = memory.hellos > 0 && (wasAsked || row.cookieStatus === undefined);
  if (kind === 'dtls' && isSeen && sequence !== wanted) step.note('dtls-message-number', layer, [sequence, wanted]);
  if (!wasAsked && isSeen) table.addEvidence(step, row, 'no', 'a ServerHello answers the first ClientHello at once');
  if (!isPending(row) && row.state !== 'timed-out') return;
  table.setState(step, row, 'answered', `the server chose ${version}; nothing came back so far${afterRetry(memory)}`);
}
