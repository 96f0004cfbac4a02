import type { Layer, OpenedPacket } from '../../../dissectors/layer.js';
import { cryptoIn } from '../../../dissectors/quic/crypto-stream.js';
import {
  CONNECTION_CLOSE,
  CONNECTION_CLOSE_APPLICATION,
  firstNumber,
  framesIn,
} from '../../../dissectors/quic/frames.js';
import { type QuicPacket, versionsIn } from '../../../dissectors/quic/packet.js';
import type { QuicTold } from '../../../dissectors/quic/told.js';
import { protocolsOf, readClientHello, serverNameOf } from '../../../dissectors/tls/hello.js';
import { CLIENT_HELLO } from '../../../dissectors/tls/layout.js';
import { MESSAGE_HEAD, messagesIn } from '../../../dissectors/tls/records.js';
import { messageText } from '../../../dissectors/tls/summary.js';
import { asciiText, slice, toHex } from '../../../dissectors/wire/view.js';
import { endsAround } from '../ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { followsRetry, judgeToken, tokenMaker } from './judge.js';
import { MOST_CHALLENGES, memoryOf, type QuicMemory } from './memory.js';
import { closedReason, negotiatedReason, unansweredReason, versionText } from './reasons.js';

const KIND = 'quic';
/** How long nothing may come before the client gives up. Source: RFC 9000, section 10.1; what clients use is more. */
const ATTEMPT_SECONDS = 10;
/** The least bytes of a datagram with an Initial of a client. Source: RFC 9000, section 14.1. */
const LEAST_DATAGRAM = 1200;
/** Source: RFC 9000, section 20.1. */
const INVALID_TOKEN = 0x0b;

/** A packet on its way through the tracker. */
interface Coming {
  readonly step: Step;
  readonly layer: Layer;
  readonly view: DataView;
  readonly row: Handshake;
  readonly memory: QuicMemory;
  readonly told: QuicTold;
  readonly packet: QuicPacket;
  readonly opened: OpenedPacket | undefined;
  /** The handshake messages that the datagram completes, in words. */
  readonly hellos: string;
}

/** Follows the handshakes of QUIC, one a connection, whose number the dissector tells. */
export class QuicHandshakes implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['quic'];
  readonly seconds = ATTEMPT_SECONDS;

  readonly expire = (row: Handshake): string => unansweredReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const { facts } = layer;
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || facts?.type !== 'quic') return;
    const { told, packets, opened, messages } = facts;
    const { number } = told;
    if (number === undefined) return;
    const known = step.table.find(KIND, number);
    if (known && (known.state === 'established' || known.state === 'refused') && packets[0]?.type === 'short') return;
    const row = known ?? goOn(step, place, packets[0], told) ?? begin(step, layer, view, place, packets[0], told);
    if (!row) return;
    const hellos = messages.flatMap((one) =>
      messagesIn({ view: one, at: 0, end: one.byteLength }).map((message) => messageText(one, message)),
    );
    for (const one of messages) noteHello(step, row, one);
    const memory = memoryOf(row);
    for (const [at, packet] of packets.entries()) {
      const words = told.messages.some((one) => one.packet === at) ? hellos.join(', ') : '';
      takePacket({ step, layer, view, row, memory, told, packet, opened: opened[at], hellos: words });
    }
  }

  takeQuoted(step: Step, _layer: Layer, place: number): void {
    const ends = endsAround(step.dissection, place);
    const row = ends && step.table.find(KIND, endsKey(ends.from, ends.to));
    if (row?.state !== 'asked') return;
    step.table.message(step, row, 'ICMP', false, { note: 'did not get through' });
    step.table.setState(step, row, 'refused', 'an ICMP error says that the Initial did not get through');
  }
}

const endsKey = (from: string, to: string): string => `${from}>${to}`;

/** A row for a connection that begins, or whose beginning was not seen. */
function begin(
  step: Step,
  layer: Layer,
  view: DataView,
  place: number,
  packet: QuicPacket | undefined,
  told: QuicTold,
) {
  const ends = endsAround(step.dissection, place);
  if (!ends || !packet || packet.type === 'short') return undefined;
  const { from, to } = ends;
  const id = told.fromServer ? slice(view, packet.scid, packet.scidEnd) : slice(view, packet.dcid, packet.dcidEnd);
  const [initiator, responder] = told.fromServer ? [to, from] : [from, to];
  const row = step.table.begin(step, { kind: KIND, initiator, responder, id: toHex(id), key: told.number ?? 0 });
  step.table.remember(row, endsKey(initiator, responder));
  if (told.fromServer) step.note('quic-initial-unseen', layer);
  return row;
}

/** The row of a client that begins again with a version that the server has offered. */
function goOn(step: Step, place: number, packet: QuicPacket | undefined, { number, fromServer }: QuicTold) {
  const ends = packet?.type === 'initial' && !fromServer ? endsAround(step.dissection, place) : undefined;
  const row = ends && step.table.find(KIND, endsKey(ends.from, ends.to));
  if (!row?.memory || !packet || row.state !== 'refused') return undefined;
  if (!memoryOf(row).offered?.includes(packet.version)) return undefined;
  step.table.remember(row, number ?? 0);
  return row;
}

/** Notes whom a ClientHello asks for. */
function noteHello({ table }: Step, row: Handshake, view: DataView): void {
  for (const { type, at, end } of messagesIn({ view, at: 0, end: view.byteLength })) {
    const hello = type === CLIENT_HELLO ? readClientHello(view, at + MESSAGE_HEAD, end) : undefined;
    if (!hello) continue;
    const name = serverNameOf(hello);
    const protocols = protocolsOf(hello);
    if (name !== undefined) table.detail(row, 'sni', name);
    if (protocols.length > 0) table.detail(row, 'alpn', protocols.join(','));
  }
}

function takePacket(coming: Coming): void {
  const { packet, told } = coming;
  switch (packet.type) {
    case 'initial':
      return told.fromServer ? takeAnswer(coming) : takeAsking(coming);
    case 'retry':
      return takeRetry(coming);
    case 'negotiation':
      return takeNegotiation(coming);
    case '0-rtt':
      return nameOnce(coming, '0-RTT');
    case 'handshake':
      return told.fromServer ? answer(coming, 'Handshake') : nameOnce(coming, 'Handshake');
    case 'short':
      return takeUse(coming);
    case 'unknown':
  }
}

/** An Initial of the client. */
function takeAsking(coming: Coming): void {
  const { step, layer, row, memory, packet, view, opened, hellos } = coming;
  const { table } = step;
  const token = slice(view, packet.token, packet.tokenEnd);
  const crypto = opened ? cryptoIn(opened.view) : [];
  const end = crypto.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes.length), 0);
  const isFirst = row.messages.length === 0 || packet.version !== memory.version;
  const isResent = !isFirst && crypto.length > 0 && end <= memory.sent;
  memory.sent = Math.max(memory.sent, end);
  if (isFirst) table.detail(row, 'version', versionText(packet.version));
  memory.version = packet.version;
  if (layer.limit.wire - layer.at < LEAST_DATAGRAM && crypto.length > 0) {
    step.note('quic-initial-short', layer, [layer.limit.wire - layer.at]);
  }
  const note = [hellos, token.length > 0 ? tokenNote(coming, token) : ''].filter((text) => text !== '').join(', ');
  table.message(step, row, 'Initial', true, { isFirst, isResent, ...(note && { note }) });
  if (closes(coming)) return;
  if (token.length > 0) return echo(coming);
  const lacks = row.state === 'challenged' && followsRetry(slice(view, packet.dcid, packet.dcidEnd), memory.challenges);
  if (lacks) step.note('quic-token-missing', layer);
  const again = row.state === 'refused' && isFirst;
  if (row.state === 'asked' || again) table.setState(step, row, 'asked', unansweredReason(row));
}

/** Judges a token that the client shows; returns what there is to say of it. */
function tokenNote({ step, layer, row, memory, packet }: Coming, token: Uint8Array): string {
  const status = judgeToken(token, memory.challenges);
  // A Retry that was ignored for its tag is none that a token could come from.
  row.cookieStatus = status;
  memory.hasToken = true;
  const maker = tokenMaker(token);
  if (maker !== undefined) step.table.detail(row, 'token_maker', maker);
  step.table.detail(row, 'token_bytes', token.length);
  const spot = { source: layer.source, at: packet.token, end: packet.tokenEnd };
  if (status === 'echo-bad') step.note('quic-token-other', spot);
  return status === 'unknown' ? 'with a token of an earlier connection' : `with the token, ${status}`;
}

function echo({ step, row, memory }: Coming): void {
  if (row.state !== 'asked' && row.state !== 'challenged' && row.state !== 'echoed') return;
  const { challenges } = memory;
  const reason =
    row.cookieStatus === 'echo-bad'
      ? "the client came back with another token than the Retry's; no answer so far"
      : challenges.length > 0
        ? 'the client came back with the token of the Retry; no answer so far'
        : 'the client showed a token of an earlier connection; no answer so far';
  step.table.setState(step, row, 'echoed', reason);
}

/** An Initial of the server. */
function takeAnswer(coming: Coming): void {
  const { step, row, hellos } = coming;
  if (row.state === 'answered' || row.state === 'established') {
    if (hellos !== '') step.table.message(step, row, 'Initial', false, { note: hellos });
    else step.touch(row);
    closes(coming);
    return;
  }
  step.table.message(step, row, 'Initial', false, hellos === '' ? {} : { note: hellos });
  if (closes(coming)) return;
  settle(coming);
}

/** The server's answer, or a part of it. */
function answer(coming: Coming, name: string): void {
  const { row } = coming;
  nameOnce(coming, name);
  if (row.state !== 'answered' && row.state !== 'established' && row.state !== 'refused') settle(coming);
}

function settle({ step, row, memory }: Coming): void {
  if (!memory.hasToken && memory.challenges.length === 0) {
    step.table.addEvidence(step, row, 'no', 'it answered an Initial without a token');
  }
  const asked = memory.hasToken ? 'after the token' : 'at once';
  const bad = row.cookieStatus === 'echo-bad' ? ", though the token was not the Retry's" : '';
  step.table.setState(step, row, 'answered', `the server answered ${asked}${bad}; no use of the connection so far`);
}

/** A message of which only the first is listed: more of them are the same again. */
function nameOnce({ step, row, memory, told }: Coming, name: string): void {
  const key = `${name} ${told.fromServer}`;
  if (memory.named.has(key)) return step.touch(row);
  memory.named.add(key);
  step.table.message(step, row, name, !told.fromServer);
}

/** A Retry: the client follows the first whose tag is right. */
function takeRetry({ step, layer, row, memory, told, packet, view }: Coming): void {
  const { table } = step;
  const verdict = told.retry ?? 'unknown';
  const isFirst = memory.challenges.length === 0;
  const note = verdict === 'valid' ? 'tag valid' : verdict === 'invalid' ? 'tag invalid' : 'tag not judged';
  table.message(step, row, 'Retry', false, {
    note: isFirst || verdict === 'invalid' ? note : `${note}, not the first`,
  });
  if (isFirst || row.proofStatus === undefined) row.proofStatus = verdict;
  if (verdict === 'invalid') {
    memory.ignored++;
    return step.note('quic-retry-invalid', { source: layer.source, at: packet.tokenEnd, end: packet.end });
  }
  if (!isFirst) step.note('quic-retry-repeated', layer);
  if (memory.challenges.length >= MOST_CHALLENGES) return;
  const token = slice(view, packet.token, packet.tokenEnd).slice();
  memory.challenges.push({ token, id: slice(view, packet.scid, packet.scidEnd).slice() });
  memory.sent = 0;
  if (!isFirst) return;
  row.proofStatus = verdict;
  const maker = tokenMaker(token);
  if (maker !== undefined) table.detail(row, 'token_maker', maker);
  table.addEvidence(step, row, 'likely', 'it answered with a Retry, for which it need not keep anything');
  if (row.state === 'asked') {
    table.setState(step, row, 'challenged', 'the server wants its token back, from the address that asked');
  }
}

/** The versions of a server that does not speak the client's. A client that speaks one of them begins again. */
function takeNegotiation({ step, layer, row, memory, packet, view }: Coming): void {
  const { table } = step;
  const versions = versionsIn(view, packet);
  table.message(step, row, 'Version Negotiation', false, { note: versions.map(versionText).join(', ') });
  if (row.state !== 'asked') return;
  if (versions.includes(memory.version)) return step.note('quic-negotiation-odd', layer, [memory.version]);
  memory.offered = versions;
  step.note('quic-version-refused', layer, [memory.version]);
  table.setState(step, row, 'refused', negotiatedReason(memory.version, versions));
}

/** A packet that only the ends can read: both have the keys of the connection. */
function takeUse({ step, row, memory, told }: Coming): void {
  if (told.fromServer) memory.serverUse = true;
  else memory.clientUse = true;
  if (row.state !== 'answered' && row.state !== 'echoed') return;
  step.touch(row);
  if (memory.clientUse && memory.serverUse && row.state === 'answered') {
    step.table.setState(step, row, 'established', 'both sides use the connection');
  }
}

/** Whether a packet closes the connection: the row has come to its end. */
function closes({ step, layer, row, memory, told, opened }: Coming): boolean {
  const frame = opened && framesIn(opened.view).frames.find(({ type }) => CLOSES.has(type));
  if (!opened || !frame) return false;
  const code = firstNumber(opened.view, frame);
  const phrase = asciiText(opened.view, frame.data, frame.dataEnd);
  if (row.state === 'established') return true;
  if (code === INVALID_TOKEN && told.fromServer) {
    step.note('quic-token-refused', layer);
    if (row.cookieStatus === 'unknown' && memory.hasToken) row.cookieStatus = 'invalid';
  }
  step.table.setState(step, row, 'refused', closedReason(told.fromServer, code, phrase));
  return true;
}

const CLOSES: ReadonlySet<number> = new Set([CONNECTION_CLOSE, CONNECTION_CLOSE_APPLICATION]);
