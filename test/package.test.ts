import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a clean checkout does not have: what .gitignore lists, and the repository itself. */
const NOT_CHECKED_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'bench-data']);

const folder = mkdtempSync(join(tmpdir(), 'handshark-package-'));
const [checkout, cache, unpacked] = [join(folder, 'checkout'), join(folder, 'cache'), join(folder, 'unpacked')];
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly string[];
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
