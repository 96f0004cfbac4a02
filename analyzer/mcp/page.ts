import { Writable } from 'node:stream';

/** What one answer holds at most, whatever is asked for: an agent reads all of it. In characters. */
export const MOST_TEXT = 48 * 1024;
/** Lines of an answer unless another number is asked for, and at most. */
export const LINES = { usual: 100, most: 1000 };

/** Which lines of what a command prints are wanted. */
export interface PageRange {
  /** Lines that are passed over. */
  readonly offset: number;
  readonly limit: number;
}

/** Makes of a line what is kept of it; nothing of a line that does not count. */
export type Shape = (line: string) => string | undefined;

/**
 * Takes what a command prints, and keeps a page of it: so many lines, so many characters.
 * What comes after that is not waited for.
 */
export class Page extends Writable {
  readonly lines: string[] = [];
  /** Whether there is more than the page has room for. */
  isFull = false;
  readonly #range: PageRange;
  readonly #shape: Shape;
  readonly #onFull: () => void;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #passed = 0;
  #size = 0;

  /**
   * @param onFull called once, when nothing more is wanted
   */
  constructor(range: PageRange, shape: Shape, onFull: () => void) {
    super();
    this.#range = range;
    this.#shape = shape;
    this.#onFull = onFull;
    // What is written after that fails, and matters to nobody.
    this.on('error', () => {});
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    const lines = `${this.#rest}${this.#decoder.decode(chunk, { stream: true })}`.split('\n');
    this.#rest = this.isFull ? '' : (lines.pop() ?? '');
    for (const line of lines) this.#take(line);
    // A line without an end must not be gathered for ever.
    if (this.#rest.length > MOST_LINE) {
      this.#take(this.#rest);
      this.#rest = '';
    }
    done();
    // The writer sees that reading has stopped, within a batch of packets too.
    if (this.isFull) this.destroy();
  }

  /** What was printed without a line's end. */
  finish(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }

  #take(line: string): void {
    if (this.isFull) return;
    const shaped = this.#shape(line);
    if (shaped === undefined) return;
    this.#passed += 1;
    if (this.#passed <= this.#range.offset) return;
    const kept = shortened(shaped);
    if (this.lines.length >= this.#range.limit || this.#size + kept.length > MOST_TEXT) {
      this.isFull = true;
      this.#onFull();
      return;
    }
    this.#size += kept.length + 1;
    this.lines.push(kept);
  }
}

/** The longest line that is taken in, before it is shaped, in characters: no row of a command is longer. */
const MOST_LINE = 1 << 22;
/** What is kept of a line at most, in characters: so that one does not fill a page. */
const MOST_KEPT = 16 * 1024;

const shortened = (line: string): string =>
  line.length <= MOST_KEPT ? line : `${line.slice(0, MOST_KEPT)}… (${line.length - MOST_KEPT} characters more)`;
