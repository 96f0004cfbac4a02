import { expect, test } from 'vitest';
import { lineWords } from '../../../analyzer/text/line-words.js';
import { rangesText } from '../../../analyzer/text/ranges-text.js';

test.each([
  ['', []],
  ['  --ttl  9 ', ['--ttl', '9']],
  [`--where 'chan.msg.type == NEW' -v`, ['--where', 'chan.msg.type == NEW', '-v']],
  [`--where='a == "b c"'`, ['--where=a == "b c"']],
  [`"it's"x ''`, ["it'sx", '']],
  [`'open`, [`'open`]],
])('the words of %j', (line, words) => {
  expect(lineWords(line)).toEqual(words);
});

test('numbers are a set of a display filter, in ranges', () => {
  expect(rangesText([9, 3, 2, 1, 7, 8, 3])).toBe('1..3, 7..9');
  expect(rangesText([4])).toBe('4');
});
