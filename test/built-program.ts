import { resolve } from 'node:path';

/** The built program; `npm test` builds it first. */
export const PROGRAM = resolve(process.env.HANDSHARK_PROGRAM ?? 'dist/handshark.js');

/** The command that runs it with these words. */
export const handshark = (...words: readonly string[]): readonly string[] => [process.execPath, PROGRAM, ...words];

/** Goes before the words of a command to run it as a user without rights. */
export const AS_NOBODY: readonly string[] = [
  ...['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'],
  ...['env', 'HOME=/nowhere'],
];
