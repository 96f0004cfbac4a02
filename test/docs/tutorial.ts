import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A block of a page that stands for a file: all of it, or what changes in it. */
export interface FileBlock {
  readonly kind: 'whole' | 'changes';
  readonly path: string;
  readonly text: string;
}

/** A command of a page, and what it says that it prints. */
export interface Command {
  readonly words: string;
  readonly printed: string;
}

const BLOCK = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** The blocks that name a file, in the order of the page. */
export const fileBlocks = (page: string): readonly FileBlock[] =>
  [...page.matchAll(BLOCK)].flatMap(([, language = '', path, text = '']) =>
    path === undefined ? [] : [{ kind: language === 'diff' ? 'changes' : 'whole', path, text }],
  );

/** The commands in blocks of a console: each begins with `$ `, and what follows is what it prints. */
export const commands = (page: string): readonly Command[] =>
  [...page.matchAll(BLOCK)]
    .filter(([, language]) => language === 'console')
    .flatMap(([, , , text = '']) => text.split(/^\$ /m).slice(1))
    .map((one) => {
      const end = one.indexOf('\n');
      return { words: one.slice(0, end), printed: one.slice(end + 1) };
    });

/**
 * A file with changes made to it: each line of them that begins with a space or `-` stands in the file once and after the one
 * before, those with `-` go, and those with `+` come behind.
 * @throws {Error} where a line is not there
 */
export function changed(file: string, changes: string): string {
  const lines = file.split('\n');
  let place = 0;
  for (const change of changes.split('\n').filter((line) => line !== '')) {
    const line = change.slice(1);
    if (change.startsWith('+')) {
      lines.splice(place++, 0, line);
      continue;
    }
    const found = lines.indexOf(line, place);
    if (found < 0) throw new Error(`there is no line "${line}" from line ${place + 1} on`);
    place = found + 1;
    if (change.startsWith('-')) lines.splice(--place, 1);
  }
  return lines.join('\n');
}

/** What a project consists of, without what is made from it. */
const SOURCES = [
  'analyzer',
  'crafter',
  'dissectors',
  'docs',
  'fixtures',
  'test',
  'build.js',
  'package.json',
  'tsconfig.json',
];
const MORE = ['vitest.config.ts', 'README.md'];

/** Copies this project to an empty folder and puts the blocks of a page in place. */
export function projectWith(blocks: readonly FileBlock[], folder: string): void {
  for (const name of [...SOURCES, ...MORE]) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  for (const { kind, path, text } of blocks) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, kind === 'whole' ? text : changed(readFileSync(target, 'utf8'), text));
  }
}

/** What a program printed on both of its outputs. @throws {Error} where it fails, with what it printed */
export function output(folder: string, program: string, ...words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    // Colours would stand between the words.
    const { FORCE_COLOR: _, ...env } = process.env;
    execFile(
      program,
      words,
      { cwd: folder, maxBuffer: 1 << 26, env: { ...env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        if (error && error.code !== 2) fail(new Error(`${program} ${words.join(' ')}: ${stdout}${stderr}`));
        else done(stdout + stderr);
      },
    );
  });
}
