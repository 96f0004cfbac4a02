import { SEVERITIES } from '../../../dissectors/wire/finding.js';
import type { HandshakeKey, HandshakeRow } from '../../index/handshake-row.js';
import { selectedText } from '../../store/screens/acted-on.js';
import { handshakeStory } from '../../store/screens/handshake-story.js';
import { handshakeNumbered, handshakeRows, pageLines } from '../../store/screens/handshakes.js';
import { siftedBy } from '../../store/screens/passing.js';
import { storyHeight } from '../../store/screens/story.js';
import type { AppState } from '../../store/state.js';
import { cut, fitLeft, fitRight } from '../../text/cells.js';
import { grouped } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { headingStrip } from '../heading.js';
import { Region, type Span, type Strip, strip } from '../Region.js';
import { blanks, storyStrips } from '../story-strips.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** The handshakes of the capture, one a row, and below them why the one under the cursor ended as it did. */
export function HandshakesScreen(props: ScreenProps) {
  const { state, width, height, theme } = props;
  if (state.handshakes.view !== 'list') return <Page {...props} />;
  const list = [headStrip(state, width, theme), ...rowStrips(state, width, theme)].slice(0, 1 + handshakeRows(state));
  const story = storyHeight(state) > 0 ? storyOf(state, width, theme) : [];
  const filler = blanks(height - story.length - list.length);
  return <Region strips={[...list, ...filler, ...story]} width={width} height={height} theme={theme} />;
}

/** The lines of a ladder or of a comparison. */
function Page({ state, width, height, theme }: ScreenProps) {
  const { view, page } = state.handshakes;
  const name = view === 'ladder' ? 'Ladder of handshakes' : 'Two handshakes, step by step';
  const heading = headingStrip([{ name, current: true }], true, width, theme);
  const lines = pageLines(state, theme.ascii).slice(page.top, page.top + height - 1);
  const strips = lines.map((line, row) =>
    strip(cut(line, width, theme.marks.more, page.shift), page.top + row === page.at ? LOOKS.selected : {}),
  );
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly key?: HandshakeKey;
  readonly right?: true;
  readonly read: (row: HandshakeRow) => string;
}

/** Of an id as long as a peer's, the beginning tells enough. */
const endText = (end: string): string => (/^[0-9a-f]{32}$/.test(end) ? `${end.slice(0, 8)}…` : end);

/** Cells before the columns: whether a row is chosen, and the worst finding of its packets. */
const LEAD = 3;

/** The columns that fit a width; the last takes what is left. */
function columnsFor(width: number): readonly Column[] {
  const wide = width >= 110;
  const fixed: readonly Column[] = [
    { title: 'No.', width: 6, key: 'number', right: true, read: ({ number }) => `${number}` },
    { title: 'Kind', width: 9, key: 'kind', read: ({ kind }) => kind },
    { title: 'Initiator', width: wide ? 24 : 17, read: ({ initiator }) => endText(initiator) },
    { title: 'Responder', width: wide ? 24 : 17, read: ({ responder }) => endText(responder) },
    { title: 'State', width: 11, key: 'state', read: ({ state }) => state },
    ...(wide
      ? ([
          { title: 'Cookie', width: 9, read: ({ cookieStatus }: HandshakeRow) => cookieStatus ?? '' },
          { title: 'Proof', width: 7, read: ({ proofStatus }: HandshakeRow) => proofStatus ?? '' },
          { title: 'RTT ms', width: 9, key: 'rtt', right: true, read: roundTrip },
        ] as const)
      : []),
  ];
  const used = fixed.reduce((sum, column) => sum + column.width + 1, LEAD);
  const left = width - used;
  return left < 6
    ? fixed
    : [...fixed, { title: wide ? 'Reason' : 'Cookie', width: left, read: wide ? reasonOf : cookieOf }];
}

const reasonOf = ({ reason }: HandshakeRow): string => reason;
/** Of what was not returned so far: whether the responder keeps nothing until it is. */
const cookieOf = ({ cookieStatus, proofStatus, stateless }: HandshakeRow): string =>
  cookieStatus ?? proofStatus ?? STATELESS[stateless] ?? '';
const STATELESS: Readonly<Record<string, string>> = { yes: 'stateless', likely: 'stateless?' };

function roundTrip({ rttChallenge, rttAnswer }: HandshakeRow): string {
  const time = rttChallenge ?? rttAnswer;
  return time === undefined ? '' : (time * 1e3).toFixed(3);
}

function headStrip(state: AppState, width: number, theme: Theme): Strip {
  const { key, descending } = state.handshakes;
  const spans: Span[] = [{ text: `${theme.marks.focus}${' '.repeat(LEAD - 1)}` }];
  for (const column of columnsFor(width)) {
    const isSorted = column.key === key;
    const mark = descending ? theme.marks.descending : theme.marks.ascending;
    const text = isSorted && column.title.length < column.width ? column.title + mark : column.title;
    spans.push({ text: fitted(text, column, ''), ...(isSorted && { look: LOOKS.sorted }) }, { text: ' ' });
  }
  return { spans, look: { ...LOOKS.columns, ...LOOKS.focusedHeading } };
}

const fitted = (text: string, { width, right }: Column, more: string): string =>
  right ? fitRight(text, width, more) : fitLeft(text, width, more);

function rowStrips(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const { snapshot, order, cursor } = state.handshakes;
  if (order.length === 0) return [strip(cut(`  ${emptyText(state)}`, width), LOOKS.quiet)];
  const columns = columnsFor(width);
  return [...order.subarray(cursor.top, cursor.top + handshakeRows(state))].map((place) => {
    const row = snapshot?.at(place);
    return row === undefined ? strip('') : rowStrip(state, row, columns, theme);
  });
}

function emptyText(state: AppState): string {
  const { capture, handshakes } = state;
  if ((handshakes.snapshot?.count ?? 0) > 0) {
    if (handshakes.words.trim() !== '') return 'No handshake has these words.';
    if (siftedBy(state, 'handshakes') !== '') return 'No handshake has a packet that passes the filter.';
  }
  return capture.done ? 'The capture has no handshakes.' : 'No handshakes so far.';
}

function rowStrip(state: AppState, row: HandshakeRow, columns: readonly Column[], theme: Theme): Strip {
  const { chosen, selected } = state.handshakes;
  const { marks, ascii } = theme;
  const severity = SEVERITIES[row.worst] ?? 'none';
  const spans: Span[] = [
    {
      text: `${chosen.has(row.number) ? marks.marked : ' '}${marks.severity[severity]} `,
      look: SEVERITY_LOOKS[severity],
    },
  ];
  for (const column of columns) {
    const text = printable(column.read(row), ascii, column.width);
    const look = column.title === 'State' ? SEVERITY_LOOKS[BAD.has(row.state) ? 'warn' : 'none'] : {};
    spans.push({ text: fitted(text, column, marks.more), look }, { text: ' ' });
  }
  return { spans, ...(row.number === selected && { look: LOOKS.selected }) };
}

const BAD: ReadonlySet<string> = new Set(['refused', 'timed-out']);

/** What is told of the handshake under the cursor. */
function storyOf(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const height = storyHeight(state);
  const row = handshakeNumbered(state, state.handshakes.selected);
  const about = row === undefined ? 'Handshakes' : `Handshake ${row.number}: ${row.kind} ${row.id}, ${row.state}`;
  const told = row === undefined ? [] : handshakeStory(row);
  return storyStrips(about, listFacts(state), told, { width, height, theme });
}

function listFacts(state: AppState): string {
  const { handshakes } = state;
  const { snapshot, order, key, descending, words } = handshakes;
  const total = snapshot?.count ?? 0;
  const count = order.length === total ? grouped(total) : `${grouped(order.length)} of ${grouped(total)}`;
  const forgotten = snapshot?.forgotten ?? 0;
  return [
    `${count} ${total === 1 ? 'handshake' : 'handshakes'}`,
    `by ${key}${descending ? ', descending' : ''}`,
    words.trim() === '' ? '' : `with "${words.trim()}"`,
    siftedBy(state, 'handshakes') === '' ? '' : 'filtered',
    selectedText(handshakes),
    forgotten > 0 ? `${grouped(forgotten)} forgotten` : '',
  ]
    .filter((fact) => fact !== '')
    .join(', ');
}
