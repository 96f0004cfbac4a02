import type { Severity } from '../../dissectors/wire/finding.js';
import type { AppState } from '../store/state.js';
import { cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { type Strip, strip } from './Region.js';
import { SEVERITY_LOOKS, type Theme } from './theme.js';

/** What our dissectors say of the packet that is crafted: its line in a list, then the findings, the worst first. */
export function verdictStrips(state: AppState, width: number, height: number, theme: Theme): readonly Strip[] {
  const { made } = state.craft;
  if (made === undefined || height <= 0) return [];
  const { protocol, info, severity, findings } = made.verdict;
  const row = (worst: Severity | 'none', text: string): Strip =>
    strip(
      cut(`${theme.marks.severity[worst]} ${printable(text, theme.ascii, width)}`, width, theme.marks.more),
      SEVERITY_LOOKS[worst],
    );
  const told = [
    ...(made.problem === undefined ? [] : [row('warn', made.problem)]),
    ...findings.map((finding) => row(finding.severity, finding.text)),
  ];
  const rows = [row(severity, `${protocol}: ${info}`), ...told];
  const fitting =
    rows.length <= height ? rows : [...rows.slice(0, height - 1), row('none', `and ${rows.length - height + 1} more`)];
  const shown = height === 1 ? rows.slice(0, 1) : fitting;
  // While something is typed the status line is taken: what is wrong with it is said here.
  const { prompt, notice } = state;
  if (prompt === undefined || notice === undefined) return shown;
  return [...shown.slice(0, Math.max(0, height - 1)), row(notice.severity, notice.text)];
}
