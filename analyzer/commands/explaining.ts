import type { Io } from './io.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/**
 * Tells how the filter of a command line is understood and evaluated, where that was asked for instead of packets.
 * @returns whether it was
 * @throws {UsageError | FilterError} without a filter, or where it cannot be understood
 */
export async function explained({ explain: asked, filter }: ReadingOptions, io: Io): Promise<boolean> {
  if (!asked) return false;
  if (filter === undefined) throw new UsageError('--explain: nothing to explain: name a filter with -Y');
  const { readFilter } = await import('../filter/compile.js');
  const { explain } = await import('../filter/explain.js');
  io.stdout.write(`${explain(readFilter(filter)).join('\n')}\n`);
  return true;
}
