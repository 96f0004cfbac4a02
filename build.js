/**
 * Builds `dist/`: the program and its workers as a few ES modules, split so that a command loads only what it needs.
 * `--tools` adds what the project's own scripts run (fixtures, benchmark).
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
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
  }),
};

/** Each of these is one file: a thread or a process starts sooner when it has nothing to look for. */
const workers = {
  'cap-child': 'analyzer/capture/cap-child.ts',
  'raw-child': 'crafter/io/raw-child.ts',
  'scan-worker': 'analyzer/index/scan-worker.ts',
  'query-worker': 'analyzer/query/query-worker.ts',
};

if (!tools) await rm('dist', { recursive: true, force: true });
/**
 * Ink compares the styles of every two neighbouring cells of a frame. Rows are painted past it here, so nearly all of its
 * cells are blanks without styles: a line of those is their characters. That takes a third off the time of a frame.
 * @type {import('esbuild').Plugin}
 */
const plainLines = {
  name: 'plain lines',
  setup({ onLoad }) {
    onLoad({ filter: /ansi-tokenize[/\\]build[/\\]styledChars\.js$/ }, async ({ path }) => {
      const start = 'export function styledCharsToString(chars) {';
      const source = await readFile(path, 'utf8');
      if (!source.includes(start)) throw new Error(`${path}: not as it was: see plainLines in build.js`);
      const quick =
        "if (chars.every(({ styles }) => styles.length === 0)) return chars.map(({ value }) => value).join('');";
      return { contents: source.replace(start, `${start}\n  ${quick}`) };
    });
  },
};

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
  plugins: [plainLines],
  legalComments: 'none',
  logLevel: 'warning',
};
const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));
await build({ ...options, entryPoints, splitting: true });
await build({ ...options, entryPoints: workers });
