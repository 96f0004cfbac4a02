import { setPriority } from 'node:os';

/** How much a thread that works in the background yields to the one that answers keys, in steps of `nice`. */
const YIELDS = 5;

/**
 * Lets the threads of the program that have more urgent work go first, where cores are few. Only Linux has priorities of
 * threads: `setpriority(2)` there sets that of the calling thread, elsewhere that of the whole program.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, YIELDS);
  } catch {
    // Where that is forbidden, all threads are equal.
  }
}
