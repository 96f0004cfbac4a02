import { endpointKey } from '../endpoint-key.js';
import { findingOf, judge, statusField, statusLine } from '../internet-checksum.js';
import { PROTOCOL_TCP } from '../ipv4/protocols.js';
import type { Context, CutHeader, Dissector, Facts, Layer, Network, Payload, Segment, StreamFacts } from '../layer.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { derivedLine, flatLines, foundLine, heading, insertAfter, type Line, nest } from '../wire/line.js';
import { type Limit, malformed, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { DERIVED, FIXED_OPTIONS, optionHead, REST, sackBlock, tcpHeader, unknownRest } from './layout.js';
import { checkOptions, explainOptions } from './options.js';

const { fields, size } = tcpHeader;
const SYN = 0x002;
const FIN = 0x001;
const RESET = 0x004;
const ACK = 0x010;

/**
 * Finds the payload of the TCP segment at `at`, and where it stands in its stream.
 * Source: RFC 9293, section 3.1 "Header Format".
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | CutHeader {
  if (at + size > limit.captured) return shortOf('tcp', at, size, limit);
  const headerLength = fields.hdr_len.read(view, at);
  if (headerLength < size) return malformed('tcp.hdr_len', at, size, headerLength);
  const end = at + headerLength;
  if (end > limit.wire) return malformed('tcp.hdr_len', at, headerLength, limit.wire - at);
  const segment = context.network && !context.quoted ? segmentOf(view, at, context.network) : undefined;
  if (end > limit.captured) return { ...shortOf('tcp', at, headerLength, limit), segment };

  const from = fields.srcport.read(view, at);
  const to = fields.dstport.read(view, at);
  const facts = judge(view, at, limit, context, PROTOCOL_TCP, fields.checksum.read(view, at));
  return {
    ok: true,
    at: end,
    limit,
    table: 'tcp.port',
    // The lower port first: it is the server's more often, and Wireshark's choice too.
    key: Math.min(from, to),
    otherKey: Math.max(from, to),
    facts,
    findings: findingsOf(view, at, end, facts, context),
    segment,
  };
}

function findingsOf(
  view: DataView,
  at: number,
  end: number,
  facts: ReturnType<typeof judge>,
  context: Context,
): readonly Finding[] | undefined {
  const start = at + fields.checksum.offset;
  const judged = facts.status === 'good' ? undefined : findingOf(facts, 'tcp-checksum-bad', start, context);
  const stop = end === at + size ? undefined : checkOptions(view, at + size, end);
  if (!stop) return judged;
  const cut = finding('malformed', stop.at, end, [stop.what, stop.need, stop.have], context.source);
  return [...(judged ?? []), cut];
}

function segmentOf(view: DataView, at: number, network: Network): Segment {
  const flags = fields.flags.read(view, at);
  const syn = (flags & SYN) !== 0;
  const from = endpointKey(network, false, fields.srcport.read(view, at));
  const to = endpointKey(network, true, fields.dstport.read(view, at));
  return {
    key: from + to,
    reverse: to + from,
    // SYN takes a number before the first byte.
    sequence: (fields.seq_raw.read(view, at) + (syn ? 1 : 0)) >>> 0,
    acknowledgement: fields.ack_raw.read(view, at),
    acknowledges: (flags & ACK) !== 0,
    syn,
    fin: (flags & FIN) !== 0,
    reset: (flags & RESET) !== 0,
  };
}

const STATUS = statusField('tcp');

function lines(view: DataView, { at, limit, source, facts }: Layer): Line {
  const flat = flatLines(tcpHeader, view, at, limit, source).lines;
  const whole = at + size <= limit.captured;
  const end = whole ? Math.min(at + Math.max(size, fields.hdr_len.read(view, at)), limit.captured) : limit.captured;
  const ports =
    at + fields.seq_raw.offset > limit.captured
      ? ''
      : `, Src port: ${fields.srcport.read(view, at)}, Dst port: ${fields.dstport.read(view, at)}`;
  if (!whole) return heading('tcp', `${tcp.title}${ports}`, source, at, end, nest(flat));

  const stream = streamOf(facts);
  addPlace(flat, view, at, limit, source, stream);
  const flags = fields.flags.read(view, at);
  const flagsAt = at + fields.flags.offset;
  insertAfter(
    flat,
    'tcp.flags.fin',
    derivedLine(DERIVED.flags.path, DERIVED.flags, flagsText(flags), source, flagsAt, flagsAt + 2),
  );
  if (facts?.type === 'checksum' || facts?.type === 'stream') {
    const start = at + fields.checksum.offset;
    insertAfter(flat, fields.checksum.path, statusLine(STATUS, facts, source, start, start + 2));
  }
  const children = [...nest(flat)];
  if (end > at + size) {
    const base = stream ? (fields.ack_raw.read(view, at) - stream.acknowledgement) >>> 0 : 0;
    const options = explainOptions(view, at + size, end, base, source);
    children.push(foundLine(DERIVED.options, slice(view, at + size, end), source, at + size, end, options));
  }
  return heading('tcp', `${tcp.title}${ports}, Len: ${lengthOf(view, at, limit)}`, source, at, end, children);
}

const streamOf = (facts: Facts | undefined): StreamFacts | undefined =>
  facts?.type === 'stream' ? facts.stream : undefined;

/** The bytes of the payload, as sent; 0 where the header is longer than the segment. */
const lengthOf = (view: DataView, at: number, limit: Limit): number =>
  Math.max(0, limit.wire - at - fields.hdr_len.read(view, at));

/** Adds what follows from the segment's limits, and from the segments before it. */
function addPlace(flat: Line[], view: DataView, at: number, limit: Limit, source: number, stream?: StreamFacts): void {
  const length = lengthOf(view, at, limit);
  const line = (field: (typeof DERIVED)[keyof typeof DERIVED], value: number, place: number) =>
    derivedLine(field.path, field, value, source, place, place + 4);
  const sequenceAt = at + fields.seq_raw.offset;
  if (stream) {
    const flags = fields.flags.read(view, at);
    const taken = length + (flags & (SYN | FIN) ? 1 : 0);
    // Without ACK the number is relative to nothing.
    const acknowledgement = flags & ACK ? stream.acknowledgement : fields.ack_raw.read(view, at);
    insertAfter(flat, 'tcp.ack_raw', line(DERIVED.acknowledgement, acknowledgement, at + fields.ack_raw.offset));
    insertAfter(flat, 'tcp.seq_raw', line(DERIVED.next, (stream.sequence + taken) >>> 0, sequenceAt));
    insertAfter(flat, 'tcp.seq_raw', line(DERIVED.sequence, stream.sequence, sequenceAt));
  }
  insertAfter(flat, 'tcp.dstport', derivedLine(DERIVED.length.path, DERIVED.length, length, source, at, at));
  if (stream) {
    insertAfter(flat, 'tcp.dstport', derivedLine(DERIVED.stream.path, DERIVED.stream, stream.number, source, at, at));
  }
}

const FLAG_LETTERS = 'RRRACEUAPRSF';

/** The twelve flags as letters, with a dot for each that is not set. */
const flagsText = (flags: number): string =>
  [...FLAG_LETTERS].map((letter, place) => (flags & (1 << (11 - place)) ? letter : '·')).join('');

const FLAG_NAMES: readonly (readonly [mask: number, name: string])[] = [
  [FIN, 'FIN'],
  [SYN, 'SYN'],
  [RESET, 'RST'],
  [0x008, 'PSH'],
  [ACK, 'ACK'],
  [0x020, 'URG'],
  [0x040, 'ECE'],
  [0x080, 'CWR'],
  [0x100, 'AE'],
];

function summary(view: DataView, { at, limit, facts }: Layer): string {
  if (at + fields.seq_raw.offset > limit.captured) return 'TCP, cut off';
  const ports = `${fields.srcport.read(view, at)} → ${fields.dstport.read(view, at)}`;
  if (at + size > limit.captured) return `${ports}, cut off`;
  const flags = fields.flags.read(view, at);
  const names = FLAG_NAMES.filter(([mask]) => flags & mask).map(([, name]) => name);
  const stream = streamOf(facts);
  const sequence = stream ? stream.sequence : fields.seq_raw.read(view, at);
  const acknowledgement = stream ? stream.acknowledgement : fields.ack_raw.read(view, at);
  const ack = flags & ACK ? ` Ack=${acknowledgement}` : '';
  const window = fields.window_size_value.read(view, at);
  return `${ports} [${names.join(', ')}] Seq=${sequence}${ack} Win=${window} Len=${lengthOf(view, at, limit)}`;
}

export const tcp: Dissector = {
  name: 'tcp',
  title: 'Transmission Control Protocol',
  fields: [
    ...fieldsOf(tcpHeader, optionHead, sackBlock, ...FIXED_OPTIONS.values()),
    ...Object.values(DERIVED),
    ...[...REST.values()].slice(0, 3),
    unknownRest,
    STATUS,
  ],
  dissect,
  lines,
  summary,
};
