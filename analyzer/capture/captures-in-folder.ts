import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DETECT_SIZE, detect } from '../../dissectors/file/detect.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { systemError } from './capture-error.js';

/**
 * The captures in a folder, by their content, in the order of their names. What is hidden, what has nothing in it yet, and
 * folders inside are passed over.
 * @param known those that are not to be looked at again; files that are no captures are added to it
 * @throws {CaptureError} if the folder cannot be read
 */
export function capturesIn(folder: string, known: Set<string> = new Set()): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw systemError('cannot read', folder, error);
  }
  const paths = names.filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
  const found = paths.filter((path) => !known.has(path) && isCapture(path, known));
  return found.sort((one, other) => (one < other ? -1 : 1));
}

function isCapture(path: string, known: Set<string>): boolean {
  const head = headOf(path);
  // It may become one, or may not be read now: it is looked at again.
  if (head === undefined || head.length < ENOUGH) return false;
  const kind = detect(viewOf(head), 0, head.length);
  if (kind !== 'unknown' && kind !== 'empty') return true;
  known.add(path);
  return false;
}

/** As many bytes tell what a file is. */
const ENOUGH = 4;

/** The first bytes of a file; undefined for what is none or cannot be read. */
function headOf(path: string): Uint8Array | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const fd = openSync(path, 'r');
    try {
      const head = new Uint8Array(DETECT_SIZE);
      return head.subarray(0, readSync(fd, head, 0, head.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
