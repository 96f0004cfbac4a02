import { ladderAreas } from '../../store/screens/ladder-areas.js';
import { ladderGeometry } from '../../store/screens/ladder-geometry.js';
import { ladderChannels } from '../../store/screens/ladder-lanes.js';
import type { AppState } from '../../store/state.js';
import { cut } from '../../text/cells.js';
import { grouped } from '../../text/numbers.js';
import { headingStrip } from '../heading.js';
import { Box } from '../ink.js';
import { headStrips, rowStrips } from '../LadderRows.js';
import { footStrips } from '../ladder-foot.js';
import { Region, type Strip, strip } from '../Region.js';
import { LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** The messages of channels as a sequence diagram, and beside or below it what is told of the one under the cursor. */
export function LadderScreen({ state, width, height, theme }: ScreenProps) {
  const areas = ladderAreas(state);
  const { foot } = areas;
  const isBeside = foot.height > 0 && foot.left > 0;
  const own = ladderStrips(state, areas.width, theme);
  const told = footStrips(state, foot.width, foot.height, theme);
  if (foot.height === 0) return <Region strips={own} width={width} height={height} theme={theme} />;
  if (!isBeside) {
    const filler = Array.from({ length: Math.max(0, foot.top - own.length) }, () => strip(''));
    return <Region strips={[...own, ...filler, ...told]} width={width} height={height} theme={theme} />;
  }
  const between = Array.from({ length: height }, () => strip(theme.marks.ladder.lane, LOOKS.quiet));
  return (
    <Box flexDirection="row" width={width} height={height} flexShrink={0}>
      <Region strips={own} width={areas.width} height={height} theme={theme} />
      <Region strips={between} width={1} height={height} theme={theme} />
      <Region strips={told} width={foot.width} height={height} theme={theme} />
    </Box>
  );
}

function ladderStrips(state: AppState, width: number, theme: Theme): readonly Strip[] {
  const areas = ladderAreas(state);
  const heading = headingStrip([{ name: titleOf(state), current: true }], true, width, theme);
  const head = [heading, ...headStrips(state, areas.heads, theme)].slice(0, areas.rows.top);
  const empty = emptyText(state);
  if (empty !== undefined) return [...head, strip(cut(`  ${empty}`, width), LOOKS.quiet)];
  return [...head, ...rowStrips(state, theme)];
}

function titleOf(state: AppState): string {
  const { ladder, filter } = state;
  const rows = ladderChannels(state);
  const [first] = rows;
  if (ladder.channels.length === 0) return 'Ladder';
  const what =
    ladder.channels.length === 1
      ? `channel ${ladder.channels[0]}${first === undefined ? '' : ` (${first.id})`}`
      : ladder.channels.length > MOST_NAMED
        ? `${grouped(ladder.channels.length)} channels`
        : `channels ${ladder.channels.join(', ')}`;
  const count = ladder.news?.matches.count ?? 0;
  const more = ladder.news?.done === false ? '+' : '';
  const filtered = filter.on ? ', filtered' : '';
  return `Ladder of ${what}: ${grouped(count)}${more} ${count === 1 ? 'packet' : 'packets'}${filtered}${hiddenText(state)}`;
}

/** The most channels whose numbers stand in the title. */
const MOST_NAMED = 6;

/** Which peers have their columns on the screen, where not all have. */
function hiddenText(state: AppState): string {
  const { lanes, room, spacing, skipped } = ladderGeometry(state);
  const first = skipped / spacing;
  const last = Math.min(lanes.length, first + Math.floor((room - 1) / spacing) + 1);
  if (last - first >= lanes.length) return '';
  return `, peers ${first + 1} to ${last} of ${lanes.length} (< >)`;
}

function emptyText({ ladder, filter }: AppState): string | undefined {
  const { news, channels } = ladder;
  if (channels.length === 0) return 'Choose channels (1), then Enter draws their ladder.';
  if (news !== undefined && news.matches.count > 0) return undefined;
  if (news?.problem !== undefined) return news.problem;
  if (news === undefined || !news.done) return 'Looking for packets.';
  return filter.on ? 'No packet of these channels passes the filter.' : 'No packet of these channels is kept.';
}
