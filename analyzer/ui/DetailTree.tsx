import type { TreeLine } from '../store/select.js';
import { cut } from '../text/cells.js';
import { printable } from '../text/printable.js';
import { headingStrip } from './heading.js';
import { Region, type Strip, strip } from './Region.js';
import { LOOKS, type Theme } from './theme.js';

export interface DetailTreeProps {
  readonly lines: readonly TreeLine[];
  /** The number of the packet; undefined while none is shown. */
  readonly packet: number | undefined;
  readonly shift: number;
  readonly focused: boolean;
  readonly heading: boolean;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The lines of the shown packet, with marks for what can be opened and closed. */
export function DetailTree({ lines, packet, shift, focused, heading, width, height, theme }: DetailTreeProps) {
  const title = packet === undefined ? 'Details' : `Packet ${packet}`;
  const header = heading ? [headingStrip([{ name: title, current: true }], focused, width, theme)] : [];
  const strips = [...header, ...lines.map((line) => lineStrip(line, shift, focused, width, theme))];
  return <Region strips={strips} width={width} height={height + header.length} theme={theme} />;
}

function lineStrip(line: TreeLine, shift: number, focused: boolean, width: number, theme: Theme): Strip {
  const { node, inside, open, current } = line;
  const mark = inside ? (open ? theme.marks.open : theme.marks.closed) : ' ';
  const text = `${'  '.repeat(node.depth)}${mark} ${printable(node.line.text, theme.ascii, width + shift)}`;
  const layer = node.depth === 0 ? LOOKS.heading : {};
  const selection = current ? (focused ? LOOKS.selected : LOOKS.selectedElsewhere) : {};
  return strip(cut(text, width, theme.marks.more, shift), { ...layer, ...selection });
}
