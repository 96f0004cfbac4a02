import type { RewriteOptions } from '../../crafter/commands/rewrite-options.js';
import type { RewritePlan } from '../../crafter/commands/rewrite-plan.js';
import type { Io } from './io.js';

export async function rewriteHex(
  _inputs: readonly string[],
  _output: string,
  _options: RewriteOptions,
  _plan: RewritePlan,
  _io: Io,
): Promise<void> {}
