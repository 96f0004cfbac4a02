import { expect, test } from 'vitest';
import { channelChoice } from '../../../analyzer/commands/channel-choice.js';

test.each([
  ['3', 3, 0x1a2b, 0x3c4d, true],
  ['3', 4, 0x1a2b, 0x3c4d, false],
  ['3', undefined, 3, 3, false],
  ['1a2b3c4d', 9, 0x1a2b, 0x3c4d, true],
  ['1A2B3C4D', undefined, 0x1a2b, 0x3c4d, true],
  // Before the answer only the first half is known.
  ['1a2b3c4d', 9, 0x1a2b, undefined, true],
  ['1a2b3c4d', 9, 0x1a2b, 0x0001, false],
  ['12345678', 9, 0x1234, 0x5678, true],
  ['0x1234', 9, 0x1234, 0x5678, true],
  ['1234', 1234, 1, 1, true],
  ['1a2b', 9, 0x1a2b, 0x5678, true],
] as const)('%s with channel %s, %s and %s: %s', (word, number, c1, c2, expected) => {
  expect(channelChoice([word])?.(number, c1, c2)).toBe(expected);
});

test('without words there is no choice; with several, one is enough', () => {
  expect(channelChoice([])).toBeUndefined();
  expect(channelChoice(['7', '1a2b3c4d'])?.(7, 0, 0)).toBe(true);
});

test.each(['', '0', '-1', 'x', '1a2b3c', '0x7', '1a2b3c4d5'])('%j is refused', (word) => {
  expect(() => channelChoice([word])).toThrow(`--channel: ${word}: expected a channel's number, or its id in hex`);
});
