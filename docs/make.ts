/** Writes what of `docs/` is printed from the code, so that it cannot go stale. Run by `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { PAGES, PAGES_WITH_TABLES, PLAYED_PAGES } from './pages.js';
import { withTables } from './ui-tables.js';

for (const [name, page] of Object.entries(PAGES)) writeFileSync(`docs/${name}`, page());
for (const [name, page] of Object.entries(PLAYED_PAGES)) writeFileSync(`docs/${name}`, await page());
for (const name of PAGES_WITH_TABLES) {
  const path = `docs/${name}`;
  writeFileSync(path, withTables(readFileSync(path, 'utf8')));
}
