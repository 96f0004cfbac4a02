import { saveNew } from '../../crafter/io/file-beside.js';
import { reasonOf } from '../capture/capture-error.js';

/** Why there is no new file. */
export function whyNotNew(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') return 'file exists';
  return code === 'ENOENT' ? 'there is no such folder' : reasonOf(error);
}

/**
 * Writes a new file, whole or not at all; one that is there already is left as it is.
 * @returns why it could not be written; undefined if it was
 */
export function writeNewFile(path: string, bytes: Uint8Array): string | undefined {
  try {
    saveNew(path, bytes);
    return undefined;
  } catch (error) {
    return whyNotNew(error);
  }
}
