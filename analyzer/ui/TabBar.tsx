import { type ScreenName, tabSpans } from '../store/screens/screen.js';
import { Region, type Span } from './Region.js';
import { LOOKS, type Theme } from './theme.js';

/** The names of the screens, each with its key. */
export function TabBar({
  screen,
  width,
  theme,
}: {
  readonly screen: ScreenName;
  readonly width: number;
  readonly theme: Theme;
}) {
  const spans: Span[] = [{ text: ' ' }];
  for (const { name, label } of tabSpans())
    spans.push({ text: label, look: name === screen ? LOOKS.tab : LOOKS.quiet });
  return <Region strips={[{ spans }]} width={width} height={1} theme={theme} />;
}
