import { hexOf, put, slice, viewOf } from './view.js';

/** What a value is, for printing, for JSON and for the display filter. */
export type Kind = 'uint' | 'uint64' | 'bool' | 'bytes' | 'id' | 'ether' | 'ipv4' | 'ipv6' | 'string';

/** The value of a field: a number (uint, id, ipv4; a bigint of uint64), a truth, bytes (bytes, ether, ipv6) or text. */
export type Value = number | bigint | boolean | string | Uint8Array;

/** How a field's size is known: a number of bytes, by reading it or a field before it, or as all that is left. */
export type Size = number | 'varint' | 'rest' | { readonly by: string };

export interface Field<V = Value> {
  readonly label: string;
  readonly kind: Kind;
  readonly size: Size;
  /** How far the next field lies from the start of this one, in bytes; 0 when the next lies over the same bytes. */
  readonly advance: Size;
  readonly base: 'dec' | 'hex';
  /** The bits of an integer that are this field's, of those that it reads; 0 means all. */
  readonly mask: number;
  /** What one unit of the integer counts: a length in words of 4 bytes has 4. */
  readonly scale: number;
  /** What a value stands for, where it has a name. */
  readonly names: (value: number) => string | undefined;
  read(view: DataView, at: number): V;
  write(view: DataView, at: number, value: V): void;
}

type Look = 'dec' | 'hex';
export type Names = Readonly<Record<number, string>> | ((value: number) => string | undefined);

const namesOf = (names: Names | undefined): ((value: number) => string | undefined) =>
  typeof names === 'function' ? names : (value) => names?.[value];

type Read = (view: DataView, at: number) => number;
type Write = (view: DataView, at: number, value: number) => void;

const unsigned =
  (size: number, read: Read, write: Write) =>
  (label: string, base: Look = 'dec', names?: Names): Field<number> => ({
    label,
    kind: 'uint',
    size,
    advance: size,
    base,
    mask: 0,
    scale: 1,
    names: namesOf(names),
    read,
    write,
  });

const read8: Read = (view, at) => view.getUint8(at);
const read16: Read = (view, at) => view.getUint16(at);
const read24: Read = (view, at) => (view.getUint8(at) << 16) | view.getUint16(at + 1);
const read32: Read = (view, at) => view.getUint32(at);

/** What a field reads that is some bits of an unsigned big-endian integer. */
export interface Bits {
  /** Of the integer, in bytes: 1 to 4. */
  readonly size: number;
  /** The bits that count, all of them set where the field is the whole integer, and how far up they stand. */
  readonly mask: number;
  readonly shift: number;
  readonly scale: number;
}

/** The functions that read such bits: whoever replaces the `read` of a field by another has a field that does not. */
const BITS = new WeakMap<object, Bits>(
  [read8, read16, read24, read32].map((read, place) => [read, { size: place + 1, mask: -1, shift: 0, scale: 1 }]),
);

/** What a field reads, where that is some bits of an unsigned big-endian integer: readers can be made for such fields. */
export const bitsOf = ({ read }: Pick<Field, 'read'>): Bits | undefined => BITS.get(read);
const write8: Write = (view, at, value) => view.setUint8(at, value);
const write16: Write = (view, at, value) => view.setUint16(at, value);
const write24: Write = (view, at, value) => {
  view.setUint8(at, value >>> 16);
  view.setUint16(at + 1, value);
};
const write32: Write = (view, at, value) => view.setUint32(at, value);

/** Unsigned big-endian integers of 8, 16, 24 and 32 bits. */
export const u8 = unsigned(1, read8, write8);
export const u16 = unsigned(2, read16, write16);
export const u24 = unsigned(3, read24, write24);
export const u32 = unsigned(4, read32, write32);

/** An unsigned little-endian integer of 16 bits, for the few headers that use it. */
export const u16le = unsigned(
  2,
  (view, at) => view.getUint16(at, true),
  (view, at, value) => view.setUint16(at, value, true),
);

/** The same of 32 bits. */
export const u32le = unsigned(
  4,
  (view, at) => view.getUint32(at, true),
  (view, at, value) => view.setUint32(at, value, true),
);

const unsigned64 =
  (littleEndian: boolean) =>
  (label: string, base: Look = 'dec'): Field<bigint> => ({
    label,
    kind: 'uint64',
    size: 8,
    advance: 8,
    base,
    mask: 0,
    scale: 1,
    names: NO_NAMES,
    read: (view, at) => view.getBigUint64(at, littleEndian),
    write: (view, at, value) => view.setBigUint64(at, value, littleEndian),
  });

/**
 * Unsigned integers of 64 bits, big-endian and little-endian. Reading one makes a bigint: no field of a header that the
 * scan reads should be one.
 */
export const u64 = unsigned64(false);
export const u64le = unsigned64(true);

/** Signed integers of 8 and 32 bits, big-endian, and of 32 bits, little-endian. */
export const i8 = (label: string): Field<number> => ({ ...u8(label), read: (view, at) => view.getInt8(at) });
export const i32 = (label: string): Field<number> => ({ ...u32(label), read: (view, at) => view.getInt32(at) });
export const i32le = (label: string): Field<number> => ({
  ...u32le(label),
  read: (view, at) => view.getInt32(at, true),
});

/** How far up the bits of a mask stand. */
export const shiftOf = (mask: number): number => 31 - Math.clz32(mask & -mask);

/** The bits `mask` of an integer field; its value is shifted down, then multiplied by `scale`. */
export function part(of: Field<number>, mask: number, scale = 1): Field<number> {
  const shift = shiftOf(mask);
  const read: Read = (view, at) => ((of.read(view, at) & mask) >>> shift) * scale;
  noteBits(of, read, { mask, shift, scale });
  return {
    ...of,
    mask,
    scale,
    read,
    write: (view, at, value) => {
      const kept = of.read(view, at) & ~mask;
      of.write(view, at, (kept | (((value / scale) << shift) & mask)) >>> 0);
    },
  };
}

/** Notes that a function reads some bits of what another field reads, if that is a whole integer. */
function noteBits(of: Field<number>, read: Field['read'], bits: Omit<Bits, 'size'>): void {
  const whole = bitsOf(of);
  if (whole?.mask === -1) BITS.set(read, { ...bits, size: whole.size });
}

/** One bit of an integer field, as a truth. */
export function bit(of: Field<number>, mask: number): Field<boolean> {
  const read = (view: DataView, at: number): boolean => (of.read(view, at) & mask) !== 0;
  noteBits(of, read, { mask, shift: shiftOf(mask), scale: 1 });
  return {
    ...of,
    kind: 'bool',
    mask,
    read,
    write: (view, at, value) => {
      const kept = of.read(view, at) & ~mask;
      of.write(view, at, (value ? kept | mask : kept) >>> 0);
    },
  };
}

/** The same field, but the next one lies over the same bytes: for flags beneath a word, and words that share a byte. */
export const over = <V>(field: Field<V>): Field<V> => ({ ...field, advance: 0 });

/** An integer that reads as hex digits without `0x`, padded to its size: ids and halves of ids. */
export const hexId = (of: Field<number>): Field<number> => ({ ...of, kind: 'id', base: 'hex' });

const NO_NAMES = namesOf(undefined);

const bytesLike = (label: string, kind: Kind, size: number): Field<Uint8Array> => ({
  label,
  kind,
  size,
  advance: size,
  base: 'hex',
  mask: 0,
  scale: 1,
  names: NO_NAMES,
  read: (view, at) => slice(view, at, at + size),
  write: (view, at, value) => put(view, at, value, Math.min(size, value.length)),
});

/** A fixed number of bytes. */
export const bytes = (label: string, size: number): Field<Uint8Array> => bytesLike(label, 'bytes', size);

/** An Ethernet address, 6 bytes. */
export const ether = (label: string): Field<Uint8Array> => bytesLike(label, 'ether', 6);

/** An IPv4 address, as an unsigned 32-bit number. */
export const ipv4 = (label: string): Field<number> => ({ ...u32(label), kind: 'ipv4' });

/** An IPv6 address, 16 bytes. */
export const ipv6 = (label: string): Field<Uint8Array> => bytesLike(label, 'ipv6', 16);

/** As many bytes as the field `by`, earlier in the same layout, says. */
export const bytesBy = (label: string, by: string): Field<Uint8Array> => ({
  ...bytesLike(label, 'bytes', 0),
  size: { by },
  advance: { by },
  // Only the layout knows the size: see `locate` in layout.ts.
  read: (view) => slice(view, 0, 0),
  write: (view, at, value) => put(view, at, value),
});

/** All bytes that are left of the message. Only the last field of a layout may be one. */
export const rest = (label: string): Field<Uint8Array> => ({
  ...bytesLike(label, 'bytes', 0),
  size: 'rest',
  advance: 'rest',
  // Only the limit tells the size: see `locate` in layout.ts.
  read: (view) => slice(view, 0, 0),
  write: (view, at, value) => put(view, at, value),
});

/** Text in a fixed number of bytes, up to the first that is zero: a character a byte, for names of interfaces and such. */
export const fixedText = (label: string, size: number): Field<string> => ({
  ...bytesLike(label, 'string', size),
  read: (view, at) => {
    let text = '';
    for (let place = at; place < at + size && view.getUint8(place) !== 0; place++) {
      text += String.fromCharCode(view.getUint8(place));
    }
    return text;
  },
  write: (view, at, value) => {
    for (let place = 0; place < Math.min(size, value.length); place++)
      view.setUint8(at + place, value.charCodeAt(place));
  },
});

/** The most bytes a varint may have. */
export const VARINT_MAX = 5;

/**
 * The size in bytes of the varint at `at`, or 0 when it is cut off by `end` or longer than 5 bytes.
 * Source: protocol page, "Varints".
 */
export function varintSize(view: DataView, at: number, end: number): number {
  for (let size = 1; size <= VARINT_MAX && at + size <= end; size++) {
    if ((view.getUint8(at + size - 1) & 0x80) === 0) return size;
  }
  return 0;
}

/** The varint at `at`, which `varintSize` has found whole. */
export function readVarint(view: DataView, at: number): number {
  let byte = view.getUint8(at);
  let value = byte & 0x7f;
  for (let next = at + 1; byte & 0x80; next++) {
    byte = view.getUint8(next);
    // Five bytes reach beyond 32 bits, where shifts would wrap.
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return value;
}

/** How many bytes a number takes as a varint; up to 34,630,287,487 there are at most 5. */
export function varintLength(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor((rest - 1) / 128)) size++;
  return size;
}

/** Writes a number as a varint at `at`, in `varintLength` bytes. */
export function writeVarint(view: DataView, at: number, value: number): void {
  let place = at + varintLength(value) - 1;
  view.setUint8(place, value % 128);
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    place -= 1;
    view.setUint8(place, 0x80 | (rest % 128));
  }
}

/** A number as a varint. */
export function varintBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(varintLength(value));
  writeVarint(viewOf(bytes), 0, value);
  return bytes;
}

/** A varint, as a number. */
export const varint = (label: string): Field<number> => ({
  ...u8(label),
  size: 'varint',
  advance: 'varint',
  read: readVarint,
  write: writeVarint,
});

/** A field that stands nowhere in the bytes: worked out from them, or from the packets before. */
export const derived = (label: string, kind: Kind = 'uint', base: Look = 'dec', names?: Names): Field<Value> => ({
  label,
  kind,
  size: 0,
  advance: 0,
  base,
  mask: 0,
  scale: 1,
  names: namesOf(names),
  read: () => 0,
  write: () => {},
});

/** A field that belongs to no layout, with its filter name. */
export const named = <V>(path: string, field: Field<V>): Field<V> & { readonly path: string } => ({ ...field, path });

/** The dotted text of an IPv4 address. */
export const ipv4Text = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;

/**
 * The text of an IPv6 address, 16 bytes at `at`.
 * Source: RFC 5952, section 4.
 */
export function ipv6Text(view: DataView, at: number): string {
  const isMapped = view.getUint32(at) === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0xffff;
  if (isMapped) return `::ffff:${ipv4Text(view.getUint32(at + 12))}`;
  const gap = longestZeros(view, at);
  const gapEnd = gap + zerosFrom(view, at, gap);
  let text = '';
  for (let word = 0; word < WORDS; word++) {
    if (word === gap) {
      text += '::';
      word = gapEnd - 1;
    } else text += (word > 0 && word !== gapEnd ? ':' : '') + view.getUint16(at + 2 * word).toString(16);
  }
  return text;
}

/** The 16-bit words of an IPv6 address. */
const WORDS = 8;

/** How many words of an address are zero from one on. */
function zerosFrom(view: DataView, at: number, first: number): number {
  let word = first;
  while (word < WORDS && view.getUint16(at + 2 * word) === 0) word++;
  return word - first;
}

/** Where the first of the longest runs of zero words starts: `WORDS` where none has two. */
function longestZeros(view: DataView, at: number): number {
  let [best, most] = [WORDS, 1];
  for (let start = 0; start < WORDS; start++) {
    const length = view.getUint16(at + 2 * start) === 0 ? zerosFrom(view, at, start) : 0;
    if (length > most) [best, most] = [start, length];
  }
  return best;
}

/** The text of an Ethernet address, 6 bytes at `at`. */
export const etherText = (view: DataView, at: number): string => hexOf(view, at, at + 6, ':');
