import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changed, commands, fileBlocks, output, projectWith } from './tutorial.js';

const PAGE = readFileSync('docs/adding-a-protocol.md', 'utf8');
const BLOCKS = fileBlocks(PAGE);
/** Compiling and bundling the whole project takes that long on a slow machine, in milliseconds. */
const PATIENCE = 300_000;

let folder = '';
const node = (...words: readonly string[]) => output(folder, process.execPath, ...words);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-tutorial-'));
  projectWith(BLOCKS, folder);
  await node('build.js');
  await node('build.js', '--tools');
  await node('dist/tools/make-fixtures.js');
  await node('dist/tools/make-golden.js', 'lifx');
  await node('dist/tools/make-docs.js');
}, PATIENCE);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a protocol is one new folder, its line in the registry with the import of it, and one fixture', () => {
  const touched = BLOCKS.map(({ kind, path }) => `${kind} ${path}`);
  expect(touched).toEqual([
    'whole dissectors/lifx/layout.ts',
    'whole dissectors/lifx/dissect.ts',
    'changes dissectors/applications.ts',
    'whole fixtures/scenes/lifx.ts',
    'changes fixtures/fixtures.ts',
  ]);
  const added = BLOCKS.filter(({ kind }) => kind === 'changes').map(({ text }) => text.match(/^\+/gm)?.length);
  expect(added).toEqual([2, 2]);
});

test(
  'the files of the page compile as the project does',
  async () => {
    await node('node_modules/@typescript/native/bin/tsc', '-p', 'dissectors');
    await node('node_modules/@typescript/native/bin/tsc', '-p', '.');
  },
  PATIENCE,
);

test.each(commands(PAGE))(
  'prints what the page says: $words',
  async ({ words, printed }) => {
    const [program, ...given] = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    expect(program).toBe('handshark');
    expect(await node('dist/handshark.js', ...given)).toBe(printed);
  },
  PATIENCE,
);

/** Tests that hold for whatever is registered: they failed for any new protocol once. */
const OLD_TESTS = [
  'test/dissectors/udp.test.ts',
  'test/dissectors/registry.test.ts',
  'test/docs/pages.test.ts',
  'test/fixtures/collection.test.ts',
];

test(
  'the tests that were there before pass',
  async () => {
    const said = await node('node_modules/vitest/vitest.mjs', 'run', ...OLD_TESTS);
    expect(said).toMatch(/Test Files {2}4 passed/);
  },
  PATIENCE,
);

test('changes are made where the page says, or refused', () => {
  expect(changed('a\nb\nc', ' a\n+new\n-c\n+end\n')).toBe('a\nnew\nb\nend');
  expect(() => changed('a\nb', ' b\n a\n')).toThrow('no line "a" from line 3 on');
});
