import type { Severity } from '../../dissectors/wire/finding.js';

/** The colours that every terminal has, in the shades the user has given them. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'grey';

/** How a stretch of text looks. */
export interface Look {
  readonly colour?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** The signs we draw. Each takes one cell. */
export interface Marks {
  readonly line: string;
  readonly focus: string;
  readonly open: string;
  readonly closed: string;
  /** Where text was cut. */
  readonly more: string;
  /** Stands for a byte that is no visible ASCII character. */
  readonly byte: string;
  readonly severity: Readonly<Record<Severity | 'none', string>>;
}

export interface Theme {
  readonly ascii: boolean;
  readonly colour: boolean;
  readonly marks: Marks;
}

const UNICODE: Marks = {
  line: '─',
  focus: '▸',
  open: '▾',
  closed: '▸',
  more: '…',
  byte: '.',
  severity: { none: ' ', chat: '·', note: '•', warn: '!', error: '×' },
};

const ASCII: Marks = {
  line: '-',
  focus: '>',
  open: '-',
  closed: '+',
  more: '~',
  byte: '.',
  severity: { none: ' ', chat: '.', note: '*', warn: '!', error: 'x' },
};

export const themeOf = (ascii: boolean, colour: boolean): Theme => ({ ascii, colour, marks: ascii ? ASCII : UNICODE });

/** Whether the locale of an environment can draw no more than ASCII. */
export function isAsciiLocale({ LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  // The first that is set and not empty counts, as in setlocale(3); without any the locale is "C".
  return !/utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'C');
}

/** What each severity looks like; its mark says the same without colour. */
export const SEVERITY_LOOKS: Readonly<Record<Severity | 'none', Look>> = {
  none: {},
  chat: { dim: true },
  note: { colour: 'cyan' },
  warn: { colour: 'yellow' },
  error: { colour: 'red' },
};

/** Every other look, by what it means. */
export const LOOKS = {
  heading: { bold: true },
  focusedHeading: { bold: true, colour: 'green' },
  columns: { bold: true, underline: true },
  /** The selection of the pane that has the keys, and of one that has not. */
  selected: { inverse: true },
  selectedElsewhere: { inverse: true, dim: true },
  lit: { inverse: true },
  byteCursor: { bold: true, underline: true, inverse: true },
  offset: { dim: true },
  quiet: { dim: true },
  status: { inverse: true },
  problem: { colour: 'red', bold: true },
  key: { bold: true },
  tab: { bold: true, inverse: true },
  /** A filter that can be used, one that cannot, and one that is switched off. */
  right: { colour: 'green' },
  wrong: { colour: 'red' },
  off: { dim: true },
  /** The cursor of what is being typed. */
  typing: { inverse: true },
} as const satisfies Record<string, Look>;

const FOREGROUND: Readonly<Record<Colour, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  grey: 90,
};

/** Text in a look, as terminal codes. Only this function and `terminal.ts` write any. */
export function dress(text: string, look: Look, theme: Theme): string {
  const codes = [
    look.colour && theme.colour ? FOREGROUND[look.colour] : 0,
    look.bold ? 1 : 0,
    look.dim ? 2 : 0,
    look.underline ? 4 : 0,
    look.inverse ? 7 : 0,
  ].filter((code) => code > 0);
  if (codes.length === 0 || text === '') return text;
  return `${codes.map((code) => `\x1b[${code}m`).join('')}${text}\x1b[0m`;
}
