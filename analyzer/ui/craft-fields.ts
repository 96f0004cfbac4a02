import type { EditLine, Provenance } from '../store/craft/lines.js';
import { cut, fitLeft } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { type Strip, strip } from './Region.js';
import { LOOKS, type Look, type Theme } from './theme.js';

/** What stands before a value: where it comes from, also where there are no colours. */
const MARKS: Readonly<Record<Provenance, string>> = { kept: ' ', typed: '*', derived: '=', part: ' ' };
const MARK_LOOKS: Readonly<Record<Provenance, Look>> = {
  kept: {},
  typed: LOOKS.different,
  derived: LOOKS.quiet,
  part: LOOKS.quiet,
};

/** Cells of the labels, of wide screens and of narrow ones. */
const LABEL_WIDTH = 24;
const SHORT_LABEL_WIDTH = 12;
const NARROW = 50;

/** A line of the editor. Only values are moved to the left, by `shift` cells. */
export function fieldStrip(line: EditLine, isCurrent: boolean, shift: number, width: number, theme: Theme): Strip {
  const { more } = theme.marks;
  const safe = printable(line.text, theme.ascii, width + shift);
  const current = isCurrent ? LOOKS.selected : {};
  if (line.isHeading) {
    const text = cut(`${line.label}${safe === '' ? '' : `: ${safe}`}`, width, more);
    return strip(text, { ...LOOKS.heading, ...current });
  }
  const labels = width < NARROW ? SHORT_LABEL_WIDTH : LABEL_WIDTH;
  const head = `  ${MARKS[line.from]} ${fitLeft(printable(line.label, theme.ascii, labels), labels, more)} `;
  const text = cut(head + cut(safe, Math.max(0, width - head.length), more, shift), width, more);
  return strip(text, { ...MARK_LOOKS[line.from], ...current });
}
