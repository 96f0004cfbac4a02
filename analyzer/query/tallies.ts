import { CODES } from '../../dissectors/channel/messages.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import { joinFilters } from '../filter/join-filters.js';
import type { ChannelColumns } from '../index/channel-columns.js';
import { touchedNumbers } from '../index/facts-pool.js';
import { MESSAGE_CODES } from '../index/known-columns.js';
import { type Moment, type PacketIndex, rowOf } from '../index/packet-index.js';
import type { Segment } from '../index/segment.js';
import type { Packet } from '../print/packet.js';
import { Conversations } from '../stats/conversations.js';
import { Endpoints } from '../stats/endpoints.js';
import { Expert } from '../stats/expert.js';
import { FLOW_LAYERS } from '../stats/flow-layers.js';
import { Handshakes } from '../stats/handshakes.js';
import { Hierarchy } from '../stats/hierarchy.js';
import { type IoColumn, IoCounts, type Timed } from '../stats/io.js';
import { RoundTrips } from '../stats/round-trips.js';
import {
  channelsFilter,
  conversationFilter,
  endpointFilter,
  expertFilter,
  filtersOf,
  handshakeFilter,
  hierarchyFilter,
  type RowFilter,
  timeFilter,
} from '../stats/row-filters.js';
import type { Sheet } from '../stats/sheet.js';
import type { StatisticsKind } from './news.js';
import { outcomesOf } from './outcomes.js';

/** A count of packets that goes on. */
export interface Tally {
  /** Counts a packet by what its columns say; false where the packet itself is needed. */
  readonly takeRow?: (segment: Segment, row: number) => boolean;
  readonly take: (packet: Packet) => void;
  /** Notes how far the capture has been looked at, whether packets passed there or not. */
  readonly reach?: (moment: Moment) => void;
  readonly result: () => Result;
  /** Whether the capture has grown so much that it should be counted afresh, otherwise. */
  readonly isOutgrown?: (index: PacketIndex) => boolean;
}

export interface Result {
  readonly sheets: readonly Sheet[];
  /** For each row of each sheet a filter that passes its packets; empty where there is none. */
  readonly filters: readonly (readonly string[])[];
}

/**
 * What counts packets of a capture.
 * @param filter what all of them have passed
 * @param channels the newest that is known of the channels
 */
export function tallyOf(
  kind: Exclude<StatisticsKind, 'properties'>,
  filter: string,
  index: PacketIndex,
  channels: () => ChannelColumns,
): Tally {
  const resultOf = (sheets: readonly Sheet[], row: RowFilter): Result => ({
    sheets,
    filters: sheets.map((sheet) => filtersOf(sheet, row).map((own) => within(filter, own))),
  });
  switch (kind) {
    case 'hierarchy': {
      const fold = new Hierarchy();
      return { take: (packet) => fold.take(packet), result: () => resultOf(fold.sheets(), hierarchyFilter) };
    }
    case 'endpoints': {
      const fold = new Endpoints(FLOW_LAYERS);
      return { take: (packet) => fold.take(packet), result: () => resultOf(fold.sheets(), endpointFilter) };
    }
    case 'conversations': {
      const fold = new Conversations(FLOW_LAYERS);
      fold.begin(originOf(index));
      return { take: (packet) => fold.take(packet), result: () => resultOf(fold.sheets(), conversationFilter) };
    }
    case 'io':
      return overTime(index, resultOf);
    case 'expert': {
      const fold = new Expert();
      const takeRow = ({ columns }: Segment, row: number) => columns.severity[row] === 0;
      return { takeRow, take: (packet) => fold.take(packet), result: () => resultOf(fold.sheets(), expertFilter) };
    }
    case 'handshakes': {
      const fold = new Handshakes();
      return {
        takeRow: ({ columns }, row) => {
          const channel = columns.channel[row] ?? 0;
          const isOne = channel === 0 || columns.facts[row] === 0;
          if (!isOne || ((columns.messages[row] ?? 0) & HANDSHAKE_BITS) !== 0) return false;
          if (channel > 0) fold.touch(channel);
          return true;
        },
        take: (packet) => fold.take(packet),
        result: () => resultOf(fold.sheets(outcomesOf(channels())), handshakeFilter),
      };
    }
    case 'rtt':
      return roundTrips(filter, channels);
  }
}

/** The filter of a row among the packets that another one passes. */
const within = (filter: string, own: string): string => (own === '' ? '' : joinFilters(filter, '&&', own));

/** The time of the oldest packet that is kept. */
function originOf(index: PacketIndex): { readonly seconds: number; readonly nanos: number } {
  const row = rowOf(index.first);
  const { seconds, nanos } = index.columnsOf(index.first);
  return { seconds: seconds[row] ?? 0, nanos: nanos[row] ?? 0 };
}

const HANDSHAKE_BITS = [CODES.CHANNEL_NEW, CODES.CHANNEL_ACKNOWLEDGE, CODES.CHANNEL_FINALIZE].reduce(
  (bits, code) => bits | (1 << MESSAGE_CODES.indexOf(code)),
  0,
);

/** Intervals that a table over time has at least, if the capture is long enough, and at most. */
const LEAST_INTERVALS = 100;
/** Intervals of a graph: more than a screen has columns; then two become one. */
const MOST_INTERVALS = 1000;
const NICE = [1, 2, 5] as const;

/** The longest round interval, in seconds, of which a duration has enough. */
export function intervalFor(duration: number): number {
  let best = 0.001;
  for (let power = -3; power < 9; power++) {
    for (const step of NICE) {
      const interval = step * 10 ** power;
      if (duration / interval >= LEAST_INTERVALS) best = interval;
    }
  }
  // 3 * 10^-3 is not 0.003 to the last bit.
  return Number(best.toPrecision(1));
}

/** What is counted of a packet over time. */
interface Counted extends Timed {
  readonly isOnChannel: boolean;
  /** Above notes. */
  readonly hasFindings: boolean;
}

/** All packets, those of channels, and those with findings. */
const SERIES: readonly IoColumn<Counted>[] = [
  { filter: '', passes: () => true },
  { filter: 'channel', passes: ({ isOnChannel }) => isOnChannel },
  { filter: 'expert', passes: ({ hasFindings }) => hasFindings },
];

/** Of the parts their packets only: start, end, frames and bytes come first, then frames and bytes of each part. */
function withParts({ title, columns, rows, notes }: Sheet): Sheet {
  const keep = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, place) => place < 4 || place % 2 === 0);
  const named = keep(columns).map((column, place) =>
    place < 4 ? column : { ...column, head: place === 4 ? 'of channels' : 'with findings', spare: place - 3 },
  );
  return { title, columns: named, rows: rows.map(keep), notes };
}

function overTime(index: PacketIndex, resultOf: (sheets: readonly Sheet[], row: RowFilter) => Result): Tally {
  const origin = originOf(index);
  const durationOf = (): number => {
    const row = rowOf(Math.max(1, index.length));
    const { seconds, nanos } = index.columnsOf(index.length);
    return (seconds[row] ?? origin.seconds) - origin.seconds + ((nanos[row] ?? origin.nanos) - origin.nanos) / 1e9;
  };
  const interval = intervalFor(durationOf());
  const fold = new IoCounts<Counted>(SERIES, interval);
  fold.begin(origin);
  return {
    takeRow: ({ columns }, row) => {
      fold.take({
        seconds: columns.seconds[row] ?? 0,
        nanos: columns.nanos[row] ?? 0,
        wire: columns.wire[row] ?? 0,
        isOnChannel: (columns.channel[row] ?? 0) > 0,
        hasFindings: (columns.severity[row] ?? 0) > SEVERITIES.indexOf('note') + 1,
      });
      return true;
    },
    // The columns tell all: no packet is asked for.
    take: () => {},
    reach: (moment) => fold.begin(moment),
    result: () => resultOf(fold.sheets().map(withParts), timeFilter(origin, interval)),
    isOutgrown: () => durationOf() / interval > MOST_INTERVALS && intervalFor(durationOf()) > interval,
  };
}

function roundTrips(filter: string, channels: () => ChannelColumns): Tally {
  const touched = new Set<number>();
  return {
    takeRow: (segment, row) => {
      const facts = segment.factsOf(row);
      if (facts) for (const number of touchedNumbers(facts)) touched.add(number);
      else touched.add(segment.columns.channel[row] ?? 0);
      return true;
    },
    take: ({ facts }) => {
      for (const { number } of facts.channels) touched.add(number);
    },
    result: () => {
      const fold = new RoundTrips();
      const { count, number, rttNewAcknowledge } = channels();
      for (let place = 0; place < count; place++) {
        const time = rttNewAcknowledge[place] ?? Number.NaN;
        const channel = number[place] ?? 0;
        if (!Number.isNaN(time) && touched.has(channel)) fold.take(channel, time);
      }
      const named = fold.channels().map(channelsFilter);
      return {
        sheets: [fold.sheet()],
        filters: [named.map((row) => within(filter, row))],
      };
    },
  };
}
