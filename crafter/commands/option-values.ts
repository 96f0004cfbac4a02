import { InvalidArgumentError } from 'commander';

/** Reads the value of an option: a whole number within bounds. @throws {InvalidArgumentError} if it is none */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };

const isDecimal = (text: string): boolean => /^(\d+\.?\d*|\.\d+)$/.test(text);

/** Reads a number of seconds. @throws {InvalidArgumentError} if it is none */
export function seconds(text: string): number {
  if (isDecimal(text) && Number(text) > 0 && Number(text) <= 1e6) return Number(text);
  throw new InvalidArgumentError('expected a number of seconds above 0');
}

/** Reads a number of milliseconds, with `ms` behind it or not. @throws {InvalidArgumentError} if it is none */
export function milliseconds(text: string): number {
  const number = text.endsWith('ms') ? text.slice(0, -2) : text;
  if (isDecimal(number) && Number(number) <= 60_000) return Number(number);
  throw new InvalidArgumentError('expected a number of milliseconds up to 60000');
}

/** Reads a part of a whole, as a probability. @throws {InvalidArgumentError} if it is none */
export function part(text: string): number {
  const percent = text.endsWith('%');
  const number = percent ? text.slice(0, -1) : text;
  const value = Number(number) / (percent ? 100 : 1);
  if (isDecimal(number) && value <= 1) return value;
  throw new InvalidArgumentError('expected a part from 0 to 1, such as 0.05 or 5%');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** Reads bytes a second: `500k`, `50M`, or `none`, which has no bound. @throws {InvalidArgumentError} if it is none */
export function rate(text: string): number {
  if (text === 'none') return Number.POSITIVE_INFINITY;
  const [, number = '', unit = ''] = /^([\d.]+)([kMG]?)$/.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit] ?? 1);
  if (isDecimal(number) && value > 0) return value;
  throw new InvalidArgumentError('expected bytes a second, such as 500k or 50M, or none');
}
