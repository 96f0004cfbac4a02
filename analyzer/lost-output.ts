import { reasonOf } from './capture/capture-error.js';

/**
 * Minds what becomes of standard output. A reader that goes away, as `| head` does, has had what it wanted: the process
 * ends quietly. Whatever else goes wrong, such as a full disk, is told, and the process fails.
 * @param hasMore whether there is work to do that nobody need read
 */
export function mindOutput(
  host: NodeJS.Process,
  tell: (problem: string) => void,
  hasMore: () => boolean = () => false,
): void {
  // Where problems can no longer be told, as on a terminal that has gone, they are no reason to fail.
  host.stderr.on('error', () => {});
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      if (hasMore()) return;
      host.exit(0);
    }
    tell(`cannot write: standard output: ${reasonOf(error)}`);
    // What was printed last may fail after everything else is done.
    host.exitCode = Math.max(1, Number(host.exitCode ?? 0));
  });
}
