import { readSync } from 'node:fs';
import type { Blocks } from './block-cutter.js';
import { createWholeFileBeside } from './whole-file.js';

/** Bytes that are copied at once. */
const PIECE = 4 * 1024 * 1024;

/** What a file of captured blocks consists of. */
export interface Spooled {
  readonly fd: number;
  /** Bytes of whole blocks. */
  readonly size: number;
  /** Where some of its blocks begin, in order, the first at 0. */
  readonly marks: readonly number[];
  /** What packets need before them. */
  readonly head: Blocks;
}

/**
 * Copies captured blocks to a file of their own, as they are. Room that was given back to the disk reads as zeros: what
 * lies before the first block after it is left out.
 * @returns whether all blocks were copied
 * @throws {CaptureError} if the file cannot be written
 */
export async function copySpool({ fd, size, marks, head }: Spooled, path: string): Promise<boolean> {
  const from = marks.find((mark) => mark < size && hasBlock(fd, mark)) ?? size;
  const file = await createWholeFileBeside(path);
  try {
    if (from > 0) await file.write(head.bytes, head.ends);
    for (let at = from; at < size; ) {
      const piece = new Uint8Array(Math.min(PIECE, size - at));
      const count = readSync(fd, piece, 0, piece.length, at);
      if (count === 0) break;
      at += count;
      await file.write(piece.subarray(0, count), [count]);
    }
  } catch (error) {
    await file.abandon();
    throw error;
  }
  await file.close();
  return from === 0;
}

/** Whether a block begins there: none has the type 0. */
function hasBlock(fd: number, at: number): boolean {
  const type = new Uint8Array(4);
  return readSync(fd, type, 0, type.length, at) === type.length && type.some((byte) => byte !== 0);
}
