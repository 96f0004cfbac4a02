import { type Cell, type CellLook, type Run, runsOf } from './cell-text.js';

/** Measures of a cell and of the frame around the screen, in pixels. */
const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const MARGIN = 12;
const GROUND = '#1e2127';
const INK = '#d7dae0';

/** The 16 colours that a terminal names. */
const NAMED = [
  ['#3f4451', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
  ['#7f848e', '#ff7a85', '#a5e075', '#f0d197', '#7bc0ff', '#de8cf5', '#66d9e8', '#ffffff'],
].flat();
/** Shades of one colour in the cube of 216. Source: xterm's 256 colours. */
const SHADES = [0, 95, 135, 175, 215, 255];

const hex = (...parts: readonly number[]): string =>
  `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** A colour of the palette of 256. */
function colourOf(index: number): string {
  if (index < 16) return NAMED[index] ?? INK;
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return hex(grey, grey, grey);
  }
  const place = index - 16;
  return hex(...[Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((shade) => SHADES[shade] ?? 0));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What the cells are drawn with, foreground and ground swapped where they are inverse. */
function coloursOf({ foreground, background, inverse }: CellLook): { readonly ink: string; readonly ground: string } {
  const ink = foreground === undefined ? INK : colourOf(foreground);
  const ground = background === undefined ? GROUND : colourOf(background);
  return inverse ? { ink: ground, ground: ink } : { ink, ground };
}

const at = (column: number): string => (column * CELL.width).toFixed(1);

function groundOf({ look, start, width }: Run, y: number): string {
  const { ground } = coloursOf(look);
  if (ground === GROUND) return '';
  return `<rect x="${at(start)}" y="${y}" width="${at(width)}" height="${CELL.height}" fill="${ground}"/>\n`;
}

/** Words of a run that stand apart are placed each by itself: then columns are straight in any font. */
function spansOf({ look, text, start, width }: Run): string {
  // A wide character counts as one here, and only a run of narrow ones can be cut by counting.
  const isNarrow = text.length === width;
  const words = isNarrow && !look.underline ? [...text.matchAll(/\S+(?: \S+)*/g)] : [];
  if (words.length === 0) return span(look, text, start, width);
  return words.map(({ 0: word, index }) => span(look, word, start + index, word.length)).join('');
}

function span(look: CellLook, text: string, start: number, width: number): string {
  const { ink } = coloursOf(look);
  const attributes = [
    `x="${at(start)}"`,
    `textLength="${at(width)}"`,
    ink === INK ? '' : `fill="${ink}"`,
    look.bold ? 'font-weight="bold"' : '',
    look.dim ? 'opacity="0.65"' : '',
    look.underline ? 'text-decoration="underline"' : '',
  ];
  return `<tspan ${attributes.filter((one) => one !== '').join(' ')}>${escaped(text)}</tspan>`;
}

/** A row of text; the blanks at its end are left out where nothing is painted behind them. */
function rowOf(cells: readonly Cell[], row: number): string {
  const y = row * CELL.height;
  const runs = runsOf(cells);
  const texts = runs.filter(({ text, look }) => text.trim() !== '' || look.underline);
  const spans = texts.map(spansOf).join('');
  const text = spans === '' ? '' : `<text y="${y + CELL.baseline}" xml:space="preserve">${spans}</text>\n`;
  return runs.map((run) => groundOf(run, y)).join('') + text;
}

/** Draws the cells of a terminal. @param title what the picture shows, for who cannot see it */
export function screenSvg(rows: readonly (readonly Cell[])[], title: string): string {
  const columns = rows.reduce((most, cells) => Math.max(most, cells.length), 0);
  const width = Math.ceil(columns * CELL.width) + 2 * MARGIN;
  const height = rows.length * CELL.height + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="6" fill="${GROUND}"/>
<g transform="translate(${MARGIN} ${MARGIN})" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="${INK}">
${rows.map(rowOf).join('')}</g>
</svg>
`;
}
