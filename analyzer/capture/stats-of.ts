import { type Stats, statSync } from 'node:fs';

/**
 * What there is of a path; undefined where it leads nowhere, or cannot be asked: a name too long, a folder that is a file
 * or may not be searched. Whoever opens it then is told why.
 */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
