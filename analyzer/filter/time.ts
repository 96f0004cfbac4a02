const NANOS = 1_000_000_000n;

/** A moment as nanoseconds since 1970 in UTC. */
export const momentOf = (seconds: number, nanos: number): bigint => BigInt(seconds) * NANOS + BigInt(nanos);

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d*))?)?(Z|[+-]\d{2}:?\d{2})?)?( UTC)?$/;
const LEGACY = /^([A-Za-z]{3}) +(\d{1,2}), *(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?:\.(\d*))?( UTC)?$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A moment from its text: ISO 8601 (`2026-01-02T03:04:05.678Z`, in parts) or `Jan 2, 2026 03:04:05.678`. Without a
 * zone it is local time.
 */
export function parseTime(given: string): bigint | undefined {
  const text = given.trim();
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone, utc] = iso;
    if (zone && utc) return undefined;
    return moment([year, month, day, hour, minute, second], fraction, zone ?? (utc ? 'Z' : undefined));
  }
  const legacy = LEGACY.exec(text);
  if (!legacy) return undefined;
  const [, name = '', day, year, hour, minute, second, fraction, utc] = legacy;
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  return moment([year, `${month}`, day, hour, minute, second], fraction, utc ? 'Z' : undefined);
}

function moment(parts: readonly (string | undefined)[], fraction = '', zone?: string): bigint | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  if (zone === undefined) {
    date.setFullYear(year, month - 1, day);
    date.setHours(hour, minute, second, 0);
  } else {
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, 0);
  }
  const seconds = date.getTime() / 1000 - offsetOf(zone);
  return momentOf(seconds, Number(fraction.slice(0, 9).padEnd(9, '0')));
}

/** The seconds by which a zone is ahead of UTC. */
function offsetOf(zone = 'Z'): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -60 : 60) * (60 * Number(hours) + Number(minutes));
}

/** A duration in seconds as nanoseconds, exactly. */
export function parseDuration(text: string): bigint | undefined {
  const [, seconds, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,9})0*)?$/.exec(text) ?? [];
  return seconds === undefined ? undefined : BigInt(seconds) * NANOS + BigInt(fraction.padEnd(9, '0'));
}
