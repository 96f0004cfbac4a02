import { compileFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import { fieldNamed } from '../print/known-fields.js';
import { type Command, type Focus, isKey, KEYS, type Keymap, keymapKey } from '../store/keys.js';
import { columnKey } from '../store/list-columns.js';
import type { ScreenName } from '../store/screens/screen.js';
import {
  type ColourRule,
  type ListColumn,
  type Settings,
  STANDARD_COLUMNS,
  STANDARD_SETTINGS,
  THEME_NAMES,
  TIME_FORMATS,
} from '../store/settings.js';
import { readConfiguration } from './configuration.js';
import type { UsageError } from './usage-error.js';

/** What the configuration says of the terminal UI. */
export interface UiSettings {
  readonly settings: Settings;
  readonly start: ScreenName;
}

type Refuse = (why: string) => UsageError;

/**
 * Reads the part `ui` of the configuration file.
 * @throws {UsageError} for what makes no sense, in one line
 */
export function uiSettings(env: Readonly<Record<string, string | undefined>>): UiSettings {
  const read = readConfiguration(env);
  const start = { settings: STANDARD_SETTINGS, start: 'packets' } as const;
  if (read === undefined) return start;
  const found = read.entries.find(([name]) => name === 'ui');
  if (found === undefined) return start;
  let ui: UiSettings = start;
  for (const [key, value] of entriesOf(found[1], 'ui', read.refuse)) {
    ui = withSetting(ui, key, value, (why) => read.refuse(`ui: ${key}: ${why}`));
  }
  return ui;
}

function withSetting(ui: UiSettings, key: string, value: unknown, refuse: Refuse): UiSettings {
  const { settings } = ui;
  switch (key) {
    case 'start':
      return { ...ui, start: oneOf(['handshakes', 'channels', 'packets'] as const, value, refuse) };
    case 'theme':
      return { ...ui, settings: { ...settings, theme: oneOf(THEME_NAMES, value, refuse) } };
    case 'time':
      return { ...ui, settings: { ...settings, time: oneOf(TIME_FORMATS, value, refuse) } };
    case 'columns':
      return { ...ui, settings: { ...settings, columns: listOf(value, refuse).map((one) => columnOf(one, refuse)) } };
    case 'aliases':
      return { ...ui, settings: { ...settings, aliases: aliasesOf(value, refuse) } };
    case 'keys':
      return { ...ui, settings: { ...settings, keymap: keymapOf(value, refuse) } };
    case 'colours':
      return { ...ui, settings: { ...settings, colours: listOf(value, refuse).map((one) => ruleOf(one, refuse)) } };
    default:
      throw refuse('no such setting');
  }
}

function oneOf<T extends string>(names: readonly T[], value: unknown, refuse: Refuse): T {
  const found = names.find((name) => name === value);
  if (found === undefined) throw refuse(`expected one of ${names.join(', ')}`);
  return found;
}

/** Entries of a list or an object that a setting may have. */
const MOST = 1000;

function listOf(value: unknown, refuse: Refuse): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST)
    throw refuse(`expected a list of 1 to ${MOST}`);
  return value;
}

function entriesOf(value: unknown, what: string, refuse: Refuse): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(`${what}: expected an object`);
  return Object.entries(value).slice(0, MOST);
}

/** A column by its name, or a field with a title of its own. */
function columnOf(value: unknown, refuse: Refuse): ListColumn {
  if (typeof value === 'string') {
    const standard = STANDARD_COLUMNS.find((column) => columnKey(column) === value);
    return standard ?? fieldColumn(value, undefined, refuse);
  }
  const { title, field } = Object.fromEntries(entriesOf(value, 'a column', refuse));
  if (typeof field !== 'string' || (title !== undefined && typeof title !== 'string')) {
    throw refuse('expected a name, or an object with a field and a title');
  }
  return fieldColumn(field, title, refuse);
}

function fieldColumn(name: string, title: string | undefined, refuse: Refuse): ListColumn {
  const field = fieldNamed(name);
  if (field === undefined) throw refuse(`${name}: no such field`);
  return { title: title ?? field.label, of: { field: name } };
}

function aliasesOf(value: unknown, refuse: Refuse): ReadonlyMap<string, string> {
  return new Map(
    entriesOf(value, 'aliases', refuse).map(([id, name]) => {
      if (!/^[0-9a-f]{32}$/i.test(id)) throw refuse(`${id}: expected a peer id, 32 hex digits`);
      if (typeof name !== 'string' || name === '') throw refuse(`${id}: expected a name`);
      return [id.toLowerCase(), name];
    }),
  );
}

const PLACES: ReadonlySet<string> = new Set(KEYS.flatMap(({ where }) => where));

/** Keys by place: each has the name of a command, or null for no meaning. */
function keymapOf(value: unknown, refuse: Refuse): Keymap {
  const keymap = new Map<string, Command | undefined>();
  for (const [place, keys] of entriesOf(value, 'keys', refuse)) {
    if (!PLACES.has(place)) throw refuse(`${place}: no such place; there are ${[...PLACES].join(', ')}`);
    for (const [key, name] of entriesOf(keys, place, refuse)) {
      if (!isKey(key)) throw refuse(`${place}: ${key}: no such key; expected one such as a, G, ctrl-g, page-up, space`);
      const binding = KEYS.find(({ command, where }) => command === name && where.some((one) => one === place));
      if (name !== null && binding === undefined)
        throw refuse(`${place}: ${key}: ${String(name)}: no such command there`);
      keymap.set(keymapKey(place as Focus, key), binding?.command);
    }
  }
  return keymap;
}

const LOOK = /^(?:(?:bold|dim|underline|inverse|red|green|yellow|blue|magenta|cyan|grey)(?: |$))+$/;

function ruleOf(value: unknown, refuse: Refuse): ColourRule {
  const { filter, look } = Object.fromEntries(entriesOf(value, 'a rule', refuse));
  if (typeof filter !== 'string' || typeof look !== 'string') throw refuse('expected a filter and a look');
  if (!LOOK.test(look)) throw refuse(`${look}: expected colours and bold, dim, underline or inverse`);
  try {
    compileFilter(filter);
  } catch (error) {
    if (error instanceof FilterError) throw refuse(`${filter}: ${error.problem}`);
    throw error;
  }
  return { filter, look };
}
