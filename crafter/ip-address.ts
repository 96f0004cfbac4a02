/** The number that the text of an IPv4 address stands for. @throws {RangeError} on anything but four numbers below 256 */
export function ipv4From(text: string): number {
  const parts = text.split('.');
  const numbers = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || numbers.some((part) => part > 255)) {
    throw new RangeError(`"${text}" is not an IPv4 address`);
  }
  return numbers.reduce((address, part) => address * 256 + part, 0);
}

/**
 * The bytes of an IPv6 address; its last part may be an IPv4 address.
 * @throws {RangeError} on anything else
 */
export function ipv6From(text: string): Uint8Array {
  const refuse = (): never => {
    throw new RangeError(`"${text}" is not an IPv6 address`);
  };
  const halves = text.split('::');
  if (halves.length > 2) refuse();
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(wordsOf)));
  const zeros = 8 - head.length - tail.length;
  if (halves.length === 2 ? zeros < 1 : zeros !== 0) refuse();
  const words = [...head, ...new Array<number>(zeros).fill(0), ...tail];
  if (words.some((word) => word < 0)) refuse();
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

/** The words of one part of an IPv6 address; -1 for what is none. */
function wordsOf(part: string): number[] {
  if (part.includes('.')) {
    const address = ipv4From(part);
    return [address >>> 16, address & 0xffff];
  }
  return [/^[0-9a-f]{1,4}$/i.test(part) ? Number.parseInt(part, 16) : -1];
}

/** The 4 or 16 bytes of an address. @throws {RangeError} on anything else */
export function addressBytes(text: string): Uint8Array {
  if (text.includes(':')) return ipv6From(text);
  const address = ipv4From(text);
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}
