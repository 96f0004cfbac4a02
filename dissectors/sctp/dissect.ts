import { statusField, tellStatus, UNVERIFIED, type Verdict } from '../internet-checksum.js';
import type { Context, Dissector, Facts, Layer, Payload } from '../layer.js';
import { crc32c } from '../wire/checksum.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, placeAfter, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { associationKey, associationOf, hear, type Said } from './association.js';
import { type Chunk, chunkAt, isWhole, messageStart, padded, payloadProtocol, pieceOf } from './chunks.js';
import { type Bases, tellChunks } from './explain.js';
import { CHUNK_NAMES } from './form.js';
import { FORMS, sctpHeader } from './layout.js';
import { TSN_FIELDS } from './relative.js';

const { fields, size } = sctpHeader;

/**
 * Finds the messages in the SCTP packet at `at`: one for each DATA or I-DATA chunk, whole or in pieces.
 * Source: RFC 9260, section 3 "SCTP Packet Format".
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  if (at + size > limit.captured) return shortOf('sctp', at, size, limit);
  const facts = judgePacket(view, at, limit);
  const { messages, said, stop } = gather(view, at, limit, context);
  if (stop && messages.length === 0) return stop;
  const damage = stop && !context.quoted ? [findingOf(stop, limit, context)] : undefined;
  const bad = checksumFindings(at, facts, context);
  // Whether a checksum of zero is wrong depends on what the receiver has said.
  const mayBeZero = fields.checksum.read(view, at) === 0 && !said.needsChecksum && context.network !== undefined;
  const zero = mayBeZero ? bad?.[0] : undefined;
  const association = context.network && associationOf(view, at, context.network, said, zero);
  const findings = zero || !bad ? damage : [...bad, ...(damage ?? [])];
  const [first, ...more] = messages.filter(({ piece }) => !piece);
  const inOrder = messages.some(({ piece }) => piece) ? messages : undefined;
  const told = { facts, findings, association, messages: inOrder };
  if (!first) return { ok: true, at: limit.captured, limit, table: 'none', key: 0, ...told };
  return { ...first, ...told, more: more.length > 0 ? more : undefined };
}

/** What the chunks of a packet hold, as far as they can be read. */
interface Gathered {
  readonly messages: readonly Payload[];
  readonly said: Said;
  readonly stop: Stop | undefined;
}

function gather(view: DataView, at: number, limit: Limit, context: Context): Gathered {
  const said: Said = { tsn: undefined, opening: undefined, needsChecksum: false };
  const messages: Payload[] = [];
  const key = associationKey(view, at);
  for (let start = at + size; start < limit.wire; ) {
    const chunk = chunkAt(view, start, limit, (context.quoted ?? context.partial) === true);
    if ('ok' in chunk) return { messages, said, stop: chunk };
    hear(said, view, at, limit, chunk);
    const message = messageStart(chunk);
    const isCut = chunk.end > limit.captured;
    if (message !== 0 && isWhole(chunk)) {
      messages.push(payloadOf(view, chunk, message, limit));
      // What the capture did not keep is told by the message that it cut.
      if (isCut) break;
    } else if (message !== 0 && key !== undefined && !isCut) {
      messages.push({ ...payloadOf(view, chunk, message, limit), piece: pieceOf(view, chunk, key) });
    }
    start = chunk.at + padded(chunk.end - chunk.at);
  }
  return { messages, said, stop: undefined };
}

function payloadOf(view: DataView, chunk: Chunk, at: number, limit: Limit): Payload {
  const inside = { captured: Math.min(chunk.end, limit.captured), wire: chunk.end };
  return { ok: true, at, limit: inside, table: 'payload', key: payloadProtocol(view, chunk) };
}

const findingOf = ({ why, what, at, need, have }: Stop, { captured }: Limit, { source }: Context): Finding =>
  finding(why, Math.min(at, captured), captured, [what, need, have], source);

const ZEROS = new DataView(new ArrayBuffer(fields.checksum.advance as number));

/** The checksum covers the packet with zeros in its own place. Source: RFC 9260, appendix A. */
function judgePacket(view: DataView, at: number, limit: Limit): Verdict {
  if (limit.captured < limit.wire) return UNVERIFIED;
  const start = at + fields.checksum.offset;
  const before = crc32c(view, at, start);
  const crc = crc32c(view, at + size, limit.wire, crc32c(ZEROS, 0, ZEROS.byteLength, before));
  const expected = swap32(crc);
  return { type: 'checksum', status: fields.checksum.read(view, at) === expected ? 'good' : 'bad', expected };
}

/** The least significant byte of the checksum is sent first. */
const swap32 = (value: number): number =>
  ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

function checksumFindings(
  at: number,
  { status, expected }: Verdict,
  { source, quoted }: Context,
): readonly Finding[] | undefined {
  if (status !== 'bad' || quoted) return undefined;
  const start = at + fields.checksum.offset;
  return [finding('sctp-checksum-bad', start, at + size, [`0x${expected.toString(16).padStart(8, '0')}`], source)];
}

const STATUS = statusField('sctp');

const CHECKSUM = placeAfter(sctpHeader, 'checksum');

function tell(view: DataView, { at, limit, facts }: Layer, sink: FieldSink): void {
  const ports =
    !sink.shows || at + fields.verification_tag.offset > limit.captured
      ? ''
      : `, Src port: ${fields.srcport.read(view, at)}, Dst port: ${fields.dstport.read(view, at)}`;
  sink.open('sctp', `${sctp.title}${ports}`, at, limit.captured);
  tellLayout(sink, sctpHeader, view, at, limit, 0, CHECKSUM);
  if (facts?.type === 'checksum' || facts?.type === 'association') {
    const start = at + fields.checksum.offset;
    tellStatus(sink, STATUS, facts, start, at + size);
  }
  tellLayout(sink, sctpHeader, view, at, limit, CHECKSUM);
  sink.apart();
  if (at + size <= limit.captured) tellChunks(view, at + size, limit, basesOf(facts), sink);
  sink.close();
}

const basesOf = (facts: Facts | undefined): Bases =>
  facts?.type === 'association' ? facts.association : { tsn: undefined, acknowledged: undefined };

/** The most chunks that a summary names. */
const MOST_NAMES = 8;

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + size > limit.captured) return 'SCTP, cut off';
  const names: string[] = [];
  for (let start = at + size; start < limit.captured && names.length < MOST_NAMES; ) {
    const chunk = chunkAt(view, start, limit, true);
    if ('ok' in chunk) break;
    names.push(CHUNK_NAMES[chunk.type] ?? `chunk ${chunk.type}`);
    start = chunk.at + padded(chunk.end - chunk.at);
  }
  return `${fields.srcport.read(view, at)} → ${fields.dstport.read(view, at)} ${names.join(', ')}`.trimEnd();
}

export const sctp: Dissector = {
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  fields: [
    ...fieldsOf(sctpHeader, ...FORMS.flatMap(({ layout, entries }) => (entries ? [layout, entries] : [layout]))),
    ...new Map(FORMS.flatMap(({ rest }) => (rest ? [[rest.path, rest] as const] : []))).values(),
    ...TSN_FIELDS,
    STATUS,
  ],
  dissect,
  tell,
  summary,
};
