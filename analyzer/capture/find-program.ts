import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Refusal } from './engine.js';
import { statsOf } from './stats-of.js';

/** Where programs for administrators are, that the path of a user often leaves out. */
const MORE = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/local/bin', '/Applications/Wireshark.app/Contents/MacOS'];

/** A program that was looked for. */
export type FoundProgram =
  | { readonly path: string; readonly mayRun: true }
  /** It is there, and this user may not run it. */
  | { readonly path: string; readonly mayRun: false };

/** Finds a program as a shell would, and where administrators have theirs; undefined if there is none. */
export function findProgram(name: string, path: string | undefined = process.env.PATH): FoundProgram | undefined {
  let forbidden: FoundProgram | undefined;
  for (const folder of [...(path ?? '').split(delimiter), ...MORE]) {
    if (folder === '') continue;
    const whole = join(folder, name);
    if (!isFile(whole)) continue;
    try {
      accessSync(whole, constants.X_OK);
      return { path: whole, mayRun: true };
    } catch {
      forbidden ??= { path: whole, mayRun: false };
    }
  }
  return forbidden;
}

function isFile(path: string): boolean {
  try {
    return statsOf(path)?.isFile() ?? false;
  } catch {
    // In a folder that this user may not look into.
    return false;
  }
}

/** Why a program that may not be run, or is not there, does not help. */
export const unusable = (program: FoundProgram | undefined, where: string): Refusal =>
  program
    ? { kind: 'denied', where, why: `you may not run ${program.path}` }
    : { kind: 'missing', where, why: 'not installed' };
