const WORD = 2 ** 32;
const HALF = 2 ** 16;

/** The upper 32 bits of a whole number of 64 bits in two's complement, signed; numbers up to 2^53 either way. */
export const highHalf = (value: number): number => Math.floor(value / WORD);

/** The lower 32 bits, unsigned. */
export const lowHalf = (value: number): number => value - Math.floor(value / WORD) * WORD;

/**
 * `seconds * scale + part` in two halves, exactly, though it may exceed 2^53.
 * @param seconds whole, perhaps negative; the result must fit 64 bits
 * @param scale at most 10^9
 * @param part from 0 up to the scale
 */
export function scaledTime(seconds: number, scale: number, part: number): readonly [high: number, low: number] {
  const upper = Math.floor(seconds / HALF);
  const product = upper * scale;
  // Each product stays below 2^53: the factors have 18 and 30 bits, or 16 and 30.
  const carried = Math.floor(product / HALF);
  const low = (product - carried * HALF) * HALF + (seconds - upper * HALF) * scale + part;
  const carry = Math.floor(low / WORD);
  return [carried + carry, low - carry * WORD];
}
