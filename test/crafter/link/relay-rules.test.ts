import { expect, test } from 'vitest';
import { fateText, type RelayAction, type RelayRule, RelayRules } from '../../../crafter/link/relay-rules.js';

const rule = (
  action: RelayAction<string>,
  passes: (packet: number) => boolean,
  { times = Number.POSITIVE_INFINITY, skip = 0 } = {},
): RelayRule<number, string> => ({ action, passes, times, skip });

const textsOf = (rules: RelayRules<number, string>, packets: readonly number[]): readonly string[] =>
  packets.map((packet) => fateText(rules.fate(packet), (change) => change));

test('a rule is for so many packets that pass, after so many others', () => {
  const rules = new RelayRules([rule({ kind: 'drop' }, (packet) => packet > 10, { times: 2, skip: 1 })]);
  expect(textsOf(rules, [1, 11, 12, 2, 13, 14, 15])).toEqual(['', '', 'dropped', '', 'dropped', '', '']);
  expect(rules.applied).toEqual([2]);
});

test('all rules that fit are applied, in their order', () => {
  const even = (packet: number): boolean => packet % 2 === 0;
  const rules = new RelayRules([
    rule({ kind: 'set', change: 'a=1' }, even),
    rule({ kind: 'duplicate' }, even),
    rule({ kind: 'delay', by: 30 }, () => true),
    rule({ kind: 'delay', by: 20 }, even),
    rule({ kind: 'reorder' }, (packet) => packet === 3),
    rule({ kind: 'drop' }, (packet) => packet === 5),
  ]);
  expect(textsOf(rules, [2, 3, 5])).toEqual([
    'set a=1, sent 2 times, delayed by 50 ms',
    'delayed by 30 ms, held back until the next',
    'dropped',
  ]);
  expect(rules.applied).toEqual([1, 1, 3, 1, 1, 1]);
});
