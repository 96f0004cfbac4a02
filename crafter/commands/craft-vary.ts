import { hashOf, type Seeded, seeded } from '../seeded.js';
import { CraftError } from './craft-error.js';
import type { KeyedField } from './field-value.js';

/** A value that is another one in every packet. */
export interface Vary {
  /** An option of a field, such as `c1`, or a field of a layer, such as `ip.src`. */
  readonly name: string;
  readonly spec: string;
}

/** What a text such as `c1=counter` asks for. @throws {RangeError} if it is none */
export function varyFrom(text: string): Vary {
  const equals = text.indexOf('=');
  if (equals < 1) throw new RangeError(`"${text}" is not FIELD=SPEC, such as c1=counter or ip.src=10.0.0.0/24`);
  return { name: text.slice(0, equals), spec: text.slice(equals + 1) };
}

/** The field that a value is for, as far as it decides on how the value is written. */
export type VariedField = Pick<KeyedField, 'kind' | 'size' | 'mask'>;

/** Gives the text of the value in the packet of this place, from 0. */
export type Variation = (place: number) => string;

/**
 * What a spec stands for: `counter[:start[:step]]`, `random`, `random:LIST`, a network whose addresses follow each other, a
 * range of numbers, texts with `|` between them, or a text with `{n}` in it.
 * @throws {CraftError} if it is none of these
 */
export function variation({ name, spec }: Vary, field: VariedField | undefined, seed: number): Variation {
  const random = seeded(hashOf(name, seed));
  const counter = /^counter(?::(\d{1,15})(?::(-?\d{1,15}))?)?$/.exec(spec);
  if (counter) {
    const [, start = '0', step = '1'] = counter;
    return (place) => numberText(field, Number(start) + place * Number(step));
  }
  if (spec.startsWith('counter:')) throw new CraftError(`--vary ${name}: "${spec}" is no counter`);
  if (spec === 'random') return () => randomText(field, random);
  if (spec.startsWith('random:')) {
    const values = listed(name, spec.slice('random:'.length), field);
    return () => values.at(random.integer(values.count));
  }
  if (spec.includes('{n'))
    return (place) =>
      spec.replaceAll(/\{n(?::0(\d{1,2}))?\}/g, (_, width) => `${place}`.padStart(Number(width ?? 0), '0'));
  const values = listed(name, spec, field);
  return (place) => values.at(place % values.count);
}

interface Values {
  readonly count: number;
  readonly at: (place: number) => string;
}

function listed(name: string, text: string, field: VariedField | undefined): Values {
  if (text.includes('|')) {
    const values = text.split('|');
    return { count: values.length, at: (place) => values[place] ?? '' };
  }
  const network = networkFrom(text);
  if (network) return network;
  const [, first, last] = /^(0x[0-9a-f]{1,12}|\d{1,15})-(0x[0-9a-f]{1,12}|\d{1,15})$/i.exec(text) ?? [];
  if (first !== undefined && Number(last) >= Number(first)) {
    const count = Number(last) - Number(first) + 1;
    return { count, at: (place) => numberText(field, Number(first) + place) };
  }
  throw new CraftError(
    `--vary ${name}: "${text}" is neither counter, random, a network such as 10.0.0.0/24, a range such as 1-99, a list such as a|b, nor a text with {n}`,
  );
}

/** How the addresses of each family are written. */
const FAMILIES: readonly {
  readonly form: RegExp;
  readonly radix: number;
  readonly bits: number;
  readonly between: string;
}[] = [
  { form: /^\d{1,3}(\.\d{1,3}){3}$/, radix: 10, bits: 8, between: '.' },
  { form: /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, radix: 16, bits: 8, between: ':' },
  { form: /^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}$/i, radix: 16, bits: 16, between: ':' },
];
/** More addresses than can be counted through. */
const MOST = 2 ** 48;

/** The addresses of a network, from the one that is written. */
function networkFrom(text: string): Values | undefined {
  const [, written = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = written.includes('::') ? unfolded(written) : written;
  const family = FAMILIES.find(({ form }) => form.test(address));
  if (!family) return undefined;
  const words = address.split(family.between).map((word) => Number.parseInt(word, family.radix));
  const free = words.length * family.bits - Number(bits);
  if (free < 0 || words.some((word) => word >= 2 ** family.bits)) return undefined;
  const count = Math.min(MOST, 2 ** free);
  return { count, at: (place) => addressText(words, family, place, free) };
}

/** An IPv6 address with all its words. */
function unfolded(text: string): string {
  const [head = '', tail = ''] = text.split('::').map((part) => part);
  const [left, right] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)];
  return [...left, ...new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right].join(':');
}

function addressText(
  words: readonly number[],
  { bits, radix, between }: (typeof FAMILIES)[number],
  place: number,
  free: number,
) {
  let value = 0n;
  for (const word of words) value = (value << BigInt(bits)) | BigInt(word);
  const room = 1n << BigInt(free);
  const moved = (value & ~(room - 1n)) | ((value + BigInt(place)) & (room - 1n));
  const width = radix === 16 && bits === 8 ? 2 : 1;
  return words
    .map((_, at) => (moved >> BigInt(bits * (words.length - 1 - at))) & ((1n << BigInt(bits)) - 1n))
    .map((word) => word.toString(radix).padStart(width, '0'))
    .join(between);
}

/** A number as the field takes it: ids in hex, bytes as so many. Those that are too large begin at 0 again. */
function numberText(field: VariedField | undefined, value: number): string {
  const room = roomOf(field);
  const fitting = ((value % room) + room) % room;
  switch (field?.kind) {
    case 'id':
      return fitting.toString(16);
    case 'bytes':
    case 'ether': {
      const size = typeof field.size === 'number' ? field.size : 4;
      const digits = fitting
        .toString(16)
        .padStart(2 * size, '0')
        .slice(-2 * size);
      return field.kind === 'ether' ? (digits.match(/../g) ?? []).join(':') : digits;
    }
    case 'ipv4':
      return [24, 16, 8, 0].map((shift) => Math.floor(fitting / 2 ** shift) % 256).join('.');
    case 'bool':
      return `${fitting % 2}`;
    default:
      return `${fitting}`;
  }
}

function roomOf(field: VariedField | undefined): number {
  if (!field) return Number.MAX_SAFE_INTEGER;
  if (field.mask !== 0) return 2 ** (32 - Math.clz32(field.mask >>> (31 - Math.clz32(field.mask & -field.mask))));
  return typeof field.size === 'number' && field.size <= 6 ? 256 ** field.size : Number.MAX_SAFE_INTEGER;
}

function randomText(field: VariedField | undefined, random: Seeded): string {
  const size = typeof field?.size === 'number' ? field.size : 4;
  const hex = Array.from(random.bytes(size), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (field?.kind === 'bytes') return hex;
  if (field?.kind === 'ipv6') return (hex.match(/.{4}/g) ?? []).join(':');
  return numberText(field, Number.parseInt(hex.slice(0, 12), 16));
}
