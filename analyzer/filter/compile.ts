import type { Packet } from '../print/packet.js';
import { check } from './check.js';
import { compileTest, type Predicate } from './compile-test.js';
import { parse } from './parser.js';
import type { Checked } from './typed.js';

/** A display filter, ready to be asked. */
export interface Filter {
  readonly text: string;
  /** Whether a packet passes. */
  readonly passes: Predicate;
  /** With all names looked up; undefined where every packet passes. */
  readonly checked: Checked | undefined;
}

/**
 * Compiles a display filter. An empty one passes every packet.
 * @param selected the packet whose fields `${NAME}` refers to; without one, references have no value
 * @throws {FilterError} where the filter cannot be understood
 */
export function readFilter(text: string, selected?: Packet): Filter {
  const test = parse(text);
  if (!test) return { text, passes: () => true, checked: undefined };
  const checked = check(text, test);
  return { text, passes: compileTest(checked, selected), checked };
}

/** Compiles a display filter to a predicate. @throws {FilterError} where it cannot be understood */
export function compileFilter(text: string, selected?: Packet): Predicate {
  return readFilter(text, selected).passes;
}
