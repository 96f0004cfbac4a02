import { Writable } from 'node:stream';
import { Canvas } from './canvas.js';
import { rowChange } from './row-change.js';

/**
 * Stands between Ink and the terminal: takes whole frames, and writes what has changed, each to its place.
 *
 * Ink by itself moves relative to where it left the cursor, clears the screen on frames as high as the terminal, and
 * writes nothing at all where `CI` is set. Frames of its debug mode are complete and always come, so we place them.
 */
export class FrameWriter extends Writable {
  readonly #write: (text: string) => boolean;
  /** What is on the screen, unless that is not known. */
  #rows: readonly string[] = [];
  #isUnknown = true;
  #frame: readonly string[] = [];
  #isOn = false;
  #isBlocked = false;
  /** Where regions put the rows of the next frame. */
  readonly canvas = new Canvas();
  /** Ink lays out to this. */
  readonly columns = this.canvas.columns;

  /** @param write writes to the terminal; false when it would rather wait for `drained` */
  constructor(write: (text: string) => boolean) {
    super({ decodeStrings: false });
    this.#write = write;
  }

  /** Starts to draw, on a screen of which nothing is known. */
  start(): void {
    this.#isOn = true;
    this.redraw();
  }

  /** Draws no more until `start`; what comes meanwhile is kept. */
  stop(): void {
    this.#isOn = false;
  }

  /** Draws all rows again, for a screen that something else has written to. */
  redraw(): void {
    this.forget();
    this.#draw();
  }

  /** Draws the next frame on a blank screen, for one that has changed its size: the last frame no longer fits. */
  forget(): void {
    this.#rows = [];
    this.#isUnknown = true;
  }

  /** The terminal takes more. */
  drained(): void {
    this.#isBlocked = false;
    this.#draw();
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#frame = this.canvas.resolve(`${chunk}`).split('\n');
    this.#draw();
    done();
  }

  #draw(): void {
    // A terminal that is slow gets the newest frame when it is ready, not all of them.
    if (!this.#isOn || this.#isBlocked || this.#frame.length === 0) return;
    let text = this.#isUnknown ? CLEAR : '';
    const height = Math.max(this.#frame.length, this.#rows.length);
    for (let row = 0; row < height; row++) {
      const now = this.#frame[row] ?? '';
      const was = this.#rows[row] ?? '';
      if (now !== was) text += this.#isUnknown ? `\x1b[${row + 1};1H${now}` : rowChange(was, now, row + 1);
    }
    this.#rows = this.#frame;
    this.#isUnknown = false;
    if (text !== '') this.#isBlocked = !this.#write(`${BEGIN}${text}${END}`);
  }
}

const CLEAR = '\x1b[0m\x1b[2J';
/** Terminals that know these show the frame in one piece; others ignore them. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
