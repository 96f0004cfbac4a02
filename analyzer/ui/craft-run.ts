import type { RunLine, RunState } from '../store/state/craft.js';
import { cellsOf, cut, fitLeft } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { type Strip, strip } from './Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

/** Cells of times, and the most that an arrow takes. */
const TIME_WIDTH = 12;
/** Cells of an arrow: longer ones are hard to follow with the eye. */
const MOST_ARROW = 90;
const NOTE_WIDTH = 14;

/** The ladder of a script that is played: the script on the left, the other peer on the right. */
export function runStrips(run: RunState, width: number, height: number, theme: Theme): readonly Strip[] {
  const arrow = Math.max(8, Math.min(MOST_ARROW, width - TIME_WIDTH - NOTE_WIDTH - 2));
  const names = `${'script'.padStart(TIME_WIDTH + 2)}${'peer'.padStart(Math.max(5, arrow - 2))}`;
  const { lines, cursor, left, status, severity } = run;
  const verdict = strip(cut(` ${printable(status, theme.ascii, width)}`, width, theme.marks.more), {
    ...LOOKS.heading,
    ...SEVERITY_LOOKS[severity],
  });
  const omitted = left === 0 ? [] : [strip(` ${left} lines before these are left out`, LOOKS.quiet)];
  const rows = Math.max(0, height - 2 - omitted.length);
  const top = Math.max(0, Math.min(cursor.top, cursor.at, lines.length - rows), cursor.at - rows + 1);
  const shown = lines.slice(top, top + rows).map((line, row) => {
    const drawn = lineStrip(line, arrow, width, theme, cursor.shift);
    return top + row === cursor.at ? { ...drawn, look: { ...drawn.look, ...LOOKS.selected } } : drawn;
  });
  return [verdict, strip(cut(names, width), LOOKS.columns), ...omitted, ...shown];
}

function lineStrip(line: RunLine, arrow: number, width: number, theme: Theme, shift: number): Strip {
  if (line.type === 'text') {
    const text = printable(line.text, theme.ascii, width + shift);
    return strip(cut(text, width, theme.marks.more, shift), SEVERITY_LOOKS[line.severity]);
  }
  const time = (line.at / 1000).toFixed(4).padStart(TIME_WIDTH - 1);
  const drawn = arrowText(line, arrow, theme);
  const note = cut(printable(line.note, theme.ascii, NOTE_WIDTH), NOTE_WIDTH, theme.marks.more);
  const look = {
    ...(line.way === 'sent' ? LOOKS.fromInitiator : LOOKS.fromResponder),
    ...SEVERITY_LOOKS[line.severity],
  };
  return strip(cut(`${time} ${drawn} ${note}`, width, theme.marks.more), look);
}

function arrowText(line: Extract<RunLine, { readonly type: 'packet' }>, width: number, theme: Theme): string {
  const { lane, line: dash, headRight, headLeft, startRight, startLeft } = theme.marks.ladder;
  const room = Math.max(1, width - 6);
  const label = ` ${cut(printable(line.info, theme.ascii, room), room - 2, theme.marks.more)} `;
  const rest = Math.max(0, width - 3 - cellsOf(label));
  if (line.way === 'sent')
    return `${startRight}${fitLeft(label, cellsOf(label))}${dash.repeat(rest)}${headRight}${lane}`;
  return `${lane}${headLeft}${dash.repeat(rest)}${label}${startLeft}`;
}
