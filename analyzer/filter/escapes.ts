import { FilterError, quoted, type Span } from './filter-error.js';

const SIMPLE: Readonly<Record<string, number>> = {
  "'": 0x27,
  '"': 0x22,
  '\\': 0x5c,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

const BYTE = /^\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/;
const LETTER = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;
/** The longest escape: `\U0001F600`. */
const LONGEST = 10;

/** The bytes that the inside of a string stands for: UTF-8, but for bytes that are escaped. */
export function escapedBytes(text: string, { at, end }: Span): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let plain = at;
  for (let place = text.indexOf('\\', at); place >= 0 && place < end; place = text.indexOf('\\', plain)) {
    pieces.push(encoder.encode(text.slice(plain, place)));
    const found = escapeAt(text, place, end);
    pieces.push(found.bytes);
    plain = found.end;
  }
  pieces.push(encoder.encode(text.slice(plain, end)));
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The byte that the inside of a character constant stands for. */
export function escapedChar(text: string, span: Span): number {
  const bytes = escapedBytes(text, span);
  if (bytes.length === 0) throw new FilterError(text, span, 'the character constant is empty');
  const [code = 0] = bytes;
  if (bytes.length > 1) {
    throw new FilterError(
      text,
      span,
      `'${text.slice(span.at, span.end)}' is more than one character; strings have double quotes`,
    );
  }
  return code;
}

function escapeAt(text: string, at: number, end: number): { readonly bytes: Uint8Array; readonly end: number } {
  const rest = text.slice(at, Math.min(end, at + LONGEST));
  const simple = SIMPLE[rest[1] ?? ''];
  if (simple !== undefined) return { bytes: Uint8Array.of(simple), end: at + 2 };
  const byte = BYTE.exec(rest);
  if (byte) {
    const value = byte[1] === undefined ? Number.parseInt(byte[2] ?? '', 8) : Number.parseInt(byte[1], 16);
    const span = { at, end: at + byte[0].length };
    if (value > 0xff) throw new FilterError(text, span, `${byte[0]} is more than a byte can hold`);
    return { bytes: Uint8Array.of(value), end: span.end };
  }
  const letter = LETTER.exec(rest);
  if (letter) return { bytes: letterBytes(text, at, letter), end: at + letter[0].length };
  const written = rest.slice(0, 2);
  throw new FilterError(text, { at, end: at + 2 }, `${quoted(written)} is not an escape; a backslash itself is "\\\\"`);
}

function letterBytes(text: string, at: number, [written, short, long]: RegExpExecArray): Uint8Array {
  const code = Number.parseInt(short ?? long ?? '', 16);
  // As in C: what can be written plainly is not written this way, and surrogates are no characters.
  const plain = code < 0xa0 && code !== 0x24 && code !== 0x40 && code !== 0x60;
  if (plain || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw new FilterError(text, { at, end: at + written.length }, `${written} is not the code of a character`);
  }
  return new TextEncoder().encode(String.fromCodePoint(code));
}
