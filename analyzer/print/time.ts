import type { Resolution } from '../../dissectors/file/records.js';
import { elapsed, epochTime } from '../text/elapsed.js';
import type { TimeFormat, TimeUnits } from './time-format.js';
import type { Timeline } from './timeline.js';
import { Utf8Text, wordsOf } from './utf8-text.js';

const pad = (number: number, size: number): string => `${number}`.padStart(size, '0');

/** What `writeIsoTime` writes. */
export function isoTime(seconds: number, nanos: number): string {
  const text = new Utf8Text(64);
  writeIsoTime(seconds, nanos, text);
  return text.toString();
}

/** What a `Date` can tell at most, in seconds from the epoch. */
const LAST_DATE = 8_640_000_000_000;

/** The date and time of a second, in UTC; from a small memory, since packets come by the thousand a second. */
const isoSecond = remembered((seconds) => new Date(seconds * 1000).toISOString().slice(0, -5));

/** A function that remembers its last answer: pure from outside. */
function remembered<T>(make: (seconds: number) => T): (seconds: number) => T {
  let last: readonly [seconds: number, made: T] | undefined;
  return (seconds) => {
    if (last?.[0] !== seconds) last = [seconds, make(seconds)];
    return last[1];
  };
}

/** The time of the day in UTC with nanoseconds: `03:04:05.123456789`. Beyond what dates can tell, epoch seconds. */
export const clockTime = (seconds: number, nanos: number): string =>
  Math.abs(seconds) <= LAST_DATE ? `${isoSecond(seconds).slice(-8)}.${pad(nanos, 9)}` : epochTime(seconds, nanos);

/** How many digits of a fraction of a second an interface tells, by threes, as tshark prints them. */
export const fractionDigits = (resolution: Resolution | undefined): number =>
  !resolution || resolution.base === 2 || resolution.exponent > 6 ? 9 : 3 * Math.ceil(resolution.exponent / 3);

/** A time without the digits that its interface does not tell. */
const toDigits = (text: string, digits: number): string =>
  digits === 9 ? text : text.slice(0, digits === 0 ? -10 : digits - 9);

const localDate = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
const localTime = (date: Date): string =>
  `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;

/** The formats that count from another packet. */
const SINCE: ReadonlySet<TimeFormat> = new Set(['r', 'd', 'dd']);

/** Seconds in hours, minutes and seconds, as far as there are any: `1h 2m 3.5s`. */
function spelled(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  const total = Number(whole);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  const parts = [hours > 0 ? `${hours}h` : '', minutes > 0 ? `${minutes}m` : '', `${total % 60}${fraction}s`];
  return `${sign === '' ? '' : '- '}${parts.filter((part) => part !== '').join(' ')}`;
}

/** Prints times in one format; remembers the first and the last that it is shown, for differences. */
export class Clock {
  readonly format: TimeFormat;
  /** Whether times are written as hours, minutes and seconds. */
  private readonly isSpelled: boolean;
  private readonly second: (seconds: number) => string | undefined;
  private started = false;
  private firstSeconds = 0;
  private firstNanos = 0;
  private lastSeconds = 0;
  private lastNanos = 0;

  /** @param units of times since others */
  constructor(format: TimeFormat, units: TimeUnits = 's') {
    this.format = format;
    this.isSpelled = units === 'hms' && SINCE.has(format);
    this.second = remembered((seconds) => secondText(format, seconds));
  }

  /**
   * The time of the next packet.
   * @param digits how many of its fraction are shown: 0, 3, 6 or 9
   * @param timeline the packets among which it is, shown or not; without it, those that are shown are all
   */
  show(seconds: number, nanos: number, digits = 9, timeline?: Timeline): string {
    const text = new Utf8Text(64);
    this.write(seconds, nanos, digits, text, timeline);
    return text.toString();
  }

  /** Adds the time of the next packet to a text. */
  write(seconds: number, nanos: number, digits: number, into: Utf8Text, timeline?: Timeline): void {
    const start = into.length;
    this.writePlain(seconds, nanos, digits, into, timeline);
    if (!this.isSpelled) return;
    const plain = into.textFrom(start);
    into.length = start;
    into.add(spelled(plain));
  }

  private writePlain(seconds: number, nanos: number, digits: number, into: Utf8Text, timeline?: Timeline): void {
    if (!this.started) {
      this.started = true;
      this.firstSeconds = this.lastSeconds = seconds;
      this.firstNanos = this.lastNanos = nanos;
    }
    switch (this.format) {
      case 'r':
        if (timeline) writeElapsed(timeline.firstSeconds, timeline.firstNanos, seconds, nanos, digits, into);
        else writeElapsed(this.firstSeconds, this.firstNanos, seconds, nanos, digits, into);
        break;
      case 'd':
        if (timeline) writeElapsed(timeline.beforeSeconds, timeline.beforeNanos, seconds, nanos, digits, into);
        else writeElapsed(this.lastSeconds, this.lastNanos, seconds, nanos, digits, into);
        break;
      case 'dd':
        writeElapsed(this.lastSeconds, this.lastNanos, seconds, nanos, digits, into);
        break;
      case 'e':
        writeElapsed(0, 0, seconds, nanos, digits, into);
        break;
      default: {
        const second = this.second(seconds);
        into.add(second ?? toDigits(epochTime(seconds, nanos), digits));
        if (second !== undefined) writeFraction(nanos, digits, into);
      }
    }
    this.lastSeconds = seconds;
    this.lastNanos = nanos;
  }
}

/**
 * Adds a time as ISO 8601 in UTC with nanoseconds: `2026-01-02T03:04:05.123456789Z`. Beyond what dates can tell, epoch
 * seconds.
 * @param digits of the fraction
 */
export function writeIsoTime(seconds: number, nanos: number, into: Utf8Text, digits = 9): void {
  if (!(Math.abs(seconds) <= LAST_DATE)) return into.add(epochTime(seconds, nanos));
  into.addWords(isoWords(seconds));
  writeFraction(nanos, digits, into);
  into.addByte(ZULU);
}

const isoWords = remembered((seconds) => wordsOf(isoSecond(seconds)));
const [POINT, ZULU] = [0x2e, 0x5a];

/** Adds what `epochTime` gives. */
export const writeEpochTime = (seconds: number, nanos: number, into: Utf8Text): void =>
  writeElapsed(0, 0, seconds, nanos, 9, into);

/** Adds the difference of two times in seconds. */
function writeElapsed(
  fromSeconds: number,
  fromNanos: number,
  seconds: number,
  nanos: number,
  digits: number,
  into: Utf8Text,
): void {
  const borrow = nanos < fromNanos ? 1 : 0;
  const whole = seconds - fromSeconds - borrow;
  if (whole >= 0 && Number.isSafeInteger(whole)) {
    into.addNumber(whole);
    writeFraction(nanos - fromNanos + borrow * 1_000_000_000, digits, into);
  } else {
    into.add(toDigits(elapsed(fromSeconds, fromNanos, seconds, nanos), digits));
  }
}

/** How many nanoseconds the last of so many digits counts. */
const NANOS_OF = Array.from({ length: 10 }, (_, digits) => 10 ** (9 - digits));

function writeFraction(nanos: number, digits: number, into: Utf8Text): void {
  if (digits === 0) return;
  into.addByte(POINT);
  into.addPadded(digits === 9 ? nanos : Math.floor(nanos / (NANOS_OF[digits] ?? 1)), digits);
}

/** A date or time of day to the second, in the formats that show one; undefined beyond what dates can tell. */
function secondText(format: TimeFormat, seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  switch (format) {
    case 'a':
      return localTime(date);
    case 'ad':
      return `${localDate(date)} ${localTime(date)}`;
    case 'adoy':
      return `${dayOfYear(date.getFullYear(), date.getMonth(), date.getDate())} ${localTime(date)}`;
    case 'u':
      return iso.slice(11, 19);
    case 'udoy':
      return `${dayOfYear(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())} ${iso.slice(-13, -5)}`;
    default:
      return `${iso.slice(0, -14)} ${iso.slice(-13, -5)}`;
  }
}

const DAY_MS = 86_400_000;

/** A date as its year and the number of its day, from 001: `2026/032` is 1 February. */
function dayOfYear(year: number, month: number, day: number): string {
  const number = (utcDay(year, month, day) - utcDay(year, 0, 1)) / DAY_MS + 1;
  return `${year}/${pad(number, 3)}`;
}

/** When a day begins in UTC, in milliseconds; years below 100 are meant as they are. */
const utcDay = (year: number, month: number, day: number): number => new Date(0).setUTCFullYear(year, month, day);
