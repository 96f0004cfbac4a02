import { findingOf, GOOD, judge, statusField, tellStatus, type Verdict } from '../internet-checksum.js';
import { PROTOCOL_HIP, PROTOCOL_NONE } from '../ipv4/protocols.js';
import type { Application, Context, Dissector, Layer } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, placeAfter, tellLayout } from '../wire/sink.js';
import { toldReach } from '../wire/sliced.js';
import { type Limit, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { HIP_FORM } from './form.js';
import * as layouts from './layout.js';
import { isHip, lengthOf, packetAt, walkParameters } from './read.js';

const { hipHeader, parameterHead, packetName, parameterName, zeroMarker } = layouts;
const { checksum, hdr_len, proto, packet_type } = hipHeader.fields;
const STATUS = statusField('hip');
/** Source: RFC 9028, section 7. */
const PORT_HIP = 10_500;

const dissect: Dissector['dissect'] = (view, start, limit, context) => {
  const at = packetAt(view, start, limit);
  const isMarked = at > start;
  const isUdp = context.key === PORT_HIP;
  if (at + hipHeader.size > limit.captured) {
    return isUdp && at + hipHeader.size > limit.wire ? undefined : shortOf('hip', at, hipHeader.size, limit);
  }
  if (!isHip(view, at) || isMarked !== isUdp) return undefined;
  const length = lengthOf(view, at);
  const told = toldReach(hdr_len.path, at + 1, 1, at, length, limit, context);
  const end = Math.min(at + length, limit.captured);
  const status = judged(view, at, told.limit, context, isUdp);
  const findings = [
    ...(told.findings ?? []),
    ...(findingOf(status, 'hip-checksum-bad', at + checksum.offset, context) ?? []),
    ...brokenIn(view, at, told.limit, context),
  ];
  const next = proto.read(view, at);
  const isLast = next === PROTOCOL_NONE || end >= limit.wire;
  return payloadAt(context, end, limit, isLast ? 'none' : 'ip.proto', isLast ? 0 : next, status, findings);
};

/** In UDP the checksum must be zero: that of UDP covers it. Source: RFC 9028, section 5.1. */
function judged(view: DataView, at: number, limit: Limit, context: Context, isUdp: boolean): Verdict {
  const stored = checksum.read(view, at);
  return isUdp && stored === 0 ? GOOD : judge(view, at, limit, context, PROTOCOL_HIP, stored);
}

function brokenIn(view: DataView, at: number, { captured, wire }: Limit, { source, quoted }: Context): Finding[] {
  if (captured < wire || quoted) return [];
  const stop = walkParameters(view, at + hipHeader.size, captured, () => {});
  if (stop === captured) return [];
  const { 'tlv.length': length } = parameterHead.fields;
  const have = captured - stop - parameterHead.size;
  return [finding('malformed', stop, captured, [length.path, length.read(view, stop), have], source)];
}

function tell(view: DataView, { at: start, limit, facts }: Layer, sink: FieldSink): void {
  const at = packetAt(view, start, limit);
  const isWhole = at + hipHeader.size <= limit.captured;
  const end = isWhole ? Math.min(limit.captured, at + lengthOf(view, at)) : limit.captured;
  sink.open('hip', sink.shows ? `${hip.title}${isWhole ? `, ${noteOf(view, at)}` : ''}` : '', start, end);
  if (at > start) tellLayout(sink, zeroMarker, view, start, limit);
  const place = placeAfter(hipHeader, 'checksum');
  tellLayout(sink, hipHeader, view, at, limit, 0, place);
  if (isWhole && facts?.type === 'checksum') {
    tellStatus(sink, STATUS, facts, at + checksum.offset, at + checksum.offset + 2);
  }
  tellLayout(sink, hipHeader, view, at, limit, place);
  if (isWhole) tellParameters(view, at + hipHeader.size, end, sink);
  sink.close();
}

function tellParameters(view: DataView, start: number, end: number, sink: FieldSink): void {
  walkParameters(view, start, end, (type, at, value, valueEnd, next) => {
    sink.openValue(layouts.PARAMETER, type, at, next, sink.shows ? parameterName(type) : '');
    tellLayout(sink, parameterHead, view, at, { captured: end, wire: end });
    if (value < valueEnd) tellValue(view, type, value, valueEnd, sink);
    sink.close();
  });
}

function tellValue(view: DataView, type: number, at: number, end: number, sink: FieldSink): void {
  const limit = { captured: end, wire: end };
  const { PUZZLE, SOLUTION, ACK, BODIES, puzzleStart, solutionStart, updateId, anyValue } = layouts;
  if (type === PUZZLE) {
    tellLayout(sink, puzzleStart, view, at, limit);
    tellBytes(sink, layouts.PUZZLE_I, view, at + puzzleStart.size, end);
  } else if (type === SOLUTION) {
    tellLayout(sink, solutionStart, view, at, limit);
    const start = at + solutionStart.size;
    const middle = start + (Math.max(0, end - start) >> 1);
    tellBytes(sink, layouts.SOLUTION_I, view, start, middle);
    tellBytes(sink, layouts.SOLUTION_J, view, middle, end);
  } else if (type === ACK) {
    for (let place = at; place + updateId.size <= end; place += updateId.size)
      tellLayout(sink, updateId, view, place, limit);
  } else {
    const body = BODIES.get(type) ?? anyValue;
    // What may follow the fixed fields need not be there.
    const isShort = body.list.at(-1)?.size === 'rest' && end - at <= body.size;
    tellLayout(sink, body, view, at, limit, 0, isShort ? body.list.length - 1 : body.list.length);
  }
}

function tellBytes(sink: FieldSink, field: typeof layouts.PUZZLE_I, view: DataView, at: number, end: number): void {
  if (at < end && sink.wants(field.path)) sink.value(field, slice(view, at, end), at, end);
}

const noteOf = (view: DataView, at: number): string => {
  const type = packet_type.read(view, at);
  return packet_type.names(type) ?? packetName(type);
};

const hip: Dissector = {
  name: 'hip',
  title: 'Host Identity Protocol',
  form: HIP_FORM,
  fields: [
    ...fieldsOf(
      zeroMarker,
      hipHeader,
      parameterHead,
      layouts.puzzleStart,
      layouts.solutionStart,
      layouts.updateId,
      ...layouts.BODIES.values(),
      layouts.anyValue,
    ),
    STATUS,
    layouts.PARAMETER,
    layouts.PUZZLE_I,
    layouts.SOLUTION_I,
    layouts.SOLUTION_J,
  ],
  dissect,
  tell,
  summary: (view, { at: start, limit }) => {
    const at = packetAt(view, start, limit);
    return at + hipHeader.size > limit.captured ? 'HIP, cut off' : `HIP ${noteOf(view, at)}`;
  },
};

/** The base exchange of host identities, right over IP and in UDP. */
export const hipApplication: Application = { dissector: hip, udpPorts: [PORT_HIP] };
