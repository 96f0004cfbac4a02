import { textOfUtf8 } from '../file/utf8.js';
import { slice } from '../wire/view.js';

/** The longest name, in bytes as it is sent. Source: RFC 1035, section 2.3.4. */
const MOST_NAME = 255;
/** More pointers in one name lead in a circle, or nowhere: a name has at most 127 labels. */
const MOST_POINTERS = 128;
const POINTER = 0xc0;

/** A name as text, and where it ends in its own place: after its first pointer, if it has one. */
export interface Name {
  readonly text: string;
  readonly end: number;
  readonly labels: number;
}

/**
 * Where the name at `at` ends, or −1 where that is not before `end`. Pointers are not followed.
 * Source: RFC 1035, section 4.1.4.
 */
export function skipName(view: DataView, at: number, end: number): number {
  for (let place = at; place < end && place - at <= MOST_NAME; ) {
    const length = view.getUint8(place);
    if (length === 0) return place + 1;
    if (length >= POINTER) return place + 2 <= end ? place + 2 : -1;
    // The bits 01 and 10 are of label types that were given up. Source: RFC 6891, section 5.
    if (length > 63) return -1;
    place += 1 + length;
  }
  return -1;
}

/** What the tree shows in place of the root's empty name. */
const ROOT = '<Root>';

/**
 * The name at `at`, with its pointers followed. Total: what cannot be read ends the name, and says why in its text.
 * @param start where the message starts: pointers count from there
 */
export function readName(view: DataView, start: number, at: number, end: number): Name {
  const own = skipName(view, at, end);
  let text = '';
  let labels = 0;
  let size = 0;
  let pointers = 0;
  let problem = '<Name is cut off>';
  for (let place = at; place < end; ) {
    const length = view.getUint8(place);
    if (length === 0) {
      problem = '';
      break;
    }
    if (length >= POINTER) {
      if (place + 2 > end) break;
      problem = '<Name contains a pointer that loops>';
      if (++pointers > MOST_POINTERS) break;
      problem = '<Name is cut off>';
      place = start + (view.getUint16(place) & 0x3fff);
      continue;
    }
    size += 1 + length;
    if (length > 63 || size > MOST_NAME) {
      problem = length > 63 ? '<Unknown label type>' : '<Name too long>';
      break;
    }
    if (place + 1 + length > end) break;
    if (labels++ > 0) text += '.';
    text += labelText(view, place + 1, place + 1 + length);
    place += 1 + length;
  }
  if (problem !== '') {
    text += labels > 0 ? `.${problem}` : problem;
    labels++;
  }
  return { text: text || ROOT, end: own < 0 ? end : own, labels };
}

/** A label as text: UTF-8, as multicast DNS has it; what cannot be printed as an octal escape. */
export function labelText(view: DataView, at: number, end: number): string {
  let text = '';
  for (let place = at; place < end; place++) {
    const byte = view.getUint8(place);
    if (byte >= 0x80) return textOfUtf8(slice(view, at, end));
    text += byte < 0x20 || byte === 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  }
  return text;
}
