import type { ReactElement } from 'react';
import { helpHeight, helpOf } from '../store/command.js';
import { layoutFor } from '../store/layout.js';
import type { ScreenName } from '../store/screens/screen.js';
import type { ThemeName } from '../store/settings.js';
import type { AppState } from '../store/state.js';
import { type Frames, useFrames } from '../store/store.js';
import { FilterBar } from './FilterBar.js';
import { Help } from './Help.js';
import { Box } from './ink.js';
import { PromptPopup } from './PromptPopup.js';
import { NoticePopup, ProblemLine, StatusBar } from './StatusBar.js';
import { ChannelsScreen } from './screens/ChannelsScreen.js';
import { CraftScreen } from './screens/CraftScreen.js';
import { DataScreen } from './screens/DataScreen.js';
import { DifferenceScreen } from './screens/DifferenceScreen.js';
import { HandshakesScreen } from './screens/HandshakesScreen.js';
import { LadderScreen } from './screens/LadderScreen.js';
import { LogScreen } from './screens/LogScreen.js';
import { PacketsScreen } from './screens/PacketsScreen.js';
import { StatisticsScreen } from './screens/StatisticsScreen.js';
import type { ScreenProps } from './screens/screen-props.js';
import { TabBar } from './TabBar.js';
import type { Theme } from './theme.js';

/** The program's screen, frame by frame. */
export function App({ frames, themes }: { readonly frames: Frames; readonly themes: (name: ThemeName) => Theme }) {
  const state = useFrames(frames);
  return <Screen state={state} theme={themes(state.settings.theme)} />;
}

const SCREENS: Readonly<Record<ScreenName, (props: ScreenProps) => ReactElement>> = {
  handshakes: HandshakesScreen,
  channels: ChannelsScreen,
  packets: PacketsScreen,
  ladder: LadderScreen,
  difference: DifferenceScreen,
  data: DataScreen,
  statistics: StatisticsScreen,
  craft: CraftScreen,
  log: LogScreen,
};

/** The screen of a state. */
export function Screen({ state, theme }: { readonly state: AppState; readonly theme: Theme }) {
  const { width, height, body, tabs, filter, problem, status } = layoutFor(state);
  const Body = SCREENS[state.screen];
  const help = state.help;
  return (
    <Box flexDirection="column" width={width} height={height}>
      {help === undefined ? (
        <>
          {tabs !== undefined && <TabBar screen={state.screen} width={width} theme={theme} />}
          {filter !== undefined && <FilterBar state={state} width={width} theme={theme} />}
          <Box flexDirection="column" height={body.height} flexShrink={0}>
            <Body state={state} width={width} height={body.height} theme={theme} />
          </Box>
          {problem && <ProblemLine problem={state.capture.problem ?? ''} width={width} theme={theme} />}
        </>
      ) : (
        <Box flexGrow={1} flexDirection="column">
          <Help
            lines={helpOf(state)}
            top={help}
            heading={height > 2}
            width={width}
            height={helpHeight(state)}
            theme={theme}
          />
        </Box>
      )}
      <NoticePopup state={state} width={width} theme={theme} />
      <PromptPopup state={state} width={width} theme={theme} />
      {status && <StatusBar state={state} width={width} theme={theme} />}
    </Box>
  );
}
