const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What each letter after a percent sign stands for. Source: strptime(3); `%f` as in text2pcap(1). */
const FORMS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>\\d{1,2})',
  b: '(?<b>[A-Za-z]{3,9})',
  B: '(?<b>[A-Za-z]{3,9})',
  d: '(?<d>\\d{1,2})',
  e: ' ?(?<d>\\d{1,2})',
  j: '(?<j>\\d{1,3})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  f: '(?<f>\\d{1,9})',
  s: '(?<s>\\d{1,12})',
  z: '(?<z>Z|[+-]\\d\\d:?\\d\\d)',
};
const SHORT: Readonly<Record<string, string>> = { T: '%H:%M:%S', F: '%Y-%m-%d', D: '%m/%d/%y', R: '%H:%M' };

const SECOND = 1_000_000_000n;
const DAY_MS = 86_400_000;

/**
 * Reads times as a format says; `ISO` stands for ISO 8601. What a time leaves out is that of the day given.
 * @returns nanoseconds since 1970, or undefined where the text has another form
 * @throws {RangeError} for a format with an unknown letter
 */
export function dumpTime(format: string, today: number): (text: string) => bigint | undefined {
  const whole = format === 'ISO' ? '%Y-%m-%dT%H:%M:%S.%f%z' : format;
  const pattern = new RegExp(patternOf(whole.replaceAll(/%([TFDR])/g, (_, letter) => SHORT[letter] ?? '')));
  return (text) => {
    const found = pattern.exec(text)?.groups;
    return found ? momentOf(found, today) : undefined;
  };
}

function patternOf(format: string): string {
  const seen = new Set<string>();
  const body = format.replaceAll(
    /(\.?)%(.)|[\\^$.*+?()[\]{}|]|\s+/g,
    (text, dot: string, letter: string | undefined) => {
      if (letter === undefined) return /\s/.test(text) ? '\\s+' : `\\${text}`;
      if (letter === '%') return `${dot === '' ? '' : '\\.'}%`;
      const form = FORMS[letter];
      if (form === undefined || seen.has(letter)) throw new RangeError(`"%${letter}" is no part of a time here`);
      seen.add(letter);
      // A fraction is told only where there is one.
      if (letter === 'f') return dot === '' ? form : `(?:[.,]${form})?`;
      return letter === 'z' ? `(?:${form})?` : `${dot === '' ? '' : '\\.'}${form}`;
    },
  );
  // As text2pcap reads it: a point at the end means the fraction behind it.
  return body.endsWith('\\.') ? `${body.slice(0, -2)}(?:[.,]${FORMS.f})?` : body;
}

function momentOf(found: Readonly<Record<string, string | undefined>>, today: number): bigint | undefined {
  const fraction = BigInt((found.f ?? '').padEnd(9, '0').slice(0, 9));
  if (found.s !== undefined) return BigInt(found.s) * SECOND + fraction;
  const day = new Date(today);
  const short = found.y === undefined ? undefined : Number(found.y) + (Number(found.y) < 69 ? 2000 : 1900);
  const year = found.Y === undefined ? (short ?? day.getUTCFullYear()) : Number(found.Y);
  const named = found.b === undefined ? -1 : MONTHS.indexOf(found.b.slice(0, 3).toLowerCase());
  if (found.b !== undefined && named < 0) return undefined;
  const isDated = found.m !== undefined || named >= 0 || found.j !== undefined;
  const month = found.m === undefined ? (named >= 0 ? named : isDated ? 0 : day.getUTCMonth()) : Number(found.m) - 1;
  const date = found.d === undefined ? (isDated ? 1 : day.getUTCDate()) : Number(found.d);
  const clock = [found.H, found.M, found.S].map((part) => Number(part ?? 0)) as [number, number, number];
  const ms = Date.UTC(year, month, date, ...clock) + (found.j === undefined ? 0 : (Number(found.j) - 1) * DAY_MS);
  return (BigInt(ms) - zoneMs(found.z)) * 1_000_000n + fraction;
}

function zoneMs(zone = 'Z'): bigint {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const ms = BigInt((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000);
  return sign === '-' ? -ms : ms;
}
