import type { Drop, Side } from './plan.js';

/**
 * Reads which packets are to be lost: `7`, `7-9`, `initiator:3`, `responder:1-2`.
 * @returns undefined if the text says nothing of the kind
 */
export function dropFrom(text: string): Drop | undefined {
  const [, of, first, last] = /^(?:(initiator|responder):)?([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const drop: Drop = { of: sideNamed(of) ?? 'all', first: Number(first), last: Number(last ?? first) };
  return drop.last < drop.first ? undefined : drop;
}

const sideNamed = (name: string | undefined): Side | undefined =>
  name === 'initiator' || name === 'responder' ? name : undefined;

/** The text that `dropFrom` reads. */
export const dropText = ({ of, first, last }: Drop): string =>
  `${of === 'all' ? '' : `${of}:`}${first}${last === first ? '' : `-${last}`}`;

/** Counts the packets of both peers, and says which of them are to be lost. */
export class Drops {
  readonly #drops: readonly Drop[];
  readonly #counts: Record<Drop['of'], number> = { all: 0, initiator: 0, responder: 0 };

  constructor(drops: readonly Drop[]) {
    this.#drops = drops;
  }

  /** One of them sends a packet; whether that is lost. */
  isDropped(by: Side): boolean {
    this.#counts.all += 1;
    this.#counts[by] += 1;
    return this.#drops.some(({ of, first, last }) => {
      const isCounted = of === 'all' || of === by;
      return isCounted && this.#counts[of] >= first && this.#counts[of] <= last;
    });
  }
}
