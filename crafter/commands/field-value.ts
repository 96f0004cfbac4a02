import { bitsOf, MODES, type Mode } from '../../dissectors/channel/capabilities.js';
import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { ipv4From, ipv6From } from '../ip-address.js';
import { peerId } from '../peer-id.js';

/** A field as its layout has it: with its key. */
export type KeyedField = Placed<Field>;

/** What of a field decides on the texts of its values. */
export type Read = Pick<KeyedField, 'key' | 'kind' | 'size' | 'mask'>;

/**
 * The value of a field that a text on the command line stands for. Numbers are decimal, or hex after `0x`; ids are hex
 * without it; peers are 32 hex digits or a name; capabilities may be a mode, reasons a word.
 *
 * @throws {RangeError} saying what was found and what was expected
 */
export function valueFrom(field: Read, text: string): Value {
  const named = nameValue(field, text);
  if (named !== undefined) return named;
  switch (field.kind) {
    case 'bool':
      return truth(text);
    case 'uint':
      return fitting(field, number(text, /^(\d+|0x[0-9a-f]+)$/i, 'a number, such as 7 or 0x1f'));
    case 'uint64':
      return long(text);
    case 'id':
      return fitting(field, number(text.replace(/^(0x)?/i, '0x'), /^0x[0-9a-f]+$/i, 'hex digits'));
    case 'ipv4':
      return ipv4From(text);
    case 'ipv6':
      return ipv6From(text);
    case 'ether':
      return bytesFrom(field, text, /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i, 'an address such as 02:00:00:00:00:01');
    case 'bytes':
      return bytesFrom(field, text, /^([0-9a-f]{2}[\s:]*)*$/i, 'an even number of hex digits');
    case 'string':
      return text;
  }
}

/** Fields that have words for values. */
function nameValue({ key, kind }: Read, text: string): Value | undefined {
  // Fields of other protocols have these names too: a peer id is bytes.
  if ((key === 'sender' || key === 'recipient') && kind === 'bytes') return peerId(text);
  if (key === 'caps') {
    const mode = MODES.find((name) => name === text);
    return mode === undefined ? undefined : bitsOf(mode satisfies Mode);
  }
  if (key === 'reason') {
    const reason = Object.entries(CLOSE_REASONS).find(([, name]) => name === text);
    return reason === undefined ? undefined : Number(reason[0]);
  }
  return undefined;
}

function truth(text: string): boolean {
  if (/^(1|y|yes|true|)$/i.test(text)) return true;
  if (/^(0|n|no|false)$/i.test(text)) return false;
  throw new RangeError(`"${text}" is neither 1 nor 0`);
}

function number(text: string, form: RegExp, expected: string): number {
  if (!form.test(text)) throw new RangeError(`"${text.replace(/^0x/i, '')}" is not ${expected}`);
  return Number(text);
}

function long(text: string): bigint {
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(text)) throw new RangeError(`"${text}" is not a number, such as 7 or 0x1f`);
  const value = BigInt(text);
  if (value >= 2n ** 64n) throw new RangeError(`${text} does not fit in 64 bits`);
  return value;
}

function fitting(field: Read, value: number): number {
  const most = mostOf(field);
  if (most !== undefined && value > most) {
    const room = field.size === 'varint' ? 'a varint' : `${Math.log2(most + 1)} bits`;
    throw new RangeError(`${value} does not fit in ${room}`);
  }
  return value;
}

/** The largest value of five bytes. Source: protocol page, section 2. */
const MOST_VARINT = 34_630_287_487;

/** The largest value of a field; unknown for parts of a word, whose unit may be larger than 1. */
function mostOf({ kind, size, mask }: Read): number | undefined {
  if (mask !== 0) return kind === 'id' ? mask >>> (31 - Math.clz32(mask & -mask)) : undefined;
  if (size === 'varint') return MOST_VARINT;
  return typeof size === 'number' ? 256 ** size - 1 : undefined;
}

function bytesFrom({ size }: Read, text: string, form: RegExp, expected: string): Uint8Array {
  if (!form.test(text)) throw new RangeError(`"${text}" is not ${expected}`);
  const bytes = fromHex(text.replaceAll('-', ''));
  if (typeof size === 'number' && bytes.length !== size) {
    throw new RangeError(`${bytes.length} bytes where the field has ${size}`);
  }
  return bytes;
}

/** What a field is called on the command line: `--caps-close-on-loss`. */
export const optionOf = ({ key }: Pick<KeyedField, 'key'>): string => key.replaceAll(/[._]/g, '-');
