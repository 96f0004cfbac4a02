import { accessSync, constants, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { saveWhole } from '../../crafter/io/file-beside.js';
import { askProgram } from '../capture/ask-program.js';
import { CaptureError, systemError } from '../capture/capture-error.js';
import { findProgram } from '../capture/find-program.js';

/** What the file in Wireshark's folder is called. */
const NAME = 'handshark';
/** By this line a file is known to be ours: no other is overwritten or removed. */
const MARK = '# Written by `handshark extcap install`; `handshark extcap remove` takes it away.';

/** How far an installation holds. */
export type Installed = {
  readonly state: 'missing' | 'foreign' | 'not executable' | 'another program' | 'current';
  readonly path: string;
};

/**
 * The folder in which Wireshark looks for the extcap programs of a user. Since version 4.1 that is one for libraries, before
 * it was one of the configuration.
 * @throws {CaptureError} if no Wireshark is there to ask
 */
export async function personalFolder(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const program = ['tshark', 'wireshark'].map((name) => findProgram(name, env.PATH)).find((found) => found?.mayRun);
  if (!program)
    throw new CaptureError(
      'cannot find',
      'Wireshark',
      'neither tshark nor wireshark is there; name its folder with --dir',
    );
  const { out } = await askProgram(program.path, ['--version']);
  const [, major = '', minor = ''] = /(\d+)\.(\d+)\.\d+/.exec(out) ?? [];
  if (major === '')
    throw new CaptureError('cannot find', program.path, 'it does not tell its version; name its folder with --dir');
  const home = env.HOME ?? homedir();
  const isNew = Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 1);
  if (isNew) return join(home, '.local/lib/wireshark/extcap');
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'wireshark/extcap');
}

/** What stands in the folder: a program that runs this one, whatever Wireshark's path is. */
const scriptFor = (words: readonly string[]): string =>
  `#!/bin/sh\n${MARK}\nexec ${words.map(quoted).join(' ')} extcap "$@"\n`;

/** A word as a shell takes it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

export function installedIn(folder: string, words: readonly string[]): Installed {
  const path = join(folder, NAME);
  const text = textOf(path);
  if (text === undefined) return { state: 'missing', path };
  if (!text.includes(MARK)) return { state: 'foreign', path };
  if (text !== scriptFor(words)) return { state: 'another program', path };
  try {
    accessSync(path, constants.X_OK);
    return { state: 'current', path };
  } catch {
    return { state: 'not executable', path };
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw systemError('cannot read', path, error);
  }
}

/** Puts the program there. @throws {CaptureError} if that cannot be, or somebody else's file has the name */
export function installIn(folder: string, words: readonly string[]): string {
  const { state, path } = installedIn(folder, words);
  if (state === 'foreign') throw new CaptureError('cannot write', path, 'it is not ours');
  try {
    mkdirSync(folder, { recursive: true });
    // A file that is there keeps its rights: one that may not be run goes first.
    if (state === 'not executable') rmSync(path);
    saveWhole(path, new TextEncoder().encode(scriptFor(words)), 0o755);
  } catch (error) {
    throw systemError('cannot write', path, error);
  }
  return path;
}

/** Takes the program away; whether there was one. @throws {CaptureError} if that cannot be, or the file is somebody else's */
export function removeFrom(folder: string): { readonly path: string; readonly wasThere: boolean } {
  const { state, path } = installedIn(folder, []);
  if (state === 'missing') return { path, wasThere: false };
  if (state === 'foreign') throw new CaptureError('cannot remove', path, 'it is not ours');
  try {
    rmSync(path);
  } catch (error) {
    throw systemError('cannot remove', path, error);
  }
  return { path, wasThere: true };
}
