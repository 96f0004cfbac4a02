/**
 * Writes what the program prints of the fixtures that are named as what it shall print: `npm run golden -- vlan ipv6`, or
 * `--all`. Read the difference before you commit it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CAPTURES, EXPECTED, expectedPath, KINDS, plainName, printedOf } from './golden.js';

const words = process.argv.slice(2);
const known = new Set(CAPTURES.map(plainName));
const unknown = words.filter((word) => word !== '--all' && !known.has(word));
if (words.length === 0 || unknown.length > 0) {
  console.error(unknown.length > 0 ? `no such fixture: ${unknown.join(' ')}` : 'name the fixtures, or --all');
  process.exitCode = 2;
} else {
  mkdirSync(EXPECTED, { recursive: true });
  for (const capture of CAPTURES) {
    if (!words.includes('--all') && !words.includes(plainName(capture))) continue;
    for (const kind of Object.keys(KINDS)) writeFileSync(expectedPath(capture, kind), await printedOf(capture, kind));
  }
}
