import { readdirSync } from 'node:fs';
import { running } from '../analyzer/commands/running.js';

/** What each golden file holds, by its ending: the words after the program's name, and before the capture. */
export const KINDS: Readonly<Record<string, readonly string[]>> = {
  txt: ['decode'],
  json: ['decode', '-T', 'json'],
  channels: ['channels', '-T', 'json'],
  handshakes: ['handshakes', '-T', 'json'],
};

export const EXPECTED = 'fixtures/expected';

/** The captures in `fixtures/`, by their names there. */
export const CAPTURES: readonly string[] = readdirSync('fixtures').filter((name) => /\.pcap(ng)?(\.\w+)?$/.test(name));

/** A capture's name without what says how it is stored. */
export const plainName = (capture: string): string => capture.replace(/\.pcap.*$/, '');

export const expectedPath = (capture: string, kind: string): string => `${EXPECTED}/${plainName(capture)}.${kind}`;

/** What the program prints of a capture with its secrets, and what it says on stderr. */
export async function printedOf(capture: string, kind: string): Promise<string> {
  const secrets = `${plainName(capture)}.secrets`;
  const known = readdirSync('fixtures').includes(secrets) ? ['--secrets', `fixtures/${secrets}`] : [];
  const outcome = await running([...(KINDS[kind] ?? []), ...known, `fixtures/${capture}`]);
  const said = outcome.complaints.map((line) => `handshark: ${line}\n`).join('');
  return outcome.stdout + said + (outcome.status === 0 ? '' : `exit status ${outcome.status}\n`);
}
