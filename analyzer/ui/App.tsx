import { helpHeight } from '../store/command.js';
import { hexGrid } from '../store/hex-grid.js';
import { layoutFor } from '../store/layout.js';
import { focusOf, hexRows, treeLines } from '../store/select.js';
import type { AppState } from '../store/state.js';
import { type Store, useStore } from '../store/store.js';
import { DetailTree } from './DetailTree.js';
import { Help } from './Help.js';
import { HexPane } from './HexPane.js';
import { Box } from './ink.js';
import { PacketList } from './PacketList.js';
import { ProblemLine, StatusBar } from './StatusBar.js';
import type { Theme } from './theme.js';

/** The program's screen, kept up with its store. */
export const App = ({ store, theme }: { readonly store: Store; readonly theme: Theme }) => (
  <Screen state={useStore(store)} theme={theme} />
);

/** The screen of a state. */
export function Screen({ state, theme }: { readonly state: AppState; readonly theme: Theme }) {
  const { width, height, problem, status } = layoutFor(state);
  const { capture, list } = state;
  return (
    <Box flexDirection="column" width={width} height={height}>
      {state.help === undefined ? (
        <Panes state={state} theme={theme} />
      ) : (
        <Help top={state.help} heading={height > 2} width={width} height={helpHeight(state)} theme={theme} />
      )}
      {problem && state.help === undefined && (
        <ProblemLine problem={capture.problem ?? ''} width={width} theme={theme} />
      )}
      {status && (
        <StatusBar
          capture={capture}
          selected={list.selected}
          following={list.follow}
          mouse={state.mouse}
          focus={focusOf(state)}
          prompt={state.prompt}
          notice={state.notice}
          width={width}
          theme={theme}
        />
      )}
    </Box>
  );
}

function Panes({ state, theme }: { readonly state: AppState; readonly theme: Theme }) {
  const { width, panes } = layoutFor(state);
  const { capture, shown, focus, bytes } = state;
  const frame = (pane: keyof typeof panes) => ({
    width,
    theme,
    height: panes[pane].height,
    heading: panes[pane].heading !== undefined,
    focused: focus === pane,
  });
  const sources = shown?.detail.sources ?? [];
  return (
    <Box flexDirection="column" flexGrow={1}>
      {panes.list.height > 0 && (
        <PacketList rows={state.rows} list={state.list} count={capture.count} done={capture.done} {...frame('list')} />
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
    </Box>
  );
}
