/** In how many ways a part of a pattern can match: `ways`, times the subject's length to the power of `unbounded`. */
export interface Cost {
  readonly ways: number;
  readonly unbounded: number;
  /** Set where a repeat is within a repeat: there is no bound worth naming. */
  readonly wild: boolean;
  /** How many letters one such way looks at, repeats without bound counted once. */
  readonly length: number;
}

/** What matches in one way only. */
export const ONE_WAY: Cost = { ways: 1, unbounded: 0, wild: false, length: 1 };

/** What one part after another costs. */
export const both = (one: Cost, other: Cost): Cost => ({
  ways: one.ways * other.ways,
  unbounded: one.unbounded + other.unbounded,
  wild: one.wild || other.wild,
  length: one.length + other.length,
});

/** What a repeat of something costs more than the thing itself. */
export function repeated({ ways, unbounded, length: single }: Cost, least: number, most: number): Cost {
  const length = single * Math.max(1, most === Number.POSITIVE_INFINITY ? least : most);
  if (ways === 1 && unbounded === 0) {
    const repeat = most === Number.POSITIVE_INFINITY ? { unbounded: 1 } : { ways: most - least + 1 };
    return { ...ONE_WAY, ...repeat, length };
  }
  return { ...ONE_WAY, ...(most <= 1 ? { ways: 2 } : { wild: true }), length };
}

/** What it costs to refer back to a group: all that the group took is compared again, wherever it ended. */
export const referred = ({ unbounded, length }: Cost): Cost => ({
  ...ONE_WAY,
  unbounded: Math.min(1, unbounded),
  length,
});
