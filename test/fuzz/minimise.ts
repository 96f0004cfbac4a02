import type { Conversation } from './frames.js';

/** Tries of one case: each plays the whole conversation. */
const MOST_TRIES = 2000;

/**
 * The shortest conversation, of frames as short as can be, that still breaks: runs of frames are left out, then runs of
 * bytes, halves first.
 * @param breaks whether a conversation breaks the same rule
 */
export function minimised(frames: Conversation, breaks: (frames: Conversation) => boolean): Conversation {
  let tries = 0;
  const still = (some: Conversation): boolean => tries++ < MOST_TRIES && some.length > 0 && breaks(some);
  let kept = without(frames, frames.length, (start, end) => frames.toSpliced(start, end - start), still);
  kept = again(kept, still);
  for (const [place] of kept.entries()) {
    const frame = kept[place];
    if (!frame) continue;
    const cut = (size: number): Conversation => kept.with(place, { ...frame, bytes: frame.bytes.subarray(0, size) });
    let size = frame.bytes.length;
    for (let step = size >>> 1; step > 0; step >>>= 1) while (size - step >= 0 && still(cut(size - step))) size -= step;
    if (size < frame.bytes.length) kept = cut(size);
  }
  return kept;
}

function again(frames: Conversation, still: (some: Conversation) => boolean): Conversation {
  let kept = frames;
  for (let step = kept.length >>> 1; step > 0; step >>>= 1) {
    for (let at = 0; at < kept.length; ) {
      const some = kept.toSpliced(at, step);
      if (still(some)) kept = some;
      else at += step;
    }
  }
  return kept;
}

/** The last frames may go at once: what broke, broke in one before them. */
function without(
  frames: Conversation,
  size: number,
  cut: (start: number, end: number) => Conversation,
  still: (some: Conversation) => boolean,
): Conversation {
  let low = 1;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (still(cut(middle, size))) high = middle;
    else low = middle + 1;
  }
  const short = cut(high, size);
  return high < size && still(short) ? short : frames;
}
