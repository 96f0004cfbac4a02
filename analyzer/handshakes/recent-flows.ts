import type { Network } from '../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../dissectors/source-address.js';
import { FlowTable } from './flow-table.js';

/** Flows of a generation; those of this one and of the one before are remembered, some 20 MB at most. */
const GENERATION = 1 << 17;

/**
 * Numbers the flows between two addresses and ports, for tables that find by integers. A flood makes it forget the
 * flows of the generation before last, never one that has just begun. Bounded.
 */
export class RecentFlows {
  private readonly seed: number;
  private young: FlowTable;
  private old: FlowTable | undefined;
  /** What is added to the numbers of each. */
  private youngBase = 0;
  private oldBase = 0;
  /** Whether the packet that was looked up last goes from the lower end to the higher one. */
  isForward = false;

  /** @param seed any number that strangers do not know */
  constructor(seed = 0) {
    this.seed = seed;
    this.young = new FlowTable(seed);
  }

  /** The number of the flow of a segment or datagram, from 0; -1 where it has none. */
  find(network: Network, source: number, target: number): number {
    const { view, destination } = network;
    const from = sourceAddress(network);
    const size = addressSize(network);
    const found = this.young.find(view, from, destination, size, source, target);
    this.isForward = this.young.isForward;
    if (found >= 0) return this.youngBase + found;
    const before = this.old?.find(view, from, destination, size, source, target) ?? -1;
    return before < 0 ? -1 : this.oldBase + before;
  }

  /** The same of a flow that gets a number if it has none. */
  number(network: Network, source: number, target: number): number {
    const found = this.find(network, source, target);
    if (found >= 0) return found;
    if (this.young.count >= GENERATION) {
      this.old = this.young;
      this.oldBase = this.youngBase;
      this.youngBase += this.young.count;
      this.young = new FlowTable(this.seed);
    }
    const { view, destination } = network;
    const from = sourceAddress(network);
    return this.youngBase + this.young.numberBetween(view, from, destination, addressSize(network), source, target);
  }
}
