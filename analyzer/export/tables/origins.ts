import type { Origin } from './base.js';

/** Rows that were forgotten by their tracker are looked for when there are twice as many as are kept, and so many more. */
const SPARE = 4096;

interface Noted {
  readonly origin: Origin;
  /** Whether a packet of it is in the tables. */
  isTouched: boolean;
}

type Numbered = { readonly number: number };

/** Keeps where the channels or handshakes of a capture began, for as long as their tracker keeps them. */
export class Origins<Row extends Numbered> {
  readonly #kept: ReadonlyMap<number, Row>;
  readonly #noted = new Map<number, Noted>();

  /** @param kept what the tracker knows, by number */
  constructor(kept: ReadonlyMap<number, Row>) {
    this.#kept = kept;
  }

  /** Whether a packet touches one that is not known yet. */
  hasNew(touched: readonly Numbered[] | undefined): boolean {
    if (!touched) return false;
    for (const { number } of touched) if (!this.#noted.has(number)) return true;
    return false;
  }

  /** Notes where new ones began. @param origin what it says is copied */
  note(touched: readonly Numbered[] | undefined, origin: Origin): void {
    if (!touched) return;
    for (const { number } of touched) {
      if (!this.#noted.has(number)) this.#noted.set(number, { origin: { ...origin }, isTouched: false });
    }
    if (this.#noted.size > 2 * this.#kept.size + SPARE) {
      for (const number of this.#noted.keys()) if (!this.#kept.has(number)) this.#noted.delete(number);
    }
  }

  /** Notes that a packet of these is in the tables. */
  touch(touched: readonly Numbered[] | undefined): void {
    if (!touched) return;
    for (const { number } of touched) {
      const noted = this.#noted.get(number);
      if (noted) noted.isTouched = true;
    }
  }

  /** Where one began, if a packet of it is in the tables. */
  of({ number }: Row): Origin | undefined {
    const noted = this.#noted.get(number);
    return noted?.isTouched ? noted.origin : undefined;
  }
}
