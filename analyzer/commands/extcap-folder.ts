import { realpathSync } from 'node:fs';
import { askProgram } from '../capture/ask-program.js';
import { installedIn, installIn, personalFolder, removeFrom } from '../extcap/folder.js';
import { EXTCAP_INTERFACES } from '../extcap/interfaces.js';
import type { Io } from './io.js';

/** Puts the interfaces where Wireshark finds them, tells whether it does, or takes them away. */
export async function extcapFolder(
  what: 'install' | 'status' | 'remove',
  dir: string | undefined,
  io: Io,
): Promise<void> {
  const folder = dir ?? (await personalFolder(io.env));
  const words = [process.execPath, realpathSync(process.argv[1] ?? '')];
  if (what === 'remove') {
    const { path, wasThere } = removeFrom(folder);
    io.stdout.write(wasThere ? `removed ${path}\n` : `nothing to remove: ${path} is not there\n`);
    return;
  }
  if (what === 'install') io.stdout.write(`installed ${installIn(folder, words)}\n`);
  await status(folder, words, io);
}

const MEANS = {
  missing: 'not installed: handshark extcap install',
  foreign: 'this file is not ours: Wireshark runs something else',
  'not executable': 'it may not be run, so Wireshark does not list it: handshark extcap install',
  'another program': 'it runs another handshark, or another Node.js: handshark extcap install',
} as const;

/** Tells how it stands, and does what Wireshark does: lists the interfaces and asks each for link type and arguments. */
async function status(folder: string, words: readonly string[], io: Io): Promise<void> {
  const { state, path } = installedIn(folder, words);
  if (state !== 'current') {
    io.complain(`${path}: ${MEANS[state]}`, 1);
    return;
  }
  const list = await askProgram(path, ['--extcap-interfaces', '--extcap-version=4.0']);
  const listed = [...list.out.matchAll(/^interface \{value=([^}]*)\}\{display=([^}]*)\}$/gm)];
  if (list.status !== 0 || listed.length !== EXTCAP_INTERFACES.length) {
    io.complain(`${path}: it lists no interfaces: ${list.said.trim() || `status ${list.status}`}`, 1);
    return;
  }
  for (const [, name = '', display = ''] of listed) {
    const answers = await Promise.all(
      ['--extcap-dlts', '--extcap-config'].map((question) => askProgram(path, [question, '--extcap-interface', name])),
    );
    const isGood = answers.every(({ status: ended, out }) => ended === 0 && out !== '');
    io.stdout.write(`${name.padEnd(12)} ${isGood ? 'ok' : 'does not answer'}  ${display}\n`);
    if (!isGood) io.complain(`${path}: ${name}: ${answers.map(({ said }) => said.trim()).join(' ')}`, 1);
  }
}
