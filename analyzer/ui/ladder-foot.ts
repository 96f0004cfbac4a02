import { peerLabel } from '../store/peer-name.js';
import { ladderItem } from '../store/screens/ladder.js';
import { previewOf } from '../store/screens/ladder-areas.js';
import type { LadderItem } from '../store/screens/ladder-items.js';
import { rawPreview, treePreview } from '../store/screens/preview-lines.js';
import type { AppState } from '../store/state.js';
import { cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { wrapped } from '../text/wrapped.js';
import { arrowWith } from './cookie-signs.js';
import { headingStrip } from './heading.js';
import { type Strip, strip } from './Region.js';
import { LOOKS, SEVERITY_LOOKS, type Theme } from './theme.js';

/** What is told of the message under the cursor: its words and findings in full, then its tree or bytes. */
export function footStrips(state: AppState, width: number, height: number, theme: Theme): readonly Strip[] {
  if (height <= 0) return [];
  const item = ladderItem(state);
  const preview = previewOf(state);
  const title = item === undefined ? 'Message' : `Packet ${item.packet}`;
  const heading = headingStrip([{ name: title, current: true }], false, width, theme);
  const words = item === undefined ? [] : wordStrips(state, item, width, theme);
  if (preview === 'none' || item === undefined) return [heading, ...words].slice(0, height);
  const room = Math.max(1, height - 1 - words.length);
  const lines = previewStrips(state, item.packet, width, theme);
  const top = Math.max(0, Math.min(state.ladder.previewTop, lines.length - room));
  return [heading, ...words, ...lines.slice(top)].slice(0, height);
}

function wordStrips(state: AppState, item: LadderItem, width: number, theme: Theme): readonly Strip[] {
  const lines = (text: string, look = {}) =>
    wrapped(printable(text, theme.ascii), width - 1).map((part) => strip(part, look));
  const noteLines = (severity: keyof typeof SEVERITY_LOOKS, text: string) =>
    lines(`${theme.marks.severity[severity]} ${text}`, SEVERITY_LOOKS[severity]);
  switch (item.type) {
    case 'run':
      return lines(
        item.packets === 1
          ? `packet ${item.packet} carries data (c shows it)`
          : `${item.packets} packets of data, ${item.packet} to ${item.last} (c shows each)`,
      );
    case 'loss': {
      const { missing, from } = item.arrow;
      const what = missing === 1 ? '1 number' : `${missing} numbers`;
      return lines(
        `${what} from ${peerLabel(state.settings, from)} not seen before packet ${item.packet}: lost, late, or not captured`,
      );
    }
    case 'unknown':
      return lines('no message of the selected channels');
    case 'step': {
      const { step } = item;
      if (step.type === 'hidden') return [];
      const ends = `${peerLabel(state.settings, step.from)} ${theme.marks.right} ${peerLabel(state.settings, step.to)}`;
      if (step.type === 'remark') return [...lines(ends), ...noteLines(step.note.severity, step.note.text)];
      const fate =
        step.fate === 'taken' ? '' : `, ${step.fate === 'again' ? 'sent before' : 'dropped by who receives it'}`;
      return [
        ...lines(`${ends}: ${arrowWith(step, theme, true)}${fate}`, LOOKS.heading),
        ...step.notes.flatMap(({ severity, text }) => noteLines(severity, text)),
      ];
    }
  }
}

function previewStrips(state: AppState, packet: number, width: number, theme: Theme): readonly Strip[] {
  const detail = state.shown?.detail;
  if (detail === undefined || detail.number !== packet) return [];
  const isTree = previewOf(state) === 'tree';
  const lines = isTree ? treePreview(detail) : rawPreview(detail, width, theme.marks.byte);
  return lines.map(({ depth, text }) =>
    strip(
      cut(`${'  '.repeat(depth)}${printable(text, theme.ascii, width)}`, width, theme.marks.more),
      isTree && depth === 0 ? LOOKS.heading : {},
    ),
  );
}
