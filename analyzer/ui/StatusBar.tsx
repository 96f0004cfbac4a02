import { isCompleted } from '../store/complete.js';
import { type Command, type Focus, KEYS, keyLabel, keysOf } from '../store/keys.js';
import { layoutFor } from '../store/layout.js';
import type { PromptKind, PromptState } from '../store/prompt.js';
import { focusOf } from '../store/select.js';
import type { CaptureState } from '../store/state/capture.js';
import type { AppState } from '../store/state.js';
import { cellsOf, cut, cutInside } from '../text/cells.js';
import { grouped } from '../text/numbers.js';
import { printable } from '../text/printable.js';
import { wrapped } from '../text/wrapped.js';
import { passingText, typingLook } from './filter-count.js';
import { Box } from './ink.js';
import { promptSpans } from './prompt-spans.js';
import { Region, type Span, strip } from './Region.js';
import type { BarProps } from './screens/screen-props.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

/** Where the user is in which file, how far it has been read, and what keys there are; or what is being typed. */
export function StatusBar({ state, width, theme }: BarProps) {
  // The last cell stays empty: writing to it makes some terminals scroll.
  const room = width - 1;
  const { prompt } = state;
  const hasFilterBar = layoutFor(state).filter !== undefined;
  if (prompt !== undefined && (prompt.kind !== 'filter' || !hasFilterBar))
    return <Typing state={state} prompt={prompt} width={width} theme={theme} />;
  const filter = filterFact(state);
  const { text, look } = leftOf(state, room - cellsOf(filter), theme);
  const left = cut(text, Math.max(0, room - cellsOf(filter)), theme.marks.more);
  const right = hintsOf(state, room - cellsOf(filter) - cellsOf(left) - 2);
  const gap = ' '.repeat(Math.max(0, room - cellsOf(filter) - cellsOf(left) - cellsOf(right)));
  const spans: readonly Span[] = [
    { text: filter, look: state.filter.on ? LOOKS.right : LOOKS.off },
    { text: left, look },
    { text: gap },
    { text: right },
  ];
  const painted = spans.map((span) => ({ text: span.text, look: { ...LOOKS.status, ...span.look } }));
  return <Region strips={[{ spans: painted }]} width={width} height={1} theme={theme} />;
}

function Typing({ state, prompt, width, theme }: BarProps & { readonly prompt: PromptState }) {
  const label = cut(prompt.kind === 'filter' ? ' Filter: ' : ` ${prompt.label}`, width >> 1, theme.marks.more);
  const typed = promptSpans(prompt, width - 1 - cellsOf(label), theme, typingLook(prompt));
  const left = width - 1 - [label, ...typed.map(({ text }) => text)].reduce((sum, text) => sum + cellsOf(text), 0);
  const hints = hintsOf(state, left - 2);
  const gap = ' '.repeat(Math.max(0, left - cellsOf(hints)));
  const spans = [{ text: label, look: LOOKS.key }, ...typed, { text: gap + hints, look: LOOKS.quiet }];
  return <Region strips={[{ spans }]} width={width} height={1} theme={theme} />;
}

function leftOf(state: AppState, room: number, theme: Theme): Required<Span> {
  const { notice, task } = state;
  if (notice !== undefined) {
    const look = { ...LOOKS.key, ...SEVERITY_LOOKS[notice.severity] };
    return { text: ` ${noticeRows(notice.text, room - 1, theme).at(-1) ?? ''}`, look };
  }
  if (task !== undefined)
    return { text: ` ${printable(task.text, theme.ascii, room)}  (Esc ends it)`, look: LOOKS.key };
  return { text: placeLine(state, room, theme), look: LOOKS.key };
}

/** Characters of a notice that are looked at, at either end: more than any line has. */
const MOST_SEEN = 2048;

/** Rows that a notice takes at most. */
const MOST_NOTICE = 4;

/** A notice in rows. It may begin with a long text that was typed; what is the matter is said at its end. */
function noticeRows(text: string, room: number, theme: Theme): readonly string[] {
  const { length } = text;
  const seen = length > 2 * MOST_SEEN ? text.slice(0, MOST_SEEN) + text.slice(length - MOST_SEEN) : text;
  return wrapped(cutInside(printable(seen, theme.ascii), room * MOST_NOTICE - room, theme.marks.more), room).slice(
    -MOST_NOTICE,
  );
}

/** The rows of a notice that do not fit into the status line, over the screen just above it. */
export function NoticePopup({ state, width, theme }: BarProps) {
  const { notice, prompt } = state;
  const { height, status } = layoutFor(state);
  const rows =
    notice === undefined || (prompt !== undefined && prompt.kind !== 'filter')
      ? []
      : noticeRows(notice.text, noticeRoom(state, width), theme);
  const above = rows.slice(0, -1);
  if (!status || notice === undefined || above.length === 0 || above.length >= height - 1) return null;
  const look = { ...LOOKS.status, ...SEVERITY_LOOKS[notice.severity] };
  return (
    <Box position="absolute" marginTop={height - 1 - above.length}>
      <Region strips={above.map((text) => strip(` ${text}`, look))} width={width} height={above.length} theme={theme} />
    </Box>
  );
}

/** Cells that a row of a notice has. */
const noticeRoom = (state: AppState, width: number): number => Math.max(8, width - 2 - cellsOf(filterFact(state)));

/** That a display filter is on, where no bar tells it. */
const filterFact = (state: AppState): string =>
  layoutFor(state).filter !== undefined || state.filter.text === '' ? '' : ` [filter: ${passingText(state)}]`;

/** Cells that keys should have beside what is told. */
const HINTS_ROOM = 24;

/** Of live traffic less is told where no room would be left for keys: first what captures, then what else matters less. */
function placeLine(state: AppState, room: number, theme: Theme): string {
  const line = factsLine(state, 'all', room, theme);
  if (state.capture.live?.running !== true || cellsOf(line) <= room - HINTS_ROOM) return line;
  const shorter = factsLine(state, 'counts', room, theme);
  return cellsOf(shorter) <= room - HINTS_ROOM ? shorter : factsLine(state, 'least', room, theme);
}

/** How much is told of live traffic. */
type Detail = 'all' | 'counts' | 'least';

function factsLine(state: AppState, detail: Detail, room: number, theme: Theme): string {
  const { capture, list, mouse } = state;
  const facts = [
    placeText(state),
    progressText(capture),
    heldText(state),
    liveText(capture, detail),
    list.follow && detail !== 'least' ? 'following' : '',
    mouse ? '' : 'mouse off',
  ];
  const rest = facts.filter((fact) => fact !== '').join('  ');
  const name = state.beneath === undefined ? capture.title : `${capture.title} over ${state.beneath}`;
  const title = cut(printable(name, theme.ascii, room), Math.max(0, room - cellsOf(rest) - 3), theme.marks.more);
  return cellsOf(title) < LEAST_TITLE && capture.title.length >= LEAST_TITLE ? ` ${rest}` : ` ${title}  ${rest}`;
}

/** Cells of a title below which it says nothing. */
const LEAST_TITLE = 4;

function placeText({ capture: { count }, list: { selected } }: AppState): string {
  if (count === 0) return 'no packets';
  if (selected === 0) return `no packet of ${grouped(count)}`;
  return `packet ${grouped(selected)} of ${grouped(count)}`;
}

function progressText({ done, progress, live }: CaptureState): string {
  if (done || live !== undefined) return '';
  if (progress === undefined) return 'reading';
  // More may come: 100 % would claim to be done, and 99 % that there is something left to wait for.
  return progress >= 1 ? 'read so far' : `${Math.floor(progress * 100)}%`;
}

/** That the screens are held still, and what has come since. */
const heldText = ({ live: { held }, capture }: AppState): string =>
  held === undefined ? '' : `paused, ${grouped(held.newest - capture.count)} new packets`;

/** How capturing goes: what came, what was lost, what is no longer kept. */
function liveText({ live, first, count }: CaptureState, detail: Detail): string {
  const forgotten = first > 1 && detail !== 'least' ? `${grouped(first - 1)} forgotten` : '';
  if (live === undefined) return forgotten;
  const dropped = live.dropped === undefined ? 'drops unknown' : `${grouped(live.dropped)} dropped`;
  // The engine counts once in a while, and packets come in between.
  const received = detail === 'least' ? '' : `${grouped(Math.max(live.received, count))} received`;
  const source = detail === 'all' ? live.source : '';
  return [live.running ? source : (live.ended ?? 'stopped'), received, dropped, forgotten]
    .filter((fact) => fact !== '')
    .join(', ');
}

/** The keys worth a hint in each place, most wanted first. */
const HINTS: Readonly<Partial<Record<Focus, readonly (readonly [command: Command, word: string])[]>>> = {
  list: [
    ['help', 'help'],
    ['close', 'quit'],
    ['next-pane', 'pane'],
    ['filter', 'filter'],
    ['palette', 'command'],
    ['zoom', 'zoom'],
  ],
  detail: [
    ['help', 'help'],
    ['close', 'quit'],
    ['next-pane', 'pane'],
    ['toggle', 'open'],
    ['expand-all', 'open all'],
  ],
  bytes: [
    ['help', 'help'],
    ['close', 'quit'],
    ['next-pane', 'pane'],
    ['next-source', 'source'],
    ['zoom', 'zoom'],
  ],
  channels: [
    ['help', 'help'],
    ['open', 'ladder'],
    ['choose', 'select'],
    ['find-channels', 'find'],
    ['next-column', 'sort'],
    ['packets', 'packets'],
    ['alias', 'name'],
    ['close', 'quit'],
  ],
  ladder: [
    ['help', 'help'],
    ['open', 'packet'],
    ['back', 'back'],
    ['preview', 'preview'],
    ['mark', 'mark'],
    ['compare', 'compare'],
    ['save-ladder', 'save'],
  ],
  statistics: [
    ['help', 'help'],
    ['next-kind', 'table'],
    ['open', 'packets'],
    ['count-again', 'refresh'],
    ['save', 'save'],
    ['back', 'back'],
  ],
  data: [
    ['help', 'help'],
    ['direction', 'direction'],
    ['form', 'text or hex'],
    ['open', 'packet'],
    ['save', 'save'],
    ['back', 'back'],
  ],
  difference: [
    ['help', 'help'],
    ['back', 'back'],
    ['next-difference', 'next'],
    ['only-differences', 'only these'],
    ['swap-sides', 'swap'],
  ],
  craft: [
    ['help', 'help'],
    ['set-value', 'edit'],
    ['send', 'send'],
    ['save', 'save'],
    ['add-message', 'add'],
    ['add-fault', 'fault'],
    ['edit-bytes', 'bytes'],
    ['undo', 'undo'],
    ['run', 'run'],
    ['back', 'back'],
  ],
  help: [
    ['escape', 'close'],
    ['down', 'down'],
  ],
};

/** Those of lines that are completed and remembered. */
const COMPLETED: readonly (readonly [command: Command, word: string])[] = [
  ['accept', 'apply'],
  ['escape', 'cancel'],
  ['complete', 'complete'],
  ['up', 'earlier ones'],
];

/** The keys worth a hint while something is typed. */
const TYPING: Readonly<Record<PromptKind, typeof COMPLETED>> = {
  filter: COMPLETED,
  palette: [['accept', 'run'], ...COMPLETED.slice(1)],
  search: [
    ['accept', 'find'],
    ['escape', 'cancel'],
    ['search-in', 'where'],
    ['search-as', 'as what'],
    ['up', 'earlier ones'],
  ],
  'go-to': [
    ['accept', 'go there'],
    ['escape', 'cancel'],
  ],
  ask: [
    ['accept', 'OK'],
    ['escape', 'cancel'],
    ['complete', 'complete'],
  ],
};

const ELSEWHERE: readonly (readonly [command: Command, word: string])[] = [
  ['help', 'help'],
  ['close', 'quit'],
  ['back', 'back'],
];

/** Those of the packet editor that are wanted while nothing is edited, and while it shows a script. */
const NOTHING_EDITED: typeof ELSEWHERE = [
  ['help', 'help'],
  ['run', 'play a script'],
  ['palette', 'command'],
  ['back', 'back'],
];
const SCRIPT: typeof ELSEWHERE = [
  ['help', 'help'],
  ['edit', 'edit'],
  ['open-recording', 'open'],
  ['save', 'keep'],
  ['run', 'play'],
  ['next-view', 'the packet'],
  ['back', 'back'],
];

function hintsFor({ craft }: AppState, focus: Focus): typeof ELSEWHERE {
  if (focus === 'craft' && craft.view === 'run') return SCRIPT;
  if (focus === 'craft' && craft.draft === undefined) return NOTHING_EDITED;
  return HINTS[focus] ?? ELSEWHERE;
}

/** As many hints as fit. */
function hintsOf(state: AppState, room: number): string {
  const focus = focusOf(state);
  let text = '';
  const { prompt } = state;
  const hints = prompt === undefined ? hintsFor(state, focus) : TYPING[prompt.kind];
  for (const [command, word] of hints) {
    if (command === 'complete' && prompt !== undefined && !isCompleted(state, prompt)) continue;
    const bindings = KEYS.filter((one) => one.command === command && one.where.includes(focus));
    const [key] = bindings.flatMap((binding) => keysOf(binding, focus, state.settings.keymap));
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
