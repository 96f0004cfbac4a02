import type { Packet } from '../print/packet.js';
import { check } from './check.js';
import { compileTest, type Predicate } from './compile-test.js';
import { explainTest } from './explain.js';
import { parse } from './parser.js';

/** A display filter, ready to be asked. */
export interface Filter {
  readonly text: string;
  /** Whether a packet passes. */
  readonly passes: Predicate;
  /** How it is evaluated, a line a step. */
  readonly plan: readonly string[];
}

/**
 * Compiles a display filter. An empty one passes every packet.
 * @param selected the packet whose fields `${NAME}` refers to; without one, references have no value
 * @throws {FilterError} where the filter cannot be understood
 */
export function readFilter(text: string, selected?: Packet): Filter {
  const test = parse(text);
  if (!test) return { text, passes: () => true, plan: ['every packet'] };
  const checked = check(text, test);
  return { text, passes: compileTest(checked, selected), plan: explainTest(text, checked) };
}

/** Compiles a display filter to a predicate. @throws {FilterError} where it cannot be understood */
export function compileFilter(text: string, selected?: Packet): Predicate {
  return readFilter(text, selected).passes;
}
