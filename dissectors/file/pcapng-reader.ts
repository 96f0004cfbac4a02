import { slice } from '../wire/view.js';
import { EventLog } from './events.js';
import {
  BLOCK_OVERHEAD,
  BYTE_ORDER_MAGIC,
  CUSTOM_COPIED,
  CUSTOM_KEPT,
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_STATISTICS,
  JOURNAL_EXPORT,
  NAME_RESOLUTION,
  OBSOLETE_PACKET,
  padded,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from './pcapng-blocks.js';
import { readInterface, readNames, readSection, readStatistics, secretsIn } from './pcapng-metadata.js';
import { type Area, commentsProperty, hasComment, optionsOf } from './pcapng-options.js';
import { type Clock, clockOf, secondsOf, slowTime, unitsOver } from './pcapng-time.js';
import {
  type CaptureInterface,
  type CaptureReader,
  type Damage,
  LONGEST_RECORD,
  longestPacket,
  NO_INTERFACE,
  type ReadResult,
  type RecordBatch,
} from './records.js';

/** Places of 16 bits, but for the one that no interface has. */
const MOST_INTERFACES = NO_INTERFACE;
const BLOCK_HEADER = 8;
/** The length of a block, again at its end. */
const BLOCK_TRAILER = 4;
/** Up to the byte order mark of a section. */
const SECTION_START = 12;
const SECTION_LEAST = 28;
const INTERFACE_LEAST = 20;
/** Block header, the fields before the packet's bytes, and the length at the end. */
const PACKET_OVERHEAD = 32;
const SIMPLE_OVERHEAD = 16;
/** Up to the number of the interface in a packet block, and the length in a simple one. */
const PACKET_START = 12;

/** The most bytes of interface blocks whose names, comments and other texts are kept; interfaces beyond have none. */
const MOST_INTERFACE_TEXTS = 16 * 1024 * 1024;
/** The most bytes of a block that is no packet that are read: more than any such block has; the rest is passed over. */
export const MOST_BODY = 16 * 1024 * 1024;
/** The most bytes that the options of a packet may have. */
export const MOST_PACKET_OPTIONS = 1024 * 1024;

/** Blocks whose body is read, and kept: all other types are passed over. */
const READ: ReadonlySet<number> = new Set([
  SECTION_HEADER,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  INTERFACE_STATISTICS,
  DECRYPTION_SECRETS,
  CUSTOM_COPIED,
  CUSTOM_KEPT,
]);

/** Of those, the ones without which what follows makes no sense: they are read as far as `MOST_BODY`. */
const NEEDED: ReadonlySet<number> = new Set([SECTION_HEADER, INTERFACE_DESCRIPTION]);

const isPacketBlock = (type: number): boolean =>
  type === ENHANCED_PACKET || type === OBSOLETE_PACKET || type === SIMPLE_PACKET;

/** The end of a block that was passed over: its length is repeated there. */
interface Passed {
  readonly type: number;
  readonly stated: number;
  readonly length: number;
  /** Where it begins, in the file. */
  readonly at: number;
}

/** What the packet path needs of an interface. */
interface Source {
  readonly clock: Clock;
  readonly longest: number;
}

export interface PcapngReaderOptions {
  /**
   * Whether custom blocks and journal entries are packets, as in Wireshark, where they have numbers of their own. They
   * are on no interface, and have the time of the packet before them.
   */
  readonly countBlocks?: boolean;
}

/** Reads pcapng files: sections of both byte orders, several interfaces, all block types of the draft. */
export class PcapngReader implements CaptureReader {
  readonly format = 'pcapng';
  readonly log = new EventLog();
  readonly interfaces: CaptureInterface[] = [];
  packets = 0;
  readonly #sources: Source[] = [];
  #littleEndian = true;
  #sections = 0;
  /** Place of the section's first interface. */
  #firstInterface = 0;
  /** Of the byte that the next call starts with, in the file. */
  #position = 0;
  #damage: Damage | undefined;
  /** The block whose end comes next. */
  #passed: Passed | undefined;
  /** Bytes of the blocks of interfaces whose texts are kept. */
  #interfaceTexts = 0;
  readonly #countBlocks: boolean;
  /** The time of the last packet of the batch before. */
  #lastSeconds = 0;
  #lastNanos = 0;

  constructor({ countBlocks = false }: PcapngReaderOptions = {}) {
    this.#countBlocks = countBlocks;
  }

  read(view: DataView, start: number, end: number, batch: RecordBatch): ReadResult {
    if (batch.count > 0) {
      this.#lastSeconds = batch.seconds[batch.count - 1] ?? 0;
      this.#lastNanos = batch.nanos[batch.count - 1] ?? 0;
    }
    batch.count = 0;
    batch.timeless.clear();
    batch.carried.clear();
    if (this.#damage !== undefined) return { consumed: start, need: 0, damage: this.#damage };
    let from = start;
    let need = BLOCK_HEADER;
    while (from + BLOCK_HEADER <= end || this.#passed) {
      if (this.#passed) {
        need = BLOCK_TRAILER;
        if (from + need > end) break;
        const why = this.#endPassed(this.#passed, view.getUint32(from, this.#littleEndian));
        if (why !== undefined) return this.#fail(from, why);
        from += BLOCK_TRAILER;
        this.#position += BLOCK_TRAILER;
        need = BLOCK_HEADER;
        continue;
      }
      if (this.#sections > 0) {
        const read = this.#plainPackets(view, from, end, batch);
        this.#position += read - from;
        from = read;
        if (from + BLOCK_HEADER > end) break;
      }
      const type = view.getUint32(from, this.#littleEndian);
      if (type === SECTION_HEADER || this.#sections === 0) {
        need = SECTION_START;
        if (from + need > end) break;
        const why = this.#turn(view, from);
        if (why !== undefined) return this.#fail(from, why);
      }
      const littleEndian = this.#littleEndian;
      const stated = view.getUint32(from + 4, littleEndian);
      // Some writers leave out the padding of the block in its length, though not in the file.
      const length = padded(stated);
      if (stated < BLOCK_OVERHEAD) return this.#fail(from, `${nameOf(type)} claims ${stated} bytes; the least is 12`);
      if (length > LONGEST_RECORD) return this.#fail(from, `${nameOf(type)} claims ${stated} bytes, which is too long`);
      need = this.#needOf(type, view, from, end, length);
      if (from + need > end) break;
      if (this.#countBlocks && isCounted(type)) {
        if (batch.count === batch.capacity && !batch.grow()) return { consumed: from, need: 0 };
        this.#countBlock(type, from, length, need, batch);
      }
      if (need < length) {
        const why = this.#pass({ type, stated, length, at: this.#position }, view, from, need);
        if (why !== undefined) return this.#fail(from, why);
        from += length - BLOCK_TRAILER;
        this.#position += length - BLOCK_TRAILER;
        need = BLOCK_TRAILER;
        // Beyond the bytes at hand: the caller passes over what lies between.
        if (from >= end) break;
        continue;
      }
      const again = view.getUint32(from + length - BLOCK_TRAILER, littleEndian);
      if (again !== stated && again !== length) return this.#fail(from, lengthsDiffer(type, stated, again));

      if (isPacketBlock(type)) {
        if (batch.count === batch.capacity && !batch.grow()) return { consumed: from, need: 0 };
        const simple = type === SIMPLE_PACKET;
        const why = simple
          ? this.#simplePacket(view, from, length, batch)
          : this.#packet(type, view, from, length, batch);
        if (why !== undefined) this.#fault(why);
      } else {
        const why = this.#block(type, { view, start: from + BLOCK_HEADER, end: from + length - 4, littleEndian });
        if (why !== undefined) return this.#fail(from, why);
      }
      from += length;
      this.#position += length;
      need = BLOCK_HEADER;
    }
    return { consumed: from, need };
  }

  /** How many bytes of a block must be at hand to go on: all of them, or as many as are read of one that is passed over. */
  #needOf(type: number, view: DataView, from: number, end: number, length: number): number {
    if (this.#countBlocks && isCounted(type)) return Math.min(length, MOST_BODY);
    if (READ.has(type)) return length <= MOST_BODY ? length : NEEDED.has(type) ? MOST_BODY : BLOCK_HEADER;
    if (!isPacketBlock(type)) return BLOCK_HEADER;
    if (length <= MOST_PACKET_OPTIONS || from + PACKET_START > end) return Math.min(length, MOST_PACKET_OPTIONS);
    // The interface tells how long a packet may be.
    const id = type === SIMPLE_PACKET ? 0 : this.#interfaceOf(type, view, from);
    const longest = this.#sources[this.#firstInterface + id]?.longest ?? 0;
    return length <= longest + MOST_PACKET_OPTIONS ? length : PACKET_START;
  }

  #interfaceOf(type: number, view: DataView, from: number): number {
    const at = from + BLOCK_HEADER;
    return type === OBSOLETE_PACKET ? view.getUint16(at, this.#littleEndian) : view.getUint32(at, this.#littleEndian);
  }

  /** Begins to pass over a block of which only the first `need` bytes are read; says why, if nothing after it makes sense. */
  #pass(passed: Passed, view: DataView, from: number, need: number): string | undefined {
    const { type, length } = passed;
    this.#passed = passed;
    if (NEEDED.has(type)) {
      const body = { view, start: from + BLOCK_HEADER, end: from + need, littleEndian: this.#littleEndian };
      return this.#block(type, body);
    }
    if (READ.has(type) || isPacketBlock(type))
      this.#fault(`${nameOf(type)} of ${length} bytes is too long and passed over`);
    else this.log.skip(type);
    return undefined;
  }

  /** Ends a block that was passed over; says why, if it does not end as it began. */
  #endPassed({ type, stated, length, at }: Passed, again: number): string | undefined {
    this.#passed = undefined;
    if (again === stated || again === length) return undefined;
    this.#position = at;
    return lengthsDiffer(type, stated, again);
  }

  get opened(): boolean {
    return this.#sections > 0;
  }

  end(left: number): Damage | undefined {
    if (this.#damage !== undefined || (left === 0 && !this.#passed)) return this.#damage;
    const why = `the file ends in the middle of a block, after packet ${this.packets}`;
    return { kind: 'cut', at: this.#passed?.at ?? this.#position, why };
  }

  /** Takes the byte order of the section header at `at`; says why if it is none. */
  #turn(view: DataView, at: number): string | undefined {
    if (view.getUint32(at) !== SECTION_HEADER) return 'not a pcapng file: it does not begin with a section';
    if (view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) this.#littleEndian = true;
    else if (view.getUint32(at + 8) === BYTE_ORDER_MAGIC) this.#littleEndian = false;
    else return 'section header without a byte order mark';
    return undefined;
  }

  /**
   * Reads the enhanced packets from `from` on that are as nearly all are: right, without comments, with a usual clock.
   * Returns where the first block begins that is otherwise, or not whole; that takes the careful way. This is the hot
   * loop, about twice as fast, and it never decides that something is wrong.
   */
  #plainPackets(view: DataView, start: number, end: number, batch: RecordBatch): number {
    const littleEndian = this.#littleEndian;
    const { at, captured, wire, seconds, nanos, interfaceId, capacity } = batch;
    let count = batch.count;
    let from = start;
    let named = -1;
    let source: Source | undefined;
    while (count < capacity && from + PACKET_OVERHEAD <= end) {
      if (view.getUint32(from, littleEndian) !== ENHANCED_PACKET) break;
      const length = view.getUint32(from + 4, littleEndian);
      if (length < PACKET_OVERHEAD || length % 4 !== 0 || length > LONGEST_RECORD || from + length > end) break;
      if (view.getUint32(from + length - 4, littleEndian) !== length) break;
      const id = view.getUint32(from + 8, littleEndian);
      if (id !== named) {
        named = id;
        source = this.#sources[this.#firstInterface + id];
      }
      if (source === undefined || source.clock.fast === 0) break;
      const kept = view.getUint32(from + 20, littleEndian);
      if (kept > length - PACKET_OVERHEAD || kept > source.longest) break;
      const options = from + 28 + padded(kept);
      if (options < from + length - 4 && hasComment(view, options, from + length - 4, littleEndian)) break;

      const { clock } = source;
      const low = view.getUint32(from + 16, littleEndian);
      const second = secondsOf(clock, view.getUint32(from + 12, littleEndian), low);
      const over = unitsOver(clock, low, second);
      const carry = over < 0 ? -1 : over >= clock.fast ? 1 : 0;
      seconds[count] = second + carry + clock.offset;
      nanos[count] = (over - carry * clock.fast) * clock.unit;
      at[count] = from + 28;
      captured[count] = kept;
      wire[count] = view.getUint32(from + 24, littleEndian);
      interfaceId[count] = this.#firstInterface + id;
      count++;
      from += length;
    }
    this.packets += count - batch.count;
    batch.count = count;
    return from;
  }

  /** Reads the enhanced, or obsolete, packet block at `from`; says why if it cannot. */
  #packet(type: number, view: DataView, from: number, length: number, batch: RecordBatch): string | undefined {
    const littleEndian = this.#littleEndian;
    const id = this.#interfaceOf(type, view, from);
    const place = this.#firstInterface + id;
    const source = this.#sources[place];
    if (length < PACKET_OVERHEAD) return `packet block of ${length} bytes is too small`;
    if (source === undefined) return `packet block names interface ${id}, which its section lacks`;
    const captured = view.getUint32(from + 20, littleEndian);
    if (captured > length - PACKET_OVERHEAD) {
      return `packet block of ${length} bytes is too small for ${captured} captured bytes`;
    }
    if (captured > source.longest) {
      return `packet block claims ${captured} captured bytes; at most ${source.longest} make sense`;
    }

    const row = batch.count++;
    batch.at[row] = from + 28;
    batch.captured[row] = captured;
    batch.wire[row] = view.getUint32(from + 24, littleEndian);
    batch.interfaceId[row] = place;
    this.packets++;

    const { clock } = source;
    const high = view.getUint32(from + 12, littleEndian);
    const low = view.getUint32(from + 16, littleEndian);
    const [seconds, nanos] = slowTime(clock, high, low);
    batch.seconds[row] = seconds;
    batch.nanos[row] = nanos;

    const options = from + 28 + padded(captured);
    const end = from + length - 4;
    if (options < end && hasComment(view, options, end, littleEndian)) {
      const area = { view, start: options, end, littleEndian };
      const { comments } = commentsProperty(area, optionsOf(area));
      if (comments !== undefined) this.log.comment(this.packets, comments);
    }
    return undefined;
  }

  /** Reads the simple packet block at `from`; says why if it cannot. It has no time: 1970 it is. */
  #simplePacket(view: DataView, from: number, length: number, batch: RecordBatch): string | undefined {
    const source = this.#sources[this.#firstInterface];
    const snapLength = this.interfaces[this.#firstInterface]?.snapLength ?? 0;
    if (length < SIMPLE_OVERHEAD) return `simple packet block of ${length} bytes is too small`;
    if (source === undefined) return 'simple packet block in a section without an interface';
    const wire = view.getUint32(from + 8, this.#littleEndian);
    const captured = snapLength > 0 ? Math.min(wire, snapLength) : wire;
    if (captured > length - SIMPLE_OVERHEAD) {
      return `simple packet block of ${length} bytes is too small for ${captured} captured bytes`;
    }
    if (captured > source.longest) {
      return `simple packet block claims ${captured} captured bytes; at most ${source.longest} make sense`;
    }
    const row = batch.count++;
    batch.timeless.add(row);
    batch.at[row] = from + 12;
    batch.captured[row] = captured;
    batch.wire[row] = wire;
    batch.interfaceId[row] = this.#firstInterface;
    batch.seconds[row] = 0;
    batch.nanos[row] = 0;
    this.packets++;
    return undefined;
  }

  /**
   * Takes the block at `from` as a packet: its bytes, behind the number of whose block it is.
   * @param have bytes of the block that are at hand
   */
  #countBlock(type: number, from: number, length: number, have: number, batch: RecordBatch): void {
    const end = from + length - BLOCK_TRAILER;
    const at = Math.min(end, from + BLOCK_HEADER + (type === JOURNAL_EXPORT ? 0 : 4));
    const row = batch.count++;
    batch.at[row] = at;
    batch.captured[row] = Math.max(0, Math.min(end, from + have) - at);
    batch.wire[row] = end - at;
    batch.interfaceId[row] = NO_INTERFACE;
    batch.seconds[row] = row > 0 ? (batch.seconds[row - 1] ?? 0) : this.#lastSeconds;
    batch.nanos[row] = row > 0 ? (batch.nanos[row - 1] ?? 0) : this.#lastNanos;
    batch.timeless.add(row);
    this.packets++;
  }

  /** Reads a block that is no packet; says why, if nothing after it can be understood. */
  #block(type: number, body: Area): string | undefined {
    const { view, start, end, littleEndian } = body;
    const length = end - start + BLOCK_OVERHEAD;
    switch (type) {
      case SECTION_HEADER:
        return this.#openSection(body, length);
      case INTERFACE_DESCRIPTION:
        if (length < INTERFACE_LEAST) return `interface block of ${length} bytes is too small`;
        if (this.interfaces.length === MOST_INTERFACES) return `more than ${MOST_INTERFACES} interfaces`;
        this.#addInterface(body, length);
        return undefined;
      case NAME_RESOLUTION:
        readNames(body, this.log);
        return undefined;
      case INTERFACE_STATISTICS: {
        const id = length < 24 ? -1 : this.#firstInterface + view.getUint32(start, littleEndian);
        const on = this.interfaces[id];
        if (on === undefined) this.#fault('statistics block names an interface that its section lacks');
        else this.log.add(length, () => readStatistics(body, id, on));
        return undefined;
      }
      case DECRYPTION_SECRETS: {
        const secrets = secretsIn(body);
        if (secrets === undefined) this.#fault('secrets block claims more secrets than it has room for');
        else this.log.add(length, () => ({ type: 'secrets', kind: secrets.kind, bytes: secrets.bytes.slice() }));
        return undefined;
      }
      case CUSTOM_COPIED:
      case CUSTOM_KEPT: {
        if (start + 4 > end) this.#fault('custom block without an owner');
        else {
          const enterprise = view.getUint32(start, littleEndian);
          const copy = type === CUSTOM_COPIED;
          this.log.add(length, () => ({
            type: 'custom',
            enterprise,
            copy,
            bytes: slice(view, start + 4, end).slice(),
          }));
        }
        return undefined;
      }
      default:
        this.log.skip(type);
        return undefined;
    }
  }

  #openSection(body: Area, length: number): string | undefined {
    const { view, start, littleEndian } = body;
    if (length < SECTION_LEAST) return `section header of ${length} bytes is too small`;
    const major = view.getUint16(start + 4, littleEndian);
    const minor = view.getUint16(start + 6, littleEndian);
    const version = `${major}.${minor}`;
    // 1.2 was written by some programs and means the same.
    if (version !== '1.0' && version !== '1.2') return `pcapng version ${version} is not supported`;
    const section = this.#sections++;
    this.#firstInterface = this.interfaces.length;
    this.log.add(length, () => readSection(body, section, version));
    return undefined;
  }

  #addInterface(body: Area, length: number): void {
    const room = this.#interfaceTexts + length <= MOST_INTERFACE_TEXTS;
    if (room) this.#interfaceTexts += length;
    else this.log.leave();
    const found = readInterface(body, this.#sections - 1, room);
    this.interfaces.push({ ...found, id: this.interfaces.length - this.#firstInterface });
    this.#sources.push({ clock: clockOf(found.resolution, found.offset), longest: longestPacket(found.linkType) });
  }

  /** Notes a block that cannot be used, while those after it can. */
  #fault(why: string): void {
    this.log.problem(this.#position, why, this.packets);
  }

  #fail(consumed: number, why: string): ReadResult {
    this.#damage = { kind: 'corrupt', at: this.#position, why };
    return { consumed, need: 0, damage: this.#damage };
  }
}

const lengthsDiffer = (type: number, stated: number, again: number): string =>
  `${nameOf(type)} begins with length ${stated} and ends with length ${again}`;
const isCounted = (type: number): boolean => type === CUSTOM_COPIED || type === CUSTOM_KEPT || type === JOURNAL_EXPORT;

const nameOf = (type: number): string =>
  type === SECTION_HEADER ? 'section header' : `block of type ${type > 0xffff ? `0x${type.toString(16)}` : type}`;
