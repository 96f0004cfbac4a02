import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Reads a whole file, pipe or device, unless it has more than `most` bytes; a device may have no end.
 * @returns its bytes, or undefined where there are more
 * @throws the error of the system if it cannot be opened or read
 */
export function readAtMost(path: string, most: number): Uint8Array | undefined {
  const file = openSync(path, 'r');
  try {
    let bytes = new Uint8Array(FIRST);
    let length = 0;
    for (;;) {
      const count = readSync(file, bytes, length, bytes.length - length, null);
      if (count === 0) return bytes.subarray(0, length);
      length += count;
      if (length > most) return undefined;
      if (length < bytes.length) continue;
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
  } finally {
    closeSync(file);
  }
}

/** Room for most files at once, in bytes. */
const FIRST = 64 * 1024;
