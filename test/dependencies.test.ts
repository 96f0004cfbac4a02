import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder may import: folders of the project, by the start of the path, and packages, by name. */
const ALLOWED: Record<string, readonly string[]> = {
  dissectors: ['dissectors/', '@noble/hashes/'],
  crafter: ['crafter/', 'dissectors/', 'node:', 'commander', 'cap'],
  analyzer: [
    'analyzer/',
    'crafter/',
    'dissectors/',
    'node:',
    'react',
    'ink',
    'commander',
    'get-east-asian-width',
    'fzstd',
  ],
  fixtures: ['fixtures/', 'crafter/', 'dissectors/', 'node:'],
};

/** Inside the analyzer, what may not be used by what: arrows point one way. */
const FORBIDDEN: Record<string, readonly string[]> = {
  'analyzer/track': ['analyzer/ui/', 'analyzer/commands/', 'analyzer/store/', 'analyzer/index/', 'node:'],
  'analyzer/filter': ['analyzer/ui/', 'analyzer/commands/', 'analyzer/store/', 'node:fs', 'node:worker_threads'],
  'analyzer/store': ['analyzer/commands/', 'node:fs', 'node:worker_threads'],
  'analyzer/ui': ['analyzer/commands/', 'analyzer/capture/', 'node:fs', 'node:worker_threads'],
  'dissectors/wire': ['dissectors/channel/', 'dissectors/file/', 'dissectors/dissect', 'dissectors/registry'],
  'crafter/peer': ['crafter/commands/', 'crafter/io/', 'node:'],
};

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));

/** Only values count for order; types may be known anywhere. */
const IMPORT = /^(?:import|export) (type )?[^;']*?from '([^']+)';|import\('([^']+)'\)|^import '([^']+)';/gm;

function importsOf(file: string, types: boolean): string[] {
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)];
  return found.flatMap(([, type, from, later, alone]) => {
    if (type && !types) return [];
    const to = from ?? later ?? alone ?? '';
    return [to.startsWith('.') ? join(dirname(file), to) : to];
  });
}

/** Whether an import is of a package or below a path that ends in `/` or `:`. */
const isOf = (to: string, allowed: string): boolean =>
  /[/:]$/.test(allowed) ? to.startsWith(allowed) : to === allowed || to.startsWith(`${allowed}/`);

test.each(Object.entries(ALLOWED))('%s imports only %j', (folder, allowed) => {
  const imports = sourcesIn(folder).flatMap((file) => importsOf(file, true).map((to) => [file, to] as const));
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, to]) => !allowed.some((one) => isOf(to, one)))).toEqual([]);
});

test.each(Object.entries(FORBIDDEN))('%s imports nothing of %j', (folder, forbidden) => {
  const imports = sourcesIn(folder).flatMap((file) => importsOf(file, false).map((to) => [file, to] as const));
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, to]) => forbidden.some((one) => to.startsWith(one)))).toEqual([]);
});

test('nothing is imported for its side effects but by the programs', () => {
  const bare = ['dissectors', 'crafter', 'analyzer'].flatMap(sourcesIn).filter((file) => {
    return /^import '/m.test(readFileSync(file, 'utf8'));
  });
  expect(bare).toEqual([]);
});

test('no file exists only to re-export a folder', () => {
  const barrels = ['dissectors', 'crafter', 'analyzer', 'fixtures'].flatMap(sourcesIn).filter((file) => {
    return /\/index\.tsx?$/.test(file) || /^export \*/m.test(readFileSync(file, 'utf8'));
  });
  expect(barrels).toEqual([]);
});
