import { halfText } from '../../dissectors/channel/dissect.js';

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

/** Fewer bytes are faster digit by digit than by a call into native code. */
const FEW = 12;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex of the bytes `[start, end)` of a view: what `hexOf` gives, for payloads by the million. */
export function hexDigits(view: DataView, start: number, end: number): string {
  if (end - start > FEW) {
    return Buffer.from(view.buffer, view.byteOffset + start, end - start).toString('hex');
  }
  let text = '';
  for (let at = start; at < end; at++) text += HEX[view.getUint8(at)];
  return text;
}
