import type { AppState } from '../../store/state.js';
import type { Theme } from '../theme.js';

/** What every screen is drawn from: the state, and the cells between the program's own rows. */
export interface ScreenProps {
  readonly state: AppState;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** What the program's own rows are drawn from; how many they are is theirs to say. */
export type BarProps = Omit<ScreenProps, 'height'>;
