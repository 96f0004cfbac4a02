import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder may import: folders of the project, by the start of the path, and packages, by name. */
const ALLOWED: Record<string, readonly string[]> = {
  dissectors: ['dissectors/', '@noble/hashes/', '@noble/ciphers/'],
  crafter: ['crafter/', 'dissectors/', '@noble/hashes/', 'node:', 'commander', 'fastest-levenshtein', 'cap'],
  analyzer: [
    'analyzer/',
    'crafter/',
    'dissectors/',
    'node:',
    'react',
    'ink',
    'commander',
    'get-east-asian-width',
    'tinyglobby',
    'fastest-levenshtein',
    'fzstd',
    'xxhash-wasm',
    '@noble/ciphers',
    '@noble/curves',
    '@noble/hashes',
    '@modelcontextprotocol/sdk',
    'zod',
  ],
  fixtures: ['fixtures/', 'crafter/', 'dissectors/', 'node:', '@noble/'],
};

/** The folders of the analyzer: each may use those before it, and none that comes after it. */
const ORDER: readonly string[] = [
  'text',
  'secrets',
  'handshakes',
  'track',
  'print',
  'capture',
  'index',
  'filter',
  'stats',
  'query',
  'store',
  'session',
  'desk',
  'ui',
  'completion',
  'export',
  'extcap',
  'commands',
  'mcp',
  'library',
];

/** What a folder may not use besides: its own parts, or parts of Node.js. */
const FORBIDDEN: Record<string, readonly string[]> = {
  'analyzer/secrets': ['node:'],
  'analyzer/handshakes': ['node:'],
  'analyzer/track': ['node:'],
  'analyzer/library': [
    'analyzer/commands/',
    'analyzer/mcp/',
    'analyzer/ui/',
    'analyzer/store/',
    'ink',
    'react',
    'commander',
  ],
  'analyzer/filter': ['node:fs', 'node:worker_threads'],
  'analyzer/store': ['node:fs', 'node:worker_threads'],
  'analyzer/ui': ['analyzer/capture/', 'node:fs', 'node:worker_threads'],
  'dissectors/wire': ['dissectors/channel/', 'dissectors/file/', 'dissectors/dissect', 'dissectors/registry'],
  'crafter/peer': ['crafter/commands/', 'crafter/io/', 'node:'],
};

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));

/** An import of a value or of a type: what a file must know to be understood counts, not only what it runs. */
const IMPORT = /^(?:import|export) [^;']*?from '([^']+)';|import\('([^']+)'\)|^import '([^']+)';/gm;

function importsOf(file: string): string[] {
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)];
  return found.map(([, from, later, alone]) => {
    const to = from ?? later ?? alone ?? '';
    return to.startsWith('.') ? join(dirname(file), to) : to;
  });
}

/** Whether an import is of a package or below a path that ends in `/` or `:`. */
const isOf = (to: string, allowed: string): boolean =>
  /[/:]$/.test(allowed) ? to.startsWith(allowed) : to === allowed || to.startsWith(`${allowed}/`);

test.each(Object.entries(ALLOWED))('%s imports only %j', (folder, allowed) => {
  const imports = sourcesIn(folder).flatMap((file) => importsOf(file).map((to) => [file, to] as const));
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, to]) => !allowed.some((one) => isOf(to, one)))).toEqual([]);
});

test.each(Object.entries(FORBIDDEN))('%s imports nothing of %j', (folder, forbidden) => {
  const imports = sourcesIn(folder).flatMap((file) => importsOf(file).map((to) => [file, to] as const));
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, to]) => forbidden.some((one) => to.startsWith(one)))).toEqual([]);
});

test('every folder of the analyzer has its place in the order', () => {
  const folders = readdirSync('analyzer', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...ORDER].sort());
});

test.each([...ORDER.entries()])('%i: analyzer/%s uses no folder above it', (place, folder) => {
  const above = ORDER.slice(place + 1).map((name) => `analyzer/${name}/`);
  const imports = sourcesIn(join('analyzer', folder)).flatMap((file) =>
    importsOf(file).map((to) => [file, to] as const),
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, to]) => above.some((one) => to.startsWith(one)))).toEqual([]);
});

/** Leads back to where it came from, along imports of values and of types: the first circle that is found, or nothing. */
function circleFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const before = new Map<string, string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const to of graph.get(file) ?? []) {
      if (to === start) {
        const circle = [file];
        for (let at = before.get(file); at !== undefined; at = before.get(at)) circle.unshift(at);
        return circle;
      }
      if (before.has(to)) continue;
      before.set(to, file);
      open.push(to);
    }
  }
  return undefined;
}

test('no file imports itself by way of others, types too', () => {
  const files = ['dissectors', 'crafter', 'analyzer', 'fixtures'].flatMap(sourcesIn);
  const sources = new Map(files.map((file) => [file.replace(/\.tsx?$/, '.js'), file]));
  const graph = new Map(files.map((file) => [file, importsOf(file).flatMap((to) => sources.get(to) ?? [])] as const));
  expect([...graph.values()].flat().length).toBeGreaterThan(files.length);
  const circles = files.flatMap((file) => {
    const circle = circleFrom(file, graph);
    return circle === undefined ? [] : [circle.join(' -> ')];
  });
  expect(circles).toEqual([]);
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
