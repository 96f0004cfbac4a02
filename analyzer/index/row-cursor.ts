import type { Address } from './addresses.js';
import { type Columns, NO_COLUMNS } from './columns.js';
import type { IntReader } from './ints.js';
import type { PacketIndex, Run } from './packet-index.js';
import type { Segment } from './segment.js';
import type { Shape } from './shapes.js';

/** The rows of a packet list, one segment at a time. */
export class RowCursor {
  columns: Columns = NO_COLUMNS;
  /** The number of the packet in row 0. */
  base = 1;
  readonly shapes: readonly Shape[];
  readonly addresses: readonly Address[];
  private segment: Segment | undefined;

  constructor({ shapes, addresses }: Pick<PacketIndex, 'shapes' | 'addresses'>) {
    this.shapes = shapes;
    this.addresses = addresses;
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
