/** Packets of one capture may be written a little out of order; a larger step back is a clock that was set. */
const SET_BACK_SECONDS = 1;

/**
 * The clock of timeouts: the capture's time, but it never goes back. Where the capture's clock was set back, it goes on
 * from where it was.
 */
export class Clock {
  /** The newest time of the capture, and how far this clock is ahead of it. */
  private newest = Number.NEGATIVE_INFINITY;
  private ahead = 0;

  /** Takes the time of the next packet, in seconds, and tells what this clock shows then. */
  at(time: number): number {
    if (time > this.newest) {
      this.newest = time;
    } else if (time < this.newest - SET_BACK_SECONDS) {
      this.ahead += this.newest - time;
      this.newest = time;
    }
    return this.newest + this.ahead;
  }
}
