import type { ChannelTable } from '../track/table.js';
import { type ChannelColumns, channelColumns } from './channel-columns.js';

/** Least time between two snapshots, in milliseconds, and how many times its cost goes by before the next. */
const LEAST_GAP = 250;
const COSTS = 20;

/** Tells of channels now and then: often enough to watch them, seldom enough not to hold up the scan. */
export class ChannelSnapshots {
  private readonly table: ChannelTable;
  private readonly tell: (channels: ChannelColumns) => void;
  private readonly now: () => number;
  private due = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param now in milliseconds */
  constructor(table: ChannelTable, tell: (channels: ChannelColumns) => void, now = () => performance.now()) {
    this.table = table;
    this.tell = tell;
    this.now = now;
  }

  /** Packets have come: tells of the channels now or when it is time to. */
  changed(): void {
    const wait = this.due - this.now();
    if (wait <= 0) this.send();
    else this.timer ??= setTimeout(() => this.send(), wait);
  }

  /** Tells of the channels as they are in the end. */
  finish(): void {
    this.send();
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const start = this.now();
    this.tell(channelColumns(this.table));
    const end = this.now();
    this.due = end + Math.max(LEAST_GAP, COSTS * (end - start));
  }
}
