import { halfText } from '../../dissectors/channel/dissect.js';
import type { Utf8Text } from './utf8-text.js';

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

/** Writes what `jsonText` gives. */
export function writeJsonText(text: string, into: Utf8Text): void {
  if (!PLAIN.test(text)) return into.add(jsonText(text));
  into.addByte(QUOTE);
  into.add(text);
  into.addByte(QUOTE);
}
