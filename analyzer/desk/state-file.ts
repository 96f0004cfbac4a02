import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { saveWhole } from '../../crafter/io/file-beside.js';
import type { HistoryName } from '../store/orders.js';

/** What the program remembers from one run to the next. */
export interface Remembered {
  /** What was typed, the newest last. */
  readonly history: Readonly<Record<HistoryName, readonly string[]>>;
  /** Names that the user has given to peers, by their ids in hex. */
  readonly aliases: Readonly<Record<string, string>>;
}

export const NOTHING_REMEMBERED: Remembered = {
  history: { filter: [], search: [], command: [], target: [] },
  aliases: {},
};

/** A file larger than this was not written by us. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Lines of a history, and their length, that are taken from the file. */
const MOST_LINES = 200;
/** Characters of a line that is kept: a longer one was pasted, and will not be typed again. */
const MOST_LENGTH = 4096;
/** Names of peers that are kept; nobody gives so many. */
const MOST_ALIASES = 10_000;

/** Where the file is. Source: XDG Base Directory Specification; a relative path there is to be ignored. */
export function stateFilePath({ XDG_STATE_HOME, HOME }: Readonly<Record<string, string | undefined>>) {
  if (XDG_STATE_HOME?.startsWith('/')) return join(XDG_STATE_HOME, 'handshark', 'state.json');
  return HOME?.startsWith('/') ? join(HOME, '.local', 'state', 'handshark', 'state.json') : undefined;
}

/** What the file holds. A file that is missing or makes no sense is no reason to stop: then nothing is remembered. */
export function readStateFile(path: string | undefined): Remembered {
  if (path === undefined) return NOTHING_REMEMBERED;
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > MOST_BYTES ? NOTHING_REMEMBERED : remembered(JSON.parse(text));
  } catch {
    return NOTHING_REMEMBERED;
  }
}

/** Writes the file whole or not at all, for its owner only: filters can tell much. @throws what the system refuses */
export function writeStateFile(path: string, state: Remembered): void {
  makeFolder(dirname(path));
  saveWhole(path, Buffer.from(`${JSON.stringify(state)}\n`), 0o600);
}

/**
 * Makes a folder and those around it, for their owner only. `recursive` of `mkdirSync` never ends where the system makes
 * none, as in /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function remembered(parsed: unknown): Remembered {
  const { history, aliases } = objectOf(parsed);
  const { filter, search, command, target } = objectOf(history);
  return {
    history: {
      filter: linesOf(filter),
      search: linesOf(search),
      command: linesOf(command),
      target: linesOf(target),
    },
    aliases: aliasesOf(aliases),
  };
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const linesOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [])
    .filter((line): line is string => typeof line === 'string' && line.length <= MOST_LENGTH)
    .slice(-MOST_LINES);

const aliasesOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectOf(value))
      .filter((entry): entry is [string, string] => /^[0-9a-f]{32}$/.test(entry[0]) && typeof entry[1] === 'string')
      .slice(0, MOST_ALIASES),
  );
