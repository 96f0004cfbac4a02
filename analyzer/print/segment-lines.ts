import type { Layer } from '../../dissectors/layer.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { derived, type Field, type Value } from '../../dissectors/wire/field.js';
import type { Line } from '../../dissectors/wire/line.js';
import { epochTime } from '../text/elapsed.js';
import {
  FAST_OPEN_FLAGS,
  NOT_SCALED,
  SCALE_UNKNOWN,
  SEGMENT_FLAGS,
  type SegmentFacts,
  type SegmentFlag,
  type Span,
} from '../track/segment-facts.js';
import { SYN } from '../track/segment-header.js';
import type { Packet } from './packet.js';
import { workedOutLine } from './worked-out-line.js';

const time = (label: string): Field => derived(label, 'string');
const present = (label: string): Field => derived(label, 'bool');

const FLAG_LABELS: Readonly<Record<SegmentFlag, string>> = {
  retransmission: 'Retransmission',
  fast_retransmission: 'Fast retransmission',
  spurious_retransmission: 'Spurious retransmission: it was acknowledged before',
  out_of_order: 'Out of order',
  lost_segment: 'A segment before it was not captured',
  ack_lost_segment: 'Acknowledges a segment that was not captured',
  duplicate_ack: 'Duplicate acknowledgement',
  window_update: 'Window update',
  window_full: 'Fills the window of the receiver',
  zero_window: 'Window of 0',
  zero_window_probe: 'Probe of a window of 0',
  zero_window_probe_ack: 'Answer to a probe of a window of 0',
  keep_alive: 'Keep-alive',
  keep_alive_ack: 'Answer to a keep-alive',
  reused_ports: 'Opens a connection between ports that had one',
  tfo_syn: 'SYN with a cookie of fast open',
  tfo_ack: 'SYN-ACK that accepts data of fast open',
  tfo_ignored: 'SYN-ACK that ignores data of fast open',
};
const FLAG_NAMES = Object.keys(FLAG_LABELS) as SegmentFlag[];
/** Those that stand beside the analysis. */
const FAST_OPEN_NAMES = FLAG_NAMES.filter((name) => SEGMENT_FLAGS[name] & FAST_OPEN_FLAGS);
const FLAG_FIELDS = Object.fromEntries(FLAG_NAMES.map((name) => [`tcp.analysis.${name}`, present(FLAG_LABELS[name])]));

/** Fields of a TCP segment that follow from the segments before it. */
export const SEGMENT_FIELDS: Readonly<Record<string, Field>> = {
  'tcp.completeness': derived('Completeness of the connection before'),
  'tcp.window_size': derived('Window, scaled'),
  'tcp.window_size_scalefactor': derived('Window scale factor'),
  'tcp.time_relative': time('Time since the first segment of the stream'),
  'tcp.time_delta': time('Time since the segment before in the stream'),
  'tcp.analysis': present('Analysis of the stream'),
  'tcp.analysis.acks_frame': derived('Acknowledges the segment in packet'),
  'tcp.analysis.ack_rtt': time('Time since that segment'),
  'tcp.analysis.initial_rtt': time('Round trip of the handshake'),
  'tcp.analysis.bytes_in_flight': derived('Bytes in flight'),
  'tcp.analysis.push_bytes_sent': derived('Bytes since the last PSH'),
  'tcp.analysis.flags': present('Flags of the analysis'),
  ...FLAG_FIELDS,
  'tcp.analysis.rto': time('Timeout of the retransmission'),
  'tcp.analysis.rto_frame': derived('Timeout counts from packet'),
  'tcp.analysis.duplicate_ack_num': derived('Number of the duplicate'),
  'tcp.analysis.duplicate_ack_frame': derived('Duplicate of the acknowledgement in packet'),
};

/** Fields that are there or not, and have no value. */
export const isPresence = (path: string): boolean =>
  path === 'tcp.analysis' || path === 'tcp.analysis.flags' || Object.hasOwn(FLAG_FIELDS, path);

/** Fields that are lengths of time, as text in seconds. */
export const isDuration = (path: string): boolean =>
  path.startsWith('frame.time_') ||
  /^tcp\.(?:time_(?:relative|delta)|analysis\.(?:ack_rtt|initial_rtt|rto))$/.test(path);

/** The lines of these fields in a TCP layer. */
export function segmentLines({ dissection, facts }: Packet, layer: Layer, view: DataView): readonly Line[] {
  const { at, limit, source } = layer;
  if (at + tcpHeader.size > limit.captured) return [];
  const line = (path: string, value: Value) => workedOutLine(path, SEGMENT_FIELDS[path], value, source, at);
  const place = dissection.layers.filter(isSegment).indexOf(layer);
  const segment = facts.conversations?.segments[place];
  const window = tcpHeader.fields.window_size_value.read(view, at);
  const isScaled = segment && (tcpHeader.fields.flags.read(view, at) & SYN) === 0;
  const scale = isScaled ? segment.scale : NOT_SCALED;
  const shown = scale >= 0 ? window * 2 ** scale : window;
  if (!segment) return layer.quoted ? [line('tcp.window_size', shown)] : [];
  const factor = scale === SCALE_UNKNOWN || scale === NOT_SCALED ? scale : 2 ** scale;
  return [
    line('tcp.completeness', segment.completeness),
    line('tcp.window_size', shown),
    ...(isScaled ? [line('tcp.window_size_scalefactor', factor)] : []),
    line('tcp.time_relative', spanText(segment.sinceFirst)),
    line('tcp.time_delta', spanText(segment.sinceBefore)),
    ...FAST_OPEN_NAMES.filter((name) => segment.flags & SEGMENT_FLAGS[name]).map((name) => flagLine(name, line)),
    ...(segment.isAnalyzed ? [analysisLine(segment, line('tcp.analysis', true), line)] : []),
  ];
}

const isSegment = ({ name, facts, at, limit }: Layer): boolean =>
  name === 'tcp' && facts?.type === 'stream' && at + tcpHeader.size <= limit.captured;

const spanText = ({ seconds, nanos }: Span): string => epochTime(seconds, nanos);

type MakeLine = (path: string, value: Value) => Line;

function analysisLine(facts: SegmentFacts, own: Line, line: MakeLine): Line {
  const { acksFrame, ackTime, initialTime, inFlight, pushed } = facts;
  const flags = facts.flags & ~FAST_OPEN_FLAGS;
  const acks = [line('tcp.analysis.acks_frame', acksFrame), line('tcp.analysis.ack_rtt', spanText(ackTime))];
  const children = [
    ...(acksFrame > 0 ? acks : []),
    ...(initialTime ? [line('tcp.analysis.initial_rtt', spanText(initialTime))] : []),
    ...(inFlight > 0 ? [line('tcp.analysis.bytes_in_flight', inFlight)] : []),
    ...(inFlight > 0 && pushed > 0 ? [line('tcp.analysis.push_bytes_sent', pushed)] : []),
    ...(flags === 0 ? [] : [flagsLine(facts, line('tcp.analysis.flags', true), line)]),
  ];
  return { ...own, text: '[Analysis of the stream]', children };
}

const flagLine = (name: SegmentFlag, line: MakeLine): Line => ({
  ...line(`tcp.analysis.${name}`, true),
  text: `[${FLAG_LABELS[name]}]`,
});

/** The flags, and what belongs to each. */
function flagsLine(facts: SegmentFacts, own: Line, line: MakeLine): Line {
  const { flags, timeoutFrame, timeout, duplicates, duplicateOf } = facts;
  const children = FLAG_NAMES.flatMap((name) => {
    return (flags & ~FAST_OPEN_FLAGS & SEGMENT_FLAGS[name]) === 0 ? [] : [flagLine(name, line)];
  });
  const again = flags & (SEGMENT_FLAGS.fast_retransmission | SEGMENT_FLAGS.spurious_retransmission);
  const timed = timeout.seconds !== 0 || timeout.nanos !== 0;
  return {
    ...own,
    text: '[Flags of the analysis]',
    children: [
      ...children,
      // Those are retransmissions as well.
      ...(again ? [{ ...line('tcp.analysis.retransmission', true), text: '[Retransmission]' }] : []),
      ...(timeoutFrame > 0 && timed
        ? [line('tcp.analysis.rto', spanText(timeout)), line('tcp.analysis.rto_frame', timeoutFrame)]
        : []),
      ...(duplicates > 0
        ? [
            line('tcp.analysis.duplicate_ack_num', duplicates),
            line('tcp.analysis.duplicate_ack_frame', duplicateOf),
            // Wireshark has it twice: as a flag, and as a finding.
            { ...line('tcp.analysis.duplicate_ack', true), text: `[Duplicate acknowledgement (#${duplicates})]` },
          ]
        : []),
    ],
  };
}
