import { DISSECTORS } from '../../dissectors/registry.js';
import { type Value, varintLength } from '../../dissectors/wire/field.js';
import type { Named } from '../../dissectors/wire/sink.js';
import { put } from '../../dissectors/wire/view.js';
import { HEADER_FIELDS, MESSAGE_FIELDS } from '../commands/craft-fields.js';
import { valueFrom } from '../commands/field-value.js';
import { suggestion } from '../script/words.js';
import type { FieldPlace } from './field-places.js';

/** A new value for a field: instead of its own, or so much more or less. */
export interface FieldChange {
  readonly path: string;
  readonly operator: '=' | '+=' | '-=';
  readonly text: string;
}

/**
 * What a text such as `ip.ttl=9` or `ip.ttl-=1` asks for.
 * @throws {RangeError} if there is no such field, or no such value of it
 */
export function fieldChange(text: string): FieldChange {
  const [, path, operator, value] = /^([\w.-]+?)\s*([+-]?=)\s*(.*)$/s.exec(text) ?? [];
  if (path === undefined || operator === undefined || value === undefined) {
    throw new RangeError(`"${text}" is not FIELD=VALUE`);
  }
  const change: FieldChange = { path, operator: operator as FieldChange['operator'], text: value };
  const known = knownFields().filter((field) => field.path === path);
  if (known.length === 0) {
    throw new RangeError(
      `there is no field ${path}${suggestion(
        path,
        knownFields().map((field) => field.path),
      )}`,
    );
  }
  const problems = known.flatMap((field) => problemOf(field, change));
  // A name may stand for fields of several widths: the value must fit into one of them.
  if (problems.length === known.length) throw new RangeError(`${path}: ${problems[0]}`);
  return change;
}

/** All fields that stand in packets. */
const knownFields = (): readonly Named[] => [
  ...DISSECTORS.flatMap(({ fields }) => fields),
  ...MESSAGE_FIELDS,
  ...HEADER_FIELDS,
  ...ID,
];

/** The id in the header of a channel packet goes by the name of those in messages. */
const ID: readonly Named[] = MESSAGE_FIELDS.filter(({ key }) => key === 'id');

function problemOf(field: Named, { operator, text }: FieldChange): readonly string[] {
  if (field.size === 0) return ['it is worked out, and stands nowhere in the packet'];
  if (operator !== '=' && field.kind !== 'uint' && field.kind !== 'id') return ['only numbers can grow'];
  try {
    valueFrom(readable(field), text);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [error.message];
    throw error;
  }
}

/** Values are read by the key of their field, and those of any size are as long as they are given. */
const readable = ({ path, kind, size, mask }: Named) => ({ key: path.replace(/^[^.]*\./, ''), kind, size, mask });

/**
 * Writes a new value of a field to where it stands.
 * @returns whether it has room there
 */
export function changeField(frame: DataView, { field, base, start, end }: FieldPlace, change: FieldChange): boolean {
  const value = newValue(frame, field, base, change);
  if (value === undefined) return false;
  if (value instanceof Uint8Array) {
    if (value.length !== end - start) return false;
    put(frame, start, value);
    return true;
  }
  if (field.size === 'varint' && (typeof value !== 'number' || varintLength(value) !== end - start)) return false;
  if (typeof value === 'string') {
    if (value.length > end - start) return false;
    put(frame, start, new Uint8Array(end - start));
  }
  field.write(frame, base, value);
  return true;
}

function newValue(frame: DataView, field: Named, base: number, change: FieldChange): Value | undefined {
  let given: Value;
  try {
    given = valueFrom(readable(field), change.text);
  } catch (error) {
    // Another field of this name has room for it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  if (change.operator === '=') return given;
  const was = field.read(frame, base);
  if (typeof was !== 'number' || typeof given !== 'number') return undefined;
  const room = roomOf(field);
  const step = change.operator === '+=' ? given : -given;
  return (((was + step) % room) + room) % room;
}

/** How many values a number field can have: from there on it begins at 0 again. */
function roomOf({ size, mask, scale }: Named): number {
  if (mask !== 0) return 2 ** (32 - Math.clz32(mask >>> (31 - Math.clz32(mask & -mask)))) * scale;
  return typeof size === 'number' ? 256 ** size : Number.MAX_SAFE_INTEGER;
}
