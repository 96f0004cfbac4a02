import type { ChecksumStatus, Context, Facts } from './layer.js';
import { fold16, internetChecksum, sum16 } from './wire/checksum.js';
import { derived, named } from './wire/field.js';
import { type Finding, type FindingCode, finding } from './wire/finding.js';
import { derivedText } from './wire/line.js';
import type { FieldSink, Named } from './wire/sink.js';
import type { Limit } from './wire/stop.js';

/** The verdict on a checksum, as a layer's facts. */
export type Verdict = Extract<Facts, { readonly type: 'checksum' }>;

/** Wireshark's numbers for what a checksum turned out to be. */
const NUMBERS: Readonly<Record<ChecksumStatus, number>> = {
  bad: 0,
  good: 1,
  unverified: 2,
  absent: 3,
  illegal: 4,
  offloaded: 2,
};

const STATUS_NAMES: Readonly<Record<number, string>> = {
  0: 'bad',
  1: 'good',
  2: 'unverified',
  3: 'not present',
  4: 'illegal',
};

/** The field that tells what the checksum of `layer` turned out to be: `udp.checksum.status`. */
export const statusField = (layer: string): Named =>
  named(`${layer}.checksum.status`, derived('Checksum status', 'uint', 'dec', STATUS_NAMES));

/** Tells a `statusField`, over the bytes of the checksum. */
export function tellStatus(
  sink: FieldSink,
  field: Named,
  verdict: Pick<Verdict, 'status' | 'expected'>,
  start: number,
  end: number,
): void {
  const text = sink.shows ? statusText(field, verdict, end - start) : '';
  sink.value(field, NUMBERS[verdict.status], start, end, text);
}

/** @param size the bytes of the checksum */
function statusText(field: Named, { status, expected }: Pick<Verdict, 'status' | 'expected'>, size: number): string {
  if (status === 'bad') return `[${field.label}: 0 (bad, should be ${hexText(expected, 2 * size)})]`;
  if (status === 'offloaded') return `[${field.label}: 2 (left to the network card: offloaded)]`;
  return derivedText(field, NUMBERS[status]);
}

const hexText = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

export const UNVERIFIED: Verdict = { type: 'checksum', status: 'unverified', expected: 0 };

/**
 * Judges the Internet checksum of the bytes `[at, limit.wire)`, which are of protocol `protocol` in the innermost
 * network layer; `stored` is the checksum that they hold.
 * Source: RFC 1071; RFC 9293, section 3.1 "Header Format"; RFC 8200, section 8.1 "Upper-Layer Checksums".
 */
export function judge(
  view: DataView,
  at: number,
  limit: Limit,
  context: Context,
  protocol: number,
  stored: number,
): Verdict {
  if (context.unjudged || !context.network || limit.captured < limit.wire) return UNVERIFIED;
  const pseudo = context.network.addressSum + protocol + (limit.wire - at);
  return verdict(pseudo + sum16(view, at, limit.wire), stored, pseudo);
}

export const GOOD: Verdict = { type: 'checksum', status: 'good', expected: 0 };

/**
 * The verdict on a checksum `stored` in the bytes whose unfolded sum, itself included, is `sum`. What a good one should
 * be is not told: it is what it is.
 * @param pseudo the unfolded sum of the pseudo-header: alone, it is a checksum left to the network card; −1 for none
 */
export function verdict(sum: number, stored: number, pseudo = -1): Verdict {
  if (fold16(sum) === 0xffff) return GOOD;
  const expected = internetChecksum(sum - stored);
  const offloaded = pseudo >= 0 && stored === fold16(pseudo);
  return { type: 'checksum', status: offloaded ? 'offloaded' : 'bad', expected };
}

/** The finding that a verdict calls for, if any; what an error message quotes is not judged. */
export function findingOf(
  { status, expected }: Verdict,
  bad: FindingCode,
  start: number,
  { source, quoted }: Context,
): readonly Finding[] | undefined {
  if (quoted) return undefined;
  if (status === 'bad') return [finding(bad, start, start + 2, [hexText(expected, 4)], source)];
  if (status === 'offloaded') return [finding('checksum-offloaded', start, start + 2, [], source)];
  return undefined;
}
