import { compileFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { PacketTest } from './sifter.js';

/** What is wrong with a question: one line, for the user. */
export interface Problem {
  readonly problem: string;
}

/** The test that a display filter is; or what is wrong with it. An empty one passes every packet. */
export function filterTest(text: string): PacketTest | Problem {
  try {
    return { passes: compileFilter(text) };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { problem: error.problem };
  }
}

