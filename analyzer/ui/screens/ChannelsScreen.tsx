import type { ChannelRow } from '../../index/channel-row.js';
import { selectedText } from '../../store/screens/acted-on.js';
import { type ChannelColumn, LEAD } from '../../store/screens/channel-columns.js';
import { channelStory, type StoryLine } from '../../store/screens/channel-story.js';
import { channelRows, columnsOf } from '../../store/screens/channels.js';
import { siftedBy } from '../../store/screens/passing.js';
import { selectedChannel } from '../../store/screens/selected-channel.js';
import { isWhole, missingStory, storyHeight, storySteps } from '../../store/screens/story.js';
import type { AppState } from '../../store/state.js';
import { cut, fitLeft, fitRight } from '../../text/cells.js';
import { grouped } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { channelCell, stateLook, stateText } from '../channel-cells.js';
import { Region, type Span, type Strip, strip } from '../Region.js';
import { blanks, storyStrips } from '../story-strips.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** The channels of the capture, one a row, and below them why the one under the cursor is in its state. */
export function ChannelsScreen({ state, width, height, theme }: ScreenProps) {
  const list = [headStrip(state, theme), ...rowStrips(state, width, theme)].slice(0, 1 + channelRows(state));
  const story = storyHeight(state) > 0 ? storyOf(state, width, theme) : [];
  const filler = blanks(height - story.length - list.length);
  return <Region strips={[...list, ...filler, ...story]} width={width} height={height} theme={theme} />;
}

function headStrip(state: AppState, theme: Theme): Strip {
  const { key, descending } = state.channels;
  const spans: Span[] = [{ text: `${theme.marks.focus}${' '.repeat(LEAD - 1)}` }];
  for (const { title, key: own, width, right } of columnsOf(state)) {
    const isSorted = own === key;
    const mark = descending ? theme.marks.descending : theme.marks.ascending;
    const plain = title.replace('→', theme.marks.right).replace('←', theme.marks.left);
    const text = isSorted ? plain.slice(0, width - 1) + mark : plain;
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
function storyOf(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const height = storyHeight(state);
  const row = selectedChannel(state);
  const about = row === undefined ? 'Channels' : `Channel ${row.number}: ${row.id}, ${stateText(row)}`;
  return storyStrips(about, listFacts(state), row === undefined ? [] : toldOf(state, row), { width, height, theme });
}

function toldOf(state: AppState, row: ChannelRow): readonly StoryLine[] {
  const { story } = state.channels;
  // Half of it could be the opposite of the whole: that a request was not answered, say.
  const known = story.channel === row.number && story.news !== undefined && missingStory(state).length === 0;
  if (!known) return [];
  const { channels, settings } = state;
  return channelStory({ row, steps: storySteps(channels), isWhole: isWhole(channels), stuck: story.stuck }, settings);
}

function listFacts(state: AppState): string {
  const { channels } = state;
  const { snapshot, order, key, descending, words, typed } = channels;
  const total = snapshot?.count ?? 0;
  const count = order.length === total ? `${grouped(total)}` : `${grouped(order.length)} of ${grouped(total)}`;
  const forgotten = snapshot !== undefined && snapshot.forgotten > 0 ? `${grouped(snapshot.forgotten)} forgotten` : '';
  const looked = (typed ?? words).trim();
  return [
    `${count} ${total === 1 ? 'channel' : 'channels'}`,
    `by ${key}${descending ? ', descending' : ''}`,
    looked === '' ? '' : `with "${looked}"`,
    siftedBy(state, 'channels') === '' ? '' : 'filtered',
    selectedText(channels),
    forgotten,
  ]
    .filter((fact) => fact !== '')
    .join(', ');
}
