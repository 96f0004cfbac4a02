/** A view over exactly these bytes, without a copy. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The bytes under a view, without a copy. */
export const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** The bytes `[start, end)` under a view, without a copy; `end` is clamped to the view. */
export const slice = (view: DataView, start: number, end: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + start, Math.max(0, Math.min(end, view.byteLength) - start));

/** Fewer bytes than this are written one by one: a view of where they go would cost more. */
const FEW = 32;

/** Writes the first `size` of `bytes` at `at`. */
export function put(view: DataView, at: number, bytes: Uint8Array, size = bytes.length): void {
  if (size > FEW) {
    new Uint8Array(view.buffer, view.byteOffset + at, size).set(size < bytes.length ? bytes.subarray(0, size) : bytes);
    return;
  }
  for (let place = 0; place < size; place++) view.setUint8(at + place, bytes[place] ?? 0);
}

/** Writes one byte all over `[start, end)`. */
export function fill(view: DataView, start: number, end: number, byte: number): void {
  if (end - start > FEW) {
    new Uint8Array(view.buffer, view.byteOffset + start, end - start).fill(byte);
    return;
  }
  for (let at = start; at < end; at++) view.setUint8(at, byte);
}

/** The two hex digits of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex of the bytes `[start, end)` of a view, with `separator` between bytes. */
export function hexOf(view: DataView, start: number, end: number, separator = ''): string {
  let text = '';
  for (let at = start; at < end; at++) text += (at > start ? separator : '') + HEX[view.getUint8(at)];
  return text;
}

const digits = (byte: number): string => HEX[byte & 0xff] as string;

/** The four hex digits of a 16-bit number. */
export const hex16 = (value: number): string => digits(value >>> 8) + digits(value);

/** The eight hex digits of a 32-bit number. */
export const hex32 = (value: number): string => hex16(value >>> 16) + hex16(value);

/** Lower-case hex of bytes, without separators. */
export const toHex = (bytes: Uint8Array): string => hexOf(viewOf(bytes), 0, bytes.length);

/**
 * The bytes that a string of hex digits stands for; blanks and colons between digits are skipped.
 * @throws {RangeError} on an odd number of digits or anything that is not a hex digit
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) throw new RangeError('not an even number of hex digits');
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** The ASCII text `[at, end)` of a view, up to its first zero byte; what cannot be printed is left out. */
export function asciiText(view: DataView, at: number, end: number): string {
  let text = '';
  for (let start = at; start < end; start++) {
    const byte = view.getUint8(start);
    if (byte === 0) break;
    if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
  }
  return text;
}

/** Runs of bytes, one behind the other, in one array. */
export function concatenated(runs: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(runs.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const run of runs) {
    bytes.set(run, at);
    at += run.length;
  }
  return bytes;
}
