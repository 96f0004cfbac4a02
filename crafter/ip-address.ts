import { parseIpv4, parseIpv6 } from '../dissectors/ip-address.js';

/** The number that the text of an IPv4 address stands for. @throws {RangeError} on anything else */
export function ipv4From(text: string): number {
  const address = parseIpv4(text);
  if (address === undefined) throw new RangeError(`"${text}" is not an IPv4 address`);
  return address;
}

/**
 * The bytes of an IPv6 address; its last part may be an IPv4 address.
 * @throws {RangeError} on anything else
 */
export function ipv6From(text: string): Uint8Array {
  const address = parseIpv6(text);
  if (!address) throw new RangeError(`"${text}" is not an IPv6 address`);
  return address;
}

/** The 4 or 16 bytes of an address. @throws {RangeError} on anything else */
export function addressBytes(text: string): Uint8Array {
  if (text.includes(':')) return ipv6From(text);
  const address = ipv4From(text);
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}
