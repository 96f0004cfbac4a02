/**
 * Builds `dist/`: the program and its workers as a few ES modules, split so that a command loads only what it needs.
 * `--tools` adds what the project's own scripts run (fixtures, benchmark).
 */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename } from 'node:path';
import { build } from 'esbuild';

const tools = process.argv.includes('--tools');

const entries = {
  handshark: 'analyzer/main.ts',
  start: 'analyzer/start.ts',
  ...(tools && {
    'tools/make-fixtures': 'fixtures/make.ts',
    'tools/bench': 'test/bench/bench.ts',
    'tools/ui-live': 'test/bench/ui-live-entry.ts',
    'tools/make-docs': 'docs/make.ts',
    'tools/make-screens': 'docs/screens.ts',
    'tools/make-golden': 'test/golden/make.ts',
    'tools/fuzz': 'test/fuzz/main.ts',
  }),
};

/** Each of these is one file: a thread or a process starts sooner when it has nothing to look for. */
const workers = {
  'cap-child': 'analyzer/capture/cap-child.ts',
  'raw-child': 'crafter/io/raw-child.ts',
  'scan-worker': 'analyzer/index/scan-worker.ts',
  'query-worker': 'analyzer/query/query-worker.ts',
  'print-worker': 'analyzer/commands/print-worker.ts',
};

/** What other programs import: a file each, without what the terminal needs; see `exports` in package.json. */
const library = Object.fromEntries(
  ['capture', 'dissect', 'track', 'filter', 'craft', 'peer', 'peer-io', 'script'].map((name) => [
    `library/${name}`,
    `analyzer/library/${name}.ts`,
  ]),
);

if (!tools) await rm('dist', { recursive: true, force: true });
/** @type {import('esbuild').BuildOptions} */
const options = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'bundle',
  // Native modules are loaded at run time, where they are installed. Ink's developer tools are never wanted.
  external: ['@lydell/node-pty', 'cap', 'esbuild', 'react-devtools-core'],
  // Ink's layout engine would fetch itself from a `data:` URL, and load a whole web client for that; without, it decodes.
  define: { 'process.env.NODE_ENV': '"production"', fetch: 'undefined' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
};
const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));
const built = await build({ ...options, entryPoints, splitting: true, metafile: true });
if (!tools) await writeFile('dist/load-order.json', JSON.stringify(loadOrder(built.metafile.outputs)));
await build({ ...options, entryPoints: workers });
if (!tools) {
  const { banner: _, define: __, ...plain } = options;
  await build({
    ...plain,
    entryPoints: library,
    splitting: true,
    // Nothing of Node.js but what the capture module asks for by name.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*'],
    sourcemap: true,
  });
}

/**
 * The modules that the program may load, each behind those that it imports: see analyzer/load-in-turn.ts.
 * @param {Record<string, import('esbuild').Metafile['outputs'][string]>} outputs
 */
function loadOrder(outputs) {
  /** @type {Set<string>} */
  const ordered = new Set();
  const add = (/** @type {string} */ path, /** @type {Set<string>} */ around) => {
    if (ordered.has(path) || around.has(path) || !outputs[path]) return;
    // What may not be installed is loaded only by who needs it.
    if (outputs[path].imports.some(({ path: to, external }) => external && !isBuiltin(to))) return;
    const inside = new Set([...around, path]);
    const imported = outputs[path].imports.filter(({ external }) => !external);
    for (const one of imported) if (one.kind === 'import-statement') add(one.path, inside);
    ordered.add(path);
    for (const one of imported) if (one.kind === 'dynamic-import') add(one.path, inside);
  };
  add('dist/handshark.js', new Set());
  ordered.delete('dist/handshark.js');
  return [...ordered].map((path) => basename(path));
}
