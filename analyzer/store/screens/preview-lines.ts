import type { Line } from '../../../dissectors/wire/line.js';
import type { Detail } from '../capture-view.js';

/** A line of the preview of a packet. */
export interface PreviewLine {
  readonly depth: number;
  readonly text: string;
}

/** Lines of a preview at most. */
const MOST_LINES = 500;

/** The tree of a packet, with the channel packet and what was found open, and the layers around it closed. */
export function treePreview({ lines }: Detail): readonly PreviewLine[] {
  const shown: PreviewLine[] = [];
  const add = (line: Line, depth: number, open: boolean): void => {
    if (shown.length >= MOST_LINES) return;
    shown.push({ depth, text: line.text });
    if (open) for (const child of line.children) add(child, depth + 1, true);
  };
  for (const line of lines) add(line, 0, isOpen(line));
  return shown;
}

const isOpen = ({ path }: Line): boolean => path === 'chan' || path === 'channel' || path === 'expert';

/** The bytes of the channel packet, or of the whole frame if there is none, as rows of hex and text. */
export function rawPreview({ lines, sources }: Detail, width: number, blank = '.'): readonly PreviewLine[] {
  const channel = lines.find(({ path }) => path === 'chan');
  const view = sources[channel?.source ?? 0]?.view;
  if (view === undefined) return [];
  const [start, end] = channel ? [channel.start, Math.min(channel.end, view.byteLength)] : [0, view.byteLength];
  const perRow = width >= WIDE_ROW ? 16 : 8;
  const rows: PreviewLine[] = [];
  for (let at = start; at < end && rows.length < MOST_LINES; at += perRow) {
    const bytes = Array.from({ length: Math.min(perRow, end - at) }, (_, place) => view.getUint8(at + place));
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : blank)).join('');
    rows.push({ depth: 0, text: `${at.toString(16).padStart(4, '0')}  ${hex.padEnd(perRow * 3 - 1)}  ${text}` });
  }
  return rows;
}

/** Cells of a row of 16 bytes: offset, hex and text, with blanks between. */
const WIDE_ROW = 6 + 16 * 3 + 1 + 16;
