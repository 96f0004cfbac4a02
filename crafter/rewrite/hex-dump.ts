/** A packet of a hex dump. */
export interface DumpedPacket {
  readonly bytes: Uint8Array;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The lines of text before it, since the packet before. */
  readonly preamble: readonly string[];
}

/** How offsets are written before the bytes of a line; `none` where there are none, and blank lines end packets. */
export type OffsetBase = 'hex' | 'dec' | 'oct' | 'none';

const DIGITS: Readonly<Record<Exclude<OffsetBase, 'none'>, RegExp>> = {
  hex: /^(?:0x)?([0-9a-f]{3,16}):?$/i,
  dec: /^(\d{3,16}):?$/,
  oct: /^([0-7]{3,22}):?$/,
};
const RADIX: Readonly<Record<Exclude<OffsetBase, 'none'>, number>> = { hex: 16, dec: 10, oct: 8 };

/** The most bytes that a packet of a dump may have. */
const MOST_BYTES = 262_144;
/** Lines of text that are kept before a packet. */
const MOST_PREAMBLE = 16;

/** A packet while its lines are read. */
interface Growing {
  readonly line: number;
  readonly preamble: readonly string[];
  readonly bytes: number[];
  /** The most bytes that a line but the last has had: text behind those of the last may look like more. */
  width: number;
  /** The bytes of the last line. */
  last: number;
}

/**
 * Reads the packets of a hex dump as od, xxd, hexdump and tshark -x print them: an offset, bytes in hex, and text that is
 * passed over. A packet begins at offset 0.
 * Source: text2pcap(1).
 */
export class HexDump {
  readonly #base: OffsetBase;
  #number = 0;
  #preamble: string[] = [];
  #growing: Growing | undefined;

  constructor(base: OffsetBase) {
    this.#base = base;
  }

  /** Takes the next line; returns the packet that has ended before it, if one has. */
  take(text: string): DumpedPacket | undefined {
    this.#number++;
    const line = text.replace(/^>+ ?/, '').trim();
    if (line.startsWith('#')) return undefined;
    const words = line.split(/\s+/);
    const offset = this.#base === 'none' ? this.#nextOffset(line) : this.#offsetOf(words.shift() ?? '');
    if (offset === undefined) return this.#takeText(line);
    const bytes = bytesOf(words);
    if (offset === 0) return this.#begin(bytes);
    if (this.#growing) this.#goOn(this.#growing, offset, bytes);
    return undefined;
  }

  /** The last packet. */
  end(): DumpedPacket | undefined {
    const ended = this.#growing;
    this.#growing = undefined;
    if (!ended || ended.bytes.length === 0) return undefined;
    if (ended.width > 0 && ended.last > ended.width) ended.bytes.length -= ended.last - ended.width;
    return { bytes: Uint8Array.from(ended.bytes), line: ended.line, preamble: ended.preamble };
  }

  #nextOffset(line: string): number | undefined {
    if (!/^[0-9a-f]{2}/i.test(line)) return undefined;
    return this.#growing?.bytes.length ?? 0;
  }

  #offsetOf(word: string): number | undefined {
    if (this.#base === 'none') return undefined;
    const digits = DIGITS[this.#base].exec(word)?.[1];
    return digits === undefined ? undefined : Number.parseInt(digits, RADIX[this.#base]);
  }

  #takeText(line: string): DumpedPacket | undefined {
    if (line === '') return this.#base === 'none' ? this.end() : undefined;
    // Text between the lines of a packet is not about the next one: what counts stands right before that.
    this.#preamble.push(line);
    if (this.#preamble.length > MOST_PREAMBLE) this.#preamble.shift();
    return undefined;
  }

  #begin(bytes: readonly number[]): DumpedPacket | undefined {
    const ended = this.end();
    this.#growing = { line: this.#number, preamble: this.#preamble, bytes: [...bytes], width: 0, last: bytes.length };
    this.#preamble = [];
    return ended;
  }

  #goOn(growing: Growing, offset: number, bytes: readonly number[]): void {
    const surplus = growing.bytes.length - offset;
    // The last line of a dump may hold an offset alone; one that leaves bytes out belongs to nothing here.
    if (surplus < 0 || growing.bytes.length + bytes.length > MOST_BYTES) {
      this.#growing = undefined;
      return;
    }
    growing.bytes.length = offset;
    growing.width = Math.max(growing.width, growing.last - surplus);
    growing.last = bytes.length;
    growing.bytes.push(...bytes);
  }
}

/** The bytes that words stand for, up to the first that is no hex. */
function bytesOf(words: readonly string[]): readonly number[] {
  const bytes: number[] = [];
  for (const word of words) {
    if (!/^([0-9a-f]{2})+$/i.test(word)) break;
    for (let at = 0; at < word.length; at += 2) bytes.push(Number.parseInt(word.slice(at, at + 2), 16));
  }
  return bytes;
}
