import type { Writable } from 'node:stream';
import type { TapFrames } from '../io/frame-tap.js';
import type { FloodConsent } from './flood.js';

/** What `run` and `check` need of the world. Whoever runs them decides how: the program, or a test. */
export interface RunIo {
  readonly stdout: Writable;
  /** Where the report goes when standard output takes a capture. */
  readonly stderr: Writable;
  /** One line about what went wrong, without the program's name; the program ends with this status. */
  complain(problem: string, status: 1 | 2): void;
  /** There is more to do than to print, such as a file to write: a reader that goes away is no reason to end. */
  outlast?(): void;
  /** A signal that Ctrl-C gives: the command then ends cleanly. */
  interrupted(): AbortSignal;
}

/** What `run` needs besides, for interfaces. */
export interface InterfaceIo {
  readonly tap: TapFrames;
  readonly confirm: FloodConsent['confirm'];
}
