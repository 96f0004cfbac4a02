import { derived, named } from '../wire/field.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, type Named, tellDerived, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';

/** The fields that say which transmission sequence numbers the blocks of an acknowledgement mean. */
interface BlockFields {
  readonly start: Named;
  readonly end: Named;
  readonly count: Named;
}

const blockFields = (block: string, count: string): BlockFields => ({
  start: named(`sctp.${block}_start_tsn`, derived('First TSN')),
  end: named(`sctp.${block}_end_tsn`, derived('Last TSN')),
  count: named(`sctp.${count}`, derived('TSNs in gap blocks')),
});

export const GAP_TSNS = blockFields('sack_gap_block', 'sack_number_of_tsns_gap_acked');
export const NR_GAP_TSNS = blockFields('nr_sack_gap_block', 'nr_sack_number_of_tsns_gap_acked');
export const NR_KEPT_TSNS = blockFields('nr_sack_nr_gap_block', 'nr_sack_number_of_tsns_nr_gap_acked');

export const TSN_FIELDS: readonly Named[] = [GAP_TSNS, NR_GAP_TSNS, NR_KEPT_TSNS].flatMap(({ start, end, count }) => [
  start,
  end,
  count,
]);

/**
 * Tells a message of which one field is told relative to the first number of its direction, where that is known, and
 * otherwise not at all.
 * @returns whether the whole message is captured
 */
export function tellRelative(
  sink: FieldSink,
  layout: Layout,
  path: string,
  view: DataView,
  at: number,
  limit: Limit,
  base: number | undefined,
): boolean {
  const place = layout.list.findIndex((field) => field.path === path);
  const field = layout.list[place];
  if (!field) return tellLayout(sink, layout, view, at, limit);
  if (!tellLayout(sink, layout, view, at, limit, 0, place)) return false;
  const start = at + field.offset;
  const end = start + Number(field.size);
  if (base !== undefined && end <= limit.captured) {
    const value = (Number(field.read(view, at)) - base) >>> 0;
    sink.value(field, value, start, end, sink.shows ? `${field.label}: ${value} (relative)` : '');
  }
  return tellLayout(sink, layout, view, at, limit, place + 1);
}

/**
 * Tells the blocks of an acknowledgement, at most so many, with the numbers that they mean, and how many those are.
 * @param layout of a block: where it starts and where it ends, counted from `after`
 */
export function tellBlocks(
  sink: FieldSink,
  layout: Layout,
  view: DataView,
  at: number,
  limit: Limit,
  most: number,
  after: number,
  fields: BlockFields,
): void {
  let count = 0;
  let start = at;
  for (let block = 0; block < most && start + layout.size <= limit.captured; block++, start += layout.size) {
    for (const [place, field] of layout.list.entries()) {
      const value = Number(field.read(view, start));
      const from = start + field.offset;
      const end = from + Number(field.size);
      sink.openValue(field, value, from, end);
      tellDerived(sink, place === 0 ? fields.start : fields.end, (after + value) >>> 0, from, end);
      sink.close();
      count += place === 0 ? 1 - value : value;
    }
  }
  if (start > at) tellDerived(sink, fields.count, Math.max(0, count), start, start);
}
