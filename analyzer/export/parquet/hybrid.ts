import type { ByteWriter } from './byte-writer.js';

/** Values of a bit-packed group. */
const GROUP = 8;
/** Equal values that are worth a run of their own. */
const LEAST_RUN = 2 * GROUP;
/** Groups of one bit-packed run: their number then takes two bytes at most. */
const MOST_GROUPS = 1 << 12;

/** How many bits a number takes. */
export const bitWidth = (most: number): number => 32 - Math.clz32(most);

/**
 * Writes numbers in the hybrid of runs of equal values and groups of eight that are packed bit by bit.
 * Source: Parquet format, "Run Length Encoding / Bit-Packing Hybrid".
 *
 * @param width of each, in bits, at most 24; 0 where all are 0
 */
export function writeHybrid(values: ArrayLike<number>, count: number, width: number, into: ByteWriter): void {
  let packedFrom = 0;
  let at = 0;
  while (at < count) {
    const run = runAt(values, at, count);
    // What is packed before a run of equal values must fill its groups: the run's first values do.
    const fill = (GROUP - ((at - packedFrom) % GROUP)) % GROUP;
    if (run - fill >= LEAST_RUN || width === 0) {
      writePacked(values, packedFrom, at + fill, width, into);
      writeRun(values[at] as number, run - fill, width, into);
      at += run;
      packedFrom = at;
    } else at += run;
  }
  writePacked(values, packedFrom, count, width, into);
}

/** How many equal values begin at a place. */
function runAt(values: ArrayLike<number>, at: number, count: number): number {
  const value = values[at];
  let end = at + 1;
  while (end < count && values[end] === value) end++;
  return end - at;
}

function writeRun(value: number, length: number, width: number, into: ByteWriter): void {
  into.varint(2 * length);
  for (let shift = 0; shift < width; shift += 8) into.byte((value >>> shift) & 0xff);
}

/** Packs values; those that are missing in the last group are 0. */
function writePacked(values: ArrayLike<number>, from: number, to: number, width: number, into: ByteWriter): void {
  for (let start = from; start < to; start += GROUP * MOST_GROUPS) {
    const end = Math.min(to, start + GROUP * MOST_GROUPS);
    const groups = Math.ceil((end - start) / GROUP);
    into.varint(2 * groups + 1);
    const bytes = into.reserve(groups * width);
    let place = into.length;
    let bits = 0;
    let held = 0;
    for (let at = start; at < start + groups * GROUP; at++) {
      const value = at < end ? (values[at] as number) : 0;
      bits |= value << held;
      held += width;
      while (held >= 8) {
        bytes[place++] = bits & 0xff;
        bits >>>= 8;
        held -= 8;
      }
    }
    into.length = place;
  }
}
