import { expect, test } from 'vitest';
import { running } from './running.js';

test.each([
  [['peer']],
  [['peer', 'listen']],
  [['peer', 'connect']],
  [['run']],
  [['check']],
  [['inject']],
  [['decode']],
  [['channels']],
])('the help of %j ends with examples of it', async (words) => {
  const { stdout } = await running([...words, '--help']);
  const examples = stdout.slice(stdout.indexOf('\nExamples:\n')).split('\n').slice(2, -1);
  expect(examples.filter((line) => line.includes(`handshark ${words.join(' ')} `))).not.toEqual([]);
  // An option that can be repeated says so, and not that it begins with none.
  expect(stdout).not.toMatch(/default: (\[\]|\{\})/);
});
