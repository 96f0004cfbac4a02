/** The digits of so many nanoseconds. */
const fraction = (nanos: number): string => `${nanos}`.padStart(9, '0');

/** Seconds since 1970-01-01T00:00:00Z with nanoseconds: `1767323045.123456789`. */
export function epochTime(seconds: number, nanos: number): string {
  if (seconds >= 0 || nanos === 0) return `${seconds}.${fraction(nanos)}`;
  // −0.25 is −1 s and 750,000,000 ns.
  const whole = -(seconds + 1);
  return `-${whole}.${fraction(1_000_000_000 - nanos)}`;
}

/** The difference of two times in seconds, with nanoseconds: `0.000123000`, `-1.5`. */
export function elapsed(fromSeconds: number, fromNanos: number, seconds: number, nanos: number): string {
  const difference = nanos - fromNanos;
  const borrow = difference < 0 ? 1 : 0;
  return epochTime(seconds - fromSeconds - borrow, difference + borrow * 1_000_000_000);
}

/** A time in seconds as microseconds, to the nanosecond. */
export const micros = (seconds: number): number => Math.round(seconds * 1e9) / 1e3;

/** The same of a time that may not be known. */
export const microsIf = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : micros(seconds);
