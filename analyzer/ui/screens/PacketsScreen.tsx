import { hexGrid } from '../../store/hex-grid.js';
import { layoutFor } from '../../store/layout.js';
import { hexRows, treeLines, visibleOf } from '../../store/select.js';
import { DetailTree } from '../DetailTree.js';
import { HexPane } from '../HexPane.js';
import { PacketList } from '../PacketList.js';
import { lookNamed } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** List, tree and bytes. */
export function PacketsScreen({ state, width, theme }: ScreenProps) {
  const { panes } = layoutFor(state);
  const { capture, shown, focus, bytes } = state;
  const frame = (pane: keyof typeof panes) => ({
    width,
    theme,
    height: panes[pane].height,
    heading: panes[pane].heading !== undefined,
    focused: focus === pane,
  });
  const sources = shown?.detail.sources ?? [];
  const isFiltered = state.filter.on;
  return (
    <>
      {panes.list.height > 0 && (
        <PacketList
          rows={state.rows}
          list={state.list}
          columns={state.settings.columns}
          looks={state.settings.colours.map(({ look }) => lookNamed(look))}
          marks={state.marks}
          reference={state.reference?.number}
          found={state.search.words}
          count={isFiltered ? visibleOf(state).count : capture.count}
          newest={capture.count}
          empty={emptyText(isFiltered, capture.done, state.filter.news?.done ?? false)}
          {...frame('list')}
        />
      )}
      {panes.detail.height > 0 && (
        <DetailTree
          lines={treeLines(state, panes.detail.height)}
          packet={shown?.detail.number}
          shift={state.tree.shift}
          {...frame('detail')}
        />
      )}
      {panes.bytes.height > 0 && (
        <HexPane
          rows={hexRows(state, panes.bytes.height)}
          grid={hexGrid(sources[bytes.source]?.view.byteLength ?? 0, width)}
          sources={sources}
          source={bytes.source}
          {...frame('bytes')}
        />
      )}
    </>
  );
}

function emptyText(isFiltered: boolean, done: boolean, looked: boolean): string {
  if (isFiltered) return looked ? 'No packet passes the filter.' : 'Looking for packets that pass the filter.';
  return done ? 'The capture has no packets.' : 'No packets yet.';
}
