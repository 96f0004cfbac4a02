import type { Resolution } from './records.js';

const NANOS = 1_000_000_000;
const NANOS_BIG = 1_000_000_000n;

/** Turns timestamps of one interface into seconds and nanoseconds. */
export interface Clock {
  /** Units in a second where the arithmetic is fast: a million or a thousand million; 0 for the others. */
  readonly fast: number;
  /** Nanoseconds of a unit, where it is fast. */
  readonly unit: number;
  readonly perSecond: bigint;
  /** Seconds to add. */
  readonly offset: number;
}

export const clockOf = ({ base, exponent }: Resolution, offset: number): Clock => {
  const fast = base === 10 && (exponent === 6 || exponent === 9) ? 10 ** exponent : 0;
  return { fast, unit: fast && NANOS / fast, perSecond: BigInt(base) ** BigInt(exponent), offset };
};

/** Whole seconds, without the offset, of a timestamp on a fast clock. Exact: corrected by what `unitsOver` leaves. */
export const secondsOf = (clock: Clock, high: number, low: number): number =>
  Math.floor((high * 0x1_0000_0000 + low) / clock.fast);

/**
 * What `seconds` leave of a timestamp, in units. The quotient of two doubles is off by one at most, so this is small,
 * and 32 bits of it are enough: at worst one unit count below zero or above a second.
 */
export const unitsOver = (clock: Clock, low: number, seconds: number): number =>
  (low - Math.imul(seconds | 0, clock.fast)) | 0;

/** A timestamp on any other clock, as `[seconds, nanos]`. */
export function slowTime(clock: Clock, high: number, low: number): readonly [seconds: number, nanos: number] {
  const units = (BigInt(high) << 32n) | BigInt(low);
  const seconds = units / clock.perSecond;
  const nanos = ((units - seconds * clock.perSecond) * NANOS_BIG) / clock.perSecond;
  return [Number(seconds) + clock.offset, Number(nanos)];
}
