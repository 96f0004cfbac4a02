import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { InterfaceStatistics, NameRecord } from '../../dissectors/file/events.js';
import { LAST_SECOND, pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import {
  customBlock,
  decryptionSecrets,
  digitsOf,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  MOST_SECONDS,
  nameResolution,
  type SectionHeader,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { CaptureError } from './capture-error.js';
import { statsOf } from './stats-of.js';
import { createWholeFile, createWholeFileBeside, streamFile, type WholeFile } from './whole-file.js';

const WHAT = 'cannot write';
/** What times a format has. */
const SPANS = {
  pcap: 'a pcap file, whose times go from 1970 to 2106',
  pcapng: 'its interface, whose times begin later',
};
/** Pieces are gathered up to this many bytes before they are written. */
const BUFFER = 1024 * 1024;

export interface CaptureWriterOptions {
  /** What the packets are read from: writing over it is refused. */
  readonly inputs?: readonly string[];
  /** Where `-` goes; standard output unless told otherwise. */
  readonly stdout?: Writable;
  /** pcapng unless the name ends in `.pcap`, if left out. */
  readonly format?: 'pcap' | 'pcapng';
  /** Whether it gets its name only once it is complete; otherwise it can be read as it grows. */
  readonly beside?: boolean;
  /** What a pcapng file says of itself: where it was captured, and comments. */
  readonly section?: SectionHeader;
}

/** One packet to be written. */
export interface WrittenPacket {
  /** Where it was captured: an interface is known by being the same object. */
  readonly from: CaptureInterface;
  readonly seconds: number;
  readonly nanos: number;
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly comments?: readonly string[];
}

/**
 * Writes a capture file. What has no place in the format is left out: a pcap file has packets of one link type, and
 * nothing else. Bytes are gathered and written by whole records, so what is on disk can be read up to the last of them.
 */
export class CaptureWriter {
  readonly path: string;
  readonly format: 'pcap' | 'pcapng';
  /** Packets taken so far. */
  packets = 0;
  /** Those of them whose times have no place in the format: the nearest that has one is written. */
  misdated = 0;
  readonly #file: WholeFile;
  readonly #interfaces = new Map<CaptureInterface, number>();
  /** Interfaces that are there again, for times that nanoseconds cannot tell. */
  readonly #coarse = new Map<CaptureInterface, Coarse>();
  /** What interfaces of several captures say of themselves, and the first one that said so. */
  readonly #said = new Map<string, { readonly file: string; readonly section: number; readonly id: number }>();
  #count = 0;
  #pieces: Uint8Array[] = [];
  /** Where each piece ends among them. */
  #ends: number[] = [];
  #size = 0;
  #writing: Promise<void> | undefined;
  #error: unknown;
  #pcap: { readonly linkType: number; readonly nanoseconds: boolean } | undefined;

  constructor(file: WholeFile, format: 'pcap' | 'pcapng', section: SectionHeader = {}) {
    this.path = file.path;
    this.format = format;
    this.#file = file;
    if (format === 'pcapng') this.#add(sectionHeader(section));
  }

  /** Declares interfaces, so that they keep their order and are there without packets too. */
  interfaces(list: readonly CaptureInterface[]): void {
    for (const each of list) this.#idOf(each);
  }

  /** Takes the text of a secrets file along, or secrets of another kind. */
  secrets(secrets: string | Uint8Array, kind?: number): void {
    if (this.format !== 'pcapng') return;
    this.#file.makePrivate();
    this.#add(decryptionSecrets(secrets, kind));
  }

  /** Takes a block along that only others know, and that may be copied. */
  custom(enterprise: number, bytes: Uint8Array): void {
    if (this.format === 'pcapng') this.#add(customBlock(enterprise, bytes, true));
  }

  names(records: readonly NameRecord[]): void {
    if (this.format === 'pcapng' && records.length > 0) this.#add(nameResolution(records));
  }

  /** Tells how many packets an interface had seen, and lost, at a time. */
  statistics(from: CaptureInterface, at: Omit<InterfaceStatistics, 'interfaceId'>): void {
    if (this.format !== 'pcapng') return;
    const seconds = at.seconds - from.offset;
    const { id: interfaceId, digits } = this.#clockOf(from, seconds, at.nanos);
    this.#add(interfaceStatistics({ ...at, interfaceId, seconds }, digits));
  }

  /**
   * Takes a packet.
   * @returns what to wait for before the next, if there is too much to be written; most often nothing
   * @throws {CaptureError} if it has no place in the file, or an earlier one could not be written
   */
  packet(packet: WrittenPacket): Promise<void> | undefined {
    if (this.#error !== undefined) throw this.#error;
    const { from, seconds, nanos, bytes, wire, comments } = packet;
    if (this.format === 'pcap') {
      if (seconds < 0 || seconds > LAST_SECOND) this.misdated++;
      this.#add(pcapRecord({ seconds, nanos, bytes, wire }, this.#pcapFor(from).nanoseconds));
    } else {
      const since = seconds - from.offset;
      const { id: interfaceId, digits } = this.#clockOf(from, since, nanos);
      const time = { interfaceId, digits, seconds: since, nanos };
      if (since < 0) this.misdated++;
      this.#add(enhancedPacket({ ...time, bytes, wire, ...(comments && { comments }) }));
    }
    this.packets++;
    return this.#size < BUFFER ? undefined : this.flush();
  }

  /** What the file does not say as it should, in one line; undefined if it says all. */
  get problem(): string | undefined {
    const { misdated, format } = this;
    if (misdated === 0) return undefined;
    const what = `the time${misdated === 1 ? ' of 1 packet does' : `s of ${misdated} packets do`} not fit`;
    const hint = format === 'pcap' ? '; name the file .pcapng' : '';
    return `${WHAT} all: ${nameOf(this.path)}: ${what} in ${SPANS[format]}${hint}`;
  }

  /** Writes all that was taken. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#error !== undefined) throw this.#error;
    if (this.#pieces.length === 0) return;
    const writing = this.#file.write(Buffer.concat(this.#pieces, this.#size), this.#ends);
    this.#pieces = [];
    this.#ends = [];
    this.#size = 0;
    this.#writing = writing.finally(() => {
      this.#writing = undefined;
    });
    try {
      await this.#writing;
    } catch (error) {
      this.#error = error;
      throw error;
    }
  }

  /** Writes the rest and closes the file; a file without packets is a valid one all the same. */
  async close(): Promise<void> {
    try {
      if (this.format === 'pcap' && this.#pcap === undefined) {
        const [first] = this.#interfaces.keys();
        this.#begin({ linkType: first?.linkType ?? 1, nanoseconds: false }, first?.snapLength ?? 0);
      }
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  /** Lets the file go as it is: it will not be complete. */
  async abandon(): Promise<void> {
    await this.#writing?.catch(() => {});
    await this.#file.abandon();
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    this.#ends.push(this.#size);
  }

  #idOf(from: CaptureInterface): number {
    const known = this.#interfaces.get(from) ?? this.#sameIn(from);
    if (known !== undefined) {
      this.#interfaces.set(from, known);
      return known;
    }
    const id = this.#count++;
    this.#interfaces.set(from, id);
    if (this.format === 'pcapng') this.#add(interfaceDescription(from));
    return id;
  }

  /** The number of an interface of another of several captures that says the same: the files of a ring have one. */
  #sameIn({ file, section, ...from }: CaptureInterface): number | undefined {
    if (file === undefined) return undefined;
    const said = JSON.stringify(from);
    const same = this.#said.get(said) ?? { file, section, id: this.#count };
    this.#said.set(said, same);
    return same.file === file && same.section === section ? undefined : same.id;
  }

  /**
   * The interface that has a time, and its digits. Nanoseconds end in 2554: an interface with times beyond is there once
   * more, with a coarser clock, which still tells all that the one of its packets did.
   */
  #clockOf(from: CaptureInterface, seconds: number, nanos: number): Coarse {
    const id = this.#idOf(from);
    if (seconds <= MOST_SECONDS) return { id, digits: undefined };
    const known = this.#coarse.get(from);
    const digits = digitsOf(seconds, nanos);
    if (known?.digits !== undefined && known.digits <= digits) return known;
    const added = { id: this.#count++, digits };
    this.#coarse.set(from, added);
    this.#add(interfaceDescription({ ...from, digits }));
    return added;
  }

  /** The file header of a pcap file waits for the first packet: that settles what link type it has. */
  #pcapFor(from: CaptureInterface): { readonly linkType: number; readonly nanoseconds: boolean } {
    this.#idOf(from);
    if (this.#pcap === undefined) {
      const fine = [...this.#interfaces.keys()].some(({ resolution }) => !isMicro(resolution));
      return this.#begin({ linkType: from.linkType, nanoseconds: fine }, from.snapLength, from.fcsLength);
    }
    if (this.#pcap.linkType === from.linkType) return this.#pcap;
    const types = `${this.#pcap.linkType} and ${from.linkType}`;
    const why = `a pcap file has one link type, these packets have two (${types}); name the file .pcapng`;
    throw new CaptureError(WHAT, nameOf(this.path), why);
  }

  #begin(pcap: { readonly linkType: number; readonly nanoseconds: boolean }, snapLength: number, fcsLength?: number) {
    this.#pcap = pcap;
    this.#add(pcapFileHeader({ ...pcap, snapLength, ...(fcsLength !== undefined && { fcsLength }) }));
    return pcap;
  }
}

/** An interface of the file, and the digits of its times; undefined for nanoseconds. */
interface Coarse {
  readonly id: number;
  readonly digits: number | undefined;
}

/** Whether microseconds hold all times of an interface. */
const isMicro = ({ base, exponent }: CaptureInterface['resolution']): boolean =>
  base === 10 ? exponent <= 6 : exponent === 0;

/**
 * Creates a capture file, over one that is there.
 * @param path the file, or `-` for standard output
 * @throws {CaptureError} if it cannot be created, or is what the packets are read from
 */
export async function openCaptureWriter(path: string, options: CaptureWriterOptions = {}): Promise<CaptureWriter> {
  const format = options.format ?? (path.toLowerCase().endsWith('.pcap') ? 'pcap' : 'pcapng');
  if (path === '-') return new CaptureWriter(streamFile(options.stdout ?? process.stdout), format, options.section);
  if (options.inputs?.some((input) => isSame(path, input))) {
    throw new CaptureError(WHAT, path, 'the packets are read from it');
  }
  const file = options.beside ? await createWholeFileBeside(path) : await createWholeFile(path);
  return new CaptureWriter(file, format, options.section);
}

function isSame(path: string, input: string): boolean {
  const a = statsOf(path);
  const b = input === '-' ? fstatSync(0) : statsOf(input);
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

const nameOf = (path: string): string => (path === '-' ? 'standard output' : path);
