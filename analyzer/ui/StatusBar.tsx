import { type Focus, KEYS, keyLabel } from '../store/keys.js';
import type { CaptureState } from '../store/state.js';
import { cellsOf, cut } from './cells.js';
import { printable } from './printable.js';
import { Region, type Span, strip } from './Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

export interface StatusBarProps {
  readonly capture: CaptureState;
  readonly selected: number;
  readonly following: boolean;
  readonly mouse: boolean;
  readonly focus: Focus;
  readonly prompt: string | undefined;
  readonly notice: string | undefined;
  readonly width: number;
  readonly theme: Theme;
}

/** Where the user is in which file, how far it has been read, and what keys there are. */
export function StatusBar({ width, theme, ...props }: StatusBarProps) {
  // The last cell stays empty: writing to it makes some terminals scroll.
  const room = width - 1;
  const left = cut(leftText(props, room, theme), room, theme.marks.more);
  const right = props.prompt === undefined ? rightText(props, room - cellsOf(left) - 2) : '';
  const gap = ' '.repeat(Math.max(0, room - cellsOf(left) - cellsOf(right)));
  const spans: readonly Span[] = [{ text: left, look: LOOKS.key }, { text: gap }, { text: right }];
  const painted = spans.map(({ text, look }) => ({ text, look: { ...LOOKS.status, ...look } }));
  return <Region strips={[{ spans: painted }]} width={width} height={1} theme={theme} />;
}

function leftText(props: Omit<StatusBarProps, 'width' | 'theme'>, room: number, theme: Theme): string {
  if (props.prompt !== undefined) return ` Go to packet: ${props.prompt}_`;
  if (props.notice !== undefined) return ` ${printable(props.notice, theme.ascii, room)}`;
  const { capture, selected } = props;
  const place = placeText(capture, selected);
  const progress = progressText(capture);
  const facts = [place, progress, props.following ? 'following' : '', props.mouse ? '' : 'no mouse'];
  const rest = facts.filter((fact) => fact !== '').join('  ');
  const title = cut(
    printable(capture.title, theme.ascii, room),
    Math.max(0, room - cellsOf(rest) - 3),
    theme.marks.more,
  );
  return cellsOf(title) < LEAST_TITLE && capture.title.length >= LEAST_TITLE ? ` ${rest}` : ` ${title}  ${rest}`;
}

/** Cells of a title below which it says nothing. */
const LEAST_TITLE = 4;

function placeText({ count }: CaptureState, selected: number): string {
  if (count === 0) return 'no packets';
  return `packet ${grouped(selected)} of ${grouped(count)}`;
}

function progressText({ done, progress }: CaptureState): string {
  if (done) return '';
  // 100 % would claim to be done.
  return progress === undefined ? 'reading' : `${Math.min(99, Math.floor(progress * 100))}%`;
}

const grouped = (value: number): string => `${value}`.replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** The keys worth a hint, most wanted first. */
const HINTS: Readonly<Record<Focus, readonly (readonly [command: string, word: string])[]>> = {
  list: [
    ['help', 'help'],
    ['quit', 'quit'],
    ['next-pane', 'pane'],
    ['go-to', 'go to'],
    ['zoom', 'zoom'],
  ],
  detail: [
    ['help', 'help'],
    ['quit', 'quit'],
    ['next-pane', 'pane'],
    ['toggle', 'open'],
    ['expand-all', 'open all'],
  ],
  bytes: [
    ['help', 'help'],
    ['quit', 'quit'],
    ['next-pane', 'pane'],
    ['next-source', 'source'],
    ['zoom', 'zoom'],
  ],
  help: [
    ['escape', 'close'],
    ['down', 'down'],
  ],
  prompt: [],
};

/** As many hints as fit. */
function rightText({ focus }: Pick<StatusBarProps, 'focus'>, room: number): string {
  let text = '';
  for (const [command, word] of HINTS[focus]) {
    const key = KEYS.find((binding) => binding.command === command && binding.where.includes(focus))?.keys[0];
    if (key === undefined) continue;
    const longer = `${text}${text === '' ? '' : '  '}${keyLabel(key)} ${word}`;
    if (longer.length > room) break;
    text = longer;
  }
  return text;
}

/** What is wrong with the capture, in one line. */
export function ProblemLine({
  problem,
  width,
  theme,
}: {
  readonly problem: string;
  readonly width: number;
  readonly theme: Theme;
}) {
  const text = `${theme.marks.severity.error} ${printable(problem, theme.ascii, width)}`;
  const strips = [strip(cut(text, width, theme.marks.more), { ...SEVERITY_LOOKS.error, ...LOOKS.problem })];
  return <Region strips={strips} width={width} height={1} theme={theme} />;
}
