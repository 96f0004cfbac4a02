import { setTimeout as delay } from 'node:timers/promises';
import { runsFor } from '../../crafter/commands/simulate.js';
import { simulationFrom } from '../../crafter/commands/simulate-options.js';
import { growSimulation } from '../../crafter/io/record-simulation.js';
import type { IndexedCapture } from '../session/indexed-capture.js';
import { lineWords } from '../text/line-words.js';
import type { OpenedCapture } from '../ui/captures.js';

/** Channels of a simulation whose ladder is shown at once. */
const MOST_SHOWN = 8;
/** How often to look whether all packets have been read, and for how long, in milliseconds. */
const LOOK_MS = 100;
const LOOKS = 100;

/**
 * Simulates what a line asks for, written as after `handshark simulate`, and opens the recording: it grows as the packets
 * were sent, and its ladder with it.
 * @param newFile gives the path of a recording that does not exist yet
 * @param follow opens a capture that grows
 * @throws {Error} in one line, if the words make no sense, or nothing can be recorded
 */
export async function openSimulation(
  words: string,
  newFile: () => string,
  follow: (path: string) => IndexedCapture,
): Promise<OpenedCapture> {
  const request = simulationFrom(lineWords(words));
  const runs = runsFor(request);
  const path = newFile();
  const ending = new AbortController();
  const grown = growSimulation(path, runs, ending.signal);
  const view = follow(path);
  const packets = runs.reduce((sum, run) => sum + run.packets.length, 0);
  void grown.then(() => settle(view, packets, ending.signal)).catch(() => view.stop());
  const channels = runs.reduce((sum, run) => sum + run.channels.length, 0);
  const ladder = Array.from({ length: Math.min(MOST_SHOWN, channels) }, (_, place) => place + 1);
  const stop = () => {
    ending.abort();
    view.stop();
  };
  const close = () => {
    ending.abort();
    view.close();
  };
  return { view, opened: view.opened, path, start: { screen: 'ladder', ladder, follow: true }, stop, close };
}

/** Reads no more of a recording once all of it has been read. */
async function settle(view: IndexedCapture, packets: number, signal: AbortSignal): Promise<void> {
  for (let look = 0; look < LOOKS && view.count < packets && !signal.aborted; look++) await delay(LOOK_MS);
  if (!signal.aborted) view.stop();
}
