import type { TimeFormat } from '../print/time-format.js';
import { type Keymap, NO_KEYMAP } from './keys.js';

/** How times of packets can be written. Those of `decode -t` that differ on a screen. */
export const TIME_FORMATS = ['r', 'd', 'a', 'ad', 'u', 'e'] as const satisfies readonly TimeFormat[];

export const TIME_NAMES: Readonly<Record<(typeof TIME_FORMATS)[number], string>> = {
  r: 'seconds since the first packet',
  d: 'seconds since the packet before',
  a: 'time of day',
  ad: 'date and time of day',
  u: 'time of day, UTC',
  e: 'seconds since 1970',
};

/** Sets of colours; `none` uses no colour at all. */
export const THEME_NAMES = ['default', 'dark', 'light', 'contrast', 'none'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** A column of the packet list. */
export interface ListColumn {
  readonly title: string;
  /** One that every list has, or the name of a field. */
  readonly of:
    | 'number'
    | 'time'
    | 'source'
    | 'destination'
    | 'protocol'
    | 'length'
    | 'info'
    | { readonly field: string };
}

/** How the rows look of the packets that a filter passes; the first rule counts whose filter does. */
export interface ColourRule {
  readonly filter: string;
  /** Names of colours, and `bold`, `dim`, `underline`, `inverse`, with blanks between. */
  readonly look: string;
}

/** What the user has set, in the file or since. */
export interface Settings {
  readonly keymap: Keymap;
  readonly columns: readonly ListColumn[];
  readonly time: (typeof TIME_FORMATS)[number];
  /** Names of peers, by their ids in hex. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly theme: ThemeName;
  readonly colours: readonly ColourRule[];
}

export const STANDARD_COLUMNS: readonly ListColumn[] = [
  { title: 'No.', of: 'number' },
  { title: 'Time', of: 'time' },
  { title: 'Source', of: 'source' },
  { title: 'Destination', of: 'destination' },
  { title: 'Protocol', of: 'protocol' },
  { title: 'Length', of: 'length' },
  { title: 'Info', of: 'info' },
];

/** Dialects other than the first one stand out; findings stand out more, whatever the rules. */
const STANDARD_COLOURS: readonly ColourRule[] = [
  { filter: 'chan.dialect == "hmac-newcaps"', look: 'cyan' },
  { filter: 'chan.dialect == "seqno"', look: 'magenta' },
  { filter: 'chan.dialect == "channeler"', look: 'blue' },
  { filter: 'chan', look: '' },
  { filter: 'frame', look: 'dim' },
];

export const STANDARD_SETTINGS: Settings = {
  keymap: NO_KEYMAP,
  columns: STANDARD_COLUMNS,
  time: 'r',
  aliases: new Map(),
  theme: 'default',
  colours: STANDARD_COLOURS,
};
