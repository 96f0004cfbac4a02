import type { Writable } from 'node:stream';

/** The world around a command: what it may print to, and how it says that something went wrong. */
export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly isTerminal: boolean;
  /** Cells of a line of the terminal, if stdout is one. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints one line `handshark: …` to stderr; the program ends with this status, if it is worse than what was said before. */
  complain(problem: string, status: 1 | 2): void;
  /** Prints one line `handshark: …` to stderr that changes nothing of how the program ends. */
  remark(text: string): void;
  /** The program ends with this status, if it is worse than what was said before; whatever there is to say is said. */
  earn(status: number): void;
  /** Shows how far it is, on stderr: in place of what was shown before, on a terminal. */
  progress(text: string): void;
  /** Calls back at SIGUSR1, which asks to go on in a next file. */
  onRotate(listener: () => void): void;
  /** The command has more to do than to print, such as a file to write: a reader that goes away does not end it. */
  outlast?(): void;
  /** A signal that Ctrl-C gives, or whoever else asks for an end: the command then ends cleanly. */
  interrupted(): AbortSignal;
}
