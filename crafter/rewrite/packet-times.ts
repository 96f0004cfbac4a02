/** A time since 1970-01-01T00:00:00Z: whole seconds, and nanoseconds below one. */
export interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

/** What is to become of the times of packets; each is done to what the one before it has made. */
export interface TimeChanges {
  /** A multiple of the time since the first packet. */
  readonly scale?: number;
  /** When the first packet is to have been captured, in nanoseconds. */
  readonly start?: bigint;
  /** Added to every time, in nanoseconds. */
  readonly shift?: bigint;
  /** Every packet so long after the one before it, in nanoseconds. */
  readonly every?: bigint;
  /** The time of every packet, in nanoseconds. */
  readonly set?: bigint;
  /** Whether no packet may be earlier than the one before it: it is then given the time of that one. */
  readonly strict?: boolean;
}

const SECOND = 1_000_000_000n;

export const nanosOf = ({ seconds, nanos }: Time): bigint => BigInt(seconds) * SECOND + BigInt(nanos);

export function timeOf(nanos: bigint): Time {
  const below = ((nanos % SECOND) + SECOND) % SECOND;
  return { seconds: Number((nanos - below) / SECOND), nanos: Number(below) };
}

/** Changes the times of packets, one packet after the other. */
export class TimeShift {
  readonly #changes: TimeChanges;
  #first: bigint | undefined;
  #last: bigint | undefined;
  #count = 0n;
  readonly isIdle: boolean;

  constructor(changes: TimeChanges) {
    this.#changes = changes;
    const { scale, start, shift, every, set, strict } = changes;
    const given = [scale, start, shift, every, set].some((change) => change !== undefined);
    this.isIdle = !given && strict !== true;
  }

  /** The new time of the next packet. */
  next(time: Time): Time {
    if (this.isIdle) return time;
    const { scale, start, shift = 0n, every, set, strict } = this.#changes;
    const old = nanosOf(time);
    this.#first ??= old;
    const since = every !== undefined ? every * this.#count : scaled(old - this.#first, scale);
    this.#count++;
    let now = set ?? (start ?? this.#first) + since + shift;
    if (strict && this.#last !== undefined && now < this.#last) now = this.#last;
    this.#last = now;
    return timeOf(now);
  }
}

/** Digits of a factor that count. */
const SCALE = 1_000_000_000;

function scaled(since: bigint, scale: number | undefined): bigint {
  if (scale === undefined || scale === 1) return since;
  // A factor such as 2 or 0.5 is exact this way, however long the capture is.
  const product = since * BigInt(Math.round(scale * SCALE));
  const half = product < 0n ? -500_000_000n : 500_000_000n;
  return (product + half) / BigInt(SCALE);
}

/**
 * Nanoseconds that a text such as `1.5`, `-3600`, `250ms`, `2h` or `-1d` stands for; seconds unless a unit is given.
 * @throws {RangeError} if it is none
 */
export function nanosFrom(text: string): bigint {
  const [, sign, whole, fraction = '', unit = 's'] =
    /^([+-]?)(\d+)(?:\.(\d{1,9}))?(ns|us|ms|s|m|h|d)?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`"${text}" is not a time such as 1.5, -3600 or 250ms`);
  const nanos = BigInt(whole) * SECOND + BigInt(fraction.padEnd(9, '0'));
  const scaled = (nanos * (UNITS[unit] ?? SECOND)) / SECOND;
  return sign === '-' ? -scaled : scaled;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 86_400n * SECOND,
};

/**
 * The time that a text such as `2026-01-01T00:00:00.5Z`, `2026-01-01` or `1767225600.5` stands for, in nanoseconds since
 * 1970; in UTC unless it says otherwise.
 * @throws {RangeError} if it is none
 */
export function momentFrom(text: string): bigint {
  if (/^\d+(\.\d{1,9})?$/.test(text)) return nanosFrom(text);
  const [, date, clock = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text) ?? [];
  const ms =
    date === undefined ? Number.NaN : Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`);
  if (Number.isNaN(ms)) throw new RangeError(`"${text}" is not a time such as 2026-01-01T00:00:00Z or 1767225600.5`);
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
