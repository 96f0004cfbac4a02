import type { Layer } from '../../../dissectors/layer.js';
import {
  HARD_RESET_CLIENT_V2,
  HARD_RESET_CLIENT_V3,
  HARD_RESET_SERVER_V2,
} from '../../../dissectors/openvpn/layout.js';
import {
  endsInKey,
  type OpenvpnBody,
  type OpenvpnControl,
  opcodeOf,
  readBody,
  readControl,
} from '../../../dissectors/openvpn/read.js';
import { isControl } from '../../../dissectors/openvpn/shape.js';
import { packetAt } from '../../../dissectors/openvpn/stream.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { type Ends, endsAround, networkAround, portsAround } from '../ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { alertReason, silentReason } from './reasons.js';
import { type JudgedWrap, judgeWrap } from './wrap.js';

const KIND = 'openvpn';
/** How long a client goes on. Source: openvpn(8), `--hand-window`. */
const HAND_WINDOW = 60;
/** Sessions of a server that a client's packets may name: a stateless server has a new one every 30 s. */
const MOST_SESSIONS = 8;
/** A TLS record that is an alert, of which nothing is encrypted. */
const ALERT = 21;
const ALERT_RECORD = 7;
const FATAL = 2;

/** Source: OpenVPN 2.6, Changes.rst, "Cookie support for the server". */
const STATELESS =
  'the client must name the session of the server, which servers since 2.6 work out from its address and the time';

/** What an OpenVPN handshake keeps while it goes on. */
interface OpenvpnMemory {
  readonly sessions: string[];
  /** Answers to hard resets of one session: the same twice shows that they are worked out. */
  resets: number;
  isDataSent: boolean;
  isDataAnswered: boolean;
}

function memoryOf(row: Handshake): OpenvpnMemory {
  row.memory ??= { sessions: [], resets: 0, isDataSent: false, isDataAnswered: false };
  return row.memory as OpenvpnMemory;
}

const CLIENT_RESETS: readonly number[] = [1, HARD_RESET_CLIENT_V2, HARD_RESET_CLIENT_V3];
const SERVER_RESETS: readonly number[] = [2, HARD_RESET_SERVER_V2];

const keyOf = ({ from, to }: Ends, session: string): string => `${from} ${to} ${session}`;
const pairOf = ({ from, to }: Ends): string => `${from} ${to}`;
const turned = ({ from, to }: Ends): Ends => ({ from: to, to: from });

/** Follows OpenVPN from a client's hard reset to the first data both ways. */
export class OpenvpnTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['openvpn'];
  readonly seconds = HAND_WINDOW;

  readonly expire = (row: Handshake): string => silentReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    if (!isControl(opcodeOf(view, layer))) return takeData(step, place);
    const control = readControl(view, layer);
    const ends = control && endsAround(step.dissection, place);
    if (!control || !ends) return;
    const judged = judge(step, view, layer, control);
    const body = bodyOf(view, layer, control, judged);
    if (CLIENT_RESETS.includes(control.opcode)) takeReset(step, layer, control, judged, ends, place);
    else if (SERVER_RESETS.includes(control.opcode)) takeAnswer(step, layer, control, judged, body?.body, ends);
    else takeControl(step, layer, control, judged, body, ends);
  }
}

function judge(step: Step, view: DataView, layer: Layer, control: OpenvpnControl): JudgedWrap {
  const { captured, wire } = layer.limit;
  const keys = step.secrets.of('OPENVPN_STATIC_KEY').map(({ bytes }) => bytes);
  // What ends in a client's own key is protected with that, which only the server can read.
  const isJudged = captured >= wire && !endsInKey(control.opcode);
  return judgeWrap(view, packetAt(layer), captured, control, isJudged ? keys : []);
}

interface ReadBody {
  readonly view: DataView;
  readonly body: OpenvpnBody;
}

/** What a packet acknowledges and carries, where that is not encrypted or could be decrypted. */
function bodyOf(view: DataView, layer: Layer, control: OpenvpnControl, { plain }: JudgedWrap): ReadBody | undefined {
  const { opcode, shape } = control;
  const inside = plain ? viewOf(plain) : view;
  if (!plain && shape.wrapping === 'tls-crypt') return undefined;
  const limit = plain ? { captured: plain.length, wire: plain.length } : layer.limit;
  const body = readBody(inside, plain ? 0 : shape.end, opcode, limit);
  return body && { view: inside, body };
}

/** Notes what the protection of a packet is worth. */
function noteWrap(step: Step, layer: Layer, row: Handshake, { shape }: OpenvpnControl, judged: JudgedWrap): void {
  if (shape.wrapping !== 'none') {
    // A packet that is invalid counts more than those that are valid.
    if (row.proofStatus !== 'invalid' || judged.status === 'invalid') row.proofStatus = judged.status;
    if (judged.status === 'invalid') step.note('openvpn-hmac-invalid', layer);
  }
  const digest = shape.digest > 0 ? ` (HMAC of ${shape.digest} bytes)` : '';
  step.table.detail(row, 'protection', `${shape.wrapping}${digest}`);
}

function takeReset(
  step: Step,
  layer: Layer,
  control: OpenvpnControl,
  judged: JudgedWrap,
  ends: Ends,
  place: number,
): void {
  const { table } = step;
  const key = keyOf(ends, control.session);
  const known = table.find(KIND, key);
  const row =
    known ??
    table.begin(step, { kind: KIND, initiator: ends.from, responder: ends.to, id: control.session.slice(0, 8), key });
  table.remember(row, pairOf(ends));
  const flow = flowOf(step, place);
  if (flow !== undefined) table.remember(row, flow);
  noteWrap(step, layer, row, control, judged);
  table.message(step, row, 'HARD_RESET_CLIENT', true, { isFirst: !known, isResent: known !== undefined });
  if (row.state === 'timed-out') table.setState(step, row, 'asked', silentReason(row));
  else if (row.state === 'asked') table.setState(step, row, 'asked', silentReason(row));
}

function takeAnswer(
  step: Step,
  layer: Layer,
  control: OpenvpnControl,
  judged: JudgedWrap,
  body: OpenvpnBody | undefined,
  ends: Ends,
): void {
  const { table } = step;
  const back = turned(ends);
  const named = body?.remote;
  const exact = named === undefined ? undefined : table.find(KIND, keyOf(back, named));
  const found = exact ?? table.find(KIND, pairOf(back));
  const row = found ?? beginUnseen(step, layer, back, control.session);
  const memory = memoryOf(row);
  memory.resets++;
  const isResent = memory.sessions.includes(control.session);
  if (!isResent) {
    if (memory.sessions.length >= MOST_SESSIONS) memory.sessions.shift();
    memory.sessions.push(control.session);
  }
  noteWrap(step, layer, row, control, judged);
  if (isResent && row.resent > 0) {
    table.addEvidence(
      step,
      row,
      'likely',
      'the same session for each hard reset: the server works it out, and keeps nothing',
    );
  }
  table.message(step, row, 'HARD_RESET_SERVER', false, { isResent });
  if (row.state === 'asked' || row.state === 'timed-out') {
    table.setState(
      step,
      row,
      'challenged',
      "the server answered with a session of its own, which the client's next packet must name",
    );
  }
}

function beginUnseen(step: Step, layer: Layer, ends: Ends, session: string): Handshake {
  step.note('openvpn-reset-unseen', layer);
  const id = session.slice(0, 8);
  return step.table.begin(step, { kind: KIND, initiator: ends.from, responder: ends.to, id, key: pairOf(ends) });
}

function takeControl(
  step: Step,
  layer: Layer,
  control: OpenvpnControl,
  judged: JudgedWrap,
  read: ReadBody | undefined,
  ends: Ends,
): void {
  const { table } = step;
  const asClient = table.find(KIND, pairOf(ends));
  const row = asClient ?? table.find(KIND, pairOf(turned(ends)));
  if (!row || row.state === 'established') return;
  const isClient = row.initiator === ends.from;
  noteWrap(step, layer, row, control, judged);
  const name = control.opcode === 5 ? 'ACK' : control.opcode === 11 ? 'CONTROL_WKC' : 'CONTROL';
  const note = isClient ? judgeEcho(step, layer, row, read?.body.remote) : undefined;
  table.message(step, row, name, isClient, note ? { note } : {});
  const alert = read && alertIn(read);
  if (alert !== undefined) return table.setState(step, row, 'refused', alertReason(!isClient, alert));
  if (isClient && row.state === 'challenged' && row.cookieStatus !== 'echo-bad') {
    const why =
      row.cookieStatus === undefined
        ? 'the client went on; what it names is encrypted'
        : 'the client named the session of the server; no TLS of the server so far';
    table.setState(step, row, 'echoed', why);
  } else if (!isClient && name === 'CONTROL' && (row.state === 'echoed' || row.state === 'challenged')) {
    table.setState(step, row, 'answered', 'TLS is under way; no data both ways so far');
  }
}

/** The client's packets name the session that the server answered with: once is enough to tell. */
function judgeEcho(step: Step, layer: Layer, row: Handshake, remote: string | undefined): string | undefined {
  if (remote === undefined || row.cookieStatus === 'echo-ok') return undefined;
  const { sessions } = memoryOf(row);
  if (sessions.length === 0) {
    row.cookieStatus = 'unknown';
    return undefined;
  }
  const isSame = sessions.includes(remote);
  row.cookieStatus = isSame ? 'echo-ok' : 'echo-bad';
  if (isSame) step.table.addEvidence(step, row, 'likely', STATELESS);
  if (!isSame) step.note('openvpn-session-bad', layer);
  return isSame ? 'names the session of the server' : 'names another session';
}

/** The number of a fatal alert that is all a packet carries. */
function alertIn({ view, body: { data } }: ReadBody): number | undefined {
  if (data + ALERT_RECORD > view.byteLength || view.getUint8(data) !== ALERT) return undefined;
  const isPlain = view.getUint8(data + 1) === 3 && view.getUint16(data + 3) === 2 && view.getUint8(data + 5) === FATAL;
  return isPlain ? view.getUint8(data + 6) : undefined;
}

/** What the packets of two ends share, both ways: no text is made for a packet of data. */
function flowOf({ dissection }: Step, place: number): number | undefined {
  const ports = portsAround(dissection, place);
  const network = networkAround(dissection, place);
  return ports && network && network.addressSum * 0x20000 + ports[0] + ports[1];
}

/** The first data both ways shows that the tunnel is up. */
function takeData(step: Step, place: number): void {
  const flow = flowOf(step, place);
  const row = flow === undefined ? undefined : step.table.find(KIND, flow);
  // Most data is of tunnels that are up.
  if (!row || row.state === 'established' || row.state === 'refused') return;
  const ends = endsAround(step.dissection, place);
  const isClient = ends?.from === row.initiator && ends.to === row.responder;
  if (!ends || (!isClient && ends.to !== row.initiator)) return;
  const memory = memoryOf(row);
  const isKnown = isClient ? memory.isDataSent : memory.isDataAnswered;
  if (isKnown) return;
  if (isClient) memory.isDataSent = true;
  else memory.isDataAnswered = true;
  step.table.message(step, row, 'DATA', isClient);
  if (memory.isDataSent && memory.isDataAnswered) {
    step.table.setState(step, row, 'established', 'data went both ways');
  }
}
