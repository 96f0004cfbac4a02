import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import { toHex } from '../../dissectors/wire/view.js';

/** A value of a running script, as a field takes it. */
export type FieldValue = number | boolean | Uint8Array;

/** What a place takes: a field of a layout, or an argument of a function. */
export interface Shape {
  /** As a script names it: `cookie2`. */
  readonly key: string;
  readonly type: 'number' | 'bytes' | 'bool';
  /** The largest number it holds. */
  readonly most: number;
  /** The bytes it takes, where that is fixed. */
  readonly size: number | undefined;
  /** Whether a text is the name of a peer rather than bytes. */
  readonly isPeer: boolean;
  readonly text: (value: FieldValue) => string;
}

/** The largest value of five bytes. Source: protocol page, section 2. */
const MOST_VARINT = 34_630_287_487;
/** Payloads are shown up to so many bytes. */
const SHOWN = 64;
const PEER_ID = 16;

/** What a field of a layout takes. */
export function shapeOf(field: Placed<Field>): Shape {
  const { key, kind, size, mask } = field;
  const type = kind === 'bool' ? 'bool' : BYTES.has(kind) ? 'bytes' : 'number';
  return {
    key,
    type,
    most: mostOf(size, mask),
    size: type === 'bytes' && kind !== 'string' && typeof size === 'number' ? size : undefined,
    isPeer: type === 'bytes' && (key === 'sender' || key === 'recipient'),
    text: (value) => fieldText(field, value),
  };
}

/** Kinds whose values a script writes as bytes, or as a text. */
const BYTES: ReadonlySet<string> = new Set(['bytes', 'string', 'ether', 'ipv6']);

function mostOf(size: Field['size'], mask: number): number {
  if (mask !== 0) return mask >>> (31 - Math.clz32(mask & -mask));
  if (size === 'varint') return MOST_VARINT;
  return typeof size === 'number' ? Math.min(256 ** size - 1, Number.MAX_SAFE_INTEGER) : 0;
}

function fieldText(field: Field, value: FieldValue): string {
  if (value instanceof Uint8Array) return bytesText(value);
  const name = typeof value === 'number' ? field.names(value) : undefined;
  const plain = plainText(field, value satisfies Value);
  return name === undefined ? plain : `${plain} (${name})`;
}

/** Bytes in hex, and as text where they read as some. */
export function bytesText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN);
  const more = bytes.length > SHOWN ? `… (${bytes.length} bytes)` : '';
  const isText = bytes.length > 0 && shown.every((byte) => byte >= 0x20 && byte < 0x7f);
  const text = isText && bytes.length !== PEER_ID ? ` "${String.fromCharCode(...shown)}"` : '';
  return bytes.length === 0 ? 'no bytes' : `${toHex(shown)}${more}${text}`;
}

/** A place for a number. */
export const numberShape = (key: string, most = Number.MAX_SAFE_INTEGER): Shape => ({
  key,
  type: 'number',
  most,
  size: undefined,
  isPeer: false,
  text: (value) => `${value}`,
});

/** A place for bytes, so many if that is said. */
export const bytesShape = (key: string, size?: number): Shape => ({
  key,
  type: 'bytes',
  most: 0,
  size,
  isPeer: false,
  text: (value) => (value instanceof Uint8Array ? bytesText(value) : `${value}`),
});

/** A place for a peer id: a name stands for one. */
export const peerShape = (key: string): Shape => ({ ...bytesShape(key, PEER_ID), isPeer: true });

export const boolShape = (key: string): Shape => ({ ...numberShape(key), type: 'bool' });

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
