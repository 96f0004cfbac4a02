import type { Severity } from '../../dissectors/wire/finding.js';

/** Something that happened, in one line. */
export interface LogLine {
  /** Seconds since the program began. */
  readonly time: number;
  readonly severity: Severity;
  readonly text: string;
}

/** Lines that are kept. */
const MOST_LINES = 1000;

/** The log with one line more; the oldest goes when there are too many. */
export const logged = (log: readonly LogLine[], line: LogLine): readonly LogLine[] => [...log, line].slice(-MOST_LINES);

/** Two logs of one program as one, by time. Lines that both have are kept once. */
export const mergedLogs = (one: readonly LogLine[], other: readonly LogLine[]): readonly LogLine[] =>
  [...new Set([...one, ...other])].sort((a, b) => a.time - b.time).slice(-MOST_LINES);
