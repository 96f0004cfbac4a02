import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { configurationPath, configure } from '../../../analyzer/commands/configuration.js';
import { positive } from '../../../analyzer/commands/reading-options.js';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());
const env = { XDG_CONFIG_HOME: folder.path('config') };
mkdirSync(folder.path('config/handshark'), { recursive: true });
const path = folder.path('config/handshark/config.json');

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** A program with an option of each kind. */
function program(): Command {
  const top = new Command('handshark').exitOverride().option('--ascii').enablePositionalOptions();
  top.action(() => {});
  const withOptions = (command: Command) =>
    command
      .option('--secrets <file>', '', collect, [])
      .addOption(new Option('--count <n>').argParser(positive))
      .addOption(new Option('--time <format>').choices(['r', 'e']).default('r'))
      .option('--log <file>')
      .option('--no-track')
      .action(() => {});
  withOptions(top.command('decode'));
  withOptions(top.command('peer').command('listen'));
  return top;
}

/** The options that a command ends up with. */
function optionsOf(config: unknown, ...words: string[]) {
  folder.write('config/handshark/config.json', typeof config === 'string' ? config : JSON.stringify(config));
  const top = program();
  configure(top, env);
  top.parse(words, { from: 'user' });
  return words
    .filter((word) => ['decode', 'peer', 'listen'].includes(word))
    .reduce<Command | undefined>((command, word) => command?.commands.find((one) => one.name() === word), top)
    ?.opts();
}

const NONE = { secrets: [], time: 'r', track: true };

test('defaults are those of the file, by command', () => {
  const config = { decode: { time: 'e', count: 3, log: 'x', track: false }, open: { ascii: true } };
  expect(optionsOf(config, 'decode')).toEqual({ ...NONE, time: 'e', count: 3, log: 'x', track: false });
  expect(optionsOf(config)).toEqual({ ascii: true });
  expect(optionsOf({ 'peer listen': { count: '4' } }, 'peer', 'listen')).toEqual({ ...NONE, count: 4 });
});

test('the command line wins, and adds to what may be repeated', () => {
  const config = { decode: { time: 'e', secrets: ['a', 'b'] } };
  expect(optionsOf(config, 'decode', '--time', 'r', '--secrets', 'c')).toEqual({ ...NONE, secrets: ['a', 'b', 'c'] });
  expect(optionsOf({ decode: { secrets: 'a' } }, 'decode')).toEqual({ ...NONE, secrets: ['a'] });
});

test.each([
  ['{', /^it is no JSON: /],
  ['[]', /^the file: expected an object$/],
  ['null', /^the file: expected an object$/],
  [{ decode: 1 }, /^decode: expected an object$/],
  [{ decod: {} }, /^decod: no such command$/],
  [{ 'peer liste': {} }, /^peer liste: no such command$/],
  [{ decode: { x: 1 } }, /^decode: x: no such option$/],
  [{ decode: { 'no-track': true } }, /^decode: no-track: no such option$/],
  [{ decode: { time: 'x' } }, /^decode: time: Allowed choices are r, e\.$/],
  [{ decode: { count: 0 } }, /^decode: count: expected a whole number above 0$/],
  [{ decode: { count: true } }, /^decode: count: expected a text or a number$/],
  [{ decode: { track: 'no' } }, /^decode: track: expected true or false$/],
  [{ decode: { time: ['e'] } }, /^decode: time: expected one value, not several$/],
  [{ decode: { secrets: ['a', null] } }, /^decode: secrets: expected a text or a number$/],
  [' '.repeat(65 * 1024), /^it is longer than 65536 bytes$/],
])('%j is refused in one line', (config, why) => {
  const refusal = (() => {
    try {
      optionsOf(config);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(refusal).toMatchObject({ name: 'UsageError' });
  const text = String(refusal);
  const start = `UsageError: bad configuration: ${path}: `;
  expect(text.startsWith(start)).toBe(true);
  expect(text.slice(start.length)).toMatch(why);
  expect(text).not.toContain('\n');
});

test('no file, no defaults; what is no file is refused', () => {
  const top = program();
  configure(top, { XDG_CONFIG_HOME: folder.path('nowhere') });
  configure(top, {});
  mkdirSync(folder.path('odd/handshark/config.json'), { recursive: true });
  expect(() => configure(top, { XDG_CONFIG_HOME: folder.path('odd') })).toThrow('it is no file');
});

test('a pipe in its place is no file: nobody waits for it', () => {
  mkdirSync(folder.path('piped/handshark'), { recursive: true });
  execFileSync('mkfifo', [folder.path('piped/handshark/config.json')]);
  expect(() => configure(program(), { XDG_CONFIG_HOME: folder.path('piped') })).toThrow('it is no file');
});

test('a home of somebody else has no configuration; one that is there, and may not be read, is told', () => {
  const home = folder.path('closed');
  const theirs = folder.path('closed/handshark/config.json');
  mkdirSync(folder.path('closed/handshark'), { recursive: true });
  writeFileSync(theirs, '{}');
  chmodSync(folder.path('.'), 0o711);
  const asNobody = (work: () => void) => {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(65534);
    try {
      work();
    } finally {
      process.seteuid?.(0);
    }
  };
  chmodSync(theirs, 0o000);
  asNobody(() => expect(() => configure(program(), { XDG_CONFIG_HOME: home })).toThrow('it cannot be read (EACCES)'));
  chmodSync(home, 0o000);
  asNobody(() => configure(program(), { XDG_CONFIG_HOME: home }));
  chmodSync(home, 0o700);
});

test.each([
  [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/handshark/config.json'],
  [{ XDG_CONFIG_HOME: 'x', HOME: '/h' }, '/h/.config/handshark/config.json'],
  [{ XDG_CONFIG_HOME: '', HOME: '/h' }, '/h/.config/handshark/config.json'],
  [{}, undefined],
])('with %j the file is %s', (variables, expected) => {
  expect(configurationPath(variables)).toBe(expected);
});
