import { ordered, say } from './answer.js';
import type { CaptureView } from './capture-view.js';
import { FILTER } from './filter-bar.js';
import { promptFor } from './prompt.js';
import { newsOf } from './state/capture.js';
import { NO_STORY } from './state/channels.js';
import { FIRST_DIFFERENCE } from './state/difference.js';
import type { AppState } from './state.js';

/** Takes the secrets of a file; asks which, where none is named. */
export function takeSecrets(state: AppState, argument: string | undefined): AppState {
  if (argument === undefined) return { ...state, prompt: promptFor('ask', 'Secrets from: ', '', 'secrets') };
  const path = argument.trim();
  if (path === '') return state;
  const task = { key: 'secrets', text: `judging by the secrets of ${path}` };
  return ordered({ ...state, task }, { type: 'secrets', key: 'secrets', path });
}

/** The same capture, read again with other secrets: what the user sees stays where it is, judged anew. */
export function readAgain(state: AppState, view: CaptureView, secrets: number): AppState {
  const { channels, handshakes, ladder, difference, search, filter } = state;
  const after = cookiesOf(view);
  const text = `${secrets === 1 ? '1 secret' : `${secrets} secrets`}: ${countText(cookiesOf(snapshotsOf(state)), after)}`;
  const next: AppState = {
    ...state,
    capture: newsOf(view),
    rows: { ...state.rows, rows: [] },
    shown: undefined,
    channels: { ...channels, snapshot: view.channels(), story: NO_STORY, passing: undefined },
    handshakes: { ...handshakes, snapshot: view.handshakes() },
    ladder: { ...ladder, asked: '', news: undefined, steps: new Map(), seek: state.list.selected },
    difference: { ...FIRST_DIFFERENCE, pair: difference.pair, onlyDifferences: difference.onlyDifferences },
    search: { ...search, hits: undefined, looking: undefined },
    filter: { ...filter, news: filter.on ? filter.news : undefined },
    task: state.task?.key === 'secrets' ? undefined : state.task,
  };
  const filtered = filter.on
    ? ordered(next, { type: 'match', key: FILTER, wanted: { type: 'filter', text: filter.text } })
    : next;
  return say(filtered, text);
}

/** Cookies by their status. */
type Counts = ReadonlyMap<string, number>;

const snapshotsOf = ({ channels, handshakes }: AppState) => ({
  channels: () => channels.snapshot,
  handshakes: () => handshakes.snapshot,
});

/** Handshakes that are looked at for their cookies: each is read from its text. */
const MOST_LOOKED_AT = 20_000;

/** How many cookies have each status: those of channels, and of handshakes of other protocols. */
function cookiesOf(of: {
  readonly channels: () => ReturnType<CaptureView['channels']> | undefined;
  readonly handshakes: () => ReturnType<CaptureView['handshakes']> | undefined;
}): Counts {
  const counts = new Map<string, number>();
  const add = (status: string | undefined) => status && counts.set(status, (counts.get(status) ?? 0) + 1);
  const channels = of.channels();
  for (let place = 0; place < (channels?.count ?? 0); place++) {
    const row = channels?.at(place);
    add(row?.cookie1);
    add(row?.cookie2);
  }
  const handshakes = of.handshakes();
  for (let place = 0; place < Math.min(MOST_LOOKED_AT, handshakes?.count ?? 0); place++) {
    const row = handshakes?.at(place);
    if (row?.channel === undefined) add(row?.cookieStatus);
  }
  return counts;
}

/** What the secrets came to: how many cookies they prove or disprove, and how many of these are news. */
function countText(before: Counts, after: Counts): string {
  const told = (['valid', 'stale', 'invalid'] as const).flatMap((status) => {
    const count = after.get(status) ?? 0;
    const news = count - (before.get(status) ?? 0);
    if (count === 0 && news === 0) return [];
    const change = news === 0 || news === count ? '' : ` (${news > 0 ? '+' : ''}${news})`;
    return [`${count} ${status}${change}`];
  });
  if (told.length === 0) return 'no cookie is judged by them';
  return `cookies ${told.join(', ')}${isSame(before, after) ? ', as before' : ''}`;
}

const isSame = (one: Counts, other: Counts): boolean =>
  one.size === other.size && [...one].every(([status, count]) => other.get(status) === count);
