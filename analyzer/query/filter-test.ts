import { filterRuns, type IndexedPackets } from '../filter/columns.js';
import { readFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { PacketTest } from './sifter.js';

/** What is wrong with a question: one line, for the user. */
export interface Problem {
  readonly problem: string;
}

/** The test that a display filter is; or what is wrong with it. An empty one passes every packet. */
export function filterTest(text: string, packets: IndexedPackets): PacketTest | Problem {
  try {
    const { checked, passes } = readFilter(text);
    return { rows: filterRuns(checked, packets), passes };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { problem: error.problem };
  }
}
