import type { Resolution } from '../../dissectors/file/records.js';

/** The ways to show when a packet was captured: tshark's `-t`. */
export const TIME_FORMATS = ['r', 'a', 'ad', 'd', 'dd', 'e', 'u', 'ud'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

const pad = (number: number, size: number): string => `${number}`.padStart(size, '0');

/** A time as ISO 8601 in UTC with nanoseconds: `2026-01-02T03:04:05.123456789Z`. Beyond what dates can tell, epoch seconds. */
export function isoTime(seconds: number, nanos: number): string {
  if (!(Math.abs(seconds) <= LAST_DATE)) return epochTime(seconds, nanos);
  return `${isoSecond(seconds)}.${pad(nanos, 9)}Z`;
}

/** What a `Date` can tell at most, in seconds from the epoch. */
const LAST_DATE = 8_640_000_000_000;

/** The date and time of a second, in UTC; from a small memory, since packets come by the thousand a second. */
const isoSecond = remembered((seconds) => new Date(seconds * 1000).toISOString().slice(0, -5));

/** A function that remembers its last answer: pure from outside. */
function remembered(make: (seconds: number) => string): (seconds: number) => string {
  let last = Number.NaN;
  let text = '';
  return (seconds) => {
    if (seconds !== last) {
      text = make(seconds);
      last = seconds;
    }
    return text;
  };
}

/** Seconds since 1970-01-01T00:00:00Z with nanoseconds: `1767323045.123456789`. */
export function epochTime(seconds: number, nanos: number): string {
  if (seconds >= 0 || nanos === 0) return `${seconds}.${pad(nanos, 9)}`;
  // −0.25 is −1 s and 750,000,000 ns.
  const whole = -(seconds + 1);
  return `-${whole}.${pad(1_000_000_000 - nanos, 9)}`;
}

/** The difference of two times in seconds, with nanoseconds: `0.000123000`, `-1.5`. */
export function elapsed(fromSeconds: number, fromNanos: number, seconds: number, nanos: number): string {
  const difference = nanos - fromNanos;
  const borrow = difference < 0 ? 1 : 0;
  return epochTime(seconds - fromSeconds - borrow, difference + borrow * 1_000_000_000);
}

/** A time without the digits that its interface does not tell: microseconds end after six, as tshark prints them. */
export function toResolution(text: string, { base, exponent }: Resolution): string {
  if (base === 2 || exponent > 6) return text;
  if (exponent === 0) return text.slice(0, -10);
  return text.slice(0, exponent > 3 ? -3 : -6);
}

const localDate = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
const localTime = (date: Date): string =>
  `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;

/** Prints times in one format; remembers the first and the last, for differences. */
export class Clock {
  readonly format: TimeFormat;
  private first: readonly [number, number] | undefined;
  private last: readonly [number, number] | undefined;

  constructor(format: TimeFormat) {
    this.format = format;
  }

  /** The time of the next packet. */
  show(seconds: number, nanos: number): string {
    this.first ??= [seconds, nanos];
    const last = this.last ?? [seconds, nanos];
    this.last = [seconds, nanos];
    switch (this.format) {
      case 'r':
        return elapsed(...this.first, seconds, nanos);
      case 'd':
      case 'dd':
        return elapsed(...last, seconds, nanos);
      case 'e':
        return epochTime(seconds, nanos);
      case 'a':
      case 'ad':
      case 'u':
      case 'ud':
        return this.dated(seconds, nanos);
    }
  }

  private dated(seconds: number, nanos: number): string {
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) return epochTime(seconds, nanos);
    const fraction = pad(nanos, 9);
    const iso = date.toISOString();
    switch (this.format) {
      case 'a':
        return `${localTime(date)}.${fraction}`;
      case 'ad':
        return `${localDate(date)} ${localTime(date)}.${fraction}`;
      case 'u':
        return `${iso.slice(11, 19)}.${fraction}`;
      default:
        return `${iso.slice(0, -14)} ${iso.slice(-13, -5)}.${fraction}`;
    }
  }
}
