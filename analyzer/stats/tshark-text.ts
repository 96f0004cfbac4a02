import { printable } from '../text/printable.js';
import type { Cell, Column, Sheet } from './sheet.js';

/** Tables of statistics in the layouts of tshark, for who reads those with programs. */

/** A cell of a row by the key of its column. */
type Cells = (key: string) => Cell;

/** The rows of a table, with their cells by key. */
function rowsOf({ columns, rows }: Sheet): readonly Cells[] {
  const places = new Map(columns.map(({ key }: Column, place) => [key, place]));
  return rows.map((row) => (key) => row[places.get(key) ?? -1]);
}

const number = (cell: Cell): number => (typeof cell === 'number' ? cell : 0);
const text = (cell: Cell): string => printable(`${cell ?? ''}`);

const RULE = '='.repeat(80);
const HIERARCHY_RULE = '='.repeat(67);

/** As `tshark -z io,phs`. */
export function hierarchyText(sheet: Sheet, filter: string): string {
  const lines = rowsOf(sheet).map((row) => {
    const name = `${'  '.repeat(number(row('depth')))}${text(row('layer'))}`;
    return `${name.padEnd(40)} frames:${number(row('frames'))} bytes:${number(row('bytes'))}`;
  });
  return [
    '',
    HIERARCHY_RULE,
    'Protocol Hierarchy Statistics',
    `Filter: ${filter}`,
    '',
    ...lines,
    HIERARCHY_RULE,
    '',
  ].join('\n');
}

const UNITS: readonly string[] = ['', 'k', 'M', 'G', 'T'];

/** An amount of bytes in tshark's words: the largest unit of which there are ten. */
export function bytesInWords(bytes: number): string {
  let unit = 0;
  let rest = bytes;
  while (rest >= 10_000 && unit < UNITS.length - 1) {
    rest = Math.floor(rest / 1000);
    unit++;
  }
  return unit === 0 ? `${rest} bytes` : `${rest} ${UNITS[unit]}B`;
}

const filterLine = (filter: string): string => `Filter:${filter === '' ? '<No Filter>' : filter}`;

/** An end with its port, where it has one. */
const endText = (address: Cell, port: Cell): string =>
  port === undefined ? text(address) : `${text(address)}:${port}`;

/** As `tshark -z conv,…`. @param name what the layer is called: `UDP` */
export function conversationsText(sheet: Sheet, name: string, filter: string): string {
  const hasPorts = sheet.columns.some(({ key, inTitle }) => key === 'port_a' && !inTitle);
  const [indent, width] = hasPorts ? [58, 26] : [46, 20];
  const lines = rowsOf(sheet).map((row) => {
    const amount = (packets: number, bytes: number) => `  ${`${packets}`.padStart(6)} ${bytesInWords(bytes).padEnd(9)}`;
    const [one, other] = [endText(row('address_a'), row('port_a')), endText(row('address_b'), row('port_b'))];
    const back = amount(number(row('packets_b_to_a')), number(row('bytes_b_to_a')));
    const out = amount(number(row('packets_a_to_b')), number(row('bytes_a_to_b')));
    const both = amount(number(row('packets')), number(row('bytes')));
    const start = number(row('start')).toFixed(9).padStart(14);
    const duration = number(row('duration')).toFixed(4).padStart(12);
    return `${one.padEnd(width)} <-> ${other.padEnd(width)}${back}${out}${both}  ${start}   ${duration}`;
  });
  const pad = ' '.repeat(indent);
  return [
    RULE,
    `${name} Conversations`,
    filterLine(filter),
    `${pad} |       <-      | |       ->      | |     Total     |    Relative    |   Duration   |`,
    `${pad} | Frames  Bytes | | Frames  Bytes | | Frames  Bytes |      Start     |              |`,
    ...lines,
    RULE,
    '',
  ].join('\n');
}

/** As `tshark -z endpoints,…`. */
export function endpointsText(sheet: Sheet, name: string, filter: string): string {
  const hasPorts = sheet.columns.some(({ key, inTitle }) => key === 'port' && !inTitle);
  const lines = rowsOf(sheet).map((row) => {
    const cell = (key: string, width: number) => `${number(row(key))}`.padStart(width);
    const port = hasPorts ? `      ${text(row('port')).padStart(5)}     ` : '      ';
    const sent = `${cell('packets_sent', 11)}${cell('bytes_sent', 16)}`;
    const received = `${cell('packets_received', 12)}${cell('bytes_received', 16)}`;
    return `${text(row('address')).padEnd(20)}${port}${cell('packets', 6)}${cell('bytes', 14)}${sent}${received}   `;
  });
  return [
    RULE,
    `${name} Endpoints`,
    filterLine(filter),
    `                       |  ${hasPorts ? 'Port  ||  ' : ''}Packets  | |  Bytes  | | Tx Packets | | Tx Bytes | | Rx Packets | | Rx Bytes |`,
    ...lines,
    RULE,
    '',
  ].join('\n');
}

const SEVERITY_HEADS: Readonly<Record<string, string>> = {
  error: 'Errors',
  warn: 'Warns',
  note: 'Notes',
  chat: 'Chats',
};

/** As `tshark -z expert`: our findings, by their severity. */
export function expertText(sheet: Sheet): string {
  const rows = rowsOf(sheet);
  const parts = Object.entries(SEVERITY_HEADS).flatMap(([severity, head]) => {
    const own = rows.filter((row) => row('severity') === severity);
    if (own.length === 0) return [];
    const count = own.reduce((sum, row) => sum + number(row('count')), 0);
    const lines = own.map((row) => {
      const group = text(row('group'));
      const named = `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
      const what = `${text(row('code'))}: ${text(row('about'))}`;
      return `${`${number(row('count'))}`.padStart(12)} ${named.padStart(10)} ${'Handshark'.padStart(18)}  ${what}`;
    });
    return ['', `${head} (${count})`, '=============', '   Frequency      Group           Protocol  Summary', ...lines];
  });
  return `${parts.join('\n')}\n`;
}

/** A column of `io,stat`: the heads of its numbers, and where they are in a row. */
interface IoPart {
  readonly heads: readonly string[];
  readonly from: number;
}

/** The first cells of a row: when its interval starts and ends. */
const TIMES = 2;
const MEASURED = /^\s*(COUNT|SUM|MIN|MAX|AVG)\s*\(/;

/** What the columns of a table have, as they were written. */
function ioParts(written: readonly string[]): readonly IoPart[] {
  let from = TIMES;
  return written.map((one) => {
    const [, measure] = MEASURED.exec(one) ?? [];
    const heads = measure === undefined ? ['Frames', 'Bytes'] : [measure];
    const part = { heads, from };
    from += heads.length;
    return part;
  });
}

const ioValue = (cell: Cell): string =>
  cell === undefined ? '0' : Number.isInteger(cell) ? `${cell}` : number(cell).toFixed(6);

/**
 * As `tshark -z io,stat,…`.
 * @param written the columns as the user wrote them; one empty text for frames and bytes
 * @param interval in seconds; 0 for the whole capture
 * @param decimals of the times: as many as the interval was written with
 */
export function ioText({ rows }: Sheet, written: readonly string[], interval: number, decimals: number): string {
  const duration = rows.reduce((most, row) => Math.max(most, number(row[1])), 0);
  const isWhole = interval === 0 || interval > duration;
  const digits = isWhole ? (duration < 10 ? 3 : 1) : decimals;
  const timeWidth = duration.toFixed(digits).length;
  const time = (cell: Cell) => number(cell).toFixed(digits).padStart(timeWidth);
  const parts = ioParts(written);
  const widths = new Map(
    parts.flatMap(({ heads, from }) =>
      heads.map(
        (head, at) => [from + at, Math.max(head.length, ...rows.map((row) => ioValue(row[from + at]).length))] as const,
      ),
    ),
  );
  const cells = (textOf: (head: string, place: number) => string) =>
    parts
      .flatMap(({ heads, from }) =>
        heads.map((head, at) => textOf(head, from + at).padStart(widths.get(from + at) ?? 0)),
      )
      .join(' | ');
  const rangeWidth = Math.max('Interval'.length, 2 * timeWidth + 4);
  const line = (range: string, rest: string) => `| ${range.padEnd(rangeWidth)} | ${rest} |`;
  const body = rows.map((row) =>
    line(
      `${time(row[0])} <> ${time(row[1])}`,
      cells((_, place) => ioValue(row[place])),
    ),
  );
  const head = line(
    'Interval',
    cells((name) => name),
  );
  const numbers = parts.map(({ heads, from }, place) =>
    `${place + 1}`.padEnd(heads.reduce((sum, _, at) => sum + (widths.get(from + at) ?? 0) + 3, -1)),
  );
  const names = written.map((one, place) => {
    const label = place === 0 ? 'Col 1' : `${place + 1}`.padStart(5);
    return `${label}: ${one === '' ? 'Frames and bytes' : printable(one)}`;
  });
  const span = (isWhole ? duration : interval).toFixed(digits);
  const top = [
    'IO Statistics',
    '',
    `Duration: ${duration.toFixed(digits)} secs`,
    `Interval: ${span} secs`,
    '',
    ...names,
  ];
  const border = Math.max(head.length, ...top.map((one) => one.length + 4));
  const fill = (one: string) => (one.length === border ? one : `${one.padEnd(border - 1)}|`);
  return [
    '',
    '='.repeat(border),
    ...top.map((one) => `| ${one.padEnd(border - 4)} |`),
    `|${'-'.repeat(border - 2)}|`,
    fill(`| ${''.padEnd(rangeWidth)} |${numbers.join('|')}|`),
    fill(head),
    fill(`|${'-'.repeat(head.length - 2)}|`),
    ...body.map(fill),
    '='.repeat(border),
    '',
  ].join('\n');
}
