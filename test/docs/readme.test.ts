import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { uiSettings } from '../../analyzer/commands/ui-settings.js';
import { SCREENS, shoot } from '../../docs/shots.js';
import { PROGRAM } from '../built-program.js';

test.each(SCREENS.map((screen) => [screen.name, screen] as const))(
  'docs/screens/%s.svg is what the program shows; `npm run screens` draws it',
  async (_, screen) => {
    expect(await shoot(screen)).toBe(readFileSync(`docs/screens/${screen.name}.svg`, 'utf8'));
  },
  60_000,
);

test('the README shows each of the screens, with its title for who cannot see it', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const { name, title } of SCREENS) expect(readme).toContain(`![${title}](docs/screens/${name}.svg)`);
});

test('the settings that the page of the configuration shows are taken', () => {
  const home = mkdtempSync(join(tmpdir(), 'handshark-config-'));
  try {
    const shown = /```json\n(\{\n {2}"ui"[\s\S]*?)```/.exec(readFileSync('docs/config.md', 'utf8'))?.[1] ?? '';
    mkdirSync(join(home, 'handshark'));
    writeFileSync(join(home, 'handshark/config.json'), shown);
    const { settings, start } = uiSettings({ XDG_CONFIG_HOME: home });
    expect([start, settings.theme, settings.time, settings.columns.length]).toEqual(['channels', 'dark', 'a', 4]);
    expect([settings.aliases.size, settings.keymap.size, settings.colours.length]).toEqual([1, 2, 1]);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('every page that the README names is there', () => {
  const named = [...readFileSync('README.md', 'utf8').matchAll(/\]\((docs\/[^)]+)\)/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(SCREENS.length);
  for (const path of named) expect(readFileSync(path, 'utf8')).not.toBe('');
});

/** What commands of the README need besides files: somebody to talk to, or an interface. */
const NEEDS_OTHERS = /-i eth0|peer |inject|--target|check |ssh |interfaces|extcap|mcp/;

test('every command of the README that needs nobody else does as it says', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-readme-'));
  try {
    for (const [name, fixture] of Object.entries({
      'trace.pcap': 'demo.pcapng',
      'trace.pcapng': 'demo.pcapng',
      'a.pcap': 'wrap.pcap',
      'b.pcap': 'wrap.pcap',
      'peers.secrets': 'demo.secrets',
    }))
      cpSync(join('fixtures', fixture), join(folder, name));
    const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = '']) => text);
    const commands = blocks
      .flatMap((block) => block.split('\n'))
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => /^handshark /.test(line) && !NEEDS_OTHERS.test(line));
    expect(commands.length).toBeGreaterThan(12);
    writeFileSync(join(folder, 'handshark'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH}` };
    for (const command of commands) {
      const printed = execFileSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
      // What a command is for is printed, or is in the file that it names.
      if (!/ -w | -o |>|rewrite/.test(command)) expect([command, printed]).not.toEqual([command, '']);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
