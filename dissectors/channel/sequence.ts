/** Half of the number space: at this distance serial numbers cannot be compared. */
const HALF = 0x8000;

/** The number `count` after `number`, 16 bits. */
export const plus = (number: number, count: number): number => (number + count) & 0xffff;

/**
 * How far `number` is ahead of `from`: positive when later, negative when earlier, −32768 when neither.
 * Source: RFC 1982, section 3.2, for 16 bits.
 */
export const distance = (from: number, number: number): number => ((number - from + HALF) & 0xffff) - HALF;
