import { fromHex } from '../../dissectors/wire/view.js';

/** Options of a header as bytes, from texts such as `mss:1460` that the table knows, or hex. */
type Forms = Readonly<Record<string, (given: readonly number[]) => readonly number[]>>;

const u16 = (value = 0): readonly number[] => [(value >>> 8) & 0xff, value & 0xff];
const u32 = (value = 0): readonly number[] => [...u16(Math.floor(value / 0x10000)), ...u16(value % 0x10000)];

/** Source: RFC 9293, section 3.1; RFC 7323; RFC 2018. */
const TCP: Forms = {
  eol: () => [0],
  nop: () => [1],
  mss: ([size]) => [2, 4, ...u16(size)],
  wscale: ([shift = 0]) => [3, 3, shift & 0xff],
  sackok: () => [4, 2],
  sack: (edges) => [5, 2 + 4 * edges.length, ...edges.flatMap(u32)],
  ts: ([value, echo]) => [8, 10, ...u32(value), ...u32(echo)],
};

/** Slots of a route or a time stamp option, at most: more do not fit in a header. */
const MOST_SLOTS = 9;
const slots = (count = 1): number => Math.max(1, Math.min(MOST_SLOTS, count));

/** Source: RFC 791, section 3.1; RFC 2113. */
const IPV4: Forms = {
  eol: () => [0],
  nop: () => [1],
  rr: ([count]) => [7, 3 + 4 * slots(count), 4, ...new Array<number>(4 * slots(count)).fill(0)],
  ts: ([count]) => [68, 4 + 4 * slots(count), 5, 0, ...new Array<number>(4 * slots(count)).fill(0)],
  ra: () => [148, 4, 0, 0],
};

/** Source: RFC 8200, section 4.2; RFC 2711; RFC 2675. */
const IPV6: Forms = {
  pad1: () => [0],
  padn: ([count = 0]) => [1, count & 0xff, ...new Array<number>(count & 0xff).fill(0)],
  ra: ([value]) => [5, 2, ...u16(value)],
  jumbo: ([length]) => [0xc2, 4, ...u32(length)],
};

/** The options of a TCP header, such as `mss:1460/sackok/ts:1:0/nop/wscale:7`, filled up to whole words. */
export const tcpOptions = (text: string): Uint8Array => words(optionsFrom(TCP, text));

/** The options of an IPv4 header, such as `rr:3` or `ra`, filled up to whole words. */
export const ipv4Options = (text: string): Uint8Array => words(optionsFrom(IPV4, text));

/** Hop-by-hop or destination options, such as `ra:0`. */
export const ipv6Options = (text: string): Uint8Array => optionsFrom(IPV6, text);

/** @throws {RangeError} on an option that is neither known nor hex */
function optionsFrom(forms: Forms, text: string): Uint8Array {
  const bytes = text.split('/').flatMap((one) => {
    const [name = '', ...values] = one.split(':');
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (!form) {
      if (/^([0-9a-f]{2})*$/i.test(one)) return [...fromHex(one)];
      throw new RangeError(`"${one}" is neither hex nor one of ${Object.keys(forms).join(', ')}`);
    }
    const wrong = values.find((value) => !/^\d{1,10}$/.test(value));
    if (wrong !== undefined) throw new RangeError(`"${wrong}" in "${one}" is not a number`);
    return form(values.map(Number));
  });
  return Uint8Array.from(bytes);
}

function words(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(4 * Math.ceil(bytes.length / 4));
  filled.set(bytes);
  return filled;
}

const FLAGS = 'FSRPAUEC';

/** The flags of TCP by their letters, `SA`, or as a number. */
export function tcpFlags(text: string): number {
  if (/^(0x[0-9a-f]{1,3}|\d{1,4})$/i.test(text)) return Number(text);
  let flags = 0;
  for (const letter of text.toUpperCase()) {
    const bit = FLAGS.indexOf(letter);
    if (bit < 0) throw new RangeError(`"${text}" is neither a number nor letters of ${FLAGS}`);
    flags |= 1 << bit;
  }
  return flags;
}
