import { createContext } from 'react';

/** Private-use characters stand for rows; `printable` lets none of them through from anywhere else. */
const FIRST = 0xe000;
const PLACES = 0xf8ff - FIRST + 1;
const STAND_IN = /([\ue000-\uf8ff]) *(?=([\ue000-\uf8ff]?))/g;

interface Held {
  readonly text: string;
  readonly cells: number;
  readonly width: number;
}

/** Regions that stand side by side, at most. */
const MOST_BESIDE = 4;

/**
 * Keeps painted rows out of Ink, which would take every row apart into its characters and put them together again: for
 * most of the time of a frame. Ink gets one character for each row, and lays out a screen on which each region is one
 * cell wide; the rows are put in place once it has.
 */
export class Canvas {
  #held: Held[] = [];
  /** How many cells wide the screen is that Ink lays out. */
  readonly columns = MOST_BESIDE;

  /**
   * Keeps a row.
   * @param cells how many it takes
   * @param width how many its region has
   * @returns what stands for it, one cell wide, and blanks over what it may lie on
   */
  hold(text: string, cells: number, width: number): string {
    // Frames have some hundred rows: those of long ago are drawn.
    if (this.#held.length === PLACES) this.#held = [];
    this.#held.push({ text, cells, width });
    return String.fromCharCode(FIRST + this.#held.length - 1).padEnd(MOST_BESIDE);
  }

  /** A frame with the rows in place of what stands for them. Forgets the rows: every frame brings its own. */
  resolve(frame: string): string {
    const held = this.#held;
    this.#held = [];
    return frame.replaceAll(STAND_IN, (_, standIn: string, next: string) => {
      const row = held[standIn.charCodeAt(0) - FIRST];
      if (row === undefined) return '';
      // Only what stands on its right needs the blanks after it.
      return next === '' ? row.text : row.text + ' '.repeat(Math.max(0, row.width - row.cells));
    });
  }
}

/** Where regions put their rows; without one Ink gets the rows themselves. */
export const CanvasContext = createContext<Canvas | undefined>(undefined);
