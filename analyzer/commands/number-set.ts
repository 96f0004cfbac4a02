/** A set of small whole numbers, a bit each: packet numbers by the million. */
export class NumberSet {
  private words = new Uint32Array(1024);

  add(number: number): void {
    const place = number >>> 5;
    if (place >= this.words.length) {
      const larger = new Uint32Array(Math.max(place + 1, 2 * this.words.length));
      larger.set(this.words);
      this.words = larger;
    }
    this.words[place] = (this.words[place] ?? 0) | (1 << (number & 31));
  }

  has(number: number): boolean {
    return ((this.words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }
}
