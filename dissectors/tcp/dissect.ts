import { findingOf, judge, statusField, tellStatus } from '../internet-checksum.js';
import { PROTOCOL_TCP } from '../ipv4/protocols.js';
import type { Context, CutHeader, Dissector, Facts, Layer, Network, Payload, Segment, StreamFacts } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, pathSet, placeAfter, tellDerived, tellLayout } from '../wire/sink.js';
import { type Limit, malformed, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { flowKeys } from './flow-keys.js';
import {
  DERIVED,
  FIXED_OPTIONS,
  fastOpenRequest,
  optionHead,
  REST,
  sackBlock,
  tcpHeader,
  unknownRest,
} from './layout.js';
import { MULTIPATH_LAYOUTS } from './multipath.js';
import { OPTION, optionEnd } from './option-start.js';
import { checkOptions, tellOptions } from './options.js';
import { sequenceCookie, tellSequenceCookie, timestampCookie } from './syn-cookie.js';

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
  // The lower port first: it is the server's more often, and Wireshark's choice too.
  const key = Math.min(from, to);
  const found = payloadAt(context, end, limit, 'tcp.port', key, facts, findingsOf(view, at, end, facts, context));
  found.otherKey = Math.max(from, to);
  found.segment = segment;
  return found;
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
  const { key, reverse } = flowKeys(network, view, at);
  const from = fields.srcport.read(view, at);
  const to = fields.dstport.read(view, at);
  return {
    key,
    reverse,
    // SYN takes a number before the first byte.
    sequence: (fields.seq_raw.read(view, at) + (syn ? 1 : 0)) >>> 0,
    acknowledgement: fields.ack_raw.read(view, at),
    acknowledges: (flags & ACK) !== 0,
    syn,
    fin: (flags & FIN) !== 0,
    reset: (flags & RESET) !== 0,
    port: Math.min(from, to),
    otherPort: Math.max(from, to),
  };
}

const STATUS = statusField('tcp');

const PORTS = placeAfter(tcpHeader, 'dstport');
const SEQUENCE = placeAfter(tcpHeader, 'seq_raw');
const ACKNOWLEDGEMENT = placeAfter(tcpHeader, 'ack_raw');
const FLAGS = placeAfter(tcpHeader, 'flags.fin');
const CHECKSUM = placeAfter(tcpHeader, 'checksum');

function tell(view: DataView, { at, limit, facts }: Layer, sink: FieldSink): void {
  if (at + size > limit.captured) {
    sink.open('tcp', sink.shows ? `${tcp.title}${portsText(view, at, limit)}` : '', at, limit.captured);
    tellLayout(sink, tcpHeader, view, at, limit);
    return sink.close();
  }
  const end = Math.min(at + Math.max(size, fields.hdr_len.read(view, at)), limit.captured);
  const length = lengthOf(view, at, limit);
  sink.open('tcp', sink.shows ? `${tcp.title}${portsText(view, at, limit)}, Len: ${length}` : '', at, end);
  const stream = streamOf(facts);
  tellPlace(view, at, limit, length, stream, sink);
  tellLayout(sink, tcpHeader, view, at, limit, ACKNOWLEDGEMENT, FLAGS);
  if (sink.wants(DERIVED.flags.path)) {
    const flagsAt = at + fields.flags.offset;
    tellDerived(sink, DERIVED.flags, flagsText(fields.flags.read(view, at)), flagsAt, flagsAt + 2);
  }
  tellLayout(sink, tcpHeader, view, at, limit, FLAGS, CHECKSUM);
  if (facts?.type === 'checksum' || facts?.type === 'stream') {
    const start = at + fields.checksum.offset;
    tellStatus(sink, STATUS, facts, start, start + 2);
  }
  tellLayout(sink, tcpHeader, view, at, limit, CHECKSUM);
  if (end > at + size && sink.wantsAny(OPTIONS)) {
    const base = stream ? (fields.ack_raw.read(view, at) - stream.acknowledgement) >>> 0 : 0;
    sink.openValue(DERIVED.options, slice(view, at + size, end), at + size, end);
    tellOptions(view, at + size, end, base, sink);
    sink.close();
  }
  if (stream?.isPart && sink.shows) {
    sink.open('', '[TCP segment of a reassembled PDU]', end, Math.max(end, limit.captured));
    sink.close();
  }
  sink.close();
}

const portsText = (view: DataView, at: number, limit: Limit): string =>
  at + fields.seq_raw.offset > limit.captured
    ? ''
    : `, Src port: ${fields.srcport.read(view, at)}, Dst port: ${fields.dstport.read(view, at)}`;

const streamOf = (facts: Facts | undefined): StreamFacts | undefined =>
  facts?.type === 'stream' ? facts.stream : undefined;

/** The bytes of the payload, as sent; 0 where the header is longer than the segment. */
const lengthOf = (view: DataView, at: number, limit: Limit): number =>
  Math.max(0, limit.wire - at - fields.hdr_len.read(view, at));

/** Tells the header up to the acknowledgement, with what follows from its limits and from the segments before it. */
function tellPlace(
  view: DataView,
  at: number,
  limit: Limit,
  length: number,
  stream: StreamFacts | undefined,
  sink: FieldSink,
): void {
  tellLayout(sink, tcpHeader, view, at, limit, 0, PORTS);
  if (stream) tellDerived(sink, DERIVED.stream, stream.number, at, at);
  tellDerived(sink, DERIVED.length, length, at, at);
  tellLayout(sink, tcpHeader, view, at, limit, PORTS, SEQUENCE);
  const sequenceAt = at + fields.seq_raw.offset;
  const flags = fields.flags.read(view, at);
  if (stream) {
    const taken = length + (flags & (SYN | FIN) ? 1 : 0);
    tellDerived(sink, DERIVED.sequence, stream.sequence, sequenceAt, sequenceAt + 4);
    tellDerived(sink, DERIVED.next, (stream.sequence + taken) >>> 0, sequenceAt, sequenceAt + 4);
  }
  tellLayout(sink, tcpHeader, view, at, limit, SEQUENCE, ACKNOWLEDGEMENT);
  tellSequenceCookie(view, sequenceAt, limit, sink);
  if (stream) {
    // Without ACK the number is relative to nothing.
    const acknowledgement = flags & ACK ? stream.acknowledgement : fields.ack_raw.read(view, at);
    const start = at + fields.ack_raw.offset;
    tellDerived(sink, DERIVED.acknowledgement, acknowledgement, start, start + 4);
  }
}

const FLAG_LETTERS = 'RRRACEUAPRSF';

/** The twelve flags as letters, with a dot for each that is not set. */
const flagsText = perFlags((flags) =>
  [...FLAG_LETTERS].map((letter, place) => (flags & (1 << (11 - place)) ? letter : '·')).join(''),
);

/** A function of the twelve flags that remembers its answers: the same few come again and again. */
function perFlags(make: (flags: number) => string): (flags: number) => string {
  const made = new Array<string | undefined>(1 << 12).fill(undefined);
  return (flags) => {
    made[flags] ??= make(flags);
    return made[flags] as string;
  };
}

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

/** The names of the flags that are set: `[SYN, ACK]`. */
const namesText = perFlags((flags) => {
  const names = FLAG_NAMES.filter(([mask]) => flags & mask).map(([, name]) => name);
  return `[${names.join(', ')}]`;
});

function summary(view: DataView, { at, limit, facts }: Layer): string {
  if (at + fields.seq_raw.offset > limit.captured) return 'TCP, cut off';
  const ports = `${fields.srcport.read(view, at)} → ${fields.dstport.read(view, at)}`;
  if (at + size > limit.captured) return `${ports}, cut off`;
  const flags = fields.flags.read(view, at);
  const stream = streamOf(facts);
  const sequence = stream ? stream.sequence : fields.seq_raw.read(view, at);
  const acknowledgement = stream ? stream.acknowledgement : fields.ack_raw.read(view, at);
  const ack = flags & ACK ? ` Ack=${acknowledgement}` : '';
  const window = fields.window_size_value.read(view, at);
  const part = stream?.isPart ? ' [TCP segment of a reassembled PDU]' : '';
  return `${ports} ${namesText(flags)} Seq=${sequence}${ack} Win=${window} Len=${lengthOf(view, at, limit)}${part}`;
}

const OPTION_LAYOUTS = [optionHead, timestampCookie, sackBlock, ...FIXED_OPTIONS.values(), ...MULTIPATH_LAYOUTS];
const REST_FIELDS = [...[...REST.values()].slice(0, 3), fastOpenRequest, unknownRest];
const { options, sackPermitted, multiplier, blocks } = DERIVED;
const OPTIONS = pathSet([
  ...fieldsOf(...OPTION_LAYOUTS),
  ...REST_FIELDS,
  ...[options, sackPermitted, multiplier, blocks],
]);

/** A segment with an option of multipath TCP is called after that, as Wireshark calls it. */
function labelOf(view: DataView, { at, limit }: Layer): string {
  if (at + size > limit.captured) return 'TCP';
  const end = Math.min(limit.captured, at + fields.hdr_len.read(view, at));
  for (let place = at + size; place >= 0 && place < end; place = optionEnd(view, place, end)) {
    if (view.getUint8(place) === OPTION.multipath) return 'MPTCP';
  }
  return 'TCP';
}

export const tcp: Dissector = {
  name: 'tcp',
  title: 'Transmission Control Protocol',
  labelOf,
  fields: [
    ...fieldsOf(tcpHeader, sequenceCookie, ...OPTION_LAYOUTS),
    ...Object.values(DERIVED),
    ...REST_FIELDS,
    STATUS,
  ],
  dissect,
  tell,
  summary,
};
