import type { HelpLine } from '../store/keys.js';
import { cut, fitLeft } from '../text/cells.js';
import { headingStrip } from './heading.js';
import { Region, type Strip, strip } from './Region.js';
import { LOOKS, type Theme } from './theme.js';

export interface HelpProps {
  readonly lines: readonly HelpLine[];
  readonly top: number;
  readonly heading: boolean;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The keys, printed from their table. */
export function Help({ lines, top, heading, width, height, theme }: HelpProps) {
  const header = heading ? [headingStrip([{ name: 'Keys', current: true }], true, width, theme)] : [];
  const strips = [...header, ...lines.slice(top, top + height).map((line) => lineStrip(line, width, theme))];
  return <Region strips={strips} width={width} height={height + header.length} theme={theme} />;
}

/** Cells of the keys; those of a command with many are cut. */
const KEY_WIDTH = 22;

function lineStrip({ kind, left, right }: HelpLine, width: number, theme: Theme): Strip {
  if (kind !== 'key') return strip(cut(` ${left}`, width), LOOKS.heading);
  // Where there is little room, what the key does matters more than its second and third name.
  const column = Math.min(KEY_WIDTH, Math.max(6, Math.floor(width / 3)));
  const keys = fitLeft(left, column, theme.marks.more);
  return {
    spans: [{ text: `   ${keys}  `, look: LOOKS.key }, { text: cut(right, width - column - 5, theme.marks.more) }],
  };
}
