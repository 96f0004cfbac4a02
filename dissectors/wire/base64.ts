const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** The bytes `[start, end)` of a view as base64 with padding. Source: RFC 4648, section 4. */
export function base64Of(view: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 3) {
    const [one, two, three] = [byteAt(view, at, end), byteAt(view, at + 1, end), byteAt(view, at + 2, end)];
    text += digit(one >>> 2) + digit((one << 4) | (two >>> 4));
    text += at + 1 < end ? digit((two << 2) | (three >>> 6)) : '=';
    text += at + 2 < end ? digit(three) : '=';
  }
  return text;
}

const byteAt = (view: DataView, at: number, end: number): number => (at < end ? view.getUint8(at) : 0);
const digit = (value: number): string => DIGITS[value & 0x3f] as string;

/** The bytes that a text in base64 with padding stands for; undefined where it is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const digits = text.replace(/={1,2}$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let [held, bits, at] = [0, 0, 0];
  for (const character of digits) {
    const value = VALUES.get(character);
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >>> bits;
  }
  return bytes;
}
