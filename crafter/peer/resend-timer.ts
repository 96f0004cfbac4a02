import type { Settings } from './settings.js';

/**
 * How long to wait for a report before sending again.
 * Source: RFC 6298; protocol page, section 6 "Resend timer".
 */
export class ResendTimer {
  readonly #settings: Settings;
  #smoothed = -1;
  #variation = 0;
  /** In milliseconds, doublings included. */
  timeout: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.timeout = settings.firstTimeout;
  }

  /** The smoothed round-trip time, or −1 before the first. */
  get roundTrip(): number {
    return this.#smoothed;
  }

  /**
   * Takes the round trip of the handshake, before any other is known. A machine that opens many channels at once answers
   * late: without this, all of them would send again what is only waiting. It lengthens the first timeout, never shortens it.
   */
  expect(roundTrip: number): void {
    const { granularity, maxTimeout } = this.#settings;
    const computed = roundTrip + Math.max(granularity, 2 * roundTrip);
    this.timeout = Math.min(maxTimeout, Math.max(this.timeout, computed));
  }

  /** Takes the round trip of a packet that was sent once. */
  sample(roundTrip: number): void {
    if (this.#smoothed < 0) {
      this.#smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - roundTrip);
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * roundTrip;
    }
  }

  /** Something new was acknowledged: doublings are over. */
  renew(): void {
    const { firstTimeout, granularity, minTimeout, maxTimeout } = this.#settings;
    const computed = this.#smoothed < 0 ? firstTimeout : this.#smoothed + Math.max(granularity, 4 * this.#variation);
    this.timeout = Math.min(maxTimeout, Math.max(minTimeout, computed));
  }

  /** The timer ran out. */
  backOff(): void {
    this.timeout = Math.min(this.#settings.maxTimeout, 2 * this.timeout);
  }
}
