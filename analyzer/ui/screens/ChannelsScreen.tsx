import type { ChannelRow } from '../../index/channel-row.js';
import { type ChannelColumn, LEAD } from '../../store/screens/channel-columns.js';
import { channelStory } from '../../store/screens/channel-story.js';
import { channelRows, columnsOf } from '../../store/screens/channels.js';
import { siftedBy } from '../../store/screens/passing.js';
import { selectedChannel } from '../../store/screens/selected-channel.js';
import { isWhole, missingStory, storyHeight, storySteps } from '../../store/screens/story.js';
import type { AppState } from '../../store/state.js';
import { cellsOf, cut, fitLeft, fitRight } from '../../text/cells.js';
import { grouped } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { channelCell, stateLook, stateText } from '../channel-cells.js';
import { Region, type Span, type Strip, strip } from '../Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from '../theme.js';
import { wrapped } from '../wrapped.js';
import type { ScreenProps } from './screen-props.js';

/** The channels of the capture, one a row, and below them why the one under the cursor is in its state. */
export function ChannelsScreen({ state, width, height, theme }: ScreenProps) {
  const list = [headStrip(state, theme), ...rowStrips(state, width, theme)].slice(0, 1 + channelRows(state));
  const story = storyHeight(state) > 0 ? storyStrips(state, width, theme) : [];
  const filler = Array.from({ length: Math.max(0, height - story.length - list.length) }, () => strip(''));
  return <Region strips={[...list, ...filler, ...story]} width={width} height={height} theme={theme} />;
}

function headStrip(state: AppState, theme: Theme): Strip {
  const { key, descending } = state.channels;
  const spans: Span[] = [{ text: `${theme.marks.focus}${' '.repeat(LEAD - 1)}` }];
  for (const { title, key: own, width, right } of columnsOf(state)) {
    const isSorted = own === key;
    const mark = descending ? theme.marks.descending : theme.marks.ascending;
    const plain = title.replace('→', theme.marks.right).replace('←', theme.marks.left);
    const text = isSorted && plain.length < width ? plain + mark : plain;
    spans.push({ text: right ? fitRight(text, width) : fitLeft(text, width), ...(isSorted && { look: LOOKS.sorted }) });
    spans.push({ text: ' ' });
  }
  return { spans, look: { ...LOOKS.columns, ...LOOKS.focusedHeading } };
}

function rowStrips(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const { snapshot, order, cursor } = state.channels;
  if (order.length === 0) {
    const empty = emptyText(state);
    return [strip(cut(`  ${empty}`, width), LOOKS.quiet)];
  }
  const columns = columnsOf(state);
  return [...order.subarray(cursor.top, cursor.top + channelRows(state))].map((place) => {
    const row = snapshot?.at(place);
    return row === undefined ? strip('') : rowStrip(state, row, columns, theme);
  });
}

function emptyText(state: AppState): string {
  const { capture, channels } = state;
  if (channels.snapshot !== undefined && channels.snapshot.count > 0) {
    if ((channels.typed ?? channels.words).trim() !== '') return 'No channel has these words.';
    if (siftedBy(state, 'channels') !== '') return 'No channel has a packet that passes the filter.';
  }
  return capture.done ? 'The capture has no channels.' : 'No channels so far.';
}

function rowStrip(state: AppState, row: ChannelRow, columns: readonly ChannelColumn[], theme: Theme): Strip {
  const { chosen, selected } = state.channels;
  const { marks, ascii } = theme;
  const lead = `${chosen.has(row.number) ? marks.marked : ' '}${marks.severity[row.severity]} `;
  const spans: Span[] = [{ text: lead, look: SEVERITY_LOOKS[row.severity] }];
  for (const column of columns) {
    const text = printable(channelCell(row, column, state.settings, theme), ascii, column.width);
    const fitted = column.right ? fitRight(text, column.width, marks.more) : fitLeft(text, column.width, marks.more);
    const look =
      column.field === 'state' ? stateLook(row) : column.field === 'findings' ? SEVERITY_LOOKS[row.severity] : {};
    spans.push({ text: fitted, look }, { text: ' ' });
  }
  return { spans, ...(row.number === selected && { look: LOOKS.selected }) };
}

/** What is told of the channel under the cursor. */
function storyStrips(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const height = storyHeight(state);
  const row = selectedChannel(state);
  const heading = storyHeading(state, row, width, theme);
  if (row === undefined) return [heading, ...blanks(height - 1)];
  const { story } = state.channels;
  // Half of it could be the opposite of the whole: that a request was not answered, say.
  const known = story.channel === row.number && story.news !== undefined && missingStory(state).length === 0;
  const told = known
    ? channelStory(
        { row, steps: storySteps(state.channels), isWhole: isWhole(state.channels), stuck: story.stuck },
        state.settings,
      )
    : [];
  const strips = told.flatMap(({ severity, text }) => {
    const mark = theme.marks.severity[severity];
    return wrapped(printable(text, theme.ascii), width - 3).map((part, place) =>
      strip(`${place === 0 ? mark : ' '} ${part}`, SEVERITY_LOOKS[severity === 'chat' ? 'none' : severity]),
    );
  });
  return [heading, ...strips, ...blanks(height)].slice(0, height);
}

const blanks = (count: number): readonly Strip[] => Array.from({ length: Math.max(0, count) }, () => strip(''));

/** What it is about, and how the list was made. */
function storyHeading(state: AppState, row: ChannelRow | undefined, width: number, theme: Theme): Strip {
  const { line, more } = theme.marks;
  const about = row === undefined ? 'Channels' : `Channel ${row.number}: ${row.id}, ${stateText(row)}`;
  const facts = cut(listFacts(state), Math.max(0, width - 8), more);
  const room = Math.max(0, width - cellsOf(facts) - 5);
  const left = `${line}${line} ${cut(printable(about, theme.ascii), room - 4, more)} `;
  const rest = line.repeat(Math.max(1, width - cellsOf(left) - cellsOf(facts) - 4));
  return {
    spans: [
      { text: left, look: LOOKS.heading },
      { text: rest, look: LOOKS.quiet },
      { text: ` ${printable(facts, theme.ascii)} `, look: LOOKS.quiet },
      { text: line.repeat(2), look: LOOKS.quiet },
    ],
  };
}

function listFacts(state: AppState): string {
  const { channels } = state;
  const { snapshot, order, key, descending, words, typed, chosen } = channels;
  const total = snapshot?.count ?? 0;
  const count = order.length === total ? `${grouped(total)}` : `${grouped(order.length)} of ${grouped(total)}`;
  const forgotten = snapshot !== undefined && snapshot.forgotten > 0 ? `${grouped(snapshot.forgotten)} forgotten` : '';
  const looked = (typed ?? words).trim();
  return [
    `${count} ${total === 1 ? 'channel' : 'channels'}`,
    `by ${key}${descending ? ', descending' : ''}`,
    looked === '' ? '' : `with "${looked}"`,
    siftedBy(state, 'channels') === '' ? '' : 'filtered',
    chosen.size > 0 ? `${chosen.size} chosen` : '',
    forgotten,
  ]
    .filter((fact) => fact !== '')
    .join(', ');
}
