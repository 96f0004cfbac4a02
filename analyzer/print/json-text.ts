import { halfText } from '../../dissectors/channel/dissect.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

/** Characters that JSON lets through and a terminal should not see. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;
const PLAIN = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

/** A string as JSON, with everything escaped that could steer a terminal. Nothing is lost. */
export function jsonText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${halfText(character.charCodeAt(at))}`).join(''),
  );
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Texts that are remembered; names of fields and most values are among them. */
const MOST_REMEMBERED = 256;
/** The longest of them, in characters: longer ones seldom come again. */
const LONGEST_REMEMBERED = 64;

/** Writes what `jsonText` gives. */
export function writeJsonText(text: string, into: Utf8Text): void {
  if (!addPlain(text, into)) into.addBytes(bytesOf(text));
}

/** Adds a text with its quotes if all of its characters can stand as they are; else nothing. */
function addPlain(text: string, into: Utf8Text): boolean {
  const { length } = text;
  into.reserve(length + 2);
  const { buffer, length: start } = into;
  buffer[start] = QUOTE;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
    buffer[start + 1 + at] = code;
  }
  buffer[start + 1 + length] = QUOTE;
  into.length = start + length + 2;
  return true;
}

/** What is written of texts with characters that need care; the short ones come again and again. */
const bytesOf = remembering((text) => utf8(jsonText(text)));

/** A function that remembers its answers to short texts: pure from outside. */
function remembering(make: (text: string) => Uint8Array): (text: string) => Uint8Array {
  const made = new Map<string, Uint8Array>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return make(text);
    const known = made.get(text);
    if (known) return known;
    if (made.size === MOST_REMEMBERED) made.clear();
    const bytes = make(text);
    made.set(text, bytes);
    return bytes;
  };
}
