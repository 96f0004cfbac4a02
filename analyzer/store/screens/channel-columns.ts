import type { ChannelKey } from '../../index/channel-row.js';

/** What the list of channels can tell of each. */
export type ChannelField =
  | 'number'
  | 'begun'
  | 'initiator'
  | 'responder'
  | 'id'
  | 'dialect'
  | 'state'
  | 'mode'
  | 'cookie1'
  | 'cookie2'
  | 'rtt'
  | 'rtt2'
  | 'packets-out'
  | 'packets-back'
  | 'bytes-out'
  | 'bytes-back'
  | 'lost'
  | 'resent'
  | 'findings';

interface Kind {
  readonly field: ChannelField;
  readonly title: string;
  readonly width: number;
  readonly right: boolean;
  /** What a click on its heading sorts by. */
  readonly key: ChannelKey;
  /** Which gives way first where there is little room: the highest. */
  readonly rank: number;
}

const kind = (
  field: ChannelField,
  key: ChannelKey,
  title: string,
  width: number,
  rank: number,
  right = false,
): Kind => ({ field, key, title, width, rank, right });

/** All columns, from left to right. */
const KINDS: readonly Kind[] = [
  kind('number', 'number', 'No.', 3, 0, true),
  kind('begun', 'begun', 'Begin', 7, 7, true),
  kind('initiator', 'initiator', 'From', 8, 2),
  kind('responder', 'responder', 'To', 8, 3),
  kind('id', 'id', 'Id', 8, 4),
  kind('dialect', 'dialect', 'Dialect', 12, 12),
  kind('state', 'state', 'State', 12, 1),
  kind('mode', 'mode', 'Mode', 11, 9),
  kind('cookie1', 'cookie1', 'C1', 2, 5),
  kind('cookie2', 'cookie2', 'C2', 2, 5.5),
  kind('rtt', 'rtt', 'RTT ms', 8, 10, true),
  kind('rtt2', 'rtt', 'RTT2 ms', 8, 14, true),
  kind('packets-out', 'packets', 'Pkt→', 4, 8, true),
  kind('packets-back', 'packets', 'Pkt←', 4, 8.5, true),
  kind('bytes-out', 'bytes', 'Bytes→', 8, 15, true),
  kind('bytes-back', 'bytes', 'Bytes←', 8, 15.5, true),
  kind('lost', 'lost', 'Lost', 4, 11, true),
  kind('resent', 'resent', 'Resent', 6, 13, true),
  kind('findings', 'findings', 'Findings', 8, 6, true),
];

/** What the list can be sorted by, in the order of its columns. */
export const SORT_KEYS: readonly ChannelKey[] = [...new Set(KINDS.map(({ key }) => key))];

export interface ChannelColumn extends Omit<Kind, 'rank'> {
  /** Cells to the left of it. */
  readonly from: number;
}

/** Cells before the first column: whether it is chosen, how bad its findings are, and a blank. */
export const LEAD = 3;
/** Cells from which peers show their addresses, and cookies their verdicts in words. */
const WIDE = 140;
const WIDEST_PEER = 40;
const WITH_ADDRESS = 22;
const VERDICT = 10;

/**
 * The columns that fit; peers take what is left.
 * @param digits of the highest number
 */
export function channelColumns(width: number, digits: number): readonly ChannelColumn[] {
  const wanted = KINDS.map((one) => ({ ...one, width: widthOf(one, width, digits) }));
  const shown = new Set<Kind>();
  // A blank follows each but the last.
  let left = width - LEAD + 1;
  for (const one of wanted.toSorted((a, b) => a.rank - b.rank)) {
    if (left < one.width + 1) break;
    left -= one.width + 1;
    shown.add(one);
  }
  const extra = Math.floor(left / 2);
  let from = LEAD;
  return wanted
    .filter((one) => shown.has(one))
    .map(({ rank: _, ...one }) => {
      const more = isPeer(one.field) ? Math.max(0, Math.min(extra, WIDEST_PEER - one.width)) : 0;
      const column = { ...one, width: one.width + more, from };
      from += column.width + 1;
      return column;
    });
}

const isPeer = (field: ChannelField): boolean => field === 'initiator' || field === 'responder';

function widthOf({ field, width: least }: Kind, width: number, digits: number): number {
  if (field === 'number') return Math.max(least, digits);
  if (width < WIDE) return least;
  if (isPeer(field)) return WITH_ADDRESS;
  return field === 'cookie1' || field === 'cookie2' ? VERDICT : least;
}
