import { table } from '../../docs/table.js';
import { costRows, type Measured, ratioRows, worstLines } from './mix-ratios.js';
import { MIXES } from './mixes.js';

/** How the figures of a page came about. */
export interface Run {
  readonly rounds: number;
  readonly seed: number;
  /** A line for each thing that there is to say. */
  readonly machine: readonly string[];
}

const START = '<!-- measured: `npm run bench -- --only mixes --write` writes what is below -->';
const END = '<!-- end -->';

/**
 * The page with the figures of a run between its two marks.
 * @throws {Error} where it has not both
 */
export function withFigures(page: string, all: readonly Measured[], run: Run): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the page has no "${START}" before "${END}"`);
  return `${page.slice(0, start)}${START}\n\n${figures(all, run)}\n\n${page.slice(end)}`;
}

function figures(all: readonly Measured[], { rounds, seed, machine }: Run): string {
  const [ratios, costs] = [ratioRows(all), costRows(all)];
  const mixes = all.map(({ name, packets, bytes, fields }) => [
    `\`${name}\``,
    MIXES[name].about,
    packets.toLocaleString('en'),
    (bytes / 1e6).toFixed(0),
    fields.map((field) => `\`${field}\``).join(' '),
  ]);
  return [
    list(machine),
    `Medians of ${rounds} rounds, fields drawn with \`--seed ${seed}\`.`,
    table(['mix', 'holds', 'packets', 'MB', 'fields'], mixes),
    'How many times as fast as the peer; less than the goal is bold:',
    table(ratios.heads, ratios.rows),
    'What it came to:',
    table(costs.heads, costs.rows),
    list(worstLines(all)),
  ].join('\n\n');
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
