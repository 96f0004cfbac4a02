/**
 * How many packets may be in flight.
 * Source: RFC 5681, section 3 and 4.1, in packets; protocol page, section 6 "Congestion window".
 */
export class CongestionWindow {
  readonly #first: number;
  #threshold = Number.POSITIVE_INFINITY;
  /** In packets; whole and fractional. */
  window: number;

  constructor(first: number) {
    this.#first = first;
    this.window = first;
  }

  /** Whether one more packet may be sent beside those in flight. */
  allows(inFlight: number): boolean {
    return inFlight + 1 <= this.window;
  }

  /** One report acknowledged `count` packets while the window was in use. */
  acknowledged(count: number): void {
    this.window += this.window < this.#threshold ? Math.min(count, 1) : count / this.window;
  }

  /** A packet was taken for lost by reports of later ones. */
  lost(inFlight: number): void {
    this.#threshold = Math.max(inFlight / 2, 2);
    this.window = this.#threshold;
  }

  /** The resend timer ran out; `again` if it had already for the same packet. */
  timedOut(inFlight: number, again: boolean): void {
    if (!again) this.#threshold = Math.max(inFlight / 2, 2);
    this.window = 1;
  }

  /** Nothing was sent for longer than the resend timer. */
  rested(): void {
    this.window = Math.min(this.window, this.#first);
  }
}
