import type { Layer } from '../../dissectors/layer.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { derived, type Field, named, type Value } from '../../dissectors/wire/field.js';
import type { FieldSink, Named } from '../../dissectors/wire/sink.js';
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

const time = (label: string): Field => derived(label, 'string');
const flag = (label: string): Field => derived(label, 'bool');

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
const FLAG_FIELDS = Object.fromEntries(FLAG_NAMES.map((name) => [`tcp.analysis.${name}`, flag(FLAG_LABELS[name])]));

/** Fields of a TCP segment that follow from the segments before it. */
export const SEGMENT_FIELDS: Readonly<Record<string, Field>> = {
  'tcp.completeness': derived('Completeness of the connection before'),
  'tcp.window_size': derived('Window, scaled'),
  'tcp.window_size_scalefactor': derived('Window scale factor'),
  'tcp.time_relative': time('Time since the first segment of the stream'),
  'tcp.time_delta': time('Time since the segment before in the stream'),
  'tcp.analysis': flag('Analysis of the stream'),
  'tcp.analysis.acks_frame': derived('Acknowledges the segment in packet'),
  'tcp.analysis.ack_rtt': time('Time since that segment'),
  'tcp.analysis.initial_rtt': time('Round trip of the handshake'),
  'tcp.analysis.bytes_in_flight': derived('Bytes in flight'),
  'tcp.analysis.push_bytes_sent': derived('Bytes since the last PSH'),
  'tcp.analysis.flags': flag('Flags of the analysis'),
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

const NAMED: Readonly<Record<string, Named>> = Object.fromEntries(
  Object.entries(SEGMENT_FIELDS).map(([path, field]) => [path, named(path, field)]),
);

/** Tells a field that is wanted: the value of one that is not is not even worked out. */
type TellField = (path: string, read: () => Value) => void;

/** Tells those of these fields that are wanted of a TCP layer. */
export function tellSegment({ dissection, facts }: Packet, layer: Layer, view: DataView, sink: FieldSink): void {
  const { at, limit } = layer;
  if (at + tcpHeader.size > limit.captured) return;
  const tell: TellField = (path, read) => {
    const field = NAMED[path];
    if (field && sink.wants(path)) sink.value(field, read(), at, at);
  };
  const place = dissection.layers.filter(isSegment).indexOf(layer);
  const segment = facts.conversations?.segments[place];
  const window = tcpHeader.fields.window_size_value.read(view, at);
  const isScaled = segment && (tcpHeader.fields.flags.read(view, at) & SYN) === 0;
  const scale = isScaled ? segment.scale : NOT_SCALED;
  const shown = scale >= 0 ? window * 2 ** scale : window;
  if (!segment) {
    if (layer.quoted) tell('tcp.window_size', () => shown);
    return;
  }
  const factor = scale === SCALE_UNKNOWN || scale === NOT_SCALED ? scale : 2 ** scale;
  tell('tcp.completeness', () => segment.completeness);
  tell('tcp.window_size', () => shown);
  if (isScaled) tell('tcp.window_size_scalefactor', () => factor);
  tell('tcp.time_relative', () => spanText(segment.sinceFirst));
  tell('tcp.time_delta', () => spanText(segment.sinceBefore));
  if (segment.flags & FAST_OPEN_FLAGS) tellFlags(FAST_OPEN_NAMES, segment.flags, tell);
  if (segment.isAnalyzed) tellAnalysis(segment, tell);
}

const isSegment = ({ name, facts, at, limit }: Layer): boolean =>
  name === 'tcp' && facts?.type === 'stream' && at + tcpHeader.size <= limit.captured;

const spanText = ({ seconds, nanos }: Span): string => epochTime(seconds, nanos);

const present = (): Value => true;

function tellFlags(names: readonly SegmentFlag[], flags: number, tell: TellField): void {
  for (const name of names) if (flags & SEGMENT_FLAGS[name]) tell(`tcp.analysis.${name}`, present);
}

function tellAnalysis(facts: SegmentFacts, tell: TellField): void {
  const { acksFrame, ackTime, initialTime, inFlight, pushed } = facts;
  tell('tcp.analysis', present);
  if (acksFrame > 0) {
    tell('tcp.analysis.acks_frame', () => acksFrame);
    tell('tcp.analysis.ack_rtt', () => spanText(ackTime));
  }
  if (initialTime) tell('tcp.analysis.initial_rtt', () => spanText(initialTime));
  if (inFlight > 0) tell('tcp.analysis.bytes_in_flight', () => inFlight);
  if (inFlight > 0 && pushed > 0) tell('tcp.analysis.push_bytes_sent', () => pushed);
  if ((facts.flags & ~FAST_OPEN_FLAGS) !== 0) tellFindings(facts, tell);
}

/** Tells what the analysis has found, and what belongs to each. */
function tellFindings({ flags, timeoutFrame, timeout, duplicates, duplicateOf }: SegmentFacts, tell: TellField): void {
  tell('tcp.analysis.flags', present);
  tellFlags(FLAG_NAMES, flags & ~FAST_OPEN_FLAGS, tell);
  const again = flags & (SEGMENT_FLAGS.fast_retransmission | SEGMENT_FLAGS.spurious_retransmission);
  // Those are retransmissions as well.
  if (again) tell('tcp.analysis.retransmission', present);
  if (timeoutFrame > 0 && (timeout.seconds !== 0 || timeout.nanos !== 0)) {
    tell('tcp.analysis.rto', () => spanText(timeout));
    tell('tcp.analysis.rto_frame', () => timeoutFrame);
  }
  if (duplicates === 0) return;
  tell('tcp.analysis.duplicate_ack_num', () => duplicates);
  tell('tcp.analysis.duplicate_ack_frame', () => duplicateOf);
  // Wireshark has it twice: as a flag, and as a finding.
  tell('tcp.analysis.duplicate_ack', present);
}
