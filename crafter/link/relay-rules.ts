/** What a rule does with a packet that it is for. */
export type RelayAction<Change> =
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  /** Lets the next packet of its direction overtake it. */
  | { readonly kind: 'reorder' }
  /** In milliseconds. */
  | { readonly kind: 'delay'; readonly by: number }
  | { readonly kind: 'set'; readonly change: Change };

/** What is done with which packets on their way through. */
export interface RelayRule<Subject, Change> {
  readonly action: RelayAction<Change>;
  readonly passes: (packet: Subject) => boolean;
  /** For so many packets that pass; all of them unless said. */
  readonly times: number;
  /** How many packets that pass are let go first. */
  readonly skip: number;
}

/** What becomes of one packet. */
export interface Fate<Change> {
  readonly isDropped: boolean;
  readonly copies: number;
  readonly isHeldBack: boolean;
  /** In milliseconds. */
  readonly delay: number;
  readonly changes: readonly Change[];
}

const UNTOUCHED: Fate<never> = { isDropped: false, copies: 1, isHeldBack: false, delay: 0, changes: [] };

/** Says what becomes of packets, one after the other. Each rule counts the packets that it is for. */
export class RelayRules<Subject, Change> {
  readonly #rules: readonly RelayRule<Subject, Change>[];
  readonly #seen: number[];

  constructor(rules: readonly RelayRule<Subject, Change>[]) {
    this.#rules = rules;
    this.#seen = rules.map(() => 0);
  }

  /** How many packets each rule was applied to. */
  get applied(): readonly number[] {
    return this.#rules.map(({ skip, times }, place) => Math.max(0, Math.min(times, (this.#seen[place] ?? 0) - skip)));
  }

  fate(packet: Subject): Fate<Change> {
    let fate: Fate<Change> = UNTOUCHED;
    for (const [place, rule] of this.#rules.entries()) {
      if (!rule.passes(packet)) continue;
      const seen = this.#seen[place] ?? 0;
      this.#seen[place] = seen + 1;
      if (seen >= rule.skip && seen < rule.skip + rule.times) fate = applied(fate, rule.action);
    }
    return fate;
  }
}

function applied<Change>(fate: Fate<Change>, action: RelayAction<Change>): Fate<Change> {
  switch (action.kind) {
    case 'drop':
      return { ...fate, isDropped: true };
    case 'duplicate':
      return { ...fate, copies: fate.copies + 1 };
    case 'reorder':
      return { ...fate, isHeldBack: true };
    case 'delay':
      return { ...fate, delay: fate.delay + action.by };
    case 'set':
      return { ...fate, changes: [...fate.changes, action.change] };
  }
}

/** What was done to a packet, in a few words; nothing where it goes on as it came. */
export function fateText<Change>(fate: Fate<Change>, textOf: (change: Change) => string): string {
  if (fate.isDropped) return 'dropped';
  const parts = [
    ...fate.changes.map((change) => `set ${textOf(change)}`),
    ...(fate.copies > 1 ? [`sent ${fate.copies} times`] : []),
    ...(fate.delay > 0 ? [`delayed by ${fate.delay} ms`] : []),
    ...(fate.isHeldBack ? ['held back until the next'] : []),
  ];
  return parts.join(', ');
}
