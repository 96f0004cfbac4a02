import type { ChannelKey, ChannelRow, ChannelSnapshot } from '../../index/channel-row.js';
import { ordered, say } from '../answer.js';
import { moveCursor, moveTo } from '../cursor.js';
import { drillDown } from '../drill-down.js';
import type { ChannelsCommand } from '../keys.js';
import { clamp, layoutFor } from '../layout.js';
import { withAlias } from '../peer-name.js';
import { promptFor } from '../prompt.js';
import type { AppState } from '../state.js';
import { actedOn } from './acted-on.js';
import { type ChannelColumn, channelColumns, SORT_KEYS } from './channel-columns.js';
import { followChannel } from './data.js';
import { openLadder } from './ladder.js';
import { lookedOn, narrowingOf, passingPlaces } from './passing.js';
import { selectedChannel } from './selected-channel.js';
import { renamed } from './statistics.js';
import { storyHeight } from './story.js';
import { toggled } from './toggled.js';

/** Rows of the list. */
export const channelRows = (state: AppState): number =>
  Math.max(1, layoutFor(state).body.height - 1 - storyHeight(state));

/** A newer snapshot. It is put in order when it is looked at: that costs time where there are many channels. */
export const takeChannels = (state: AppState, snapshot: ChannelSnapshot): AppState => ({
  ...state,
  channels: { ...state.channels, snapshot },
});

/** The list as it is to be shown: of the newest snapshot, with the cursor on the channel where it was. */
export function tendChannels(state: AppState): AppState {
  const { snapshot, ordered, orderedBy } = state.channels;
  if (state.screen !== 'channels') return state;
  return snapshot !== ordered || narrowingOf(state, 'channels')?.filter !== orderedBy ? reorder(state) : state;
}

/** The channels of more packets that pass the display filter. */
export function takeTouched(state: AppState, looked: number, touched: readonly number[]): AppState {
  const known = lookedOn(state, 'channels', looked, touched);
  if (known === undefined) return state;
  const next = { ...state, channels: { ...state.channels, passing: known.passing } };
  return known.grows ? reorder(next) : next;
}

/** The list in the order that is wanted now, with the cursor on the channel where it was. */
function reorder(state: AppState): AppState {
  const { snapshot, key, descending, words, typed, selected, cursor } = state.channels;
  if (snapshot === undefined) return state;
  const narrowing = narrowingOf(state, 'channels');
  const all = snapshot.order(key, descending, wordsOf(state, typed ?? words));
  const order = passingPlaces(all, snapshot, narrowing);
  const place = snapshot.placeOf(selected);
  const at = place < 0 ? cursor.at : order.indexOf(place);
  return settled(
    { ...state, channels: { ...state.channels, order, ordered: snapshot, orderedBy: narrowing?.filter } },
    at < 0 ? 0 : at,
  );
}

/** The words that are looked for; a part of a peer's name stands for its id as well. */
function wordsOf({ settings }: AppState, text: string): readonly (readonly string[])[] {
  const names = [...settings.aliases].map(([id, name]) => [id, name.toLowerCase()] as const);
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => [word, ...names.filter(([, name]) => name.includes(word)).map(([id]) => id)]);
}

function settled(state: AppState, at: number): AppState {
  const { order, snapshot, cursor } = state.channels;
  const moved = moveTo(cursor, clamp(at, 0, Math.max(0, order.length - 1)), channelRows(state), order.length);
  const place = order[moved.at];
  const selected = place === undefined ? 0 : (snapshot?.at(place).number ?? 0);
  return { ...state, channels: { ...state.channels, cursor: moved, selected } };
}

/** Brings the cursor back into a window of another size. */
export const refitChannels = (state: AppState): AppState => settled(state, state.channels.cursor.at);

/** Narrows the list while its words are being typed; when the prompt is left, the words from before count again. */
export function narrowed(state: AppState): AppState {
  const { prompt, channels } = state;
  const typed = prompt?.command === 'find-channels' ? prompt.text : undefined;
  return typed === channels.typed ? state : reorder({ ...state, channels: { ...channels, typed } });
}

/** What a command does to the list of channels. */
export function runChannels(state: AppState, command: ChannelsCommand, argument?: string): AppState {
  const { channels } = state;
  const { cursor, order, chosen, selected } = channels;
  switch (command) {
    case 'choose':
      if (selected === 0) return say(state, NO_CHANNEL, 'note');
      return settled({ ...state, channels: { ...channels, chosen: toggled(chosen, selected) } }, cursor.at + 1);
    case 'choose-none':
      return { ...state, channels: { ...channels, chosen: new Set() } };
    case 'open':
      return openLadder(state, actedOn(channels));
    case 'find-channels':
      return argument === undefined
        ? { ...state, prompt: promptFor('ask', 'Channels with: ', channels.words, 'find-channels') }
        : reorder({ ...state, channels: { ...channels, words: argument, typed: undefined } });
    case 'next-column':
      return sortBy(state, SORT_KEYS[(SORT_KEYS.indexOf(channels.key) + 1) % SORT_KEYS.length]);
    case 'previous-column':
      return sortBy(state, SORT_KEYS.at(SORT_KEYS.indexOf(channels.key) - 1));
    case 'reverse':
      return reorder({ ...state, channels: { ...channels, descending: !channels.descending } });
    case 'sort':
      return sortByName(state, argument ?? '');
    case 'packets':
    case 'channel-data':
    case 'alias':
    case 'alias-responder':
    case 'copy':
      return actOn(state, command, argument);
    default: {
      const moved = moveCursor(cursor, command, channelRows(state), order.length);
      return settled({ ...state, channels: { ...channels, cursor: moved } }, moved.at);
    }
  }
}

const NO_CHANNEL = 'there is no channel here';
type ActingCommand = 'packets' | 'channel-data' | 'alias' | 'alias-responder' | 'copy';

/** What a command does with the channel under the cursor. */
function actOn(state: AppState, command: ActingCommand, argument: string | undefined): AppState {
  const row = selectedChannel(state);
  if (row === undefined) return say(state, NO_CHANNEL, 'note');
  switch (command) {
    case 'packets': {
      const text = actedOn(state.channels)
        .map((number) => `channel.number == ${number}`)
        .join(' || ');
      return drillDown({ ...state, channels: { ...state.channels, ownFilter: text } }, text);
    }
    case 'channel-data':
      return followChannel(state, row.number);
    case 'alias':
      return alias(state, row.initiator, command, argument);
    case 'alias-responder':
      return alias(state, row.responder, command, argument);
    case 'copy':
      return copied(state, row);
  }
}

function alias(
  state: AppState,
  id: string,
  command: 'alias' | 'alias-responder',
  argument: string | undefined,
): AppState {
  if (argument === undefined) {
    const now = state.settings.aliases.get(id) ?? '';
    return { ...state, prompt: promptFor('ask', `Name of ${id.slice(0, 8)}: `, now, command) };
  }
  const settings = withAlias(state.settings, id, argument);
  const name = settings.aliases.get(id);
  const text = name === undefined ? `${id.slice(0, 8)} has no name now` : `${id.slice(0, 8)} is called ${name}`;
  const aliases = Object.fromEntries(settings.aliases);
  return say(ordered(renamed({ ...state, settings }), { type: 'alias', aliases }), text);
}

function copied(state: AppState, row: ChannelRow): AppState {
  const { number, id, dialect, initiator, responder, state: fate, mode = '' } = row;
  const text = [number, id, dialect, initiator, responder, fate, mode].join(' ').trim();
  return say(ordered(state, { type: 'copy', text }), `copied: ${text}`);
}

/** Sorts by a column; by the one that it is sorted by already, the other way round. */
function sortBy(state: AppState, key: ChannelKey | undefined): AppState {
  if (key === undefined) return state;
  const { channels } = state;
  const descending = key === channels.key ? !channels.descending : false;
  const next = reorder({ ...state, channels: { ...channels, key, descending } });
  return say(next, `sorted by ${key}${descending ? ', descending' : ''}`);
}

function sortByName(state: AppState, name: string): AppState {
  const key = SORT_KEYS.find((one) => one === name.trim());
  if (key !== undefined) return sortBy(state, key);
  return say(state, `sort: one of ${SORT_KEYS.join(', ')}`, 'error');
}

/** The columns of the list. */
export function columnsOf(state: AppState): readonly ChannelColumn[] {
  const { snapshot } = state.channels;
  const newest = snapshot === undefined || snapshot.count === 0 ? 0 : snapshot.at(snapshot.count - 1).number;
  return channelColumns(layoutFor(state).width, `${newest}`.length);
}

/** A click on a heading sorts by it, one on a row puts the cursor there. */
export function clickChannels(state: AppState, x: number, row: number): AppState {
  if (row === 0) return sortBy(state, columnsOf(state).find(({ from, width }) => x >= from && x < from + width)?.key);
  const place = state.channels.cursor.top + row - 1;
  return row > channelRows(state) || place >= state.channels.order.length ? state : settled(state, place);
}
