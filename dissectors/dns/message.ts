import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { dnsHeader, questionEnd, recordHead } from './layout.js';
import { skipName } from './name.js';
import { TYPE_OPT } from './numbers.js';

const { fields } = dnsHeader;

/** The sections of a message, in their order. */
export const SECTIONS = ['queries', 'answers', 'auth_rr', 'add_rr'] as const;

/** Where the count of the first section is; those of the others follow. */
const COUNTS_AT = fields['count.queries'].offset;

/** How many entries a section of the message at `at` announces. */
export const countOf = (view: DataView, at: number, section: number): number =>
  view.getUint16(at + COUNTS_AT + 2 * section);

/** Where the question at `at` ends, or −1 where that is not before `end`. */
export function questionAfter(view: DataView, at: number, end: number): number {
  const place = skipName(view, at, end);
  return place < 0 || place + questionEnd.size > end ? -1 : place + questionEnd.size;
}

/** Where the data of the record at `at` ends, or −1 where that is not before `end`. */
export function recordAfter(view: DataView, at: number, end: number): number {
  const place = skipName(view, at, end);
  if (place < 0 || place + recordHead.size > end) return -1;
  const after = place + recordHead.size + recordHead.fields['resp.len'].read(view, place);
  return after > end ? -1 : after;
}

/** Where the message at `at` ends, whose header is captured, or why it cannot be read to its end. */
export function messageEnd(view: DataView, at: number, limit: Limit): number | Stop {
  let place = at + dnsHeader.size;
  for (let section = 0; section < SECTIONS.length; section++) {
    const count = countOf(view, at, section);
    for (let entry = 0; entry < count; entry++) {
      const after =
        section === 0 ? questionAfter(view, place, limit.captured) : recordAfter(view, place, limit.captured);
      if (after < 0) return shortOf(section === 0 ? 'dns.qry' : 'dns.resp', place, needAt(place, limit), limit);
      place = after;
    }
  }
  return place;
}

/** At least one byte more than there is. */
const needAt = (place: number, { captured }: Limit): number => Math.max(1, captured - place + 1);

/** Where the OPT record of the message at `at` has its type, or −1 without one. */
export function optAt(view: DataView, at: number, captured: number): number {
  const additional = countOf(view, at, 3);
  if (additional === 0) return -1;
  let place = at + dnsHeader.size;
  for (let left = countOf(view, at, 0); left > 0; left--) {
    place = questionAfter(view, place, captured);
    if (place < 0) return -1;
  }
  for (let left = countOf(view, at, 1) + countOf(view, at, 2); left > 0; left--) {
    place = recordAfter(view, place, captured);
    if (place < 0) return -1;
  }
  for (let left = additional; left > 0; left--) {
    const head = skipName(view, place, captured);
    const after = recordAfter(view, place, captured);
    if (after < 0) return -1;
    if (recordHead.fields['resp.type'].read(view, head) === TYPE_OPT) return head;
    place = after;
  }
  return -1;
}

/** The reply code of the message at `at`, with the higher bits of its OPT record. */
export function rcodeOf(view: DataView, at: number, captured: number): number {
  const low = fields['flags.rcode'].read(view, at);
  const opt = optAt(view, at, captured);
  return opt < 0 ? low : (view.getUint8(opt + 4) << 4) | low;
}
