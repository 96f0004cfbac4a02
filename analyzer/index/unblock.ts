import { closeSync, constants, openSync, statSync } from 'node:fs';

/** Lets go of a thread that waits for somebody to write to a named pipe: the program could not end before. */
export function unblock(path: string): void {
  try {
    if (path !== '-' && statSync(path).isFIFO()) closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits there.
  }
}
