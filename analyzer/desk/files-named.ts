import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { statsOf } from '../capture/stats-of.js';

/** Files that are offered at most: nobody goes through more. */
const MOST_OFFERED = 500;

/**
 * The files whose paths begin with what was typed, in the order of their names; folders end with a slash. Hidden ones are
 * left out unless they are asked for. `~/` is the user's own folder. Where nothing can be read, there are none.
 */
export async function filesNamed(typed: string): Promise<readonly string[]> {
  const path = typed.startsWith('~/') ? homedir() + typed.slice(1) : typed;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const start = path.slice(folder.length);
  try {
    const names = (await readdir(folder === '' ? '.' : folder)).filter(
      // What cannot be typed cannot be completed.
      (name) =>
        name.startsWith(start) && (start !== '' || !name.startsWith('.')) && !/[\p{Cc}\p{Zl}\p{Zp}\ufffd]/u.test(name),
    );
    const offered = names.sort().slice(0, MOST_OFFERED);
    return offered.map((name) => folder + name + (isFolder(folder + name) ? '/' : ''));
  } catch {
    return [];
  }
}

const isFolder = (path: string): boolean => statsOf(path)?.isDirectory() ?? false;
