/** Writes the pages of `docs/` that are printed from the code, so that they cannot go stale. Run by `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { PAGES } from './pages.js';

for (const [name, page] of Object.entries(PAGES)) writeFileSync(`docs/${name}`, page());
