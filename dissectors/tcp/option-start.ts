import { u8 } from '../wire/field.js';

/** Source: IANA, "TCP Option Kind Numbers". */
const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'end of options',
  1: 'no operation',
  2: 'maximum segment size',
  3: 'window scale',
  4: 'SACK permitted',
  5: 'SACK',
  6: 'echo',
  7: 'echo reply',
  8: 'timestamps',
  11: 'connection count',
  12: 'connection count new',
  13: 'connection count echo',
  19: 'MD5 signature',
  20: 'SCPS capabilities',
  27: 'quick-start',
  28: 'user timeout',
  29: 'authentication',
  30: 'multipath TCP',
  34: 'fast open',
  172: 'accurate ECN order 0',
  174: 'accurate ECN order 1',
  253: 'experiment 1',
  254: 'experiment 2',
};

export const optionKind = u8('Kind', 'dec', OPTION_NAMES);

/** The fields that every option of more than one byte starts with; its length counts the whole option. */
export const optionStart = { option_kind: optionKind, option_len: u8('Length') };

/** Begins fast open in an option for experiments. Source: RFC 7413, section 4.1.1. */
export const FAST_OPEN_MAGIC = 0xf989;

/** The most that RFC 7323 lets a window be shifted. */
export const MOST_SHIFT = 14;

/** Kinds of options. Source: IANA, "TCP Option Kind Numbers". */
export const OPTION = {
  end: 0,
  noOperation: 1,
  mss: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  multipath: 30,
  fastOpen: 34,
  otherExperiment: 253,
  experiment: 254,
} as const;

/**
 * Where the option at `at` ends, of options that end at `end`.
 * @returns −1 at the end of options, and where the length of the option is wrong
 */
export function optionEnd(view: DataView, at: number, end: number): number {
  const kind = view.getUint8(at);
  if (kind === OPTION.end) return -1;
  if (kind === OPTION.noOperation) return at + 1;
  const length = at + 1 < end ? view.getUint8(at + 1) : 0;
  return length < 2 || at + length > end ? -1 : at + length;
}

/**
 * Where the cookie of the fast open option `[at, end)` starts; it may have no bytes.
 * @returns 0 where the option is another
 */
export function cookieOfFastOpen(view: DataView, at: number, end: number): number {
  const kind = view.getUint8(at);
  if (kind === OPTION.fastOpen) return at + 2;
  const isExperiment = kind === OPTION.experiment && end - at >= 4;
  return isExperiment && view.getUint16(at + 2) === FAST_OPEN_MAGIC ? at + 4 : 0;
}
