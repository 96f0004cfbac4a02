import { findingOf, judge, statusField, tellStatus, type Verdict } from '../internet-checksum.js';
import { ipv4Header } from '../ipv4/layout.js';
import { PROTOCOL_UDP } from '../ipv4/protocols.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { sliced } from '../wire/sliced.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { udpHeader } from './layout.js';

const { fields, size } = udpHeader;
/** The most that the length field can tell; a jumbogram is longer and has 0 there. */
const MOST = 0xffff;

/**
 * Finds the payload of the UDP datagram at `at`. Total: every input gives a Payload or a Stop.
 * Fragments are put together, or stopped, one layer below: a datagram is whole here.
 * Source: RFC 768; RFC 2675, section 4 "UDP Jumbograms".
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  if (at + size > limit.captured) return shortOf('udp', at, size, limit);

  const length = lengthOf(view, at, limit, context);
  if (length < size) return malformed('udp.length', at, size, length);
  const isBeyond = at + length > limit.wire && !context.quoted && !context.partial;
  if (isBeyond && !isUntold(context)) return malformed('udp.length', at, length, limit.wire - at);

  // The length field ends the datagram, not the packet.
  const wire = at + length;
  const inside = wire === limit.wire ? limit : { captured: Math.min(wire, limit.captured), wire };
  const facts = judgeDatagram(view, at, inside, context);
  const judged = facts.status === 'good' ? undefined : findingsOf(at, facts, context);
  const findings = isBeyond ? [...(judged ?? []), slicedAt(at, length, limit, context)] : judged;
  const from = fields.srcport.read(view, at);
  const to = fields.dstport.read(view, at);
  // The lower port first: it is the server's more often, and Wireshark's choice too.
  const found = payloadAt(context, at + size, inside, 'udp.port', Math.min(from, to), facts, findings);
  found.otherKey = Math.max(from, to);
  return found;
}

function lengthOf(view: DataView, at: number, limit: Limit, { network }: Context): number {
  const length = fields.length.read(view, at);
  return length === 0 && network?.version === 6 && limit.wire - at > MOST ? limit.wire - at : length;
}

/** Whether the network layer does not say how long the packet is: its length is 0, left to the network card. */
const isUntold = ({ network }: Context): boolean =>
  network?.version === 4 && ipv4Header.fields.len.read(network.view, network.at) === 0;

function slicedAt(at: number, length: number, { wire }: Limit, { source }: Context): Finding {
  const start = at + fields.length.offset;
  return sliced(start, start + 2, 'udp.length', length, wire - at, source);
}

const ABSENT: Verdict = { type: 'checksum', status: 'absent', expected: 0 };
const ILLEGAL: Verdict = { type: 'checksum', status: 'illegal', expected: 0 };

function judgeDatagram(view: DataView, at: number, limit: Limit, context: Context): Verdict {
  const stored = fields.checksum.read(view, at);
  if (stored === 0) return context.network?.version === 6 ? ILLEGAL : ABSENT;
  const judged = judge(view, at, limit, context, PROTOCOL_UDP, stored);
  // Zero stands for no checksum, so a sum of zero is sent as its other form.
  return judged.status === 'bad' && judged.expected === 0 ? { ...judged, expected: 0xffff } : judged;
}

function findingsOf(at: number, facts: Verdict, context: Context) {
  const start = at + fields.checksum.offset;
  if (facts.status !== 'illegal') return findingOf(facts, 'udp-checksum-bad', start, context);
  return context.quoted ? undefined : [finding('udp-checksum-zero', start, start + 2, [], context.source)];
}

const STATUS = statusField('udp');

function tell(view: DataView, { at, limit, facts }: Layer, sink: FieldSink): void {
  const end = Math.min(at + size, limit.captured);
  sink.open('udp', sink.shows ? `${udp.title}${portsText(view, at, end)}` : '', at, end);
  tellLayout(sink, udpHeader, view, at, limit);
  const start = at + fields.checksum.offset;
  if (facts?.type === 'checksum') tellStatus(sink, STATUS, facts, start, start + 2);
  sink.close();
}

const portsText = (view: DataView, at: number, end: number): string =>
  end < at + 4 ? '' : `, Src port: ${fields.srcport.read(view, at)}, Dst port: ${fields.dstport.read(view, at)}`;

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + size > limit.captured) return 'UDP, cut off';
  const length = fields.length.read(view, at);
  const bytes = length === 0 ? limit.wire - at - size : Math.max(0, length - size);
  return `${fields.srcport.read(view, at)} → ${fields.dstport.read(view, at)} Len=${bytes}`;
}

export const udp: Dissector = {
  name: 'udp',
  title: 'User Datagram Protocol',
  fields: [...udpHeader.list, STATUS],
  dissect,
  tell,
  summary,
};
