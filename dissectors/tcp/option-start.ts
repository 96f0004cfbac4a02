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
