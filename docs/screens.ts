/** Draws the screens that the README shows, from the cells of the real program in a terminal. Run by `npm run screens`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { SCREENS, shoot } from './shots.js';

mkdirSync('docs/screens', { recursive: true });
for (const screen of SCREENS) {
  writeFileSync(`docs/screens/${screen.name}.svg`, await shoot(screen));
  console.log(`docs/screens/${screen.name}.svg`);
}
