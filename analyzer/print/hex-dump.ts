import { OVERRUN, putHexNumber, putSpacedHex } from './digits.js';
import type { Packet } from './packet.js';
import type { Utf8Text } from './utf8-text.js';

/** Bytes of a line. */
const PER_LINE = 16;
const [BLANK, LINE_END, DOT] = [0x20, 0x0a, 0x2e];
/** Blanks after the offset, and before the characters. */
const [AFTER_OFFSET, BEFORE_TEXT] = [2, 3];
/** The most digits of an offset, and all that stands on a line besides. */
const MOST_LINE = 8 + AFTER_OFFSET + 4 * PER_LINE + BEFORE_TEXT + 1;

/** Writes the bytes of a packet, sixteen a line; where it was put together from several, each part with its name. */
export function writeHexDump({ dissection }: Packet, into: Utf8Text): void {
  const { sources } = dissection;
  sources.forEach(({ name, view }, place) => {
    if (place > 0) into.addByte(LINE_END);
    if (sources.length > 1) into.add(`${name} (${view.byteLength} bytes):\n`);
    writeLines(view, into);
  });
}

function writeLines(view: DataView, into: Utf8Text): void {
  const size = view.byteLength;
  into.reserve(Math.ceil(size / PER_LINE) * MOST_LINE + OVERRUN);
  const { view: text } = into;
  let to = into.length;
  for (let at = 0; at < size; at += PER_LINE) {
    const end = Math.min(at + PER_LINE, size);
    to = blanks(text, putHexNumber(text, to, at, 4), AFTER_OFFSET);
    to = putSpacedHex(text, to, view, at, end);
    to = blanks(text, to, 3 * (PER_LINE - (end - at)) - 1 + BEFORE_TEXT);
    for (let byte = at; byte < end; byte++) {
      const code = view.getUint8(byte);
      text.setUint8(to++, code >= BLANK && code < 0x7f ? code : DOT);
    }
    text.setUint8(to++, LINE_END);
  }
  into.length = to;
}

function blanks(text: DataView, to: number, count: number): number {
  for (let place = 0; place < count; place++) text.setUint8(to + place, BLANK);
  return to + count;
}
