import { join } from 'node:path';
import { reasonOf } from '../capture/capture-error.js';
import { makeFolder } from '../desk/state-file.js';
import type { LiveSession } from './live-session.js';

/** How long packets that are on their way are waited for, and how long saving may tell nothing, in milliseconds. */
const LONGEST_WAIT_MS = 3000;

/**
 * Puts packets that were captured and are in no file into one, where the program ends without the user having been asked:
 * by a signal, with its terminal, or by an error, wherever that comes from.
 *
 * @param saved all packets up to which one the user has saved
 * @param folder is made if need be; it is its owner's alone
 * @returns what became of the packets, in one line; undefined where there were none
 */
export async function rescue(live: LiveSession, saved: () => number, folder: string): Promise<string | undefined> {
  // All goes to a file of the user's.
  if (live.capture.live?.file !== undefined) return undefined;
  live.stop();
  await allRead(live);
  if (unsavedOf(live, saved) === 0) return undefined;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const path = join(folder, `captured-${stamp}-${process.pid}.pcapng`);
  try {
    makeFolder(folder);
  } catch {
    // The code that writes the file reports why it cannot.
  }
  try {
    return `${await kept(live, path)} in no file: kept in ${path}`;
  } catch (error) {
    return `packets are lost: ${reasonOf(error)}`;
  }
}

/** How many packets are in no file; what an error has left of the screens may not know any more what was saved. */
function unsavedOf({ capture, packets }: LiveSession, saved: () => number): number {
  const unread = Math.max(0, packets - capture.count);
  let before = capture.first - 1;
  try {
    before = Math.max(before, saved());
  } catch {
    // All that there is, then.
  }
  return unread + Math.max(0, capture.count - before);
}

/**
 * Writes the packets: by the worker that knows which are kept, or, if it cannot, or not all of them were read, as a copy
 * of what was captured. Tells how many there were.
 */
async function kept(live: LiveSession, path: string): Promise<string> {
  const written = live.isBroken || live.packets > live.capture.count ? undefined : await savedBy(live, path);
  if (written !== undefined) return written === 1 ? '1 packet that was' : `${written} packets that were`;
  const isAll = await live.copy(path);
  const { packets } = live;
  if (!isAll) return 'the newest packets, which were';
  return packets === 1 ? '1 packet that was' : `${packets} packets that were`;
}

/** Waits until all that came has been read. */
function allRead({ capture }: LiveSession): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(limit);
      leave();
      resolve();
    };
    const limit = setTimeout(end, LONGEST_WAIT_MS);
    const leave = capture.subscribe(() => {
      if (capture.done) end();
    });
    if (capture.done) end();
  });
}

/** Has the worker write all packets, and gives their number; undefined if it cannot, or says nothing any more. */
const savedBy = ({ capture }: LiveSession, path: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const end = (written: number | undefined) => {
      clearTimeout(limit);
      resolve(written);
    };
    const giveUp = () => {
      cancel();
      end(undefined);
    };
    let limit = setTimeout(giveUp, LONGEST_WAIT_MS);
    const cancel = capture.save({ path, withHandshakes: false }, ({ done, written, problem }) => {
      if (done) return end(problem === undefined ? written : undefined);
      clearTimeout(limit);
      limit = setTimeout(giveUp, LONGEST_WAIT_MS);
    });
  });
