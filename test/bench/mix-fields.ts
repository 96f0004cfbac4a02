import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import { tsharkNames } from '../tshark/tshark.js';
import { has, PROGRAM } from './race.js';

/** How many fields are printed. */
const DRAWN = 5;
/** Of a field that this program prints in one way and tshark in another, as docs/wireshark.md says. */
const OTHERWISE: ReadonlySet<string> = new Set(['frame.time', 'frame.protocols']);

/** The names in the tables of `docs/fields.md`, in their order. */
const documented = (): readonly string[] =>
  [...readFileSync('docs/fields.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);

/** The fields of `docs/fields.md` that tshark knows too, or all where it is not installed. */
export function sharedFields(): readonly string[] {
  if (!has('tshark')) return documented();
  const theirs = tsharkNames();
  return documented().filter((name) => theirs.has(name) && !OTHERWISE.has(name));
}

/** The fields that have a value in some packet of a capture. */
export function occurring(path: string, fields: readonly string[]): readonly string[] {
  const words = [PROGRAM, 'decode', path, '-T', 'fields', ...fields.flatMap((name) => ['-e', name])];
  const printed = execFileSync('node', words, { encoding: 'utf8', maxBuffer: 1 << 30 });
  const found = new Set<number>();
  for (const line of printed.split('\n')) {
    for (const [place, value] of line.split('\t').entries()) if (value !== '') found.add(place);
  }
  return fields.filter((_, place) => found.has(place));
}

/** Five of some fields, or all where they are fewer; the same for the same seed and name. */
export function drawn(fields: readonly string[], seed: number, mix: string): readonly string[] {
  const random = seeded([...mix].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed));
  const left = [...fields];
  const count = Math.min(DRAWN, left.length);
  return Array.from({ length: count }, () => taken(left, random));
}

const taken = (left: string[], random: Seeded): string => left.splice(random.integer(left.length), 1)[0] ?? '';

/**
 * What tshark must be told so that it does as much as this program for some fields: to check the checksums whose status
 * is asked for.
 */
export const preferencesFor = (fields: readonly string[]): readonly string[] =>
  fields.flatMap((name) => {
    const protocol = /^(ip|udp|tcp)\.checksum\.status$/.exec(name)?.[1];
    return protocol === undefined ? [] : ['-o', `${protocol}.check_checksum:TRUE`];
  });
