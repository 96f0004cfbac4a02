import type { Arrow } from '../print/ladder.js';
import type { LadderGeometry } from '../store/screens/ladder-geometry.js';
import { cellsOf } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { arrowWith } from './cookie-signs.js';
import type { Span } from './Region.js';
import { LOOKS, type Look, SEVERITY_LOOKS, type Theme } from './theme.js';

/** The look of what has none: one object, so that neighbours are drawn as one. */
const PLAIN: Look = {};

/** Cells of an arrow that its words leave: its ends, and blanks. */
const WORDS_AROUND = 7;

/** Cells below which what is seen of an arrow is left without words. */
const LEAST_SEEN = 4;

/** One row of columns and arrows, drawn cell by cell; of wide ladders the part that can be seen. */
export class LadderCanvas {
  readonly #signs: string[];
  readonly #looks: Look[];
  readonly #geometry: LadderGeometry;
  readonly #theme: Theme;

  constructor(geometry: LadderGeometry, theme: Theme) {
    this.#geometry = geometry;
    this.#theme = theme;
    const width = Math.max(geometry.room, (geometry.lanes.length - 1) * geometry.spacing + 1);
    this.#signs = Array(width).fill(' ');
    this.#looks = Array(width).fill(PLAIN);
    for (const place of geometry.lanes.keys())
      this.#put(place * geometry.spacing, theme.marks.ladder.lane, LOOKS.quiet);
  }

  /** Writes a text, cut at a cell. Returns the cell behind it. */
  text(at: number, text: string, look: Look, end = this.#signs.length): number {
    const { more } = this.#theme.marks;
    const safe = [...printable(text, this.#theme.ascii, end - at)];
    let cell = at;
    for (const [place, sign] of safe.entries()) {
      if (cell >= end) return cell;
      const isCut = cell === end - 1 && place < safe.length - 1;
      // Whatever is not one cell wide would move all that follows.
      this.#put(cell++, isCut ? more : cellsOf(sign) === 1 ? sign : '?', look);
    }
    return cell;
  }

  /** Draws a message with what it says in the line of its arrow. */
  arrow(arrow: Arrow, tag: string, own: Look): void {
    const [from, to] = [this.#laneOf(arrow.from), this.#laneOf(arrow.to)];
    const { ladder, severity } = this.#theme.marks;
    const words = [...this.#said(arrow, tag, from, to)];
    for (const note of arrow.notes) {
      // That it is a resend, its words say.
      if (note.severity === 'chat' || note.resend !== undefined) continue;
      words.push({ text: ` ${severity[note.severity]} ${note.text}`, look: SEVERITY_LOOKS[note.severity] });
    }
    const look = arrow.fate === 'dropped' ? LOOKS.dropped : arrow.fate === 'again' ? LOOKS.again : own;
    if (from === undefined || to === undefined || from === to) {
      this.#words(Math.max(0, from ?? to ?? 0) + 2, this.#signs.length, words);
      return;
    }
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    const line = arrow.fate === 'again' ? ladder.dashed : ladder.line;
    for (let cell = start + 1; cell < end; cell++) this.#put(cell, line, look);
    const toRight = from < to;
    const head = arrow.fate === 'dropped' ? ladder.dropped : toRight ? ladder.headRight : ladder.headLeft;
    this.#put(toRight ? end - 1 : start + 1, head, look);
    this.#put(toRight ? start : end, toRight ? ladder.startRight : ladder.startLeft, look);
    this.#along(start + (toRight ? 2 : 3), end - (toRight ? 2 : 1), words);
  }

  /** Writes what is no arrow, beside the first column that can be seen. */
  remark(text: string, look: Look): void {
    const { skipped, room } = this.#geometry;
    this.text(skipped + 2, text, look, Math.min(this.#signs.length, skipped + room));
  }

  /** Draws what is known to be missing: an arrow that does not arrive. */
  loss({ from, to, missing }: Arrow): void {
    const { dashed, dropped } = this.#theme.marks.ladder;
    const [start, end] = [this.#laneOf(from), this.#laneOf(to)];
    const words = [{ text: `${missing} ${missing === 1 ? 'number' : 'numbers'} not seen`, look: LOOKS.dropped }];
    if (start === undefined || end === undefined || start === end) return this.#along(2, this.#signs.length, words);
    const by = start < end ? 1 : -1;
    for (let cell = start + by; cell !== end - by * 3; cell += by) this.#put(cell, dashed, LOOKS.dropped);
    this.#put(end - by * 3, dropped, LOOKS.dropped);
    this.#along(Math.min(start, end) + (by > 0 ? 2 : 5), Math.max(start, end) - (by > 0 ? 4 : 1), words);
  }

  /** What a message says, with what its cookies are worth: with words where there is room for them. */
  #said(arrow: Arrow, tag: string, from = 0, to = this.#signs.length): readonly Required<Span>[] {
    const whole = tag + arrowWith(arrow, this.#theme, true);
    const [start, end] = this.#seen(Math.min(from, to), Math.max(from, to));
    const fits = cellsOf(whole) <= end - start - WORDS_AROUND;
    return [{ text: fits ? whole : tag + arrowWith(arrow, this.#theme, false), look: PLAIN }];
  }

  /** What can be seen of it. */
  spans(): readonly Span[] {
    const { skipped, room } = this.#geometry;
    const spans: Span[] = [];
    const end = Math.min(skipped + room, this.#signs.length);
    for (let from = skipped; from < end; ) {
      const look = this.#looks[from] ?? PLAIN;
      let to = from + 1;
      while (to < end && this.#looks[to] === look) to++;
      spans.push({ text: this.#signs.slice(from, to).join(''), look });
      from = to;
    }
    return spans;
  }

  /** The part of a stretch that can be seen, without the cell at the edge where it goes on. */
  #seen(from: number, end: number): readonly [from: number, end: number] {
    const { skipped, room } = this.#geometry;
    const last = skipped + room;
    return [from < skipped ? skipped + 1 : from, end > last ? last - 1 : end];
  }

  /** Writes along an arrow: in the part that can be seen, or what it says would be lost with its start. */
  #along(from: number, end: number, words: readonly Span[]): void {
    const [start, stop] = this.#seen(from, end);
    if (stop - start >= LEAST_SEEN) this.#words(start, stop, words);
    else this.#words(from, end, words);
  }

  #words(from: number, end: number, words: readonly Span[]): void {
    let cell = this.text(from, ' ', PLAIN, end);
    for (const [place, { text, look = PLAIN }] of words.entries()) {
      if (end - cell < (place === 0 ? 2 : 4)) break;
      cell = this.text(cell, text, look, end);
    }
    this.text(cell, ' ', PLAIN, end);
  }

  #laneOf(id: string): number | undefined {
    const place = this.#geometry.lanes.findIndex((lane) => lane.id === id);
    return place < 0 ? undefined : place * this.#geometry.spacing;
  }

  #put(cell: number, sign: string, look: Look): void {
    if (cell < 0 || cell >= this.#signs.length) return;
    this.#signs[cell] = sign;
    this.#looks[cell] = look;
  }
}
