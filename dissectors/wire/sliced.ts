import { type Finding, finding } from './finding.js';
import type { Limit } from './stop.js';

/**
 * The finding for a length that reaches beyond its frame: taps and drivers cut packets without telling how long they
 * were, so that the file holds the captured length twice. What the length promises counts as sent, but not captured.
 *
 * @param start where the length is written; it ends before `end`
 * @param what the length, by its filter name
 * @param need what it promises, in bytes
 * @param have what was sent by what the file says, in bytes, counted from the same place
 */
export const sliced = (start: number, end: number, what: string, need: number, have: number, source: number): Finding =>
  finding('packet-sliced', start, end, [what, need, have], source);

/** What a dissector knows of its packet that excuses lengths beyond the end. */
interface Excused {
  readonly source: number;
  readonly quoted: true | undefined;
  readonly partial: true | undefined;
}

/**
 * How far a payload may be read that starts at `start` and is `length` bytes long by the field `what`, which stands in
 * the `size` bytes at `at`; and the finding where that reaches beyond the frame.
 */
export function toldReach(
  what: string,
  at: number,
  size: number,
  start: number,
  length: number,
  frame: Limit,
  { source, quoted, partial }: Excused,
): { readonly limit: Limit; readonly findings?: readonly Finding[] } {
  const wire = start + length;
  const limit = { captured: Math.min(wire, frame.captured), wire };
  if (wire <= frame.wire || quoted || partial) return { limit };
  return { limit, findings: [sliced(at, at + size, what, length, Math.max(0, frame.wire - start), source)] };
}
