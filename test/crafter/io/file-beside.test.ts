import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openBeside, openNew, saveNew, saveWhole } from '../../../crafter/io/file-beside.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-beside-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A new folder, whose name says what for, and what is in it in the end. */
function place(name: string) {
  const inside = join(folder, name.replaceAll(/\W/g, '-'));
  mkdirSync(inside);
  return { path: join(inside, 'x.pcapng'), inside, names: () => readdirSync(inside) };
}
const text = (path: string): string => readFileSync(path, 'utf8');
const NEW = Buffer.from('new');

describe('a file that takes the place of another', () => {
  test('has its name once it is complete, and nothing else stays', () => {
    const { path, names } = place('complete');
    writeFileSync(path, 'old');
    const file = openBeside(path);
    writeSync(file.fd, 'new');
    expect(text(path)).toBe('old');
    file.complete();
    expect([text(path), names()]).toEqual(['new', ['x.pcapng']]);
  });

  test('is taken away when it is abandoned', () => {
    const { path, names } = place('abandoned');
    openBeside(path).abandon();
    expect(names()).toEqual([]);
    writeFileSync(path, 'old');
    const file = openBeside(path);
    writeSync(file.fd, 'new');
    file.abandon();
    expect([text(path), names()]).toEqual(['old', ['x.pcapng']]);
  });

  test('is taken away when the program ends before', () => {
    const { path, names } = place('ended');
    openBeside(path);
    expect(names()).toHaveLength(1);
    for (const listener of process.listeners('exit').slice(-1)) listener(0);
    expect(names()).toEqual([]);
  });

  test('has the rights of the old one, or those that were asked for', () => {
    const { path } = place('rights');
    saveWhole(path, NEW, 0o600);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    saveWhole(path, NEW);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('is put where a symbolic link leads, there or not yet', () => {
    const { path, inside, names } = place('link');
    symlinkSync('target.pcapng', path);
    for (const round of ['one', 'two']) {
      saveWhole(path, Buffer.from(round));
      expect([lstatSync(path).isSymbolicLink(), text(join(inside, 'target.pcapng'))]).toEqual([true, round]);
    }
    expect(names()).toEqual(['target.pcapng', 'x.pcapng']);
  });

  test('may have the longest name there is', () => {
    const { inside, names } = place('long');
    const long = '長'.repeat(85);
    saveWhole(join(inside, long), NEW);
    expect(names()).toEqual([long]);
  });

  test('is none where nothing can be replaced: a named pipe is written to', async () => {
    const { path, names } = place('pipe');
    execFileSync('mkfifo', [path]);
    const reader = spawn('cat', [path]);
    const read = once(reader.stdout, 'data');
    saveWhole(path, NEW);
    expect([String(await read), names()]).toEqual(['new', ['x.pcapng']]);
  });

  test.each([
    ['EISDIR', ''],
    ['ENOENT', 'missing/x.pcapng'],
    ['ENAMETOOLONG', 'x'.repeat(256)],
  ])('cannot be made: %s', (code, name) => {
    const { inside, names } = place(`refused ${code}`);
    expect(() => saveWhole(join(inside, name), NEW)).toThrow(expect.objectContaining({ code }));
    expect(names()).toEqual([]);
  });
});

describe('a new file', () => {
  test('has its name once it is complete', () => {
    const { path, names } = place('new');
    const file = openNew(path);
    writeSync(file.fd, 'new');
    expect(names()).not.toContain('x.pcapng');
    file.complete();
    expect([text(path), names()]).toEqual(['new', ['x.pcapng']]);
  });

  test('leaves one alone that is there, or has come meanwhile', () => {
    const { path, names } = place('taken');
    const file = openNew(path);
    writeFileSync(path, 'old');
    expect(() => file.complete()).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => saveNew(path, NEW)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect([text(path), names()]).toEqual(['old', ['x.pcapng']]);
  });
});
