import type { Io } from './commands/io.js';
import { printable } from './ui/printable.js';

/** The process around the program: its streams, its signals and its exit status. */
export interface World {
  readonly io: Io;
  /** Sets the exit status that was earned. */
  finish(): void;
}

export function worldOf(host: NodeJS.Process): World {
  let status = 0;
  const io: Io = {
    stdout: host.stdout,
    isTerminal: host.stdout.isTTY === true,
    columns: host.stdout.columns,
    env: host.env,
    complain(problem, worse) {
      status = Math.max(status, worse);
      tell(host.stderr, problem);
    },
    remark(text) {
      tell(host.stderr, text);
    },
    earn(worse) {
      status = Math.max(status, worse);
    },
    interrupted() {
      const controller = new AbortController();
      const abort = () => controller.abort();
      host.once('SIGINT', abort);
      host.once('SIGTERM', abort);
      return controller.signal;
    },
  };
  // `| head` closes the pipe and has had what it wanted.
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') host.exit(0);
  });
  return {
    io,
    finish() {
      host.exitCode = status;
    },
  };
}

/** Prints one line to stderr; a filter's caret needs lines of its own, everything else is one. */
function tell(stderr: NodeJS.WriteStream, text: string): void {
  const lines = text.split('\n').map((line) => printable(line));
  stderr.write(`handshark: ${lines.join('\n')}\n`);
}
