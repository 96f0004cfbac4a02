import { LOG_HEAD, logRows } from '../../store/screens/log.js';
import { headingStrip } from '../heading.js';
import { Region, strip } from '../Region.js';
import { LOOKS, SEVERITY_LOOKS } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** What has happened since the program began, the newest last. */
export function LogScreen({ state, width, height, theme }: ScreenProps) {
  const { log, logScreen } = state;
  const { top, at } = logScreen.cursor;
  const heading = headingStrip([{ name: 'Log', current: true }], true, width, theme);
  const rows = logRows(state, theme.ascii).slice(top, top + height - 1);
  const lines = rows.map(({ line: { time, severity }, text, isFirst }, row) => {
    const head = isFirst ? `${theme.marks.severity[severity]} ${time.toFixed(1).padStart(8)}` : '';
    const selection = top + row === at ? LOOKS.selected : {};
    return strip(head.padEnd(LOG_HEAD) + text, { ...SEVERITY_LOOKS[severity], ...selection });
  });
  const strips = log.length === 0 ? [strip('  Nothing to tell so far.', LOOKS.quiet)] : lines;
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}
