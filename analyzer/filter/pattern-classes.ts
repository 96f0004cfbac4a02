/** What stands for a class of characters: the members of it. */
export const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: '\\t-\\r ',
  h: '\\t \\xa0',
  v: '\\n-\\r\\x85',
};
/** The same for the classes of all other characters. */
export const NEGATED_ESCAPES: Readonly<Record<string, string>> = {
  D: '\\x00-/:-\\xff',
  W: '\\x00-/:-@\\[-\\^`\\{-\\xff',
  S: '\\x00-\\x08\\x0e-\\x1f!-\\xff',
  H: '\\x00-\\x08\\n-\\x1f!-\\x9f\\xa1-\\xff',
  V: '\\x00-\\t\\x0e-\\x84\\x86-\\xff',
  N: '\\x00-\\t\\x0b-\\xff',
};
const POSIX: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alpha: 'A-Za-z',
    digit: '0-9',
    alnum: 'A-Za-z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    word: 'A-Za-z0-9_',
    space: '\\t-\\r ',
    blank: '\\t ',
    cntrl: '\\x00-\\x1f\\x7f',
    graph: '!-~',
    print: ' -~',
    punct: '!-/:-@\\[-`\\{-~',
    xdigit: '0-9A-Fa-f',
    ascii: '\\x00-\\x7f',
  }),
);
/** The codes of control characters that have a letter. */
export const LETTERS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };
/** What only Perl has. */
export const REFUSED: Readonly<Record<string, string>> = {
  C: 'single code units',
  G: 'the start of the search (\\G)',
  K: 'keeping a part out (\\K)',
  X: 'grapheme clusters (\\X)',
  p: 'Unicode properties (\\p)',
  P: 'Unicode properties (\\P)',
};

/** A character of a pattern by its code. */
export const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;
/** Whether a character has another case. */
export const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** Places, and line ends. */
export const ASSERTIONS: Readonly<Record<string, string>> = {
  b: '(?:\\b)',
  B: '(?:\\B)',
  A: '(?:^)',
  z: '(?:$)',
  Z: '(?:\\n?$)',
  R: '(?:\\r\\n|[\\n-\\r\\x85])',
};

/** The members of a class such as `[:alpha:]`; negated, all other bytes. */
export function posixClass(name: string, negated: boolean): string | { readonly problem: string } {
  const members = POSIX.get(name);
  if (members === undefined) return { problem: `[:${name}:] is not a character class` };
  if (!negated) return members;
  const within = new RegExp(`[${members}]`);
  let text = '';
  for (let code = 0; code <= 0xff; code++) if (!within.test(String.fromCharCode(code))) text += hex(code);
  return text;
}
