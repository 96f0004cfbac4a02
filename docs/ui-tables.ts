import { BASE } from '../analyzer/export/tables/base.js';
import type { ColumnSpec } from '../analyzer/export/tables/column.js';
import { TABLES } from '../analyzer/export/tables/table-names.js';
import { columnsOf } from '../analyzer/export/tables/tables.js';
import { type Binding, KEY_GROUPS, KEYS, keyLabel } from '../analyzer/store/keys.js';
import { columnKey } from '../analyzer/store/list-columns.js';
import { STANDARD_COLUMNS, THEME_NAMES, TIME_FORMATS, TIME_NAMES } from '../analyzer/store/settings.js';
import { COOKIE_STATUSES } from '../analyzer/track/cookies.js';
import { themeOf } from '../analyzer/ui/theme.js';
import { SEVERITIES } from '../dissectors/wire/finding.js';
import { table } from './table.js';

const code = (text: string): string => `\`${text}\``;

/** Every key and command, a table a group, as the help screen shows them. */
function keys(): string {
  const sections = KEY_GROUPS.map(
    ([title, bindings]) => `### ${title}\n\n${table(['keys', 'command', 'does'], bindings.map(keyRow))}`,
  );
  return sections.join('\n\n');
}

const keyRow = ({ keys, command, argument, help }: Binding): readonly string[] => [
  keys.map((key) => code(keyLabel(key))).join(' '),
  code(argument === undefined ? command : `${command} ${argument}`),
  help,
];

/** Where keys can be given another meaning, with the groups of commands that each place has. */
function places(): string {
  const names = [...new Set(KEYS.flatMap(({ where }) => where))];
  const rows = names.map((name) => {
    const groups = KEY_GROUPS.filter(([, bindings]) => bindings.some(({ where }) => where.includes(name)));
    return [code(name), groups.map(([title]) => title).join('; ')];
  });
  return table(['place', 'groups of commands'], rows);
}

const times = (): string =>
  table(
    ['name', 'times are written as'],
    TIME_FORMATS.map((name) => [code(name), TIME_NAMES[name]]),
  );

const columns = (): string =>
  table(
    ['name', 'title'],
    STANDARD_COLUMNS.map((column) => [code(columnKey(column)), column.title]),
  );

/** What stands for findings and cookies, everywhere on the screen. */
function signs(): string {
  const { marks: usual } = themeOf(false, true);
  const { marks: ascii } = themeOf(true, true);
  return table(
    ['sign', 'with `--ascii`', 'means'],
    [
      ...SEVERITIES.map((name) => [code(usual.severity[name]), code(ascii.severity[name]), `a finding: ${name}`]),
      ...COOKIE_STATUSES.map((name) => [code(usual.cookie[name]), code(ascii.cookie[name]), `a cookie: ${name}`]),
    ],
  );
}

const themes = (): string => THEME_NAMES.map(code).join(', ');

/** The columns of the tables that captures become, those that all have first. */
function exported(): string {
  const rows = (columns: readonly ColumnSpec[]) =>
    columns.map(({ name, type, about }) => [code(name), type === 'nanoseconds' ? 'int64' : type, about]);
  const sections = TABLES.map(
    (name) => `### ${name}\n\n${table(['column', 'type', 'is'], rows(columnsOf(name).slice(BASE.length)))}`,
  );
  return [table(['column', 'type', 'is'], rows(BASE)), ...sections].join('\n\n');
}

const PRINTED: Readonly<Record<string, () => string>> = { keys, signs, places, times, columns, themes, exported };

/**
 * A page with each table that it holds printed afresh. A table stands between the lines `<!-- printed: NAME -->` and
 * `<!-- end -->`.
 * @throws {Error} for a name that no table has
 */
export const withTables = (page: string): string =>
  page.replaceAll(
    /(<!-- printed: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const print = PRINTED[name];
      if (print === undefined) throw new Error(`no table ${name}`);
      return `${start}\n${print()}\n\n${end}`;
    },
  );
