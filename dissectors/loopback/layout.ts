import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_NAMES, MOST_LENGTH, NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { type Field, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

export const FAMILY_IPV4 = 2;
/** Every BSD has its own number for IPv6. */
export const FAMILIES_IPV6: readonly number[] = [24, 28, 30];

/** Address families by name. */
export const FAMILY_NAMES: Readonly<Record<number, string>> = {
  [FAMILY_IPV4]: 'IPv4',
  7: 'OSI',
  10: 'IPv6 of Linux',
  16: 'AppleTalk',
  23: 'IPX',
  24: 'IPv6 of NetBSD and OpenBSD',
  28: 'IPv6 of FreeBSD',
  30: 'IPv6 of macOS',
};

const swap32 = (value: number): number =>
  ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

/**
 * The family at `at`, in whichever byte order the capturing host had, or written as 16 bits in half of its 32. Families
 * are small numbers, EtherTypes that stand in their place fit 16 bits, so only one way to read it makes sense.
 */
function readFamily(view: DataView, at: number): number {
  const little = view.getUint32(at, true);
  if (little > 0xffff) {
    // Sixteen bits in the upper half of a little-endian word, or all of it in the other order.
    return (little & 0xff000000) === 0 && (little & 0x00ff0000) < 0x00060000 ? little >>> 16 : swap32(little);
  }
  return (little & 0xff) === 0 && (little & 0xff00) < 0x0600 ? little >>> 8 : little;
}

/** An address family in 32 bits, in whichever byte order it was written. */
export const familyField = (label: string): Field<number> => ({
  ...u32(label, 'dec', FAMILY_NAMES),
  read: readFamily,
  // Today's hosts are little-endian.
  write: (view, at, value) => view.setUint32(at, value, true),
});

const family = familyField('Family');

/**
 * The header of a loopback capture: 4 bytes, in the byte order of the capturing host.
 * Source: tcpdump.org, "LINKTYPE_NULL".
 */
export const nullHeader = layout('null', { family });

/** The same header when it is big-endian for certain. Source: tcpdump.org, "LINKTYPE_LOOP". */
export const loopHeader = layout('null', { family: u32('Family', 'dec', FAMILY_NAMES) });

/** The header where an EtherType stands in the place of the family. */
export const typeHeader = layout('null', {
  type: { ...family, size: 2, label: 'Type', base: 'hex', names: (value) => ETHERTYPE_NAMES[value] },
});

/** Whether a family is an EtherType. */
export const isEtherType = (value: number): boolean => value > MOST_LENGTH;

/** The EtherType of the packets of a family; an EtherType in the place of a family is one. */
export function etherTypeOf(value: number): number {
  if (value === FAMILY_IPV4) return ETHERTYPE_IPV4;
  if (FAMILIES_IPV6.includes(value)) return ETHERTYPE_IPV6;
  return isEtherType(value) ? value : NO_ETHERTYPE;
}
