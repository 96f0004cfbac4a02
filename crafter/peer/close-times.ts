import type { Settings } from './settings.js';

/**
 * When a CLOSE that nothing else repeats goes out again, or, once it has been repeated often enough, when its repeats
 * are over: after 200 ms, doubling.
 *
 * @param firstAt when it went out first
 * @param repeats how often it has been repeated since
 */
export const closeRepeatAt = (firstAt: number, repeats: number, { closeRepeat }: Settings): number =>
  firstAt + closeRepeat * (2 ** (repeats + 1) - 1);

/** When the repeats of a CLOSE are over that went out first at `firstAt`, whatever repeats it. */
export const closeRepeatsEnd = (firstAt: number, settings: Settings): number =>
  closeRepeatAt(firstAt, settings.closeRepeats, settings);
