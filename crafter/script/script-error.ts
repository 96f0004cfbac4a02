/**
 * A script that cannot be run as written.
 * Thrown while a script is read; a script that is running reports failed expectations as results instead.
 */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly file: string;
  /** Both count from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  /** Whether the line is one of the file's own: scripts that include others count their lines together. */
  readonly isLocated: boolean;

  /** @param problem what is wrong and what would be right: `expected a time such as +0.2, found "soon"` */
  constructor(file: string, line: number, column: number, problem: string, isLocated = false) {
    super(`${file}:${line}:${column}: ${problem}`);
    this.file = file;
    this.line = line;
    this.column = column;
    this.problem = problem;
    this.isLocated = isLocated;
  }
}
