import { fromHex } from '../../dissectors/wire/view.js';
import { addressBytes } from '../ip-address.js';

/** Which end of a packet a rule is about; `any` also means addresses that stand elsewhere, in ARP or in what is quoted. */
export type End = 'src' | 'dst' | 'any';

/** A new address for those of a network, or for all of their family. */
export interface AddressRule {
  readonly end: End;
  readonly from?: { readonly prefix: Uint8Array; readonly bits: number };
  /** 4, 6 or 16 bytes; the bits behind those that `from` has are kept from the old address. */
  readonly to: Uint8Array;
}

/**
 * The rule that a text such as `10.0.0.0/8=192.168.0.0/8`, `10.0.0.1=192.0.2.1` or `192.0.2.1` stands for.
 * @throws {RangeError} saying what is wrong with it
 */
export function ipRule(end: End, text: string): AddressRule {
  return ruleOf(end, text, addressBytes);
}

/** The same of Ethernet addresses: `02:00:00:00:00:01=02:00:00:00:00:02`. */
export const macRule = (end: End, text: string): AddressRule => ruleOf(end, text, macBytes);

/** The bytes of an Ethernet address. @throws {RangeError} if it is none */
export function macBytes(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)) {
    throw new RangeError(`"${text}" is not an address such as 02:00:00:00:00:01`);
  }
  return fromHex(text.replaceAll('-', ':'));
}

function ruleOf(end: End, text: string, read: (text: string) => Uint8Array): AddressRule {
  const equals = text.indexOf('=');
  if (equals < 0) {
    if (end === 'any') throw new RangeError(`"${text}" is not OLD=NEW`);
    return { end, to: read(text) };
  }
  const from = networkOf(text.slice(0, equals), read);
  const to = networkOf(text.slice(equals + 1), read);
  if (from.prefix.length !== to.prefix.length) throw new RangeError(`"${text}" has addresses of two kinds`);
  if (to.bits !== from.bits) throw new RangeError(`"${text}" has networks of two sizes`);
  return { end, from, to: to.prefix };
}

function networkOf(text: string, read: (text: string) => Uint8Array) {
  const [, address = text, bits] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const prefix = read(address);
  const most = 8 * prefix.length;
  if (Number(bits ?? most) > most) throw new RangeError(`"${text}" has more than ${most} bits`);
  return { prefix, bits: Number(bits ?? most) };
}

/** The address that takes the place of another by the first rule that is about it; undefined where none is. */
export function ruled(rules: readonly AddressRule[], address: Uint8Array, isOf: (rule: AddressRule) => boolean) {
  const rule = rules.find((one) => one.to.length === address.length && isOf(one) && matches(one, address));
  if (!rule) return undefined;
  const { from, to } = rule;
  return from ? joinedAt(to, address, from.bits) : to;
}

function matches({ from }: AddressRule, address: Uint8Array): boolean {
  if (!from) return true;
  const { prefix, bits } = from;
  return prefix.every((byte, at) => ((byte ^ (address[at] ?? 0)) & maskAt(bits, at)) === 0);
}

/** The first bits of one address and the others of another. */
const joinedAt = (head: Uint8Array, tail: Uint8Array, bits: number): Uint8Array =>
  head.map((byte, at) => {
    const mask = maskAt(bits, at);
    return (byte & mask) | ((tail[at] ?? 0) & ~mask & 0xff);
  });

/** Which bits of the byte at `at` are among the first `bits`. */
const maskAt = (bits: number, at: number): number => (0xff00 >>> Math.max(0, Math.min(8, bits - 8 * at))) & 0xff;
