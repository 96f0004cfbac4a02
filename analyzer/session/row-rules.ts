import { compileFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { Packet } from '../print/packet.js';

/** Filters of which the first that passes a packet counts; those that cannot be understood pass none. */
export class RowRules {
  private compiled: readonly ((packet: Packet) => boolean)[] = [];
  private known: readonly string[] | undefined;

  /** The place of the first filter that passes a packet, −1 if none does. @param filters the same list while it is the same */
  firstOf(packet: Packet, filters: readonly string[]): number {
    if (filters.length === 0) return -1;
    if (this.known !== filters) {
      this.compiled = filters.map(compiledOrNone);
      this.known = filters;
    }
    return this.compiled.findIndex((passes) => passes(packet));
  }
}

function compiledOrNone(filter: string): (packet: Packet) => boolean {
  try {
    return compileFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return () => false;
  }
}
