import { headerDissector } from '../header.js';
import { findingOf, statusField, tellStatus, UNVERIFIED, type Verdict, verdict } from '../internet-checksum.js';
import { PROTOCOL_UDP_LITE } from '../ipv4/protocols.js';
import type { Context } from '../layer.js';
import { udpHeader } from '../udp/layout.js';
import { sum16 } from '../wire/checksum.js';
import { type Finding, finding } from '../wire/finding.js';
import { tellDerived } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { udpLiteHeader } from './layout.js';

const { fields, size } = udpLiteHeader;
/** Worked out here: the header has none. */
const LENGTH = udpHeader.fields.length;
const STATUS = statusField('udp');
const ILLEGAL: Verdict = { type: 'checksum', status: 'illegal', expected: 0 };

/** In bytes: what the checksum of the datagram at `at` covers; more than there is where it makes no sense. */
function coverage(view: DataView, at: number, limit: Limit): number {
  const told = fields.checksum_coverage.read(view, at);
  if (told === 0) return limit.wire - at;
  return told < size ? Number.MAX_SAFE_INTEGER : told;
}

/** The pseudo-header has the length of the whole datagram. Source: RFC 3828, section 3.1. */
function judge(view: DataView, at: number, limit: Limit, { network }: Context): Verdict {
  const stored = fields.checksum.read(view, at);
  if (stored === 0) return ILLEGAL;
  const end = at + coverage(view, at, limit);
  if (!network || end > limit.captured) return UNVERIFIED;
  const pseudo = network.addressSum + PROTOCOL_UDP_LITE + (limit.wire - at);
  return verdict(pseudo + sum16(view, at, end), stored, pseudo);
}

function findingsOf(view: DataView, at: number, limit: Limit, facts: Verdict, context: Context): readonly Finding[] {
  if (context.quoted) return [];
  const place = at + fields.checksum_coverage.offset;
  const checksum = at + fields.checksum.offset;
  const have = limit.wire - at;
  const told = fields.checksum_coverage.read(view, at);
  const judged = findingOf(facts, 'udplite-checksum-bad', checksum, context) ?? [];
  const zero =
    facts.status === 'illegal' ? [finding('udplite-checksum-zero', checksum, checksum + 2, [], context.source)] : [];
  const covers = coverage(view, at, limit) > have && !context.partial;
  const wrong = covers
    ? [finding('malformed', place, place + 2, [fields.checksum_coverage.path, told, have], context.source)]
    : [];
  return [...judged, ...zero, ...wrong];
}

export const udplite = headerDissector({
  name: 'udplite',
  title: 'Lightweight User Datagram Protocol',
  short: 'UDP-Lite',
  label: 'UDP-Lite',
  layout: udpLiteHeader,
  derived: [
    {
      field: LENGTH,
      after: fields.dstport,
      tell: (sink, { at, limit }) => {
        const start = at + fields.checksum.offset;
        tellDerived(sink, LENGTH, limit.wire - at, start - 2, start);
      },
    },
    {
      field: STATUS,
      after: fields.checksum,
      tell: (sink, { facts }, start) => {
        if (facts?.type === 'checksum') tellStatus(sink, STATUS, facts, start, start + 2);
      },
    },
  ],
  next: (view, at, _end, limit, context) => {
    const from = fields.srcport.read(view, at);
    const to = fields.dstport.read(view, at);
    const facts = judge(view, at, limit, context);
    const findings = findingsOf(view, at, limit, facts, context);
    return { table: 'udp.port', key: Math.min(from, to), otherKey: Math.max(from, to), facts, findings };
  },
  note: (view, at) => `${fields.srcport.read(view, at)} → ${fields.dstport.read(view, at)}`,
});
