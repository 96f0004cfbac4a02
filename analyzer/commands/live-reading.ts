import { type Capture, openCapture } from '../capture/capture.js';
import type { LiveCounts } from '../capture/live-capture.js';
import type { LiveOptions } from './live-options.js';
import { namesOf, startLive } from './start-live.js';
import { UsageError } from './usage-error.js';

/**
 * Opens live traffic as a capture that is read as it comes. Interrupted, it ends as a file does.
 * @param problems gets why it ended, if that was not asked for
 */
export async function openLiveCapture(
  options: LiveOptions & { readonly count?: number },
  problems: string[],
  remark: (text: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Capture> {
  if (options.autostop.files !== undefined) throw new UsageError('-a: files: goes with capture -b');
  const { live, request } = await startLive(withCount(options), signal);
  const names = namesOf(request);
  remark(`capturing on ${names} with ${live.engine}`);
  void live.ended.then((why) => {
    remark(`${countsText(live.counts())} on ${names}`);
    if (why !== undefined) problems.push(`capture stopped: ${names}: ${why}`);
  });
  return openCapture('-', { source: live });
}

/** A count of packets ends a capture, as `-a packets:` does. */
export function withCount<T extends LiveOptions & { readonly count?: number }>(options: T): T {
  const { count, autostop } = options;
  if (count === undefined) return options;
  return { ...options, autostop: { ...autostop, packets: Math.min(count, autostop.packets ?? count) } };
}

/** What was captured and lost, in words: `5 packets captured, 0 dropped`. */
export function countsText({ packets, dropped }: LiveCounts, isOver = true): string {
  const lost = dropped === undefined ? `drops unknown${isOver ? '' : ' so far'}` : `${dropped} dropped`;
  return `${packets} ${packets === 1 ? 'packet' : 'packets'} captured, ${lost}`;
}
