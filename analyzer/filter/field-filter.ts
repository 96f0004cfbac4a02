import { ipv4Text } from '../../dissectors/wire/field.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { Names } from './names.js';

/** Bytes that are compared at most: a filter must stay readable. */
const MOST_BYTES = 32;

/**
 * The filter that passes the packets which have what a line of the tree says: the field with its value, or the layer.
 * Undefined for lines that filters cannot name.
 */
export function filterOfLine(line: Line): string | undefined {
  const { path, field, value } = line;
  if (path === '') return undefined;
  const named = new Names().find(path);
  if (named === undefined) return undefined;
  const { kind } = named.type;
  if (field === undefined || value === undefined || kind === 'layer' || kind === 'heading') return path;
  if (typeof value === 'string') return `${path} == ${kind === 'duration' ? value : quotedLiteral(value)}`;
  if (value instanceof Uint8Array) return bytesFilter(line, value);
  if (typeof value === 'boolean') return `${path} == ${value ? 'True' : 'False'}`;
  if (typeof value === 'bigint') return `${path} == ${plainText(field, value)}`;
  if (kind === 'ipv4') return `${path} == ${ipv4Text(value)}`;
  if (kind === 'bool') return `${path} == ${value === 0 ? 'False' : 'True'}`;
  if (kind === 'duration') return `${path} == ${value}`;
  return `${path} == ${field.base === 'hex' || kind === 'id' ? plainText(field, value) : value}`;
}

function bytesFilter({ path, field }: Line, value: Uint8Array): string {
  if (field === undefined || value.length === 0) return path;
  if (field.kind === 'ipv6' || field.kind === 'ether') return `${path} == ${plainText(field, value)}`;
  const shown = Array.from(value.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(':');
  // One byte alone would read as a number.
  const literal = value.length === 1 ? `${shown}:` : shown;
  return value.length > MOST_BYTES ? `${path}[0:${MOST_BYTES}] == ${shown}` : `${path} == ${literal.replace(/:$/, '')}`;
}

/** A text as filters write it; what is no visible ASCII character stands as its bytes. */
export function quotedLiteral(text: string): string {
  let literal = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') literal += `\\${character}`;
    else if (byte >= 0x20 && byte < 0x7f) literal += character;
    else literal += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${literal}"`;
}
