import { derived, named } from '../wire/field.js';
import { derivedLine, type Line } from '../wire/line.js';
import type { Named } from './form.js';

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

/** Makes the line with this path tell a number relative to the first one of its direction, where that is known. */
export function relative(lines: readonly Line[], path: string, base: number | undefined): Line[] {
  if (base === undefined) return lines.filter((line) => line.path !== path);
  return lines.map((line) => {
    if (line.path !== path || typeof line.value !== 'number' || !line.field) return line;
    const value = (line.value - base) >>> 0;
    return { ...line, value, text: `${line.field.label}: ${value} (relative)` };
  });
}

/**
 * Adds to the lines of blocks which numbers they mean, and in the end how many in all.
 * @param blocks lines by twos: where each block starts and ends, counted from `after`
 */
export function withTsns(blocks: readonly Line[], after: number, fields: BlockFields): readonly Line[] {
  const last = blocks.at(-1);
  if (!last) return blocks;
  const lines: Line[] = [];
  let count = 0;
  for (const [place, line] of blocks.entries()) {
    const value = typeof line.value === 'number' ? line.value : 0;
    const isStart = place % 2 === 0;
    const field = isStart ? fields.start : fields.end;
    const tsn = derivedLine(field.path, field, (after + value) >>> 0, line.source, line.start, line.end);
    lines.push({ ...line, children: [...line.children, tsn] });
    count += isStart ? 1 - value : value;
  }
  const { path } = fields.count;
  return [...lines, derivedLine(path, fields.count, Math.max(0, count), last.source, last.end, last.end)];
}
