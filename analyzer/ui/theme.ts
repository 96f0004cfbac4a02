import type { Severity } from '../../dissectors/wire/finding.js';
import type { ThemeName } from '../store/settings.js';
import type { CookieStatus } from '../track/cookies.js';
import { type Background, type Colour, type Depth, type Palette, paletteOf } from './palette.js';

export type { Colour, Depth } from './palette.js';

/** How a stretch of text looks. */
export interface Look {
  readonly colour?: Colour;
  readonly background?: Background;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** The signs we draw. Each takes one cell. */
export interface Marks {
  readonly line: string;
  /** The edge of what lies over the screen, and of columns. */
  readonly bar: string;
  readonly focus: string;
  readonly open: string;
  readonly closed: string;
  /** A packet that the user has marked, and the one from which times count. */
  readonly marked: string;
  readonly reference: string;
  /** From the initiator to the responder, and back. */
  readonly right: string;
  readonly left: string;
  /** Where text was cut. */
  readonly more: string;
  /** Stands for a byte that is no visible ASCII character. */
  readonly byte: string;
  readonly severity: Readonly<Record<Severity | 'none', string>>;
  readonly cookie: Readonly<Record<CookieStatus, string>>;
  /** Two things that are not the same. */
  readonly differs: string;
  /** By which way a list is sorted. */
  readonly ascending: string;
  readonly descending: string;
  readonly ladder: LadderMarks;
}

/** What columns and arrows are drawn with. */
export interface LadderMarks {
  readonly lane: string;
  readonly line: string;
  /** The line of what was sent before, or never came. */
  readonly dashed: string;
  readonly headRight: string;
  readonly headLeft: string;
  /** The end of an arrow whose message is lost or dropped. */
  readonly dropped: string;
  readonly startRight: string;
  readonly startLeft: string;
  readonly run: string;
}

export interface Theme {
  readonly ascii: boolean;
  readonly colour: boolean;
  readonly marks: Marks;
  readonly palette: Palette;
}

const UNICODE: Marks = {
  line: '─',
  bar: '│',
  focus: '▸',
  open: '▾',
  closed: '▸',
  marked: '◆',
  reference: '⊢',
  right: '→',
  left: '←',
  more: '…',
  byte: '.',
  severity: { none: ' ', chat: '·', note: '•', warn: '!', error: '×' },
  cookie: { valid: '✓', 'echo-ok': '=', unknown: '?', stale: '~', 'echo-bad': '≠', invalid: '✗' },
  differs: '≠',
  ascending: '▴',
  descending: '▾',
  ladder: {
    lane: '│',
    line: '─',
    dashed: '╌',
    headRight: '▶',
    headLeft: '◀',
    dropped: '×',
    startRight: '├',
    startLeft: '┤',
    run: '⋮',
  },
};

const ASCII: Marks = {
  line: '-',
  bar: '|',
  focus: '>',
  open: '-',
  closed: '+',
  marked: '#',
  reference: '|',
  right: '>',
  left: '<',
  more: '~',
  byte: '.',
  severity: { none: ' ', chat: '.', note: '*', warn: '!', error: 'x' },
  cookie: { valid: '+', 'echo-ok': '=', unknown: '?', stale: '~', 'echo-bad': '#', invalid: 'x' },
  differs: '#',
  ascending: '^',
  descending: 'v',
  ladder: {
    lane: '|',
    line: '-',
    dashed: '.',
    headRight: '>',
    headLeft: '<',
    dropped: 'x',
    startRight: '+',
    startLeft: '+',
    run: ':',
  },
};

export const themeOf = (ascii: boolean, colour: boolean, name: ThemeName = 'default', depth: Depth = 16): Theme => ({
  ascii,
  colour: colour && name !== 'none',
  marks: ascii ? ASCII : UNICODE,
  palette: paletteOf(name, depth),
});

/** Whether the locale of an environment can draw no more than ASCII. */
export function isAsciiLocale({ LC_ALL, LC_CTYPE, LANG, TERM }: Readonly<Record<string, string | undefined>>): boolean {
  // Their fonts have few of our signs, whatever the locale says.
  if (isPoor(TERM)) return true;
  // The first that is set and not empty counts, as in setlocale(3); without any the locale is "C".
  return !/utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'C');
}

/** Terminals that draw letters and little else: the console of Linux, and those from before colours. */
const isPoor = (term: string | undefined): boolean => term === 'linux' || hasNoColour(term);

/** Terminals without colours. */
const hasNoColour = (term: string | undefined): boolean =>
  /^(?:dumb|unknown|vt\d+.*|ansi-m|.*-mono|.*-m)$/.test(term ?? '');

/** Whether the terminal of an environment has colours. */
export const hasColours = ({ TERM, COLORTERM }: Readonly<Record<string, string | undefined>>): boolean =>
  !hasNoColour(TERM) || (COLORTERM ?? '') !== '';

/** What each severity looks like; its mark says the same without colour. */
export const SEVERITY_LOOKS: Readonly<Record<Severity | 'none', Look>> = {
  none: {},
  chat: { dim: true },
  note: { colour: 'cyan' },
  warn: { colour: 'yellow' },
  error: { colour: 'red' },
};

/** A look by its names: `bold red`. */
export function lookNamed(names: string): Look {
  const words = names.split(' ');
  const colour = COLOURS.find((one) => words.includes(one));
  return {
    ...(colour !== undefined && { colour }),
    ...(words.includes('bold') && { bold: true }),
    ...(words.includes('dim') && { dim: true }),
    ...(words.includes('underline') && { underline: true }),
    ...(words.includes('inverse') && { inverse: true }),
  };
}

const COLOURS: readonly Colour[] = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'];

/** Every other look, by what it means. */
export const LOOKS = {
  heading: { bold: true },
  focusedHeading: { bold: true, colour: 'green' },
  columns: { bold: true, underline: true },
  /** The selection of the pane that has the keys, and of one that has not. */
  selected: { inverse: true },
  selectedElsewhere: { inverse: true, dim: true },
  lit: { inverse: true },
  /** Words that were searched for. */
  found: { bold: true, underline: true },
  byteCursor: { bold: true, underline: true, inverse: true },
  offset: { dim: true },
  quiet: { dim: true },
  status: { inverse: true },
  problem: { colour: 'red', bold: true },
  key: { bold: true },
  fromInitiator: { colour: 'red' },
  fromResponder: { colour: 'blue' },
  bar: { colour: 'cyan' },
  ofChannels: { colour: 'green' },
  withFindings: { colour: 'red' },
  marked: { bold: true },
  tab: { bold: true, inverse: true },
  /** What lies over the screen for a moment. */
  popup: { background: 'raised' },
  /** A filter that can be used, one that cannot, and one that is switched off. */
  right: { colour: 'green' },
  wrong: { colour: 'red' },
  off: { dim: true },
  /** A message that was sent before, and one that is lost or dropped. */
  again: { colour: 'yellow' },
  dropped: { colour: 'red' },
  /** What differs from what it is compared with. */
  different: { bold: true, colour: 'yellow' },
  /** The heading of the column that a list is sorted by. */
  sorted: { bold: true, underline: true, inverse: true },
  /** The cursor of what is being typed. */
  typing: { inverse: true },
} as const satisfies Record<string, Look>;

/** Text in a look, as terminal codes. Only this function and `terminal.ts` write any. */
export function dress(text: string, look: Look, theme: Theme): string {
  const codes = [
    look.colour && theme.colour ? theme.palette.foreground[look.colour] : '',
    look.background && theme.colour ? theme.palette.background[look.background] : '',
    look.bold ? '1' : '',
    look.dim ? '2' : '',
    look.underline ? '4' : '',
    look.inverse ? '7' : '',
  ].filter((code) => code !== '');
  if (codes.length === 0 || text === '') return text;
  return `${codes.map((code) => `\x1b[${code}m`).join('')}${text}\x1b[0m`;
}
