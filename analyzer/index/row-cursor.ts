import type { Address } from './addresses.js';
import { type Columns, NO_COLUMNS } from './columns.js';
import type { IntReader } from './ints.js';
import type { Moment, PacketIndex, Run } from './packet-index.js';
import type { Segment } from './segment.js';
import type { Shape } from './shapes.js';

const NO_TIME: Moment = { seconds: 0, nanos: 0 };

/** The rows of a packet list, one segment at a time. */
export class RowCursor {
  columns: Columns = NO_COLUMNS;
  /** The number of the packet in row 0. */
  base = 1;
  readonly shapes: readonly Shape[];
  readonly addresses: readonly Address[];
  private readonly index: PacketIndex;
  private segment: Segment | undefined;

  constructor(index: PacketIndex) {
    this.index = index;
    this.shapes = index.shapes;
    this.addresses = index.addresses;
  }

  /** When the first packet of the capture came. */
  get began(): Moment {
    return this.index.began ?? NO_TIME;
  }

  /** When the packet before row 0 came, which another segment holds; that of row 0 where there is none. */
  get before(): Moment {
    return this.index.momentOf(this.base - 1) ?? this.index.momentOf(this.base) ?? NO_TIME;
  }

  /** Goes to the segment of a run. */
  show({ columns, base, segment }: Run): void {
    this.columns = columns;
    this.base = base;
    this.segment = segment;
  }

  /** Reads the facts of a row; undefined where it has no more than its columns. */
  factsOf(row: number): IntReader | undefined {
    return this.segment?.factsOf(row);
  }
}
