import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { personalFolder, quoted } from '../../../analyzer/extcap/folder.js';

const bin = mkdtempSync(join(tmpdir(), 'handshark-folder-'));
afterAll(() => rmSync(bin, { recursive: true }));

/** The folder of a Wireshark that says that it is of a version. */
function folderFor(said: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  writeFileSync(join(bin, 'tshark'), `#!/bin/sh\necho '${said}'\n`, { mode: 0o755 });
  return personalFolder({ HOME: '/home/me', PATH: `${bin}:/usr/bin:/bin`, ...env });
}

test.each([
  ['TShark (Wireshark) 3.6.2 (Git v3.6.2)', {}, '/home/me/.config/wireshark/extcap'],
  ['TShark (Wireshark) 4.0.17 (Git v4.0.17)', {}, '/home/me/.config/wireshark/extcap'],
  ['TShark (Wireshark) 4.0.17', { XDG_CONFIG_HOME: '/config' }, '/config/wireshark/extcap'],
  ['TShark (Wireshark) 4.2.0.', {}, '/home/me/.local/lib/wireshark/extcap'],
  ['TShark (Wireshark) 4.10.1.', { XDG_CONFIG_HOME: '/config' }, '/home/me/.local/lib/wireshark/extcap'],
  ['TShark (Wireshark) 5.0.1.', {}, '/home/me/.local/lib/wireshark/extcap'],
])('%s looks in %s', async (said, env, folder) => {
  expect(await folderFor(said, env)).toBe(folder);
});

test('a Wireshark that does not tell its version is not guessed at', async () => {
  await expect(folderFor('hello')).rejects.toThrow('it does not tell its version; name its folder with --dir');
});

test('words are quoted for a shell, whatever is in them', () => {
  expect(quoted("it's $HOME")).toBe("'it'\\''s $HOME'");
});
