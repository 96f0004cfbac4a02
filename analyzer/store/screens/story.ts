import type { Step } from '../../print/ladder.js';
import type { MatchNews } from '../../query/news.js';
import type { Detail } from '../capture-view.js';
import { layoutFor } from '../layout.js';
import { type ChannelsState, NO_STORY } from '../state/channels.js';
import type { AppState } from '../state.js';
import { stuckAt } from './channel-story.js';
import { selectedChannel } from './selected-channel.js';

/** Lines that tell of the channel under the cursor, with their heading: 0 where there is no room. */
export function storyHeight(state: AppState): number {
  const { height } = layoutFor(state).body;
  if (height < 10) return 0;
  return height >= 30 ? 6 : 5;
}

/** Packets of a channel that its story is told from: the first ones, and the last. */
const FIRST_TOLD = 32;
const LAST_TOLD = 4;
/** The key of the orders that ask for the packets of the channel under the cursor. */
export const STORY = 'story';

/** Asks for the packets of the channel under the cursor, where that has not been done. */
export function askStory(state: AppState): AppState {
  const { selected, story } = state.channels;
  if (state.screen !== 'channels' || selected === story.channel || storyHeight(state) === 0) return state;
  const order = { type: 'match', key: STORY, wanted: { type: 'channels', numbers: [selected] } } as const;
  const next = { ...state, channels: { ...state.channels, story: { ...NO_STORY, channel: selected } } };
  if (selected === 0) return next;
  return { ...next, orders: [...state.orders, order] };
}

export const takeStory = (state: AppState, news: MatchNews): AppState => ({
  ...state,
  channels: { ...state.channels, story: { ...state.channels.story, news } },
});

function toldPackets({ story: { news } }: ChannelsState): readonly number[] {
  if (news === undefined) return [];
  const { count } = news.matches;
  const last = Math.max(FIRST_TOLD, count - LAST_TOLD);
  const places = Array.from({ length: Math.min(count, FIRST_TOLD) }, (_, place) => place);
  for (let place = last; place < count; place++) places.push(place);
  return places.map((place) => news.matches.at(place));
}

/** The packets whose steps the story needs and does not have. */
export const missingStory = ({ screen, channels }: AppState): readonly number[] =>
  screen === 'channels' ? toldPackets(channels).filter((packet) => !channels.story.steps.has(packet)) : [];

/** The packet that the story needs whole and does not have; 0 for none. */
export function missingStuck(state: AppState): number {
  const row = state.screen === 'channels' ? selectedChannel(state) : undefined;
  const { story } = state.channels;
  if (row === undefined || story.channel !== row.number || !isWhole(state.channels)) return 0;
  const stuck = stuckAt({ row, steps: storySteps(state.channels) });
  return stuck === story.stuck?.number ? 0 : stuck;
}

export const takeStuck = (state: AppState, stuck: Detail): AppState => ({
  ...state,
  channels: { ...state.channels, story: { ...state.channels.story, stuck } },
});

/** Steps that the store has asked for. */
export function takeStorySteps(state: AppState, fresh: ReadonlyMap<number, readonly Step[]>): AppState {
  const { channels } = state;
  const known = new Map([...channels.story.steps, ...fresh]);
  // In the order of the packets; some may still be missing.
  const steps = new Map<number, readonly Step[]>();
  for (const packet of toldPackets(channels)) {
    const own = known.get(packet);
    if (own !== undefined) steps.set(packet, own);
  }
  return { ...state, channels: { ...channels, story: { ...channels.story, steps } } };
}

/** Whether the story knows all packets of its channel. */
export const isWhole = ({ story }: ChannelsState): boolean =>
  story.news?.done === true &&
  story.news.matches.count <= FIRST_TOLD + LAST_TOLD &&
  story.steps.size >= story.news.matches.count;

/** The steps that the story is told from, in order. */
export const storySteps = ({ story }: ChannelsState): readonly Step[] => [...story.steps.values()].flat();
