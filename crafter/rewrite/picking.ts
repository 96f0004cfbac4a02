import { type Seeded, seeded } from '../seeded.js';

/** Which packets something is done to: by chance, by number, or by what a filter says. */
export type Pick =
  | { readonly by: 'chance'; readonly probability: number }
  | { readonly by: 'number'; readonly ranges: readonly (readonly [first: number, last: number])[] }
  | { readonly by: 'filter'; readonly filter: string };

/**
 * What a text stands for: `5%`, packet numbers such as `7,9-12`, or else a display filter.
 * @throws {RangeError} on a percentage or a range that is none
 */
export function pickFrom(text: string): Pick {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined) {
    if (Number(percent) > 100) throw new RangeError(`"${text}" is more than all`);
    return { by: 'chance', probability: Number(percent) / 100 };
  }
  return /^[\d,\s-]+$/.test(text) ? { by: 'number', ranges: rangesFrom(text) } : { by: 'filter', filter: text };
}

/** The ranges of a text such as `7,9-12,100-`. @throws {RangeError} if it is none */
export function rangesFrom(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((piece) => {
    const [, first, dash, last] = /^\s*(\d{1,15})(?:(-)(\d{0,15}))?\s*$/.exec(piece) ?? [];
    if (first === undefined) throw new RangeError(`"${piece}" is neither a number nor a range such as 9-12`);
    const end = dash === undefined ? Number(first) : last === '' ? Number.POSITIVE_INFINITY : Number(last);
    if (Number(first) < 1 || end < Number(first)) throw new RangeError(`"${piece}" holds no packet`);
    return [Number(first), end] as const;
  });
}

/** Decides packet by packet. @param passes compiles a display filter */
export function picker<P extends { readonly number: number }>(
  pick: Pick,
  seed: number,
  passes: (filter: string) => (packet: P) => boolean,
): (packet: P) => boolean {
  switch (pick.by) {
    case 'chance': {
      const random: Seeded = seeded(seed);
      return () => random.chance(pick.probability);
    }
    case 'number':
      return ({ number }) => pick.ranges.some(([first, last]) => number >= first && number <= last);
    case 'filter':
      return passes(pick.filter);
  }
}
