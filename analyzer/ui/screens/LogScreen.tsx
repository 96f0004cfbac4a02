import { cut } from '../../text/cells.js';
import { printable } from '../../text/printable.js';
import { headingStrip } from '../heading.js';
import { Region, strip } from '../Region.js';
import { LOOKS, SEVERITY_LOOKS } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** What has happened since the program began, the newest last. */
export function LogScreen({ state, width, height, theme }: ScreenProps) {
  const { log, logScreen } = state;
  const { top, at, shift } = logScreen.cursor;
  const heading = headingStrip([{ name: 'Log', current: true }], true, width, theme);
  const lines = log.slice(top, top + height - 1).map(({ time, severity, text }, row) => {
    const mark = theme.marks.severity[severity];
    const line = `${mark} ${time.toFixed(1).padStart(8)}  ${printable(text, theme.ascii, width + shift)}`;
    const selection = top + row === at ? LOOKS.selected : {};
    return strip(cut(line, width, theme.marks.more, shift), { ...SEVERITY_LOOKS[severity], ...selection });
  });
  const strips = log.length === 0 ? [strip('  Nothing to tell so far.', LOOKS.quiet)] : lines;
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}
