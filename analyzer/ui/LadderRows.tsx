import { clockTime } from '../print/time.js';
import { ladderRows, previousOf } from '../store/screens/ladder.js';
import { type LadderGeometry, ladderGeometry } from '../store/screens/ladder-geometry.js';
import type { LadderItem } from '../store/screens/ladder-items.js';
import type { LadderState } from '../store/state/ladder.js';
import type { AppState } from '../store/state.js';
import { cellsOf, cutInside, fitRight } from '../text/cells.js';
import { elapsed } from '../text/elapsed.js';
import { printable } from '../text/printable.js';
import { LadderCanvas } from './ladder-canvas.js';
import { type Span, type Strip, strip } from './Region.js';
import { type Colour, LOOKS, type Look, SEVERITY_LOOKS, type Theme } from './theme.js';

/** The names of the peers above their columns; below them where they were seen, where there is room. */
export function headStrips(state: AppState, rows: number, theme: Theme): readonly Strip[] {
  const geometry = ladderGeometry(state);
  const names = geometry.lanes.map(({ label }) => label);
  const addresses = geometry.lanes.map(({ address }) => address);
  return [
    headStrip(names, gutterHead(geometry), geometry, LOOKS.heading, theme),
    headStrip(addresses, '', geometry, LOOKS.quiet, theme),
  ].slice(0, rows);
}

function gutterHead({ number, time, delta, gutter }: LadderGeometry): string {
  const text = `   ${[fitRight('No.', number), fitRight('Time', time), fitRight('Delta', delta)].filter((one) => one !== '').join(' ')}`;
  return text.padEnd(gutter);
}

/** Each text at its column: the first from it on, the last up to it, the others around it. */
function headStrip(
  texts: readonly string[],
  gutter: string,
  geometry: LadderGeometry,
  look: Look,
  theme: Theme,
): Strip {
  const { spacing, skipped, room } = geometry;
  const seen = Math.min(texts.length, Math.floor((room - 1) / spacing) + 1);
  // Each has its share of the row, so that those at the end are not pushed out.
  const most = Math.max(1, Math.floor((room + 1) / Math.max(2, seen)) - 1);
  let line = '';
  for (const [place, text] of texts.entries()) {
    const lane = place * spacing - skipped;
    const isLast = place === texts.length - 1 && place > 0;
    const short = cutInside(printable(text, theme.ascii), most, theme.marks.more);
    const cells = cellsOf(short);
    const wanted = isLast ? lane + 1 - cells : place === 0 ? lane : lane - Math.floor(cells / 2);
    const start = Math.max(Math.min(wanted, room - cells), line === '' ? 0 : cellsOf(line) + 1);
    if (lane < 0 || lane >= room || start + cells > room) continue;
    line += ' '.repeat(start - cellsOf(line)) + short;
  }
  return strip(gutter.padEnd(geometry.gutter) + line, look);
}

/** Colours of channels that are drawn together, by their places. */
const CHANNEL_COLOURS: readonly Colour[] = ['cyan', 'green', 'magenta', 'blue', 'yellow'];

/** The rows in the window. */
export function rowStrips(state: AppState, theme: Theme): readonly Strip[] {
  const geometry = ladderGeometry(state);
  const items = ladderRows(state);
  let before = previousOf(state);
  return items.map((item) => {
    const painted = rowStrip(state, item, before, geometry, theme);
    if (timeOf(item) !== undefined) before = item;
    return painted;
  });
}

function rowStrip(
  state: AppState,
  item: LadderItem,
  before: LadderItem | undefined,
  geometry: LadderGeometry,
  theme: Theme,
): Strip {
  const { ladder, marks } = state;
  const severity = severityOf(item);
  const isCurrent = item.at.place === ladder.at.place && item.at.nth === ladder.at.nth;
  const gutter = gutterText(ladder, item, before, geometry, theme);
  const spans: Span[] = [
    { text: marks.has(item.packet) ? theme.marks.marked : ' ' },
    { text: `${theme.marks.severity[severity]} `, look: SEVERITY_LOOKS[severity] },
    { text: gutter, look: item.type === 'step' ? {} : LOOKS.quiet },
  ];
  return {
    spans: [...spans, ...canvasOf(state, item, geometry, theme).spans()],
    ...(isCurrent && { look: LOOKS.selected }),
  };
}

function canvasOf({ ladder }: AppState, item: LadderItem, geometry: LadderGeometry, theme: Theme): LadderCanvas {
  const canvas = new LadderCanvas(geometry, theme);
  const { marks } = theme;
  switch (item.type) {
    case 'step':
      if (item.step.type === 'arrow') {
        const { channel } = item.step;
        const several = ladder.channels.length > 1;
        const colour = CHANNEL_COLOURS[ladder.channels.indexOf(channel ?? 0) % CHANNEL_COLOURS.length];
        canvas.arrow(
          item.step,
          several && channel !== undefined ? `#${channel} ` : '',
          several && colour ? { colour } : {},
        );
      } else if (item.step.type === 'remark') {
        const { severity, text } = item.step.note;
        canvas.remark(` ${marks.severity[severity]} ${text} `, SEVERITY_LOOKS[severity]);
      }
      break;
    case 'loss':
      canvas.loss(item.arrow);
      break;
    case 'run': {
      const packets = item.packets === 1 ? '1 packet' : `${item.packets} packets`;
      canvas.remark(` ${marks.ladder.run} ${packets} of data, up to packet ${item.last} `, LOOKS.quiet);
      break;
    }
    case 'unknown':
      canvas.text(2, ` packet ${item.packet} `, LOOKS.quiet);
  }
  return canvas;
}

function severityOf(item: LadderItem): keyof typeof SEVERITY_LOOKS {
  if (item.type === 'loss') return 'warn';
  if (item.type !== 'step' || item.step.type === 'hidden') return 'none';
  const notes = item.step.type === 'arrow' ? item.step.notes : [item.step.note];
  return (['error', 'warn', 'note'] as const).find((one) => notes.some(({ severity }) => severity === one)) ?? 'none';
}

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

function timeOf(item: LadderItem | undefined): Time | undefined {
  return item?.type === 'step' && item.step.type !== 'hidden' ? item.step : undefined;
}

/** Microseconds: the last three digits of nine are left out. */
const DIGITS = -3;

function gutterText(
  { dated, origin }: LadderState,
  item: LadderItem,
  before: LadderItem | undefined,
  { number, time, delta, gutter }: LadderGeometry,
  { marks: { more } }: Theme,
): string {
  const now = timeOf(item);
  const last = timeOf(before);
  // A packet of several messages says its number and time once.
  const isSame = before?.packet === item.packet && before.type === item.type;
  const when = now === undefined || isSame ? '' : timeText(now, dated, origin);
  const since =
    now === undefined || last === undefined || isSame || delta === 0
      ? ''
      : `+${elapsed(last.seconds, last.nanos, now.seconds, now.nanos).slice(0, DIGITS)}`.replace('+-', '-');
  const columns = [
    fitRight(isSame || item.type === 'loss' ? '' : `${item.packet}`, number),
    time > 0 ? [fitSeconds(when, time, more)] : [],
    delta > 0 ? [fitSeconds(since, delta, more)] : [],
  ].flat();
  return columns.join(' ').padEnd(gutter - 3);
}

/** Seconds with as many digits after the point as fit. Where the seconds themselves do not, it is seen that they are cut. */
function fitSeconds(text: string, width: number, more: string): string {
  const point = text.indexOf('.');
  return point > width ? fitRight(text, width, more) : fitRight(text.slice(0, width).replace(/\.$/, ''), width);
}

const timeText = ({ seconds, nanos }: Time, dated: boolean, origin: Time | undefined): string =>
  (dated || origin === undefined
    ? clockTime(seconds, nanos)
    : elapsed(origin.seconds, origin.nanos, seconds, nanos)
  ).slice(0, DIGITS);
