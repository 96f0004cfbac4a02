import { closeSync, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../capture/capture-error.js';

/** Why there is no new file. */
export function whyNotNew(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') return 'there is such a file';
  return code === 'ENOENT' ? 'there is no such folder' : reasonOf(error);
}

/**
 * Writes a new file; one that is there already is left as it is.
 * @returns why it could not be written; undefined if it was
 */
export function writeNewFile(path: string, bytes: Uint8Array): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o644);
  } catch (error) {
    return whyNotNew(error);
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
