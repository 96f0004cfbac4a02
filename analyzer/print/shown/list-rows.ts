import type { Utf8Text } from '../utf8-text.js';
import { xmlText } from './xml-text.js';

/** What the list is headed by in XML, before its first packet. */
export const psmlHead = (creator: string, heads: readonly string[]): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<psml version="0" creator="${xmlText(creator)}">
<structure>
${sections(heads)}</structure>

`;

export const PSML_FOOT = '</psml>\n';

/** Writes the row of a packet in the list as XML. */
export const writePsml = (cells: readonly string[], into: Utf8Text): void =>
  into.add(`<packet>\n${sections(cells)}</packet>\n\n`);

const sections = (texts: readonly string[]): string =>
  texts.map((text) => `<section>${xmlText(text)}</section>\n`).join('');

/** How wide tshark makes columns at least where tabs stand between them: number, time, source, destination. */
const WIDTHS: readonly number[] = [5, 10, 12, 12];
/** The columns between which an arrow stands; from the second on cells begin at the left. */
const DESTINATION = 3;

/** Writes the row of a packet in the list with tabs between its columns. */
export function writeTabs(cells: readonly string[], into: Utf8Text): void {
  const padded = cells.map((cell, place) =>
    place < DESTINATION ? cell.padStart(WIDTHS[place] ?? 0) : cell.padEnd(WIDTHS[place] ?? 0),
  );
  into.add(`${[...padded.slice(0, DESTINATION), '→', ...padded.slice(DESTINATION)].join('\t')}\n`);
}
