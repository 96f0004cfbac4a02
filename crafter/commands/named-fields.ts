import type { Value } from '../../dissectors/wire/field.js';
import { CraftError } from './craft-error.js';
import { type KeyedField, valueFrom } from './field-value.js';

/** The name and the fields of a text such as `ip:src=192.0.2.1,ttl=1`. */
export function namedFields(text: string): { readonly name: string; readonly fields: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text, fields: '' } : { name: text.slice(0, colon), fields: text.slice(colon + 1) };
}

/**
 * The values in a text such as `src=192.0.2.1,ttl=1`, by the keys of their fields.
 * @param where what an error is told of: the option, and the header
 * @throws {CraftError} saying which field is unknown, or which value is wrong
 */
export function valuesFrom(
  where: string,
  known: readonly KeyedField[],
  text: string,
  extra: Extra = {},
): Readonly<Record<string, Value>> {
  const pairs = text === '' ? [] : text.split(',');
  return Object.fromEntries(pairs.map((pair) => valueIn(where, known, pair, extra)));
}

/** What reads the texts of values that no field reads, by their names. */
type Extra = Readonly<Record<string, (text: string) => Value>>;

function valueIn(where: string, known: readonly KeyedField[], pair: string, extra: Extra): [string, Value] {
  const [key = '', value = ''] = splitOnce(pair);
  const own = Object.hasOwn(extra, key) ? extra[key] : undefined;
  const field = known.find((one) => one.key === key);
  if (!field && !own) {
    const keys = [...new Set([...known.map((other) => other.key), ...Object.keys(extra)])].join(', ');
    throw new CraftError(`${where}: unknown field "${key}", expected one of ${keys}`);
  }
  try {
    if (own) return [key, own(value)];
    return [key, valueFrom(field as KeyedField, value)];
  } catch (error) {
    if (error instanceof RangeError) throw new CraftError(`${where}: ${key}: ${error.message}`);
    throw error;
  }
}

function splitOnce(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
