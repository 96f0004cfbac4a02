import { createContext } from 'react';

/** What stands for a row: two characters of ASCII other than the blank, which Ink measures without further ado. */
const FIRST = 0x21;
const DIGITS = 0x7f - FIRST;
const PLACES = DIGITS * DIGITS;
const STAND_IN = /([!-~])([!-~]) *(?=([!-~]?))/g;
/** Cells of a region, whatever its width is on the real screen. */
export const REGION_CELLS = 2;

interface Held {
  readonly text: string;
  readonly cells: number;
  readonly width: number;
}

/** Regions that stand side by side, at most. */
const MOST_BESIDE = 4;

/**
 * Keeps painted rows out of Ink, which would take every row apart into its characters and put them together again: for
 * most of the time of a frame. Ink gets two characters for each row, and lays out a screen on which each region is two
 * cells wide; the rows are put in place once it has.
 */
export class Canvas {
  #held: Held[] = [];
  /** How many cells wide the screen is that Ink lays out. */
  readonly columns = MOST_BESIDE * REGION_CELLS;

  /**
   * Keeps a row.
   * @param cells how many it takes
   * @param width how many its region has
   * @returns what stands for it, and blanks over what it may lie on
   */
  hold(text: string, cells: number, width: number): string {
    // Frames have some hundred rows: those of long ago are drawn.
    if (this.#held.length === PLACES) this.#held = [];
    const place = this.#held.length;
    this.#held.push({ text, cells, width });
    const standIn = String.fromCharCode(FIRST + Math.floor(place / DIGITS), FIRST + (place % DIGITS));
    return standIn.padEnd(this.columns);
  }

  /** A frame with the rows in place of what stands for them. Forgets the rows: every frame brings its own. */
  resolve(frame: string): string {
    const held = this.#held;
    this.#held = [];
    return frame.replaceAll(STAND_IN, (_, high: string, low: string, next: string) => {
      const row = held[(high.charCodeAt(0) - FIRST) * DIGITS + low.charCodeAt(0) - FIRST];
      if (row === undefined) return '';
      // Only what stands on its right needs the blanks after it.
      return next === '' ? row.text : row.text + ' '.repeat(Math.max(0, row.width - row.cells));
    });
  }
}

/** Where regions put their rows; without one Ink gets the rows themselves. */
export const CanvasContext = createContext<Canvas | undefined>(undefined);
