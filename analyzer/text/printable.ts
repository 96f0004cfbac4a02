/**
 * Text that is safe to draw, in the same cells in every terminal. Everything from a packet or a file passes through here
 * on its way to the screen: an escape sequence in a payload must not move our cursor, retitle the window or hide a row.
 *
 * What cannot be drawn as it is becomes visible: `\n`, `\x1b`, `\u{202e}`. Text that has been through here comes out
 * the same a second time.
 *
 * @param ascii whether the terminal can draw nothing but ASCII
 * @param cells how many cells will be seen at most; what lies far beyond is left out, however long the text is
 */
export function printable(text: string, ascii = false, cells = Number.POSITIVE_INFINITY): string {
  const seen = text.length > cells * MOST_UNITS ? text.slice(0, cells * MOST_UNITS) : text;
  if (PLAIN.test(seen)) return seen;
  if (!ascii && OWN.test(text)) return text;
  if (ascii) return seen.replaceAll(NOT_ASCII, escapeAll);
  return seen.replaceAll(SUSPECT, (found, marked?: string) => marked ?? escapeAll(found));
}

/** More code units than one cell can hold: a letter and two marks, in surrogate pairs. */
const MOST_UNITS = 8;

const PLAIN = /^[\x20-\x7e]*$/;
/** What our own words hold besides ASCII; one cell wide everywhere, and safe. */
const OWN = /^[\x20-\x7e→…·×]*$/;
const NOT_ASCII = /[^\x20-\x7e]/gu;

/**
 * First what may stay although a part of it alone may not: a letter with one or two marks. Then what may not:
 * controls, format characters (bidi and zero-width among them), what is private, unassigned or half of a pair; blanks
 * other than the space; marks that are left over; what shows as nothing; and what joins with its neighbours into
 * clusters whose width terminals do not agree on (variation selectors, flags, skin tones, conjoining jamo, halfwidth
 * voicing marks, the two vowels of Thai and Lao that count as marks in some).
 */
const SUSPECT =
  /(\p{L}(?:(?!\p{DI})\p{Mn}){1,2})|[\p{C}\p{Zl}\p{Zp}\p{M}\p{DI}\p{RI}\p{Emoji_Modifier}\u1160-\u11ff\ud7b0-\ud7fb\u0e33\u0eb3\uff9e\uff9f]|(?! )\p{Zs}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeAll = (text: string): string => Array.from(text, escapeOne).join('');

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
}
