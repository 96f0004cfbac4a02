import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LINES, type Line, nodePrograms } from './node-versions.js';

/** What a clean checkout does not have: what .gitignore lists, and the repository itself. */
const NOT_CHECKED_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'bench-data']);

/** How large a package may be, in MB. */
const MOST_PACKED = 4.5;
const MOST_UNPACKED = 18;

const folder = mkdtempSync(join(tmpdir(), 'handshark-package-'));
const [checkout, cache, unpacked] = [join(folder, 'checkout'), join(folder, 'cache'), join(folder, 'unpacked')];
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};
const tarball = join(unpacked, `handshark-${manifest.version}.tgz`);
let files: readonly string[] = [];
let nodes: ReadonlyMap<Line, string>;

const run = (program: string, words: readonly string[], cwd: string): string =>
  execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * Packs a checkout in which nothing was built yet, as `npm publish` and an installation from a repository do. Not this
 * folder: its program would be built anew while other tests run it.
 */
beforeAll(() => {
  mkdirSync(checkout);
  for (const name of readdirSync('.')) {
    if (!NOT_CHECKED_OUT.has(name)) cpSync(name, join(checkout, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  mkdirSync(unpacked);
  run('npm', ['pack', '--offline', '--cache', cache, '--pack-destination', unpacked], checkout);
  files = run('tar', ['-xvzf', tarball], unpacked).split('\n').slice(0, -1);
  nodes = nodePrograms();
}, 400_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('a package from a clean checkout has the program, its workers, its manual page and what they read', () => {
  const workers = ['cap-child', 'raw-child', 'scan-worker', 'query-worker'].map((name) => `dist/${name}.js`);
  const read = ['README.md', 'LICENSE', 'docs/ui.md', 'fixtures/demo.pcapng'];
  const wanted = [...Object.values(manifest.bin), ...workers, ...manifest.man, ...read];
  expect(wanted.filter((name) => !files.includes(`package/${name}`))).toEqual([]);
});

test('a package has nothing of the scripts that only the project runs', () => {
  expect(files.filter((name) => name.startsWith('package/dist/tools/'))).toEqual([]);
  expect(files.filter((name) => /^package\/(test|analyzer|crafter|dissectors|node_modules)\//.test(name))).toEqual([]);
  expect(files.filter((name) => /^package\/fixtures\/(expected|hostile)\//.test(name))).toEqual([]);
  expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
});

const absent = (line: Line): string => `Node.js ${line} could not be fetched`;

test('a package is no larger than it has to be', () => {
  const MB = 1 << 20;
  expect(statSync(tarball).size).toBeLessThan(MOST_PACKED * MB);
  const sizes = files.filter((name) => !name.endsWith('/')).map((name) => statSync(join(unpacked, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_UNPACKED * MB);
});

test('nothing about a package surprises those who install or import it', async () => {
  const { messages } = await publint({ pkgDir: join(unpacked, 'package'), pack: false, strict: true });
  expect(messages).toEqual([]);
  const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (!checked.types) throw new Error('no types were found');
  // Only ES modules: what asks for more is none of the ways in which the package can be imported.
  const problems = checked.problems.filter(
    (problem) => !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
  );
  expect(problems).toEqual([]);
  expect(Object.keys(checked.entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort());
});

test('docs/api has a page a module, as the doc comments say; `npm run api` prints them', () => {
  const printed = join(folder, 'api');
  const words = ['--options', 'docs/typedoc.json', '--logLevel', 'Warn', '--out', printed];
  run(process.execPath, [resolve('node_modules/typedoc/bin/typedoc'), ...words], checkout);
  const pagesIn = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const pages = pagesIn(printed);
  expect(pagesIn('docs/api')).toEqual(pages);
  const modules = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  for (const path of modules) expect(pages).toContain(`${path.slice(2)}.md`);
  for (const page of pages.filter((name) => name.endsWith('.md')))
    expect(readFileSync(join('docs/api', page), 'utf8')).toBe(readFileSync(join(printed, page), 'utf8'));
});

test.for(LINES)('on Node.js %i the program in a package runs without anything beside it', (line, { skip }) => {
  const node = nodes.get(line) ?? skip(absent(line));
  expect(run(node, ['--version'], unpacked)).toMatch(new RegExp(`^v${line}\\.`));
  const program = join(unpacked, 'package', manifest.bin.handshark ?? '');
  expect(run(node, [program, '--version'], unpacked).trim()).toContain(manifest.version);
  const capture = join(unpacked, 'package/fixtures/compressed-ng.pcapng.zst');
  const [first] = run(node, [program, 'decode', '-c', '1', '-e', 'frame.number', capture], unpacked)
    .split('\n')
    .slice(-2);
  expect(first).toBe('1');
  const crafted = run(node, [program, 'craft', 'new', '--from', 'a', '--to', 'b', '--c1', '1a2b'], unpacked);
  expect(crafted).toMatch(/^[0-9a-f]{100,}\n$/);
});

describe('a TypeScript project that installs the package', () => {
  const project = join(folder, 'project');
  const examples = ['README.md', 'docs/library.md'].flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text ?? ''),
  );
  const names = examples.map((_, place) => `example-${place + 1}`);
  const compiler = resolve('node_modules/@typescript/native/bin/tsc');

  beforeAll(() => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
    // Without the optional module for capturing, which would have to be fetched and compiled.
    const manner = ['--offline', '--omit', 'optional', '--no-audit', '--no-fund', '--cache', cache];
    run('npm', ['install', ...manner, tarball], project);
    mkdirSync(join(project, 'node_modules/@types'));
    symlinkSync(resolve('node_modules/@types/node'), join(project, 'node_modules/@types/node'));
    symlinkSync(resolve('node_modules/undici-types'), join(project, 'node_modules/undici-types'));
    cpSync('fixtures/tcp-handshakes.pcap', join(project, 'capture.pcapng'));
    const options = {
      strict: true,
      target: 'ES2022',
      lib: ['ES2022'],
      module: 'NodeNext',
      types: ['node'],
      outDir: 'out',
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
    for (const [place, text] of examples.entries()) writeFileSync(join(project, `${names[place]}.ts`), text);
    run(process.execPath, [compiler, '-p', '.'], project);
  }, 120_000);

  /** Runs the examples one after the other in one process: a line of theirs that begins with `#` goes before each. */
  const said = (node: string): readonly (readonly string[])[] => {
    const all = names.map((name) => `console.log('#'); await import('./out/${name}.js');`).join('\n');
    return run(node, ['--input-type=module', '-e', all], project)
      .split('#\n')
      .slice(1)
      .map((text) => text.trim().split('\n'));
  };

  test.for(LINES)('runs each example of the README and of the page, on Node.js %i', (line, { skip }) => {
    const node = nodes.get(line) ?? skip(absent(line));
    const [every, opened, filtered, crafted, cut, played, talked, ...more] = said(node);
    expect(more).toEqual([]);
    expect(every?.[0]).toBe('1 TCP 192.0.2.21 0');
    expect(every?.at(-1)).toMatch(/^tcp /);
    expect(opened?.[0]).toBe('tcp 192.0.2.21:40001 192.0.2.10:8080 established the connection is in use');
    expect(filtered).toHaveLength(12);
    expect(crafted).toEqual(['eth,ip,udp,data 33630 0']);
    expect(cut).toEqual(['55']);
    expect(played).toEqual(['pass']);
    expect(talked).toEqual(['hello over UDP']);
  });

  test('has the program at hand', () => {
    expect(run(join(project, 'node_modules/.bin/handshark'), ['--version'], project).trim()).toBe(manifest.version);
    expect(readdirSync(join(project, 'node_modules')).sort()).toEqual([
      '.bin',
      '.package-lock.json',
      '@types',
      'handshark',
      'undici-types',
    ]);
  });

  test('needs no other package, and nothing of the terminal', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    const all = readdirSync(join(unpacked, 'package/dist/library')).filter((name) => name.endsWith('.js'));
    expect(all.length).toBeGreaterThan(6);
    // Maps of sources are there of what the library is made of, and of nothing else.
    const maps = files
      .filter((name) => name.endsWith('.js.map'))
      .map((name) => readFileSync(join(unpacked, name), 'utf8'));
    const sources = maps.flatMap((text) => (JSON.parse(text) as { readonly sources: readonly string[] }).sources);
    expect(maps.length).toBeGreaterThan(all.length);
    const packages = sources.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual([
      '@noble/ciphers',
      '@noble/curves',
      '@noble/hashes',
      'fastest-levenshtein',
      'fzstd',
      'get-east-asian-width',
      'xxhash-wasm',
    ]);
  });

  test('can be bundled for a browser: all but captures', async () => {
    const paths = Object.keys(manifest.exports).filter((path) => !/capture|io$|package\.json/.test(path));
    expect(paths).toEqual(['./dissect', './track', './filter', './craft', './peer', './script']);
    const contents = paths.map((path, place) => `export * as m${place} from 'handshark/${path.slice(2)}';`).join('\n');
    const bundle = await build({
      stdin: { contents, resolveDir: project },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      logLevel: 'silent',
    });
    const [file] = bundle.outputFiles;
    expect(file?.text.length).toBeGreaterThan(100_000);
    expect(file?.text).not.toMatch(/["']node:/);
  });
});
