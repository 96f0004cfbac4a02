import { fchmodSync, fstatSync } from 'node:fs';

/** What others may do with a file. */
const OTHERS = 0o077;

/**
 * Takes the rights of all but its owner from a file that is about to hold secrets: the mode of a new file lets others read.
 * What is no file, and what the system does not let, stays as it is.
 */
export function makePrivate(fd: number): void {
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() && (stats.mode & OTHERS) !== 0) fchmodSync(fd, stats.mode & 0o700);
  } catch {
    // A file system without rights, or a file of somebody else.
  }
}
