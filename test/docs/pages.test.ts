import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGES } from '../../docs/pages.js';

test.each(Object.entries(PAGES))('docs/%s is what the code prints; `npm run docs` writes it', (name, page) => {
  expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(page());
});
