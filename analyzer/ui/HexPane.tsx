import type { Bytes } from '../store/capture-view.js';
import type { HexGrid } from '../store/hex-grid.js';
import type { HexByte, HexRow } from '../store/select.js';
import { headingStrip } from './heading.js';
import { Region, type Span, type Strip } from './Region.js';
import { LOOKS, type Look, type Theme } from './theme.js';

export interface HexPaneProps {
  readonly rows: readonly HexRow[];
  readonly grid: HexGrid;
  readonly sources: readonly Bytes[];
  readonly source: number;
  readonly focused: boolean;
  readonly heading: boolean;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The bytes of a source, as hex and as text; those of the line under the tree's cursor stand out. */
export function HexPane({ rows, grid, sources, source, focused, heading, width, height, theme }: HexPaneProps) {
  const tabs = sources.map(({ name }, place) => ({ name, current: place === source }));
  const shown = tabs.length > 0 ? tabs : [{ name: 'Bytes', current: true }];
  const header = heading ? [headingStrip(shown, focused, width, theme)] : [];
  const strips = [...header, ...rows.map((row) => hexStrip(row, grid, theme))];
  return <Region strips={strips} width={width} height={height + header.length} theme={theme} />;
}

/** A row of bytes, as hex and as text. */
export function hexStrip({ offset, bytes }: HexRow, grid: HexGrid, theme: Theme): Strip {
  const row = new SpanRow();
  row.add(offset.toString(16).padStart(grid.digits, '0'), LOOKS.offset);
  for (const [column, byte] of bytes.entries()) {
    // The blanks between two bytes that are lit belong to the light.
    const joined = byte.lit && bytes[column - 1]?.lit ? LOOKS.lit : undefined;
    row.padTo(grid.hexAt(column), joined);
    row.add(byte.value.toString(16).padStart(2, '0'), lookOf(byte));
  }
  row.padTo(grid.textAt(0));
  for (const byte of bytes)
    row.add(isVisible(byte.value) ? String.fromCharCode(byte.value) : theme.marks.byte, lookOf(byte));
  return { spans: row.spans };
}

const isVisible = (value: number): boolean => value >= 0x20 && value < 0x7f;

function lookOf({ lit, cursor, changed }: HexByte): Look | undefined {
  const look = cursor ? LOOKS.byteCursor : lit ? LOOKS.lit : undefined;
  return changed ? { ...LOOKS.different, ...look } : look;
}

/** Spans that know how far they reach. */
class SpanRow {
  readonly spans: Span[] = [];
  #cells = 0;

  add(text: string, look?: Look): void {
    this.#cells += text.length;
    this.spans.push(look ? { text, look } : { text });
  }

  padTo(column: number, look?: Look): void {
    if (column > this.#cells) this.add(' '.repeat(column - this.#cells), look);
  }
}
