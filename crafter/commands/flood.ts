import type { Pace } from '../io/pacing.js';
import { CraftError } from './craft-error.js';

/** More packets within a second than these are a flood. */
const MOST = 1000;
/** In milliseconds; a little less, since times are sums of fractions. */
const SECOND = 999.999;

/** Who may say that a flood is meant. */
export interface FloodConsent {
  /** Whether it was said beforehand. */
  readonly yes: boolean;
  /** Asks whoever sits there; false where nobody does. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Sees to it that nobody floods a network who does not mean it. */
export class FloodGuard {
  readonly #name: string;
  readonly #consent: FloodConsent;
  /** When the latest packets were due. */
  readonly #due = new Float64Array(MOST).fill(Number.NEGATIVE_INFINITY);
  #count = 0;
  #isAllowed: boolean;

  /** @param target whom to protect: what is one's own needs no protection */
  constructor({ name, isOwn }: { readonly name: string; readonly isOwn: boolean }, consent: FloodConsent) {
    this.#name = name;
    this.#consent = consent;
    this.#isAllowed = isOwn || consent.yes;
  }

  /** Asks before the first packet, where it is known that there will be a flood. @throws {CraftError} if it is not meant */
  async before(pace: Pace, count: number): Promise<void> {
    const isFast = pace.by === 'nothing' || (pace.by === 'rate' && pace.rate > MOST);
    if (isFast && count > MOST && !this.#isAllowed) await this.#ask();
  }

  /**
   * Asks before a packet that makes a flood of those before it.
   * @param at when it is due, in milliseconds
   * @returns what to wait for, if there is a question; rejected with {CraftError} if the flood is not meant
   */
  check(at: number): Promise<void> | undefined {
    if (this.#isAllowed) return undefined;
    const place = this.#count++ % MOST;
    const isFlood = at - (this.#due[place] ?? 0) < SECOND;
    this.#due[place] = at;
    return isFlood ? this.#ask() : undefined;
  }

  async #ask(): Promise<void> {
    const danger = `${this.#name}: more than ${MOST} packets a second may flood a network`;
    this.#isAllowed = await this.#consent.confirm(`${danger}. Send them?`);
    if (!this.#isAllowed) throw new CraftError(`${danger}; say --yes if that is meant`);
  }
}
