import { closeSync, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../capture/capture-error.js';

/**
 * Writes a new file; one that is there already is left as it is.
 * @returns why it could not be written; undefined if it was
 */
export function writeNewFile(path: string, bytes: Uint8Array): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o644);
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return exists ? 'there is such a file' : reasonOf(error);
  }
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    closeSync(file);
  }
}
