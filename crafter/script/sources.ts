import { ScriptError } from './script-error.js';
import type { SourcePart } from './tree.js';

/** Where a line stands: in which file, and which line of that it is. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** The place of a line that is counted among all lines of a script and of what it includes. */
export function sourceLine(parts: readonly SourcePart[], line: number): SourceLine {
  const part = parts.findLast(({ first }) => first <= line);
  return part ? { file: part.file, line: line - part.first + 1 } : { file: '', line };
}

/** A line in a few words, for reports about a script: `line 7`, or `line 7 of common.hs` where it is an included one. */
export function lineText(parts: readonly SourcePart[], line: number): string {
  const place = sourceLine(parts, line);
  return place.file === parts[0]?.file ? `line ${place.line}` : `line ${place.line} of ${place.file}`;
}

/** Does something; the errors of scripts in it name the files that their lines stand in. */
export function locating<T>(parts: readonly SourcePart[], action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ScriptError) || error.isLocated) throw error;
    const { file, line } = sourceLine(parts, error.line);
    throw new ScriptError(file, line, error.column, error.problem, true);
  }
}
