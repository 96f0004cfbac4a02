/**
 * An IPv4 address as a number, from its dotted text: four decimal numbers without leading zeros, which some would read
 * as octal. Undefined for anything else. Source: RFC 6943, section 3.1.1, "strict".
 */
export function parseIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  if (!parts) return undefined;
  let address = 0;
  for (const part of parts) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

/** An IPv6 address as 16 bytes, from its text; undefined for anything else. Source: RFC 4291, section 2.2. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const left = wordsOf(head, tail === undefined);
  const right = tail === undefined ? [] : wordsOf(tail, true);
  if (!left || !right) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const words = [...left, ...new Array<number>(missing).fill(0), ...right];
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

/** Whether a text is an IPv6 address, without brackets or a zone. */
export const isIpv6 = (text: string): boolean => parseIpv6(text) !== undefined;

/** The 16-bit words of a part of an IPv6 address; the last two may be written as an IPv4 address. */
function wordsOf(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const words: number[] = [];
  for (const [place, part] of parts.entries()) {
    const ipv4 = last && place === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) words.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return words.length > 8 ? undefined : words;
}
