import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KEY_GROUPS, keyLabel } from '../../analyzer/store/keys.js';
import { PAGES, PAGES_WITH_TABLES, PLAYED_PAGES } from '../../docs/pages.js';
import { withTables } from '../../docs/ui-tables.js';

const pageNamed = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The parts of a page: what comes before its first section, and each section with its heading. */
const sectionsOf = (page: string): readonly string[] => page.split(/^(?=## )/m).map((section) => section.trim());

const printed = Object.entries(PAGES).flatMap(([name, page]) =>
  sectionsOf(page()).map((section) => [name, section.split('\n', 1)[0], section] as const),
);

// A section each: one more protocol is one more test, and changes none.
test.each(printed)('docs/%s, "%s", is what the code prints; `npm run docs` writes it', (name, _, section) => {
  expect(sectionsOf(pageNamed(name))).toContain(section);
});

test.each(Object.entries(PAGES))('docs/%s has no section that the code does not print', (name, page) => {
  const known = sectionsOf(page());
  expect(sectionsOf(pageNamed(name)).filter((section) => !known.includes(section))).toEqual([]);
});

test.each(Object.entries(PLAYED_PAGES))(
  'docs/%s is what the commands in it print; `npm run docs` writes it',
  { timeout: 120_000 },
  async (name, page) => {
    expect(pageNamed(name)).toBe(await page());
  },
);

test.each(PAGES_WITH_TABLES)('the tables in docs/%s are what the code prints; `npm run docs` writes them', (name) => {
  const page = pageNamed(name);
  expect(page).toContain('<!-- printed: ');
  expect(page).toBe(withTables(page));
});

test('the guide of the terminal UI names every key and every command', () => {
  const page = pageNamed('ui.md');
  for (const { keys, command, help } of KEY_GROUPS.flatMap(([, bindings]) => bindings)) {
    for (const key of keys) expect(page).toContain(`\`${keyLabel(key).replaceAll('|', '\\|')}\``);
    expect(page).toMatch(new RegExp(`\\| \`${command}(?: [A-Z:]+)?\` \\|`));
    expect(page).toContain(help.replaceAll('|', '\\|'));
  }
});
