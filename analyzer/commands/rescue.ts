import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '../desk/state-file.js';
import type { SaveNews } from '../store/capture-view.js';
import { LOADING_MS } from '../store/store.js';
import type { LiveSession } from './live-session.js';

/** How long packets that are on their way are waited for, and how long the screens take to hear of them, in milliseconds. */
const LONGEST_WAIT_MS = 3000;
const HEARD_MS = 2 * LOADING_MS;

/**
 * Puts packets that were captured and are in no file into one, where the program ends without the user having been asked:
 * by a signal, or with its terminal.
 *
 * @param unsaved how many packets are in no file, as far as the screens have heard
 * @param folder is made if need be; it is its owner's alone
 * @returns what became of the packets, in one line; undefined where there were none
 */
export async function rescue(live: LiveSession, unsaved: () => number, folder: string): Promise<string | undefined> {
  // All goes to a file of the user's.
  if (live.capture.live?.file !== undefined) return undefined;
  live.stop();
  await allRead(live);
  await delay(HEARD_MS);
  if (unsaved() === 0) return undefined;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const path = join(folder, `captured-${stamp}-${process.pid}.pcapng`);
  try {
    makeFolder(folder);
  } catch {
    // Whoever writes the file is told why it cannot be.
  }
  const { written, problem } = await saved(live, path);
  const packets = written === 1 ? '1 packet that was' : `${written} packets that were`;
  return problem === undefined ? `${packets} in no file: kept in ${path}` : `packets are lost: ${problem}`;
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

const saved = ({ capture }: LiveSession, path: string): Promise<SaveNews> =>
  new Promise((resolve) => {
    capture.save({ path, withHandshakes: false }, (news) => {
      if (news.done) resolve(news);
    });
  });
