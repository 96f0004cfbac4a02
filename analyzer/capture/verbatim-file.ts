import type { Writable } from 'node:stream';
import {
  CHANNEL_SECRETS,
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  OPTION_COMMENT,
  OPTION_END,
  padded,
} from '../../dissectors/file/pcapng-blocks.js';
import { decryptionSecrets } from '../../dissectors/file/pcapng-writer.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { utf8Of } from '../../dissectors/file/utf8.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { CaptureError } from './capture-error.js';
import { type RawBlock, type RawRecord, RecordWalk } from './record-walk.js';
import { createWholeFileBeside, streamFile, type WholeFile } from './whole-file.js';

/** What is to become of a capture file besides its packets. */
export interface FileChanges {
  /** The link type of all packets. */
  readonly linkType?: number;
  readonly dropNames: boolean;
  readonly dropSecrets: boolean;
  readonly dropComments: boolean;
  /** The texts of secrets files that are put before the first packet. */
  readonly secrets: readonly string[];
  /** Changes an address of an interface. */
  readonly address?: (address: Uint8Array) => Uint8Array;
}

/** A packet as it is to be written. */
export interface ChangedPacket {
  readonly bytes: Uint8Array;
  readonly wire: number;
  /** The new time; the record keeps its own without one. */
  readonly time?: { readonly seconds: number; readonly nanos: number };
  readonly from: CaptureInterface;
  /** Comments that are put before its own. */
  readonly comments: readonly string[];
}

const BUFFER = 1 << 20;

/**
 * Writes a capture with the records of another, byte for byte but for what has changed: blocks and options that nobody
 * here knows, byte order and resolution of times stay what they are.
 */
export class VerbatimFile {
  readonly #file: WholeFile;
  readonly #walk: RecordWalk;
  readonly #changes: FileChanges;
  readonly #format: 'pcap' | 'pcapng';
  #pieces: Uint8Array[] = [];
  #ends: number[] = [];
  #size = 0;
  #hasSecrets = false;

  private constructor(file: WholeFile, walk: RecordWalk, format: 'pcap' | 'pcapng', changes: FileChanges) {
    this.#file = file;
    this.#walk = walk;
    this.#format = format;
    this.#changes = changes;
  }

  /** @param descriptor of the uncompressed bytes of the capture that is copied */
  static async open(
    path: string,
    descriptor: number,
    format: 'pcap' | 'pcapng',
    changes: FileChanges,
    stdout: Writable = process.stdout,
  ): Promise<VerbatimFile> {
    const file = path === '-' ? streamFile(stdout) : await createWholeFileBeside(path);
    return new VerbatimFile(file, new RecordWalk(descriptor, format), format, changes);
  }

  /**
   * The record of the next packet of the capture that is copied; what stands before it is written.
   * @param beforeBlock called before that, if there is anything
   */
  next(bytes: Uint8Array, beforeBlock: () => Promise<void>): RawRecord | Promise<RawRecord> {
    const blocks: RawBlock[] = [];
    const record = this.#walk.next({ bytes }, (block) => blocks.push(block));
    if (!record) throw new CaptureError('cannot write', this.#file.path, 'the capture has changed while it was read');
    if (blocks.length === 0) return record;
    return beforeBlock().then(() => {
      for (const block of blocks) this.#pass(block);
      return record;
    });
  }

  /** Writes a packet in the place of a record. */
  packet(record: RawRecord, packet: ChangedPacket): Promise<void> | undefined {
    this.#injectSecrets();
    this.#add(recordBytes(record, packet, this.#changes.dropComments));
    return this.#size < BUFFER ? undefined : this.flush();
  }

  async flush(): Promise<void> {
    if (this.#pieces.length === 0) return;
    const bytes = Buffer.concat(this.#pieces, this.#size);
    const ends = this.#ends;
    this.#pieces = [];
    this.#ends = [];
    this.#size = 0;
    await this.#file.write(bytes, ends);
  }

  /** Writes what stands behind the last packet, and closes the file. */
  async close(): Promise<void> {
    this.#walk.rest((block) => this.#pass(block));
    this.#injectSecrets();
    await this.flush();
    await this.#file.close();
  }

  async abandon(): Promise<void> {
    await this.#file.abandon();
  }

  #add(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    this.#ends.push(this.#size);
  }

  #injectSecrets(): void {
    if (this.#hasSecrets || this.#format === 'pcap') return;
    this.#hasSecrets = true;
    // Blocks of a section in the other byte order would be misread: their words are turned around.
    for (const text of this.#changes.secrets) this.#add(this.#ordered(decryptionSecrets(text, CHANNEL_SECRETS)));
  }

  #ordered(block: Uint8Array): Uint8Array {
    if (this.#isLittle) return block;
    const view = viewOf(block);
    for (const at of [0, 4, 8, 12, block.length - 4]) view.setUint32(at, view.getUint32(at, true));
    return block;
  }

  #isLittle = true;

  #pass(block: RawBlock): void {
    this.#isLittle = block.littleEndian;
    const { dropNames, dropSecrets } = this.#changes;
    if (block.type === 0 && this.#format === 'pcap') this.#add(this.#header(block));
    else if (block.type === INTERFACE_DESCRIPTION) this.#add(this.#interface(block));
    else if (block.type === NAME_RESOLUTION && dropNames) return;
    else if (block.type === DECRYPTION_SECRETS && dropSecrets) return;
    else this.#add(block.bytes);
  }

  #header({ bytes, littleEndian }: RawBlock): Uint8Array {
    const { linkType } = this.#changes;
    if (linkType === undefined) return bytes;
    const view = viewOf(bytes);
    view.setUint32(20, ((view.getUint32(20, littleEndian) & 0xffff0000) | linkType) >>> 0, littleEndian);
    return bytes;
  }

  #interface({ bytes, littleEndian }: RawBlock): Uint8Array {
    const { linkType, address } = this.#changes;
    const view = viewOf(bytes);
    if (linkType !== undefined) view.setUint16(8, linkType, littleEndian);
    if (!address) return bytes;
    for (const { code, at, length } of optionsOf(bytes, 16, littleEndian)) {
      const size = INTERFACE_ADDRESSES[code];
      if (size === undefined || size > length) continue;
      bytes.set(address(bytes.slice(at, at + size)), at);
    }
    return bytes;
  }
}

/** Options of an interface that begin with an address, and the bytes of that: IPv4, IPv6, Ethernet. */
const INTERFACE_ADDRESSES: Readonly<Record<number, number>> = { 4: 4, 5: 16, 6: 6 };

interface PlacedOption {
  readonly code: number;
  /** Where its value stands. */
  readonly at: number;
  readonly length: number;
}

/** The options of a block from `start` on, as far as they make sense. */
function optionsOf(block: Uint8Array, start: number, littleEndian: boolean): readonly PlacedOption[] {
  const view = viewOf(block);
  const options: PlacedOption[] = [];
  const end = block.length - 4;
  for (let at = start; at + 4 <= end; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === OPTION_END || at + 4 + length > end) break;
    options.push({ code, at: at + 4, length });
    at += 4 + padded(length);
  }
  return options;
}

/** The record with another packet in it. */
function recordBytes(record: RawRecord, packet: ChangedPacket, dropComments: boolean): Uint8Array {
  const { bytes, time, comments } = packet;
  // Only what is cut or put into another link layer has another length on the wire.
  if (bytes === record.bytes && !time && comments.length === 0 && !dropComments) return record.whole;
  if (record.kind === 'pcap') return pcapBytes(record, packet);
  const kept = record.kind === 'simple' ? asEnhanced(record, packet) : record;
  return pcapngBytes(kept, packet, dropComments);
}

function pcapBytes({ head, littleEndian, bytes }: RawRecord, { bytes: changed, wire, time, from }: ChangedPacket) {
  const record = new Uint8Array(head.length + changed.length);
  record.set(head);
  record.set(changed, head.length);
  const view = viewOf(record);
  if (time) {
    const unit = from.resolution.exponent >= 9 ? 1 : 1000;
    view.setUint32(0, Math.max(0, Math.min(0xffff_ffff, time.seconds)), littleEndian);
    view.setUint32(4, Math.floor(time.nanos / unit), littleEndian);
  }
  // Old writers have the two lengths the other way round: where both stay, so does their order.
  const [first, second] = [view.getUint32(8, littleEndian), view.getUint32(12, littleEndian)];
  const isSwapped = first !== bytes.length && second === bytes.length;
  view.setUint32(isSwapped ? 12 : 8, changed.length, littleEndian);
  view.setUint32(isSwapped ? 8 : 12, wire, littleEndian);
  return record;
}

/** A simple packet block has neither a time nor a length of its own: one that needs them becomes an enhanced one. */
function asEnhanced(record: RawRecord, { bytes, wire, time, comments }: ChangedPacket): RawRecord {
  const { littleEndian, head } = record;
  const isKept = bytes.length === record.bytes.length && wire === viewOf(head).getUint32(8, littleEndian);
  if (isKept && !time && comments.length === 0) return record;
  const enhanced = new Uint8Array(28);
  viewOf(enhanced).setUint32(0, ENHANCED_PACKET, littleEndian);
  return { ...record, kind: 'enhanced', head: enhanced };
}

function pcapngBytes(record: RawRecord, packet: ChangedPacket, dropComments: boolean): Uint8Array {
  const { kind, head, littleEndian } = record;
  const { bytes, wire, time, from, comments } = packet;
  const tail = kind === 'simple' ? record.tail : tailOf(record, comments, dropComments);
  const room = padded(bytes.length);
  const block = new Uint8Array(head.length + room + tail.length);
  block.set(head);
  block.set(bytes, head.length);
  block.set(tail, head.length + room);
  const view = viewOf(block);
  view.setUint32(4, block.length, littleEndian);
  view.setUint32(block.length - 4, block.length, littleEndian);
  if (kind === 'simple') return block;
  if (time) writeTime(view, time, from, littleEndian);
  view.setUint32(20, bytes.length, littleEndian);
  view.setUint32(24, wire, littleEndian);
  return block;
}

/** What stands behind the bytes of a packet: its options and the length of the block. */
function tailOf({ tail, littleEndian }: RawRecord, comments: readonly string[], dropComments: boolean): Uint8Array {
  if (comments.length === 0 && !dropComments) return tail;
  const kept = optionsOf(tail, 0, littleEndian).filter(({ code }) => !dropComments || code !== OPTION_COMMENT);
  const added = comments.map((text) => ({ code: OPTION_COMMENT, value: utf8Of(text) }));
  const all = [...added, ...kept.map(({ code, at, length }) => ({ code, value: tail.subarray(at, at + length) }))];
  const size = all.length === 0 ? 0 : all.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const whole = new Uint8Array(size + 4);
  const view = viewOf(whole);
  let at = 0;
  for (const { code, value } of all) {
    view.setUint16(at, code, littleEndian);
    view.setUint16(at + 2, value.length, littleEndian);
    whole.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return whole;
}

const NANOS = 1_000_000_000n;
/** The latest time of a packet block, in its units: two words of 32 bits hold it. */
const MOST = (1n << 64n) - 1n;

/** Writes a time in units of the interface, its upper half first. */
function writeTime(
  view: DataView,
  { seconds, nanos }: { readonly seconds: number; readonly nanos: number },
  from: CaptureInterface,
  littleEndian: boolean,
): void {
  const { base, exponent } = from.resolution;
  const perSecond = BigInt(base) ** BigInt(exponent);
  const exact = BigInt(seconds - from.offset) * perSecond + (BigInt(nanos) * perSecond) / NANOS;
  const units = exact < 0n ? 0n : exact > MOST ? MOST : exact;
  view.setUint32(12, Number(units >> 32n), littleEndian);
  view.setUint32(16, Number(units & 0xffff_ffffn), littleEndian);
}
