import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What a clean checkout does not have: what .gitignore lists, and the repository itself. */
const NOT_CHECKED_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'bench-data']);

const folder = mkdtempSync(join(tmpdir(), 'handshark-package-'));
const [checkout, cache, unpacked] = [join(folder, 'checkout'), join(folder, 'cache'), join(folder, 'unpacked')];
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};
let files: readonly string[] = [];

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
  const tarball = `handshark-${manifest.version}.tgz`;
  files = run('tar', ['-xvzf', tarball], unpacked).split('\n').slice(0, -1);
});
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
});

test('the program in a package runs without anything beside it', () => {
  const program = join(unpacked, 'package', manifest.bin.handshark ?? '');
  expect(run(process.execPath, [program, '--version'], unpacked).trim()).toContain(manifest.version);
  const capture = join(unpacked, 'package/fixtures/wrap.pcap');
  const [first] = run(process.execPath, [program, 'decode', '-c', '1', '-e', 'frame.number', capture], unpacked)
    .split('\n')
    .slice(-2);
  expect(first).toBe('1');
});

describe('a TypeScript project that installs the package', () => {
  const project = join(folder, 'project');
  const examples = [...readFileSync('docs/library.md', 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
    ([, text]) => text ?? '',
  );
  const names = examples.map((_, place) => `example-${place + 1}`);
  const compiler = resolve('node_modules/typescript/bin/tsc');

  beforeAll(() => {
    mkdirSync(join(project, 'node_modules'), { recursive: true });
    cpSync(join(unpacked, 'package'), join(project, 'node_modules/handshark'), { recursive: true });
    mkdirSync(join(project, 'node_modules/@types'));
    symlinkSync(resolve('node_modules/@types/node'), join(project, 'node_modules/@types/node'));
    symlinkSync(resolve('node_modules/undici-types'), join(project, 'node_modules/undici-types'));
    cpSync('fixtures/tcp-handshakes.pcap', join(project, 'capture.pcapng'));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
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
  });

  const said = (place: number): readonly string[] =>
    run(process.execPath, [`out/${names[place]}.js`], project)
      .trim()
      .split('\n');

  test('compiles and runs each example of the page', () => {
    expect(examples).toHaveLength(5);
    expect(said(0)[0]).toBe('tcp 192.0.2.21:40001 192.0.2.10:8080 established the connection is in use');
    expect(said(1)).toHaveLength(12);
    expect(said(2)).toEqual(['eth,ip,udp,data 33630 0']);
    expect(said(3)).toEqual(['55']);
    expect(said(4)).toEqual(['pass']);
  });

  test('needs no other package, and nothing of the terminal', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    const all = readdirSync(join(unpacked, 'package/dist/library')).filter((name) => name.endsWith('.js'));
    expect(all.length).toBeGreaterThan(6);
    for (const name of all) {
      const text = readFileSync(join(unpacked, 'package/dist/library', name), 'utf8');
      expect(text).not.toMatch(/from "(?:ink|react|commander)/);
    }
  });

  test('can be bundled for a browser: all but captures', async () => {
    const paths = Object.keys(manifest.exports).filter((path) => !/capture|package\.json/.test(path));
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
