import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { uiSettings } from '../../analyzer/commands/ui-settings.js';
import { SCREENS, shoot } from '../../docs/shots.js';

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
