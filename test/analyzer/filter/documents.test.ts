import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFilter } from '../../../analyzer/filter/compile.js';
import { OPERATOR_WORDS } from '../../../analyzer/filter/lexer.js';
import { FUNCTIONS } from '../../../analyzer/filter/typed.js';
import { EITHER } from '../../../analyzer/print/fields.js';

const page = readFileSync('docs/filters.md', 'utf8');

test('every example of the page is legal', () => {
  const blocks = [...page.matchAll(/```filter\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));
  expect(blocks.length).toBeGreaterThan(10);
  for (const filter of blocks) expect(readFilter(filter).text).toBe(filter);
});

test('whole filters within its lines are legal', () => {
  const inline = [...page.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const filters = inline.filter((code) =>
    /^(?:all |any |not )?[a-z.]+\d?\.[a-z0-9_.]+.* (?:[=!]=+|>=?|<) \S/.test(code),
  );
  expect(filters.length).toBeGreaterThan(20);
  for (const filter of filters) expect(readFilter(filter).text).toBe(filter);
});

test('every function, alias and word is on it', () => {
  const words = OPERATOR_WORDS.filter((word) => !/^(?:any|all)_|bitwise/.test(word));
  const missing = [...FUNCTIONS.map((name) => `${name}(`), ...Object.keys(EITHER), ...words].filter(
    (word) => !page.includes(word),
  );
  expect(missing).toEqual([]);
});

test('the error it shows is the one that is told', () => {
  const shown = /```text\nhandshark: (.*?)```/s.exec(page)?.[1]?.trimEnd();
  expect(() => readFilter('ip and udp.prot == 53')).toThrow(shown);
});
