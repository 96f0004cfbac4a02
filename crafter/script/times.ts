import type { Run } from './run-state.js';
import type { Step } from './script.js';

/** When a line may happen, on the clock of the run. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const SECOND = 1000;

/** The span of a line: for what is expected with its tolerance, for others one moment. */
export function spanOf(
  { time, kind }: Step,
  { startedAt, lastAt, script }: Pick<Run, 'startedAt' | 'lastAt' | 'script'>,
): Span {
  if (time.kind === 'any' || time.kind === 'also')
    return { low: Number.NEGATIVE_INFINITY, high: lastAt + script.timeout };
  const base = time.isRelative ? lastAt : startedAt;
  if (time.kind === 'span') return { low: base + time.low * SECOND, high: base + time.high * SECOND };
  const at = base + time.seconds * SECOND;
  const tolerance = kind === 'expect' || kind === 'see' ? script.tolerance : 0;
  return { low: at - tolerance, high: at + tolerance };
}
