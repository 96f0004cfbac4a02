/**
 * What may be sent in answer to one packet: no more than its own size, until its address is proven.
 * Source: protocol page, section 4 "No amplification".
 */
export class Budget {
  #left: number;

  constructor(size: number) {
    this.#left = size;
  }

  get left(): number {
    return this.#left;
  }

  /** Takes so many bytes if there are so many. */
  spend(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }
}
