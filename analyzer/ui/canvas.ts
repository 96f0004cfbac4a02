import { createContext } from 'react';

/** Private-use characters stand for rows; `printable` lets none of them through from anywhere else. */
const FIRST = 0xe000;
const PLACES = 0xf8ff - FIRST + 1;
const STAND_IN = /([\ue000-\uf8ff])( *)/g;

interface Held {
  readonly text: string;
  readonly cells: number;
}

/**
 * Keeps painted rows out of Ink, which would take every row apart into its characters and put them together again: for
 * most of the time of a frame. Ink gets one character for each row, and the row is put in its place once Ink has laid
 * the frame out.
 */
export class Canvas {
  #held: Held[] = [];

  /** Keeps a row. @param cells how many it takes @returns what stands for it, one cell wide */
  hold(text: string, cells: number): string {
    if (text === '') return '';
    // Frames have some hundred rows: those of long ago are drawn.
    if (this.#held.length === PLACES) this.#held = [];
    this.#held.push({ text, cells });
    return String.fromCharCode(FIRST + this.#held.length - 1);
  }

  /** A frame with the rows in place of what stands for them. Forgets the rows: every frame brings its own. */
  resolve(frame: string): string {
    const held = this.#held;
    this.#held = [];
    return frame.replaceAll(STAND_IN, (_, standIn: string, blanks: string) => {
      const row = held[standIn.charCodeAt(0) - FIRST];
      if (row === undefined) return ` ${blanks}`;
      // Blanks after it are cells that it may take, and a gap before what stands on its right.
      return row.text + ' '.repeat(Math.max(0, blanks.length + 1 - row.cells));
    });
  }
}

/** Where regions put their rows; without one Ink gets the rows themselves. */
export const CanvasContext = createContext<Canvas | undefined>(undefined);
