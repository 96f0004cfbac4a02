/** Around the two numbers: `<`, `:` twice, `>`. */
const FRAME = 4;
const [OPEN, COLON, CLOSE, DOT] = [0x3c, 0x3a, 0x3e, 0x2e];
const ZERO = 0x30;
/** No number has more digits. */
const MOST_DIGITS = 9;

/** The fewest bytes that messages up to this number fit in. */
export const leastBytes = (most: number): number => 2 * String(most).length + FRAME;

/**
 * Writes a message that tells its number at both ends, so that the beginning of one and the end of another make none:
 * `<12:…:12>`.
 * @throws {RangeError} if it does not fit `size` bytes
 */
export function numberedMessage(number: number, size: number): Uint8Array {
  const digits = `${number}`;
  if (2 * digits.length + FRAME > size) throw new RangeError(`message ${number} does not fit ${size} bytes`);
  const bytes = new Uint8Array(size).fill(DOT);
  const tail = size - 1 - digits.length;
  bytes[0] = OPEN;
  for (let at = 0; at < digits.length; at++) {
    bytes[1 + at] = digits.charCodeAt(at);
    bytes[tail + at] = digits.charCodeAt(at);
  }
  bytes[1 + digits.length] = COLON;
  bytes[tail - 1] = COLON;
  bytes[size - 1] = CLOSE;
  return bytes;
}

/**
 * Finds numbered messages in what was received: one message after the other, or a stream that was cut anywhere and of
 * which pieces may be missing. Keeps no more than one message.
 */
export class MessageReader {
  readonly #size: number;
  readonly #isStream: boolean;
  #rest = new Uint8Array(0);
  /** Bytes that belong to no whole message. */
  torn = 0;

  /** @param size of every message, in bytes */
  constructor(size: number, isStream: boolean) {
    this.#size = size;
    this.#isStream = isStream;
  }

  /** Takes what came, and tells the numbers of the messages that are whole with it, in order. */
  take(piece: Uint8Array, found: (number: number) => void): void {
    const bytes = this.#rest.length > 0 ? joined(this.#rest, piece) : piece;
    let at = 0;
    while (at < bytes.length) {
      if (bytes.length - at < this.#size && this.#isStream && bytes[at] === OPEN) break;
      const number = this.#numberAt(bytes, at);
      if (number === undefined) {
        this.torn += 1;
        at += 1;
      } else {
        found(number);
        at += this.#size;
      }
    }
    this.#rest = at < bytes.length ? bytes.slice(at) : new Uint8Array(0);
  }

  /** Nothing more comes: what is left is torn. */
  end(): void {
    this.torn += this.#rest.length;
    this.#rest = new Uint8Array(0);
  }

  /** The number of the whole message at a place. */
  #numberAt(bytes: Uint8Array, start: number): number | undefined {
    const end = start + this.#size - 1;
    if (bytes[start] !== OPEN || bytes[end] !== CLOSE) return undefined;
    const colon = bytes.indexOf(COLON, start);
    const digits = colon - start - 1;
    if (digits < 1 || digits > MOST_DIGITS || 2 * digits + FRAME > this.#size) return undefined;
    // Without it, the end of 12 would pass for that of 2.
    if (bytes[end - digits - 1] !== COLON) return undefined;
    let number = 0;
    for (let at = start + 1; at < colon; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < ZERO || byte > ZERO + 9 || byte !== bytes[end - digits + at - start - 1]) return undefined;
      number = number * 10 + byte - ZERO;
    }
    return number;
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
