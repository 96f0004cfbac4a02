import type { Piece, Source } from '../../dissectors/layer.js';
import { FINDINGS, type Finding, type FindingCode } from '../../dissectors/wire/finding.js';
import { STATES, type State } from '../track/channel.js';
import { COOKIE_STATUSES, type CookieStatus, type Verdict } from '../track/cookies.js';
import type { PacketFacts, Touched } from '../track/facts.js';
import type { Contribution } from './contributions.js';
import type { IntReader, Ints } from './ints.js';

/**
 * Facts as integers and back. What is written is read in the same order, by the functions that stand in pairs below.
 * Arguments of findings that are kept are numbers; one that is text would be lost, and is kept as 0.
 */
export function writeFacts(facts: PacketFacts, contributions: readonly Contribution[], into: Ints): void {
  writeList(facts.channels, writeTouched, into);
  writeList(facts.verdicts, writeVerdict, into);
  writeList(facts.findings, writeFinding, into);
  writeList(contributions, writeContribution, into);
}

/** What was written for one packet. @param read where the bytes of pieces come from */
export function readFacts(from: IntReader, read: (piece: Piece) => Uint8Array) {
  const channels = from.list(readTouched);
  const verdicts = from.list(readVerdict);
  const findings = from.list(readFinding);
  const contributions = from.list((reader) => readContribution(reader, read));
  return { facts: { channels, verdicts, findings } satisfies PacketFacts, contributions };
}

function writeList<T>(list: readonly T[], write: (item: T, into: Ints) => void, into: Ints): void {
  into.push(list.length);
  for (const item of list) write(item, into);
}

function writeTouched({ number, c1, c2, state, caps }: Touched, into: Ints): void {
  into.push(number);
  into.push(c1);
  into.push(c2 ?? -1);
  into.push(STATES.indexOf(state));
  into.push(caps ?? -1);
}

function readTouched(from: IntReader): Touched {
  const number = from.next();
  const c1 = from.next();
  const c2 = from.next();
  const state = STATES[from.next()] as State;
  const caps = from.next();
  return { number, c1, c2: c2 < 0 ? undefined : c2, state, caps: caps < 0 ? undefined : caps };
}

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
  writeList(given, (value, ints) => ints.push(typeof value === 'number' ? value : 0), into);
}

const readFinding = (from: IntReader): Finding => ({
  code: CODES[from.next()] as FindingCode,
  source: from.next(),
  start: from.next(),
  end: from.next(),
  given: from.list((reader) => reader.next()),
});

function writePiece({ packet, at, length }: Piece, into: Ints): void {
  into.push(packet);
  into.push(at);
  into.push(length);
}

const readPiece = (from: IntReader): Piece => ({ packet: from.next(), at: from.next(), length: from.next() });

const FRAGMENT = 0;
const SEGMENT = 1;

function writeContribution(contribution: Contribution, into: Ints): void {
  if (contribution.type === 'fragment') {
    into.push(FRAGMENT);
    writeList(contribution.findings, writeFinding, into);
    writeList(contribution.source ? [contribution.source] : [], writeSource, into);
    return;
  }
  const { facts, findings, packets, channel } = contribution;
  into.push(SEGMENT);
  into.push(facts.number);
  into.push(facts.sequence);
  into.push(facts.acknowledgement);
  into.push(channel ? 1 : 0);
  writeList(findings, writeFinding, into);
  writeList(
    packets,
    (packet, ints) => {
      writeList('source' in packet ? [packet.source] : [], writeSource, ints);
      ints.push(packet.at);
      ints.push(packet.limit.captured);
      ints.push(packet.limit.wire);
    },
    into,
  );
}

function readContribution(from: IntReader, read: (piece: Piece) => Uint8Array): Contribution {
  if (from.next() === FRAGMENT) {
    const findings = from.list(readFinding);
    const [source] = from.list((reader) => readSource(reader, read));
    return source ? { type: 'fragment', findings, source } : { type: 'fragment', findings };
  }
  const facts = { number: from.next(), sequence: from.unsigned(), acknowledgement: from.unsigned() };
  const channel = from.next() === 1;
  const findings = from.list(readFinding);
  const packets = from.list((reader) => {
    const [source] = reader.list((inner) => readSource(inner, read));
    const place = { at: reader.next(), limit: { captured: reader.next(), wire: reader.next() } };
    return source ? { ...place, source } : place;
  });
  return { type: 'segment', facts, channel, findings, packets };
}

/** The names that put-together bytes have. */
const NAMES = ['Reassembled datagram', 'Reassembled packet', 'Earlier segment'];

function writeSource({ name, pieces = [] }: Source, into: Ints): void {
  into.push(NAMES.indexOf(name));
  writeList(pieces, writePiece, into);
}

function readSource(from: IntReader, read: (piece: Piece) => Uint8Array): Source {
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
