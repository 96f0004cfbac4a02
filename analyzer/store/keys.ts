import type { Binding, CommandOf, Focus } from './keys/binding.js';
import { CHANNELS_KEYS } from './keys/channels.js';
import { CRAFT_KEYS } from './keys/craft.js';
import { DATA_KEYS } from './keys/data.js';
import { DIFFERENCE_KEYS } from './keys/difference.js';
import { GLOBAL_KEYS, HELP_KEYS, PROMPT_KEYS, SCREENS_FOCUS } from './keys/global.js';
import { HANDSHAKES_KEYS } from './keys/handshakes.js';
import { LADDER_KEYS } from './keys/ladder.js';
import { LOG_KEYS } from './keys/log.js';
import { BYTES_KEYS, DETAIL_KEYS, LIST_KEYS, PANES_FOCUS, PANES_KEYS } from './keys/packets.js';
import { STATISTICS_KEYS } from './keys/statistics.js';

export type { Binding, Focus } from './keys/binding.js';

/** The keys in groups, as the help screen and the documentation show them. */
const GROUPED = [
  ['Everywhere', GLOBAL_KEYS],
  ['Handshakes', HANDSHAKES_KEYS],
  ['Channels', CHANNELS_KEYS],
  ['Ladder', LADDER_KEYS],
  ['Difference of two packets', DIFFERENCE_KEYS],
  ['Packets', PANES_KEYS],
  ['Packet list', LIST_KEYS],
  ['Details', DETAIL_KEYS],
  ['Bytes', BYTES_KEYS],
  ['Data of a channel', DATA_KEYS],
  ['Statistics', STATISTICS_KEYS],
  ['Packet editor', CRAFT_KEYS],
  ['Log', LOG_KEYS],
  ['Typing', PROMPT_KEYS],
  ['This help', HELP_KEYS],
] as const;

/** Everything a key can mean. */
export type Command = CommandOf<(typeof GROUPED)[number][1]>;

/** Commands that mean the same on every screen that has them. */
export type SharedCommand = CommandOf<typeof GLOBAL_KEYS> | 'edit' | 'compare' | 'channel-ladder';

/** The commands of one screen or pane that are its own to carry out: its function takes these, and must know each. */
export type OwnCommand<Bindings extends readonly Binding[]> = Exclude<CommandOf<Bindings>, SharedCommand>;

export type HandshakesCommand = OwnCommand<typeof HANDSHAKES_KEYS>;
export type ChannelsCommand = OwnCommand<typeof CHANNELS_KEYS>;
export type LadderCommand = OwnCommand<typeof LADDER_KEYS>;
export type DifferenceCommand = OwnCommand<typeof DIFFERENCE_KEYS>;
export type DataCommand = OwnCommand<typeof DATA_KEYS>;
export type StatisticsCommand = OwnCommand<typeof STATISTICS_KEYS>;
/** `edit` is of its own here: a script's packet is edited. */
export type CraftCommand = OwnCommand<typeof CRAFT_KEYS> | 'edit';
export type LogCommand = OwnCommand<typeof LOG_KEYS>;
export type PanesCommand = OwnCommand<typeof PANES_KEYS>;
export type ListCommand = OwnCommand<typeof LIST_KEYS>;
export type DetailCommand = OwnCommand<typeof DETAIL_KEYS>;
export type BytesCommand = OwnCommand<typeof BYTES_KEYS>;
/** Commands for the program itself, which mean the same even while something lies over the screens. */
export type ProgramCommand = 'redraw' | 'suspend' | 'quit';
export type PromptCommand = Exclude<CommandOf<typeof PROMPT_KEYS>, ProgramCommand>;
export type HelpCommand = Exclude<CommandOf<typeof HELP_KEYS>, ProgramCommand>;

export type KeyGroup = readonly [title: string, bindings: readonly Binding<Command>[]];
export const KEY_GROUPS: readonly KeyGroup[] = GROUPED;

/** Every key there is. */
export const KEYS: readonly Binding<Command>[] = KEY_GROUPS.flatMap(([, bindings]) => bindings);

export { PANES_FOCUS, SCREENS_FOCUS };

/** Keys that the user has given another meaning: by place and key. */
export type Keymap = ReadonlyMap<string, Command | undefined>;
export const NO_KEYMAP: Keymap = new Map();
/** What stands for a key in a place in a key map. */
export const keymapKey = (focus: Focus, key: string): string => `${focus} ${key}`;

/** The command of a key, if it has one here. */
export function commandFor(focus: Focus, key: string, keymap: Keymap = NO_KEYMAP): Command | undefined {
  const own = keymapKey(focus, key);
  if (keymap.has(own)) return keymap.get(own);
  return KEYS.find(({ where, keys }) => where.includes(focus) && keys.includes(key))?.command;
}

/** The keys of a command in a place: the table's that have no other meaning now, and the user's own. */
export function keysOf(binding: Binding<Command>, focus: Focus, keymap: Keymap): readonly string[] {
  const kept = binding.keys.filter((key) => commandFor(focus, key, keymap) === binding.command);
  const own = [...keymap]
    .filter(([at, command]) => command === binding.command && at.startsWith(`${focus} `))
    .map(([at]) => at.slice(focus.length + 1))
    .filter((key) => !kept.includes(key));
  return [...kept, ...own];
}

const NAMED = String.raw`tab|enter|backspace|space|escape|up|down|left|right|home|end|begin|page-up|page-down|insert|delete|f\d{1,2}`;
/** Shift is in a character already, and with Ctrl there are no capitals. */
const KEY = new RegExp(
  String.raw`^(?:(?:ctrl-|alt-|shift-)*(?:${NAMED})|(?:alt-)?[^\s\p{C}]|(?:ctrl-|alt-)+[^\s\p{C}\p{Lu}])$`,
  'u',
);

/** Whether a terminal can report a key of this name. */
export const isKey = (name: string): boolean => KEY.test(name);

/** A key as people write it: `Ctrl-G`, `PgUp`. */
export function keyLabel(key: string): string {
  if ([...key].length === 1) return key;
  const last = key.split('-').at(-1) ?? key;
  const special = SPECIAL[key];
  if (special !== undefined) return special;
  const prefix = key.slice(0, key.length - last.length);
  return `${prefix.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())}${last[0]?.toUpperCase()}${last.slice(1)}`;
}

const SPECIAL: Readonly<Record<string, string>> = { escape: 'Esc', 'page-up': 'PgUp', 'page-down': 'PgDn' };

export interface HelpLine {
  readonly kind: 'title' | 'key' | 'blank';
  /** The keys, or the title of a group. */
  readonly left: string;
  readonly right: string;
}

/** The help screen. The group of where the user is comes first. */
export function helpLines(from: Focus, keymap: Keymap): readonly HelpLine[] {
  const isHere = ([, bindings]: KeyGroup) =>
    bindings !== GLOBAL_KEYS && bindings.some(({ where }) => where.includes(from));
  const groups = [...KEY_GROUPS.filter(isHere), ...KEY_GROUPS.filter((group) => !isHere(group))];
  return groups.flatMap(([title, bindings], place) => [
    ...(place === 0 ? [] : [{ kind: 'blank', left: '', right: '' } as const]),
    { kind: 'title', left: title, right: '' } as const,
    ...bindings.map((binding) => {
      const keys = keysOf(binding, binding.where[0] ?? from, keymap);
      const left = keys.length > 0 ? keys.map(keyLabel).join(', ') : `:${binding.command}`;
      return { kind: 'key', left, right: binding.help } as const;
    }),
  ]);
}
