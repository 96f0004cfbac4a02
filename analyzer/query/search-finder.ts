import { fromHex } from '../../dissectors/wire/view.js';
import { compilePatternFinder } from '../filter/pattern.js';
import { indexOfBytes, latin1 } from '../filter/values.js';
import type { Problem } from './filter-test.js';
import type { Search } from './news.js';

/** Where something first stands in what is searched: where that begins, and where it ends. */
export type Finder<In> = (searched: In) => readonly [from: number, to: number] | undefined;

/** What finds the words of a search in a text that is shown; or what is wrong with them. */
export function textFinder({ as, what }: Search): Finder<string> | Problem {
  switch (as) {
    case 'hex':
      return { problem: 'hex is searched for in bytes only' };
    case 'text': {
      const wanted = what.toLowerCase();
      return (text) => spanAt(text.toLowerCase().indexOf(wanted), wanted.length);
    }
    case 'regex': {
      const finder = compilePatternFinder(byteText(what));
      if (typeof finder !== 'function') return finder;
      return (text) => finder(byteText(text));
    }
  }
}

/** The same in bytes. */
export function bytesFinder({ as, what }: Search): Finder<Uint8Array> | Problem {
  switch (as) {
    case 'text': {
      const wanted = new TextEncoder().encode(what).map(lowered);
      return (bytes) => spanAt(indexOfLetters(bytes, wanted), wanted.length);
    }
    case 'regex': {
      const finder = compilePatternFinder(byteText(what));
      return typeof finder === 'function' ? (bytes) => finder(latin1(bytes)) : finder;
    }
    case 'hex': {
      try {
        const wanted = fromHex(what);
        return (bytes) => spanAt(indexOfBytes(bytes, wanted), wanted.length);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { problem: `${error.message}: bytes are written as 0a 0b, 0a:0b or 0a0b` };
      }
    }
  }
}

const spanAt = (at: number, length: number): readonly [number, number] | undefined =>
  at < 0 ? undefined : [at, at + length];

/** A text with a character for each of its bytes in UTF-8. */
const byteText = (text: string): string => (/^[\0-\x7f]*$/.test(text) ? text : latin1(new TextEncoder().encode(text)));

/** A byte; the letters A to Z as small ones: only those of ASCII have a case in bytes. */
const lowered = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);

/** Where bytes stand in others, whatever the case of letters; −1 for nowhere. @param wanted with small letters */
function indexOfLetters(bytes: Uint8Array, wanted: Uint8Array): number {
  const [first = 0] = wanted;
  const capital = first >= 0x61 && first <= 0x7a ? first - 32 : first;
  const last = bytes.length - wanted.length;
  let small = bytes.indexOf(first);
  let big = capital === first ? -1 : bytes.indexOf(capital);
  while (small >= 0 || big >= 0) {
    const at = big < 0 || (small >= 0 && small < big) ? small : big;
    if (at > last) return -1;
    let same = 1;
    while (same < wanted.length && lowered(bytes[at + same] ?? 0) === wanted[same]) same++;
    if (same === wanted.length) return at;
    if (at === small) small = bytes.indexOf(first, at + 1);
    else big = bytes.indexOf(capital, at + 1);
  }
  return -1;
}
