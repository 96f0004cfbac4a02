import { type CookieInput, type CookieKey, cookieKey, sameCookie } from '../../dissectors/channel/cookie.js';
import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { Random } from './random.js';

const SECRET_SIZE = 32;

/** One secret, numbered from 0 in the order of use. */
interface Generation {
  readonly number: number;
  readonly key: CookieKey;
}

/** Told of each secret when it comes into use, in milliseconds on the caller's clock. */
export type OnSecret = (secret: Uint8Array, from: number) => void;

/**
 * The secrets that make a peer's cookies. Each is replaced after a period; the one before stays valid for checking,
 * so that a handshake under way survives the change.
 * Source: protocol page, section 4 "Secrets".
 */
export class Secrets {
  readonly #dialect: Dialect;
  readonly #random: Random;
  readonly #period: number;
  readonly #onSecret: OnSecret;
  #current: Generation;
  #before: Generation | undefined;
  #replaceAt: number;

  constructor(
    dialect: Dialect,
    random: Random,
    period: number,
    first: Uint8Array | undefined,
    now: number,
    onSecret: OnSecret,
  ) {
    this.#dialect = dialect;
    this.#random = random;
    this.#period = period;
    this.#onSecret = onSecret;
    this.#current = this.#generation(0, first ?? random(SECRET_SIZE), now);
    this.#replaceAt = now + period;
  }

  /** The number of the secret that makes cookies now. */
  get generation(): number {
    return this.#current.number;
  }

  /** Whether cookies of this generation are still valid. */
  accepts(generation: number): boolean {
    return generation === this.#current.number || generation === this.#before?.number;
  }

  /** Replaces the secret if its time is over; says whether it did. Call it before anything else at a time. */
  refresh(now: number): boolean {
    if (now < this.#replaceAt) return false;
    // A secret that was not replaced in time has expired, as in a peer that never sleeps.
    const missed = Math.floor((now - this.#replaceAt) / this.#period);
    this.replace(this.#replaceAt + missed * this.#period);
    if (missed > 0) this.#before = undefined;
    return true;
  }

  /** Replaces the secret, whether its time is over or not. */
  replace(now: number): void {
    this.#before = this.#current;
    this.#current = this.#generation(this.#before.number + 1, this.#random(SECRET_SIZE), now);
    this.#replaceAt = now + this.#period;
  }

  /** The cookie that goes out now. */
  cookie(input: CookieInput): Uint8Array {
    return this.#current.key(input);
  }

  /** The generation whose secret yields the cookie, or −1 if no accepted one does. */
  check(input: CookieInput, cookie: Uint8Array): number {
    if (sameCookie(this.#current.key(input), cookie)) return this.#current.number;
    if (this.#before && sameCookie(this.#before.key(input), cookie)) return this.#before.number;
    return -1;
  }

  #generation(number: number, secret: Uint8Array, now: number): Generation {
    this.#onSecret(secret, now);
    return { number, key: cookieKey(this.#dialect, secret) };
  }
}
