import { EventLog } from './events.js';
import { PCAP_HEADER_SIZE, type PcapHeader, readPcapHeader } from './pcap-header.js';
import type { ReadResult, RecordBatch } from './records.js';
import { type CaptureInterface, type CaptureReader, type Damage, longestPacket } from './records.js';

/** How many records are looked at to tell variants apart that share a magic number. */
const PROBED_RECORDS = 3;
/** A packet that says it was longer when sent, in bytes, is no packet: no link carries it. */
const MOST_WIRE = 128 * 1024 * 1024;

export interface PcapReaderOptions {
  /**
   * Whether the bytes of the first `read` may tell which variant of pcap this is. Give them three records at least,
   * or the whole file; without it the variant is the likeliest.
   */
  readonly probe?: boolean;
}

/** Reads pcap files: all variants in both byte orders. */
export class PcapReader implements CaptureReader {
  readonly format = 'pcap';
  readonly log = new EventLog();
  readonly interfaces: CaptureInterface[] = [];
  packets = 0;
  readonly #probe: boolean;
  #header: PcapHeader | undefined;
  #recordSize = 16;
  /** Of the byte that the next call starts with, in the file. */
  #position = 0;
  #damage: Damage | undefined;

  constructor(options: PcapReaderOptions = {}) {
    this.#probe = options.probe ?? false;
  }

  read(view: DataView, start: number, end: number, batch: RecordBatch): ReadResult {
    batch.count = 0;
    batch.timeless.clear();
    batch.carried.clear();
    if (this.#damage !== undefined) return { consumed: start, need: 0, damage: this.#damage };
    let from = start;
    if (this.#header === undefined) {
      const header = readPcapHeader(view, start, end);
      if (header === undefined) return { consumed: start, need: Math.max(PCAP_HEADER_SIZE, end - start + 1) };
      if (!header.ok) return this.#fail(start, header.why);
      from += header.size;
      this.#open(header, view, from, end);
      this.#position += header.size;
    }
    return this.#records(this.#header as PcapHeader, view, from, end, batch);
  }

  get opened(): boolean {
    return this.#header !== undefined;
  }

  end(left: number): Damage | undefined {
    if (this.#damage !== undefined || left === 0) return this.#damage;
    const what = this.#header === undefined ? 'the file header' : `packet ${this.packets + 1}`;
    return { kind: 'cut', at: this.#position, why: `the file ends in the middle of ${what}` };
  }

  #open(header: PcapHeader, view: DataView, from: number, end: number): void {
    this.#header = header;
    this.#recordSize = this.#probe ? likeliest(header, view, from, end) : header.recordSizes[0];
    this.interfaces.push({
      linkType: header.linkType,
      snapLength: header.snapLength,
      resolution: { base: 10, exponent: header.nanoseconds ? 9 : 6 },
      offset: 0,
      section: 0,
      ...(header.fcsLength !== undefined && { fcsLength: header.fcsLength }),
    });
  }

  #records(header: PcapHeader, view: DataView, start: number, end: number, batch: RecordBatch): ReadResult {
    const { littleEndian, swapped, nanoseconds } = header;
    const size = this.#recordSize;
    const most = longestPacket(header.linkType);
    const unit = nanoseconds ? 1 : 1000;
    const perSecond = nanoseconds ? 1_000_000_000 : 1_000_000;
    let { at, captured, wire, seconds, nanos } = batch;
    let capacity = batch.capacity;
    let count = 0;
    let from = start;
    let need = size;
    let why: string | undefined;

    while (from + size <= end) {
      let kept = view.getUint32(from + 8, littleEndian);
      let sent = view.getUint32(from + 12, littleEndian);
      if (swapped !== 'never' && (swapped === 'always' || kept > sent)) [kept, sent] = [sent, kept];
      if (kept > most) {
        why = `packet ${this.packets + count + 1} claims ${kept} captured bytes; at most ${most} make sense`;
        break;
      }
      need = size + kept;
      if (from + need > end) break;
      if (count === capacity) {
        if (!batch.grow()) {
          need = 0;
          break;
        }
        ({ at, captured, wire, seconds, nanos } = batch);
        capacity = batch.capacity;
      }
      let second = view.getUint32(from, littleEndian);
      let fraction = view.getUint32(from + 4, littleEndian);
      if (fraction >= perSecond) {
        // Some writers forget to carry.
        const carry = Math.floor(fraction / perSecond);
        batch.carried.set(count, carry);
        second += carry;
        fraction %= perSecond;
      }
      at[count] = from + size;
      captured[count] = kept;
      wire[count] = sent;
      seconds[count] = second;
      nanos[count] = fraction * unit;
      count++;
      from += need;
      need = size;
    }

    batch.count = count;
    // There is one interface; the rows may have held those of another file.
    batch.interfaceId.fill(0, 0, count);
    this.packets += count;
    this.#position += from - start;
    return why === undefined ? { consumed: from, need } : this.#fail(from, why);
  }

  #fail(consumed: number, why: string): ReadResult {
    this.#damage = { kind: 'corrupt', at: this.#position, why };
    return { consumed, need: 0, damage: this.#damage };
  }
}

/**
 * The record header size under which the first records look most like records.
 * Source: the questions are those of Wireshark, wiretap/libpcap.c, `libpcap_try_record`.
 */
function likeliest(header: PcapHeader, view: DataView, start: number, end: number): number {
  let best = header.recordSizes[0];
  let least = Number.POSITIVE_INFINITY;
  for (const size of header.recordSizes) {
    const oddities = odditiesOf(header, size, view, start, end);
    if (oddities < least) {
      best = size;
      least = oddities;
    }
  }
  return best;
}

function odditiesOf(header: PcapHeader, size: number, view: DataView, start: number, end: number): number {
  const { littleEndian, linkType, snapLength } = header;
  let odd = 0;
  let from = start;
  for (let record = 0; record < PROBED_RECORDS && from < end; record++) {
    if (from + size > end) return odd + 1;
    const kept = view.getUint32(from + 8, littleEndian);
    const sent = view.getUint32(from + 12, littleEndian);
    if (view.getUint32(from + 4, littleEndian) >= 1_000_000) odd++;
    if (kept > snapLength) odd++;
    if (sent > MOST_WIRE) odd++;
    if (kept > sent) odd++;
    if (size === 20 && !isNokia(view.getUint32(from + 16, littleEndian))) odd++;
    if (size >= 24) odd += odditiesOfPatched(view, from + 16, littleEndian);
    if (kept > longestPacket(linkType)) return odd + 1;
    from += size + kept;
    if (from > end) return odd + 1;
  }
  return odd;
}

/** The fields after a record's lengths in Kuznetzov's variants: interface, protocol, packet type. */
function odditiesOfPatched(view: DataView, at: number, littleEndian: boolean): number {
  const protocol = view.getUint16(at + 4, littleEndian);
  const plausible = protocol >= 0x0600 || protocol <= 0x17 || [0x60, 0x200, 0x400].includes(protocol);
  return (
    (view.getUint32(at, littleEndian) > 10_000 ? 1 : 0) + (plausible ? 0 : 1) + (view.getUint8(at + 6) > 4 ? 1 : 0)
  );
}

const isNokia = (word: number): boolean =>
  (word & 0x0fff00f0) === 0x0fbf0000 &&
  [0x9, 0xb].includes(word >>> 28) &&
  [0xb, 0xd].includes((word >>> 12) & 0xf) &&
  [0x6, 0x9].includes((word >>> 8) & 0xf) &&
  [1, 2].includes(word & 0xf);
