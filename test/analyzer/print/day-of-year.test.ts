import { expect, test } from 'vitest';
import { Clock } from '../../../analyzer/print/time.js';

const DAY = 86_400;

test.each([
  ['the first day of all', 0, '1970/001 00:00:00'],
  ['the last day of a leap year', Date.UTC(2024, 11, 31) / 1000 + DAY - 1, '2024/366 23:59:59'],
  ['the last day of another', Date.UTC(2026, 11, 31) / 1000 + DAY - 1, '2026/365 23:59:59'],
  ['the first of March in a leap year', Date.UTC(2024, 2, 1) / 1000, '2024/061 00:00:00'],
  ['the first of March in a century without one', Date.UTC(2100, 2, 1) / 1000, '2100/060 00:00:00'],
  ['before the epoch', -1, '1969/365 23:59:59'],
])('-t udoy counts the days of a year: %s', (_, seconds, text) => {
  expect(new Clock('udoy').show(seconds, 0, 0)).toBe(text);
});

test('-t adoy is in local time', () => {
  const date = new Date(2026, 1, 1, 12, 34, 56);
  expect(new Clock('adoy').show(date.getTime() / 1000, 120_000_000, 3)).toBe('2026/032 12:34:56.120');
});
