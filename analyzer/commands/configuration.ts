import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { statsOf } from '../capture/stats-of.js';
import { UsageError } from './usage-error.js';

/** A configuration larger than this is none. */
const MOST_BYTES = 64 * 1024;
/** What the program without a command is called in the file. */
const OPEN = 'open';
/** What the settings of the terminal UI are called: they are no options. */
const UI = 'ui';

/** Where the configuration is. Source: XDG Base Directory Specification; a relative path there is to be ignored. */
export function configurationPath({ XDG_CONFIG_HOME, HOME }: Readonly<Record<string, string | undefined>>) {
  if (XDG_CONFIG_HOME?.startsWith('/')) return join(XDG_CONFIG_HOME, 'handshark', 'config.json');
  return HOME?.startsWith('/') ? join(HOME, '.config', 'handshark', 'config.json') : undefined;
}

/**
 * Gives the options of commands the defaults of the configuration file, if there is one. The command line wins; options
 * that may be repeated add to it.
 *
 * @throws {UsageError} for a file that makes no sense, in one line
 */
export function configure(program: Command, env: Readonly<Record<string, string | undefined>>): void {
  const read = readConfiguration(env);
  if (read === undefined) return;
  const { entries, refuse } = read;
  for (const [name, defaults] of entries) {
    if (name === UI) continue;
    const command = commandNamed(program, name);
    if (!command) throw refuse(`${name}: no such command`);
    for (const [key, value] of entriesOf(defaults, name, refuse)) {
      setDefault(command, key, value, (why) => refuse(`${name}: ${key}: ${why}`));
    }
  }
}

type Refuse = (why: string) => UsageError;

/** What the configuration file says, by the names at its top, and how to refuse what makes no sense. */
export interface Configuration {
  readonly entries: readonly (readonly [name: string, value: unknown])[];
  readonly refuse: Refuse;
}

/** Reads the configuration file; undefined if there is none. @throws {UsageError} for a file that is no JSON object */
export function readConfiguration(env: Readonly<Record<string, string | undefined>>): Configuration | undefined {
  const path = configurationPath(env);
  const text = path === undefined ? undefined : textOf(path);
  if (path === undefined || text === undefined) return undefined;
  const refuse = (why: string) => new UsageError(`bad configuration: ${path}: ${why}`);
  return { entries: entriesOf(parsed(text, refuse), 'the file', refuse), refuse };
}

/** The text of the file; undefined if there is none. */
function textOf(path: string): string | undefined {
  let file: number;
  try {
    // Opening a pipe would wait for whoever writes into it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && statsOf(path) === undefined)) return undefined;
    throw new UsageError(`bad configuration: ${path}: it cannot be read (${String(code)})`);
  }
  try {
    if (!fstatSync(file).isFile()) throw new UsageError(`bad configuration: ${path}: it is no file`);
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    let size = 0;
    for (let read = 1; read > 0 && size < bytes.length; size += read) {
      read = readSync(file, bytes, size, bytes.length - size, size);
    }
    if (size > MOST_BYTES) throw new UsageError(`bad configuration: ${path}: it is longer than ${MOST_BYTES} bytes`);
    return bytes.toString('utf8', 0, size).replace(/^\uFEFF/, '');
  } finally {
    closeSync(file);
  }
}

function parsed(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [why = ''] = error instanceof Error ? error.message.split(/[\r\n]/) : [];
    throw refuse(`it is no JSON: ${why}`);
  }
}

function entriesOf(value: unknown, what: string, refuse: Refuse): readonly (readonly [string, unknown])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw refuse(`${what}: expected an object`);
}

/** `decode`, `peer listen`, or `open` for the program itself. */
function commandNamed(program: Command, name: string): Command | undefined {
  if (name === OPEN) return program;
  let command: Command | undefined = program;
  for (const word of name.split(' ')) command = command?.commands.find((inner) => inner.name() === word);
  return command;
}

function setDefault(command: Command, key: string, value: unknown, refuse: Refuse): void {
  const option = command.options.find(({ long, negate }) => long === (negate ? `--no-${key}` : `--${key}`));
  if (!option || key === 'version') throw refuse('no such option');
  command.setOptionValueWithSource(option.attributeName(), valueFrom(command, option, value, refuse), 'config');
}

/** A value as the command line would have made it. */
function valueFrom(command: Command, option: Option, value: unknown, refuse: Refuse): unknown {
  const takesValue = option.required || option.optional;
  if (!takesValue) {
    if (typeof value !== 'boolean') throw refuse('expected true or false');
    return value;
  }
  const before: unknown = command.getOptionValue(option.attributeName());
  if (Array.isArray(value)) {
    if (!Array.isArray(before)) throw refuse('expected one value, not several');
    return value.reduce((list: unknown, one: unknown) => read(option, one, list, refuse), before);
  }
  return read(option, value, before, refuse);
}

function read(option: Option, value: unknown, before: unknown, refuse: Refuse): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') throw refuse('expected a text or a number');
  if (!option.parseArg) return `${value}`;
  try {
    return option.parseArg(`${value}`, before);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw refuse(error.message);
    throw error;
  }
}
