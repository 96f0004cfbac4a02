import { MessageReader } from './numbered-message.js';
import { type Range, Ranges } from './ranges.js';

/** What an application received of one direction of a channel. Times in milliseconds. */
export class Delivery {
  readonly #reader: MessageReader;
  readonly #seen: Uint8Array;
  readonly #order = new Ranges();
  /** When each message was handed to the peer that sends it; the place is its number. */
  readonly #sentAt: Float64Array;
  /** Messages that came, each counted once; and those that came again. */
  received = 0;
  twice = 0;
  bytes = 0;
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** The longest time between an application that sends a message and the one that receives it. */
  longestWait = 0;

  /** @param messages how many there are; of `size` bytes each */
  constructor(messages: number, size: number, isStream: boolean) {
    this.#reader = new MessageReader(size, isStream);
    this.#seen = new Uint8Array(messages + 1);
    this.#sentAt = new Float64Array(messages + 1);
  }

  sent(number: number, now: number): void {
    this.#sentAt[number] = now;
  }

  take(piece: Uint8Array, now: number, told: (number: number) => void): void {
    this.bytes += piece.length;
    this.#reader.take(piece, (number) => {
      this.#note(number, now);
      told(number);
    });
  }

  /** In the order in which they came. */
  get order(): readonly Range[] {
    return this.#order.all;
  }

  /** Whether none came before one that was sent earlier. */
  get isInOrder(): boolean {
    return this.order.every(({ first }, place) => place === 0 || first > (this.order[place - 1]?.last ?? 0));
  }

  /** Bytes that belong to no whole message. */
  get torn(): number {
    this.#reader.end();
    return this.#reader.torn;
  }

  /** The numbers up to `sent` that did not come. */
  missing(sent: number): readonly Range[] {
    const missing = new Ranges();
    for (let number = 1; number <= sent; number++) if (this.#seen[number] !== 1) missing.add(number);
    return missing.all;
  }

  #note(number: number, now: number): void {
    this.firstAt ??= now;
    this.lastAt = now;
    this.#order.add(number);
    if (this.#seen[number] === 1) this.twice += 1;
    else this.received += 1;
    this.#seen[number] = 1;
    this.longestWait = Math.max(this.longestWait, now - (this.#sentAt[number] ?? now));
  }
}
