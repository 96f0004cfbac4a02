import { isIpv6 } from '../../dissectors/ip-address.js';
import { escapedBytes, escapedChar } from './escapes.js';
import { FilterError, meantBy, quoted, type Span } from './filter-error.js';
import { readRanges } from './ranges.js';
import type { Range } from './tree.js';

/** Signs and words with a meaning of their own, by the name that the parser knows them by. */
export type Sign =
  | 'and'
  | 'or'
  | 'xor'
  | 'not'
  | 'any'
  | 'all'
  | 'in'
  | 'contains'
  | 'matches'
  | 'any eq'
  | 'all eq'
  | 'any ne'
  | 'all ne'
  | 'gt'
  | 'ge'
  | 'lt'
  | 'le'
  | '&'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '('
  | ')'
  | '{'
  | '}'
  | ','
  | '..';

export type Token = Span & { readonly text: string } & (
    | { readonly kind: 'sign'; readonly sign: Sign }
    | { readonly kind: 'word'; readonly word: string; readonly only: 'field' | 'literal' | undefined }
    | { readonly kind: 'string'; readonly bytes: Uint8Array }
    | { readonly kind: 'char'; readonly code: number }
    | { readonly kind: 'slice' | 'layers'; readonly ranges: readonly Range[] }
    | { readonly kind: 'reference'; readonly name: string; readonly layers: readonly Range[] | undefined }
    | { readonly kind: 'end' }
  );

const SIGNS: readonly (readonly [string, Sign])[] = [
  ['===', 'all eq'],
  ['!==', 'any ne'],
  ['==', 'any eq'],
  ['!=', 'all ne'],
  ['~=', 'any ne'],
  ['>=', 'ge'],
  ['<=', 'le'],
  ['&&', 'and'],
  ['||', 'or'],
  ['^^', 'xor'],
  ['..', '..'],
  ['~', 'matches'],
  ['>', 'gt'],
  ['<', 'lt'],
  ['!', 'not'],
  ['&', '&'],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['(', '('],
  [')', ')'],
  ['{', '{'],
  ['}', '}'],
  [',', ','],
];

const WORDS: ReadonlyMap<string, Sign> = new Map([
  ['and', 'and'],
  ['or', 'or'],
  ['xor', 'xor'],
  ['not', 'not'],
  ['any', 'any'],
  ['all', 'all'],
  ['in', 'in'],
  ['contains', 'contains'],
  ['matches', 'matches'],
  ['eq', 'any eq'],
  ['any_eq', 'any eq'],
  ['all_eq', 'all eq'],
  ['ne', 'all ne'],
  ['all_ne', 'all ne'],
  ['any_ne', 'any ne'],
  ['gt', 'gt'],
  ['ge', 'ge'],
  ['lt', 'lt'],
  ['le', 'le'],
  ['bitwise_and', '&'],
]);

/** Words with an operator's meaning, for completion. */
export const OPERATOR_WORDS: readonly string[] = [...WORDS.keys()];

const SPACE = /\s+/y;
const WORD = /[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*/y;
const PREFIX = /(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}/y;
/** Text that may be bytes with colons or an IPv6 address; no longer than any of them makes sense. */
const COLONS = /[0-9a-fA-F:.]{2,4096}/y;
const BYTES = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})+$/;
const LITERAL = /:[0-9a-fA-F]+(?:[:-][0-9a-fA-F]+)*/y;
const FIELD = /\.([A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)/y;
const REFERENCE = /\$\{\s*([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(?:#\s*(\d+|\[[^\]]*\])\s*)?\}/y;

/** Splits a filter into tokens; the last is the end. @throws {FilterError} at the first that is none */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    at = matchAt(SPACE, text, at)?.end ?? at;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length, end: text.length }];
}

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly end: number; readonly found: RegExpExecArray } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? { found, end: at + found[0].length } : undefined;
}

function tokenAt(text: string, at: number): Token {
  const first = text[at] ?? '';
  switch (first) {
    case '"':
      return stringAt(text, at, at, false);
    case "'":
      return charAt(text, at);
    case '[':
      return sliceAt(text, at);
    case '#':
      return layersAt(text, at);
    case '$':
      return referenceAt(text, at);
    case '.':
      if (text[at + 1] !== '.') return fieldAt(text, at);
      break;
    case 'r':
    case 'R':
      if (text[at + 1] === '"') return stringAt(text, at, at + 1, true);
  }
  return wordAt(text, at) ?? signAt(text, at);
}

function signAt(text: string, at: number): Token {
  const found = SIGNS.find(([written]) => text.startsWith(written, at));
  if (found) {
    const [written, sign] = found;
    return { kind: 'sign', sign, text: written, at, end: at + written.length };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const span = { at, end: at + character.length };
  if (/[^\x20-\x7e]/.test(character)) {
    throw new FilterError(text, span, 'characters beyond ASCII belong inside double quotes');
  }
  throw new FilterError(text, span, `${quoted(character)} was not expected here`, meantBy(character));
}

/** A name, a number, an address or bytes: whichever reaches furthest. */
function wordAt(text: string, at: number): Token | undefined {
  const end = Math.max(matchAt(WORD, text, at)?.end ?? at, matchAt(PREFIX, text, at)?.end ?? at, endOfColons(text, at));
  if (end === at) {
    const literal = matchAt(LITERAL, text, at);
    if (!literal) return undefined;
    const word = text.slice(at, literal.end);
    return { kind: 'word', word, only: 'literal', text: word, at, end: literal.end };
  }
  const word = text.slice(at, end);
  const sign = WORDS.get(word);
  return sign
    ? { kind: 'sign', sign, text: word, at, end }
    : { kind: 'word', word, only: undefined, text: word, at, end };
}

/** The longest run from `at` on that is bytes with colons, or an IPv6 address, maybe with a prefix length. */
function endOfColons(text: string, at: number): number {
  const run = matchAt(COLONS, text, at)?.found[0] ?? '';
  if (!run.includes(':')) return at;
  let length = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})*/.exec(run)?.[0].length ?? 0;
  if (!BYTES.test(run.slice(0, length))) length = 0;
  // An IPv6 address has 45 characters at most.
  for (let size = Math.min(45, run.length); size > length && size > 1; size--) {
    if (!isIpv6(run.slice(0, size))) continue;
    return at + size + (/^\/\d{1,3}/.exec(text.slice(at + size, at + size + 4))?.[0].length ?? 0);
  }
  return at + length;
}

function fieldAt(text: string, at: number): Token {
  const match = matchAt(FIELD, text, at);
  if (!match) throw new FilterError(text, { at, end: at + 1 }, '"." was not expected here');
  return {
    kind: 'word',
    word: match.found[1] ?? '',
    only: 'field',
    text: text.slice(at, match.end),
    at,
    end: match.end,
  };
}

function stringAt(text: string, at: number, open: number, raw: boolean): Token {
  let close = open + 1;
  while (close < text.length && text[close] !== '"') close += text[close] === '\\' ? 2 : 1;
  if (close >= text.length) throw new FilterError(text, { at, end: text.length }, 'the string has no closing quote');
  const inside = { at: open + 1, end: close };
  const bytes = raw ? new TextEncoder().encode(text.slice(open + 1, close)) : escapedBytes(text, inside);
  return { kind: 'string', bytes, text: text.slice(at, close + 1), at, end: close + 1 };
}

function charAt(text: string, at: number): Token {
  let close = at + 1;
  while (close < text.length && text[close] !== "'") close += text[close] === '\\' ? 2 : 1;
  if (close >= text.length) throw new FilterError(text, { at, end: text.length }, 'the character has no closing quote');
  const code = escapedChar(text, { at: at + 1, end: close });
  return { kind: 'char', code, text: text.slice(at, close + 1), at, end: close + 1 };
}

function sliceAt(text: string, at: number): Token {
  const close = text.indexOf(']', at);
  if (close < 0) throw new FilterError(text, { at, end: text.length }, 'the slice has no closing bracket');
  const ranges = readRanges(text, { at: at + 1, end: close });
  return { kind: 'slice', ranges, text: text.slice(at, close + 1), at, end: close + 1 };
}

function layersAt(text: string, at: number): Token {
  if (text[at + 1] === '[') {
    const { end, text: written, ...slice } = sliceAt(text, at + 1);
    if (slice.kind === 'slice') return { kind: 'layers', ranges: slice.ranges, text: `#${written}`, at, end };
  }
  const digits = /^\d+/.exec(text.slice(at + 1, at + 32))?.[0];
  if (digits === undefined) {
    throw new FilterError(
      text,
      { at, end: at + 1 },
      '"#" must be followed by the number of a layer, or by a range of them',
    );
  }
  const end = at + 1 + digits.length;
  return { kind: 'layers', ranges: readRanges(text, { at: at + 1, end }), text: text.slice(at, end), at, end };
}

function referenceAt(text: string, at: number): Token {
  const match = matchAt(REFERENCE, text, at);
  if (!match) throw new FilterError(text, { at, end: at + 1 }, '"$" must be followed by the name of a field in braces');
  const [written, name = '', layers] = match.found;
  const ranges = layers === undefined ? undefined : referenceLayers(text, at, written, layers);
  return { kind: 'reference', name, layers: ranges, text: written, at, end: match.end };
}

function referenceLayers(text: string, at: number, written: string, layers: string): readonly Range[] {
  const start = at + written.lastIndexOf(layers);
  const end = start + layers.length;
  return readRanges(text, layers.startsWith('[') ? { at: start + 1, end: end - 1 } : { at: start, end });
}
