import { CODES } from '../../dissectors/channel/messages.js';
import type { Field } from '../../dissectors/wire/field.js';
import { FINDINGS } from '../../dissectors/wire/finding.js';
import { EITHER, pathsOf } from '../print/fields.js';
import { fieldNamed, isHeading, knownFields } from '../print/known-fields.js';
import { ownValues } from './own-values.js';

/** A word that could stand in a filter, and what it means. */
export interface Suggestion {
  readonly text: string;
  readonly about: string;
}

/** The words that could stand in the place of `[from, to)` of a filter. */
export interface Suggestions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Suggestion[];
}

/** Words that are offered at most. */
const MOST = 200;

const OPERATORS: readonly Suggestion[] = [
  { text: '==', about: 'equal' },
  { text: '!=', about: 'not equal' },
  { text: '>', about: 'greater' },
  { text: '>=', about: 'greater or equal' },
  { text: '<', about: 'less' },
  { text: '<=', about: 'less or equal' },
  { text: 'contains', about: 'has these bytes or this text in it' },
  { text: 'matches', about: 'matches a regular expression' },
  { text: 'in', about: 'one of {a, b..c}' },
  { text: '&&', about: 'and' },
  { text: '||', about: 'or' },
];

const FUNCTIONS: readonly Suggestion[] = [
  { text: 'len(', about: 'length in bytes' },
  { text: 'count(', about: 'how often it occurs' },
  { text: 'lower(', about: 'in lower case' },
  { text: 'upper(', about: 'in upper case' },
  { text: 'string(', about: 'as text' },
  { text: 'max(', about: 'the largest' },
  { text: 'min(', about: 'the smallest' },
  { text: 'abs(', about: 'without its sign' },
];

const LINKS: readonly Suggestion[] = [
  { text: '&&', about: 'and' },
  { text: '||', about: 'or' },
];

let gathered: readonly Suggestion[] | undefined;

/** Fields, layers and functions; they never change. */
function names(): readonly Suggestion[] {
  if (gathered !== undefined) return gathered;
  const fields = [...knownFields()].map(([text, { label }]) => ({ text, about: label }));
  const either = Object.entries(EITHER).map(([text, both]) => ({ text, about: both.join(' or ') }));
  const layers = [...new Set(fields.map(({ text }) => text.split('.', 1)[0] ?? text))]
    .filter(isHeading)
    .map((text) => ({ text, about: 'layer' }));
  const sorted = [...fields, ...either].toSorted((one, other) => (one.text < other.text ? -1 : 1));
  gathered = [...layers.toSorted((one, other) => (one.text < other.text ? -1 : 1)), ...sorted, ...FUNCTIONS];
  return gathered;
}

/** What could stand where the cursor is in a filter that is being typed. Nothing inside of quotes. */
export function suggest(text: string, cursor: number): Suggestions {
  const before = text.slice(0, cursor);
  const none = { from: cursor, to: cursor, items: [] };
  if (isQuoted(before)) return none;
  const word = /[\w.:-]*$/.exec(before)?.[0] ?? '';
  const from = cursor - word.length;
  const rest = before.slice(0, from);
  const compared = COMPARED.exec(rest)?.[1];
  if (compared !== undefined) return { from, to: cursor, items: starting(valuesOf(compared), word) };
  if (word === '' && NAME_BEFORE.test(rest)) return { from, to: cursor, items: OPERATORS };
  if (word === '' && VALUE_BEFORE.test(rest)) return { from, to: cursor, items: LINKS };
  if (word === '' && rest.trim() !== '' && !OPEN.test(rest)) return none;
  return { from, to: cursor, items: word === '' ? names().slice(0, MOST) : starting(names(), word) };
}

/** A field, an operator, and nothing after it yet; also within a set. */
const COMPARED =
  /([A-Za-z_][\w.]*)\s*(?:===|!==|==|!=|~=|>=|<=|>|<|\beq\b|\bne\b|\bgt\b|\bge\b|\blt\b|\ble\b|\bany_eq\b|\ball_ne\b|\bin\s*\{(?:[^}"]*[,\s])?)\s*$/;
/** The name of a field, and a blank. */
const NAME_BEFORE = /(?:^|[\s(!&|^])[A-Za-z_]\w*(?:\.\w+)*\s+$/;
/** A comparison that is whole, and a blank. */
const VALUE_BEFORE = /(?:[=<>]|\b(?:eq|ne|gt|ge|lt|le|contains|matches)\b)\s*(?:"[^"]*"|[\w.:/-]+)\s+$|[)}]\s*$/;
/** Where a test can begin. */
const OPEN = /(?:&&|\|\||\^\^|!|\(|\bnot|\band|\bor|\bxor)\s*$/;

const isQuoted = (text: string): boolean => (text.replaceAll(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;

/** Those that start with a word; if none does, those that hold it. */
function starting(all: readonly Suggestion[], word: string): readonly Suggestion[] {
  const wanted = word.toLowerCase();
  const bare = ({ text }: Suggestion) => text.toLowerCase().replace(/^"/, '');
  const starts = all.filter((one) => bare(one).startsWith(wanted));
  const inside = () =>
    all.filter((one) => bare(one).includes(wanted)).toSorted((one, other) => one.text.length - other.text.length);
  const found = starts.length > 0 ? starts : inside();
  return found.filter(({ text }) => text !== word).slice(0, MOST);
}

const plain = (values: readonly string[], about = ''): readonly Suggestion[] =>
  values.map((text) => ({ text: /^[a-z0-9_.]+$/i.test(text) ? text : `"${text}"`, about }));

/** The values that a field can have, where there are names for them. */
export function valuesOf(name: string): readonly Suggestion[] {
  const [path = name] = pathsOf(name);
  if (path === 'chan.msg.type') return plain(Object.keys(CODES), 'message');
  if (path === 'expert.code') {
    return Object.entries(FINDINGS).map(([code, { about }]) => ({ text: `"${code}"`, about }));
  }
  const values = ownValues(path);
  if (values) return values.map((text) => ({ text: `"${text}"`, about: '' }));
  const field = fieldNamed(name);
  return field === undefined ? [] : namedValues(field);
}

/** The largest value that is asked for its name. */
const MOST_VALUE = 0x1_0000;

function namedValues(field: Field): readonly Suggestion[] {
  if (field.kind === 'bool') return plain(['True', 'False']);
  if (field.kind !== 'uint' || typeof field.size !== 'number') return [];
  const items: Suggestion[] = [];
  for (let value = 0; value < Math.min(MOST_VALUE, 256 ** field.size) && items.length < MOST; value++) {
    const about = field.names(value);
    if (about === undefined) continue;
    items.push({ text: field.base === 'hex' ? `0x${value.toString(16)}` : `${value}`, about });
  }
  return items;
}
