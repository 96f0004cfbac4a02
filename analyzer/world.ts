import type { Io } from './commands/io.js';
import { mindOutput } from './lost-output.js';
import { PATIENCE_MS, StandardOutput } from './standard-output.js';
import { printable } from './text/printable.js';

/** The process around the program: its streams, its signals and its exit status. */
export interface World {
  readonly io: Io;
  /** Sets the exit status that was earned. */
  finish(): void;
}

export function worldOf(host: NodeJS.Process): World {
  let status = 0;
  /** Whether the last line on the terminal is how far it is. */
  let isShown = false;
  /** What was complained of last. */
  let last = '';
  const stdout = new StandardOutput(host.stdout);
  let isInterrupted = false;
  let isFinished = false;
  let hasMore = false;
  const tell = (text: string): void => {
    if (isShown) host.stderr.write(REPLACE);
    isShown = false;
    tellOn(host.stderr, text);
  };
  const io: Io = {
    stdout,
    stderr: host.stderr,
    isTerminal: host.stdout.isTTY === true,
    columns: host.stdout.columns,
    env: host.env,
    complain(problem, worse) {
      status = Math.max(status, worse);
      // A stream that fails says so to everybody who wrote to it.
      if (problem !== last) tell(problem);
      last = problem;
    },
    remark(text) {
      tell(text);
    },
    progress(text) {
      if (host.stderr.isTTY) host.stderr.write(`${REPLACE}${printable(text)}`);
      else tell(text);
      isShown = host.stderr.isTTY;
    },
    onRotate(listener) {
      host.on('SIGUSR1', listener);
    },
    earn(worse) {
      status = Math.max(status, worse);
    },
    outlast() {
      hasMore = true;
    },
    interrupted() {
      const controller = new AbortController();
      const abort = () => {
        isInterrupted = true;
        stdout.hurry();
        controller.abort();
        if (isFinished) leave();
      };
      // A terminal that has gone is a reason to end in order, too.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) host.once(signal, abort);
      return controller.signal;
    },
  };
  /** Ends the process, where the user wants that: what nobody reads would keep it for ever. */
  const leave = (): void => {
    if (stdout.isBusy) stdout.once('idle', leave);
    else if (stdout.isGivenUp) host.exit(status);
    else setTimeout(() => host.exit(status), PATIENCE_MS).unref();
  };
  mindOutput(
    host,
    (problem) => io.complain(problem, 1),
    () => hasMore,
  );
  return {
    io,
    finish() {
      host.exitCode = status;
      isFinished = true;
      if (isInterrupted) leave();
    },
  };
}

/** Takes away what stands in the last line of a terminal. */
const REPLACE = '\r\x1b[K';

/** Prints one line to stderr; a filter's caret needs lines of its own, everything else is one. */
function tellOn(stderr: NodeJS.WriteStream, text: string): void {
  const lines = text.split('\n').map((line) => printable(line));
  stderr.write(`handshark: ${lines.join('\n')}\n`);
}
