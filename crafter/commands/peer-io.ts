import { createReadStream, fstatSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** What a peer on the command line needs of the world. Whoever runs it decides how: the program, or a test. */
export interface PeerIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** One line about what happens, to standard error. */
  readonly tell: (line: string) => void;
  /** One line about what went wrong, without the program's name; the program ends with this status. */
  readonly complain: (problem: string, status: 1 | 2) => void;
  /** Ends with this status, without a word. */
  readonly earn: (status: 0 | 1) => void;
  /** Aborted when the user wants an end. */
  readonly signal: AbortSignal;
  /** Called when the program is about to end without having waited for anything. */
  readonly onExit: (last: () => void) => void;
}

/** What a peer needs of the world, as a process has it; the rest is handed in by the program. */
export const processPeerIo = (
  host: NodeJS.Process,
  rest: Pick<PeerIo, 'stdout' | 'complain' | 'earn' | 'signal'>,
): PeerIo => ({
  ...rest,
  stdin: inputOf(host),
  tell: (line) => void host.stderr.write(`${line}\n`),
  onExit: (last) => void host.once('exit', last),
});

/** A file is read in large pieces: each asks another thread, which takes its time on a busy machine. */
const PIECE = 512 * 1024;

function inputOf(host: NodeJS.Process): Readable {
  const isFile = fstatSync(0).isFile();
  return isFile ? createReadStream('', { fd: 0, highWaterMark: PIECE }) : host.stdin;
}
