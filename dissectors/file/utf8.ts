const REPLACEMENT = 0xfffd;
/** How many code points are joined at a time: `String.fromCodePoint` takes them as arguments. */
const CHUNK = 4096;

/** How many bytes a lead byte asks for, its payload bits, and the range of the byte after it; none for a stray byte. */
function leadOf(byte: number): readonly [size: number, bits: number, low: number, high: number] | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return [2, byte & 0x1f, 0x80, 0xbf];
  // No overlong forms, no surrogates, nothing above U+10FFFF: the byte after the lead tells.
  if (byte >= 0xe0 && byte <= 0xef) return [3, byte & 0x0f, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf];
  if (byte >= 0xf0 && byte <= 0xf4) return [4, byte & 0x07, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf];
  return undefined;
}

/** The code point at `at`, and the bytes it takes; what is no UTF-8 reads as U+FFFD and takes what was good of it. */
function codePointAt(bytes: Uint8Array, at: number): readonly [code: number, size: number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const lead = leadOf(first);
  if (lead === undefined) return [REPLACEMENT, 1];
  const [size, bits, low, high] = lead;
  let code = bits;
  for (let taken = 1; taken < size; taken++) {
    const byte = bytes[at + taken] ?? 0;
    const good = taken === 1 ? byte >= low && byte <= high : (byte & 0xc0) === 0x80;
    if (!good) return [REPLACEMENT, taken];
    code = (code << 6) | (byte & 0x3f);
  }
  return [code, size];
}

/** The text that bytes are in UTF-8. Total: what is no UTF-8 reads as U+FFFD, as in every browser. */
export function textOfUtf8(bytes: Uint8Array): string {
  let text = '';
  let codes: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [code, size] = codePointAt(bytes, at);
    codes.push(code);
    at += size;
    if (codes.length === CHUNK) {
      text += String.fromCodePoint(...codes);
      codes = [];
    }
  }
  return text + String.fromCodePoint(...codes);
}

/** The bytes of a text in UTF-8; half a surrogate pair becomes U+FFFD. */
export function utf8Of(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length);
  let at = 0;
  for (const character of text) {
    const given = character.codePointAt(0) ?? 0;
    const code = given >= 0xd800 && given <= 0xdfff ? REPLACEMENT : given;
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let left = size - 1; left >= 0; left--) {
      const bits = code >> (6 * left);
      bytes[at++] = left === size - 1 ? (0xf00 >> size) | bits : 0x80 | (bits & 0x3f);
    }
  }
  return bytes.subarray(0, at);
}
