import { mkdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { type UiSettings, uiSettings } from '../../../analyzer/commands/ui-settings.js';
import { commandFor, isKey, KEYS } from '../../../analyzer/store/keys.js';
import { columnKey } from '../../../analyzer/store/list-columns.js';
import { STANDARD_SETTINGS } from '../../../analyzer/store/settings.js';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());
mkdirSync(folder.path('config/handshark'), { recursive: true });

function read(ui: unknown): UiSettings {
  folder.write(
    'config/handshark/config.json',
    JSON.stringify({ decode: { time: 'e' }, ...(ui !== undefined && { ui }) }),
  );
  return uiSettings({ XDG_CONFIG_HOME: folder.path('config') });
}

test('without a file, or without its part, all is as usual', () => {
  expect(uiSettings({})).toEqual({ settings: STANDARD_SETTINGS, start: 'packets' });
  expect(read(undefined)).toEqual({ settings: STANDARD_SETTINGS, start: 'packets' });
});

test('everything can be set', () => {
  const id = 'AB'.repeat(16);
  const { settings, start } = read({
    start: 'channels',
    theme: 'light',
    time: 'ad',
    columns: ['number', 'ip.ttl', { field: 'chan.c1', title: 'C1' }, 'info'],
    aliases: { [id]: 'alice' },
    keys: { list: { n: 'down', j: null } },
    colours: [{ filter: 'udp', look: 'bold red' }],
  });
  expect([start, settings.theme, settings.time]).toEqual(['channels', 'light', 'ad']);
  expect(settings.columns.map(columnKey)).toEqual(['number', 'ip.ttl', 'chan.c1', 'info']);
  expect(settings.columns.map(({ title }) => title)).toEqual(['No.', 'Time to live', 'C1', 'Info']);
  expect([...settings.aliases]).toEqual([[id.toLowerCase(), 'alice']]);
  expect(['n', 'j'].map((key) => commandFor('list', key, settings.keymap))).toEqual(['down', undefined]);
  expect(settings.colours).toEqual([{ filter: 'udp', look: 'bold red' }]);
});

test('every key that has a command can be given another', () => {
  expect(KEYS.flatMap(({ keys }) => keys).filter((key) => !isKey(key))).toEqual([]);
  expect(['é', 'alt-X', 'ctrl-alt-up', 'f12', 'ctrl-space'].every(isKey)).toBe(true);
});

test.each([
  [{ theme: 'pink' }, 'theme: expected one of default, dark, light, contrast, none'],
  [{ start: 'log' }, 'start: expected one of handshakes, channels, packets'],
  [{ columns: 'time' }, 'columns: expected a list of 1 to 1000'],
  [{ columns: ['ip.tll'] }, 'columns: ip.tll: no such field'],
  [{ columns: [{ title: 'x' }] }, 'columns: expected a name, or an object with a field and a title'],
  [{ aliases: { bob: 'b' } }, 'aliases: bob: expected a peer id, 32 hex digits'],
  [{ keys: { lists: {} } }, 'keys: lists: no such place'],
  [{ keys: { list: { n: 'dance' } } }, 'keys: list: n: dance: no such command there'],
  [{ keys: { list: { Space: 'copy' } } }, 'keys: list: Space: no such key; expected one such as a, G, ctrl-g'],
  [{ keys: { list: { 'ctrl-G': 'copy' } } }, 'keys: list: ctrl-G: no such key'],
  [{ keys: { list: { pgup: null } } }, 'keys: list: pgup: no such key'],
  [{ colours: [{ filter: 'udp', look: 'pink' }] }, 'colours: pink: expected colours and bold'],
  [{ colours: [{ filter: 'udp ==', look: 'red' }] }, 'colours: udp ==: '],
  [{ size: 3 }, 'size: no such setting'],
  [[], 'ui: expected an object'],
])('%j is refused', (ui, why) => {
  expect(() => read(ui)).toThrow(why);
});
