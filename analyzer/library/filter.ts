/**
 * `handshark/filter`: display filters, as in Wireshark.
 *
 * @module filter
 */
import { compileFilter as compile } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { DissectedPacket } from './packet.js';

export { FilterError };

/** Whether a packet passes. */
export type FilterTest = (packet: DissectedPacket) => boolean;

/**
 * Compiles a filter such as `chan.msg.type == NEW && ip.ttl < 5`.
 * @throws {FilterError} with the place `[at, end)` in the text and, where there is one, the name that may have been meant
 */
export function compileFilter(text: string): FilterTest {
  const passes = compile(text);
  return ({ internals }) => passes(internals);
}
