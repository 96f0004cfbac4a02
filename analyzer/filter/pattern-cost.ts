/** In how many ways a part of a pattern can match: `ways`, times the subject's length to the power of `unbounded`. */
export interface Cost {
  readonly ways: number;
  readonly unbounded: number;
  /** Set where a repeat is within a repeat: there is no bound worth naming. */
  readonly wild: boolean;
}

/** What matches in one way only. */
export const ONE_WAY: Cost = { ways: 1, unbounded: 0, wild: false };

/** What one part after another costs. */
export const both = (one: Cost, other: Cost): Cost => ({
  ways: one.ways * other.ways,
  unbounded: one.unbounded + other.unbounded,
  wild: one.wild || other.wild,
});

/** What a repeat of something costs more than the thing itself. */
export function repeated({ ways, unbounded }: Cost, least: number, most: number): Cost {
  if (ways === 1 && unbounded === 0) {
    return most === Number.POSITIVE_INFINITY ? { ...ONE_WAY, unbounded: 1 } : { ...ONE_WAY, ways: most - least + 1 };
  }
  return most <= 1 ? { ...ONE_WAY, ways: 2 } : { ...ONE_WAY, wild: true };
}
