import type { AssociationFacts, Piece, Source } from '../../dissectors/layer.js';
import type { Remark, StreamPacket } from '../../dissectors/reassembly/answers.js';
import { FINDINGS, type Finding, type FindingCode } from '../../dissectors/wire/finding.js';
import {
  HANDSHAKE_KINDS,
  HANDSHAKE_STATES,
  type HandshakeKind,
  type HandshakeState,
  PROOF_STATUSES,
  RETURNED_STATUSES,
  type TouchedHandshake,
} from '../handshakes/handshake.js';
import { STATES, type State } from '../track/channel.js';
import type { Contribution } from '../track/contributions.js';
import { COOKIE_STATUSES, type CookieStatus, type Verdict } from '../track/cookies.js';
import type { PacketFacts, Touched } from '../track/facts.js';
import type { ConversationFacts } from '../track/segment-facts.js';
import type { IntReader, Ints } from './ints.js';
import { readQuic, writeQuic } from './quic-pool.js';
import { readSegment, writeSegment } from './segment-pool.js';

/**
 * Facts as integers and back. What is written is read in the same order, by the functions that stand in pairs below.
 * Arguments of findings that are kept are numbers; one that is text would be lost, and is kept as 0.
 */
export function writeFacts(facts: PacketFacts, contributions: readonly Contribution[], into: Ints): void {
  const { channels, handshakes = NONE, verdicts, findings, conversations } = facts;
  const { flows, segments } = conversations ?? NO_CONVERSATIONS;
  writeList(channels, writeTouched, into);
  into.push(
    (handshakes.length > 0 ? HAS_HANDSHAKES : 0) |
      (verdicts.length > 0 ? HAS_VERDICTS : 0) |
      (findings.length > 0 ? HAS_FINDINGS : 0) |
      (contributions.length > 0 ? HAS_CONTRIBUTIONS : 0) |
      (flows.length + segments.length > 0 ? HAS_CONVERSATIONS : 0),
  );
  if (handshakes.length > 0) writeList(handshakes, writeHandshake, into);
  if (verdicts.length > 0) writeList(verdicts, writeVerdict, into);
  if (findings.length > 0) writeList(findings, writeFinding, into);
  if (contributions.length > 0) writeList(contributions, writeContribution, into);
  if (flows.length + segments.length === 0) return;
  writeList(flows, writeInt, into);
  writeList(segments, writeSegment, into);
}

/** Which lists follow that of the channels: most packets have none of them. */
const HAS_HANDSHAKES = 1;
const HAS_VERDICTS = 2;
const HAS_FINDINGS = 4;
const HAS_CONTRIBUTIONS = 8;
const HAS_CONVERSATIONS = 16;

const NONE: readonly never[] = [];
const NO_CONVERSATIONS: ConversationFacts = { flows: NONE, segments: NONE };

type Read = (piece: Piece) => Uint8Array;

/** What was written for one packet. @param read where the bytes of pieces come from */
export function readFacts(from: IntReader, read: Read) {
  const channels = from.list(readTouched);
  const has = from.next();
  const touched = has & HAS_HANDSHAKES ? from.list(readHandshake) : NONE;
  const verdicts = has & HAS_VERDICTS ? from.list(readVerdict) : NONE;
  const findings = has & HAS_FINDINGS ? from.list(readFinding) : NONE;
  const contributions = has & HAS_CONTRIBUTIONS ? from.list((reader) => readContribution(reader, read)) : NONE;
  const conversations =
    has & HAS_CONVERSATIONS ? { flows: from.list(readInt), segments: from.list(readSegment) } : undefined;
  const handshakes = touched.length > 0 ? touched : undefined;
  const facts: PacketFacts = { channels, verdicts, findings, conversations, ...(handshakes && { handshakes }) };
  return { facts, contributions };
}

/** The numbers of the channels that a packet touches, which come first of what was written. */
export const touchedNumbers = (from: IntReader): readonly number[] =>
  from.list(readTouched).map(({ number }) => number);

/** The handshakes that a packet is a message of, which come next. */
export function handshakesIn(from: IntReader): readonly TouchedHandshake[] {
  from.list(readTouched);
  return from.next() & HAS_HANDSHAKES ? from.list(readHandshake) : NONE;
}

/** Whether a packet touches one of some channels besides the first, which the columns name. */
export function touchesAny(from: IntReader | undefined, wanted: ReadonlySet<number>): boolean {
  const count = from?.next() ?? 0;
  // Most packets touch one.
  if (!from || count <= 1) return false;
  for (let place = 0; place < count; place++) if (wanted.has(readTouched(from).number)) return true;
  return false;
}

function writeList<T>(list: readonly T[], write: (item: T, into: Ints) => void, into: Ints): void {
  into.push(list.length);
  for (const item of list) write(item, into);
}

function writeTouched({ number, c1, c2, state, caps, start }: Touched, into: Ints): void {
  into.push(number);
  into.push(c1);
  into.push(c2 ?? -1);
  into.push(STATES.indexOf(state));
  into.push(caps ?? -1);
  into.push(start ?? -1);
}

function readTouched(from: IntReader): Touched {
  const number = from.next();
  const c1 = from.next();
  const c2 = from.next();
  const state = STATES[from.next()] as State;
  const caps = from.next();
  const start = from.next();
  return {
    number,
    c1,
    c2: c2 < 0 ? undefined : c2,
    state,
    caps: caps < 0 ? undefined : caps,
    start: start < 0 ? undefined : start,
  };
}

function writeHandshake({ number, kind, state, cookieStatus, proofStatus }: TouchedHandshake, into: Ints): void {
  into.push(number);
  into.push(HANDSHAKE_KINDS.indexOf(kind));
  into.push(HANDSHAKE_STATES.indexOf(state));
  into.push(cookieStatus ? RETURNED_STATUSES.indexOf(cookieStatus) : -1);
  into.push(proofStatus ? PROOF_STATUSES.indexOf(proofStatus) : -1);
}

const readHandshake = (from: IntReader): TouchedHandshake => ({
  number: from.next(),
  kind: HANDSHAKE_KINDS[from.next()] as HandshakeKind,
  state: HANDSHAKE_STATES[from.next()] as HandshakeState,
  cookieStatus: RETURNED_STATUSES[from.next()],
  proofStatus: PROOF_STATUSES[from.next()],
});

function writeVerdict({ status, secret, packet, tried }: Verdict, into: Ints): void {
  into.push(COOKIE_STATUSES.indexOf(status));
  into.push(secret);
  into.push(packet);
  into.push(tried);
}

const readVerdict = (from: IntReader): Verdict => ({
  status: COOKIE_STATUSES[from.next()] as CookieStatus,
  secret: from.next(),
  packet: from.next(),
  tried: from.next(),
});

const CODES = Object.keys(FINDINGS) as FindingCode[];
const PLACES = new Map(CODES.map((code, place) => [code, place]));

function writeFinding({ code, source, start, end, given }: Finding, into: Ints): void {
  into.push(PLACES.get(code) ?? 0);
  into.push(source);
  into.push(start);
  into.push(end);
  writeList(given, writeArgument, into);
}

const writeInt = (value: number, into: Ints): void => into.push(value);

/** An argument as its lower 32 bits and what is above them: sequence numbers have more than a signed integer holds. */
function writeArgument(value: number | string, into: Ints): void {
  const number = typeof value === 'number' ? value : 0;
  into.push(number | 0);
  into.push(Math.floor(number / WORD));
}

function readArgument(from: IntReader): number {
  const low = from.unsigned();
  return low + from.next() * WORD;
}

const WORD = 0x1_0000_0000;
const readInt = (from: IntReader): number => from.next();

const readFinding = (from: IntReader): Finding => ({
  code: CODES[from.next()] as FindingCode,
  source: from.next(),
  start: from.next(),
  end: from.next(),
  given: from.list(readArgument),
});

function writePiece({ packet, at, length }: Piece, into: Ints): void {
  into.push(packet);
  into.push(at);
  into.push(length);
}

const readPiece = (from: IntReader): Piece => ({ packet: from.next(), at: from.next(), length: from.next() });

function writeRemark({ code, given }: Remark, into: Ints): void {
  into.push(PLACES.get(code) ?? 0);
  writeList(given, writeArgument, into);
}

const readRemark = (from: IntReader): Remark => ({
  code: CODES[from.next()] as FindingCode,
  given: from.list(readArgument),
});

const FRAGMENT = 0;
const SEGMENT = 1;
const ASSOCIATION = 2;
const DATAGRAM = 3;
const EXPECTED = 4;
const QUIC = 5;

function writeContribution(contribution: Contribution, into: Ints): void {
  if (contribution.type === 'fragment') {
    into.push(FRAGMENT);
    writeList(contribution.remarks, writeRemark, into);
    writeList(contribution.source ? [contribution.source] : [], writeSource, into);
    return;
  }
  if (contribution.type === 'association') {
    into.push(ASSOCIATION);
    writeAssociation(contribution.facts, into);
    return;
  }
  if (contribution.type === 'expected') {
    into.push(EXPECTED);
    into.push(contribution.application);
    into.push(contribution.place);
    return;
  }
  if (contribution.type === 'datagram') {
    into.push(DATAGRAM);
    into.push(contribution.flow);
    writeList(contribution.numbers, writeInt, into);
    writeList(contribution.wholes, writeSource, into);
    return;
  }
  if (contribution.type === 'quic') {
    into.push(QUIC);
    writeQuic(contribution.told, into);
    return;
  }
  const { facts, remarks, packets } = contribution;
  into.push(SEGMENT);
  into.push(facts.number);
  into.push(facts.sequence);
  into.push(facts.acknowledgement);
  into.push(facts.isPart ? 1 : 0);
  writeList(remarks, writeRemark, into);
  writeList(packets, writePacket, into);
}

function readContribution(from: IntReader, read: Read): Contribution {
  const type = from.next();
  if (type === ASSOCIATION) return { type: 'association', facts: readAssociation(from) };
  if (type === QUIC) return { type: 'quic', told: readQuic(from) };
  if (type === EXPECTED) return { type: 'expected', application: from.next(), place: from.next() };
  if (type === DATAGRAM) {
    const flow = from.next();
    const numbers = from.list(readInt);
    return { type: 'datagram', flow, numbers, wholes: from.list((reader) => readSource(reader, read)) };
  }
  if (type === FRAGMENT) {
    const remarks = from.list(readRemark);
    const [source] = from.list((reader) => readSource(reader, read));
    return source ? { type: 'fragment', remarks, source } : { type: 'fragment', remarks };
  }
  const place = { number: from.next(), sequence: from.unsigned(), acknowledgement: from.unsigned() };
  const facts = from.next() === 1 ? { ...place, isPart: true as const } : place;
  const remarks = from.list(readRemark);
  const packets = from.list((reader) => readPacket(reader, read));
  return { type: 'segment', facts, remarks, packets };
}

const HAS_TSN = 1;
const HAS_ACKNOWLEDGED = 2;
const ACCEPTS_ZERO = 4;

function writeAssociation({ tsn, acknowledged, acceptsZero }: AssociationFacts, into: Ints): void {
  const known = (tsn === undefined ? 0 : HAS_TSN) | (acknowledged === undefined ? 0 : HAS_ACKNOWLEDGED);
  into.push(known | (acceptsZero ? ACCEPTS_ZERO : 0));
  into.push(tsn ?? 0);
  into.push(acknowledged ?? 0);
}

function readAssociation(from: IntReader): AssociationFacts {
  const known = from.next();
  const tsn = from.unsigned();
  const acknowledged = from.unsigned();
  return {
    tsn: (known & HAS_TSN) === 0 ? undefined : tsn,
    acknowledged: (known & HAS_ACKNOWLEDGED) === 0 ? undefined : acknowledged,
    acceptsZero: (known & ACCEPTS_ZERO) !== 0,
  };
}

function writePacket({ source, at, captured, wire, pdu, state }: StreamPacket, into: Ints): void {
  writeList(source ? [source] : [], writeSource, into);
  into.push(at);
  into.push(captured);
  into.push(wire);
  into.push(pdu ?? -1);
  if (pdu === undefined) return;
  into.push(state?.own ?? 0);
  into.push(state?.other ?? 0);
}

function readPacket(from: IntReader, read: Read): StreamPacket {
  const [source] = from.list((reader) => readSource(reader, read));
  const place = { at: from.next(), captured: from.next(), wire: from.next() };
  const pdu = from.next();
  const said = pdu < 0 ? {} : { pdu, state: { own: from.next(), other: from.next() } };
  return source ? { ...place, ...said, source } : { ...place, ...said };
}

/** The names that put-together bytes have. */
const NAMES = [
  'Reassembled datagram',
  'Reassembled packet',
  'Earlier segment',
  'Reassembled message',
  'Reassembled PDU',
];

function writeSource({ name, pieces = [] }: Source, into: Ints): void {
  into.push(NAMES.indexOf(name));
  writeList(pieces, writePiece, into);
}

function readSource(from: IntReader, read: Read): Source {
  const name = NAMES[from.next()] ?? 'Reassembled bytes';
  const pieces = from.list(readPiece);
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(read(piece), at);
    at += piece.length;
  }
  return { name, view: new DataView(bytes.buffer), pieces };
}
