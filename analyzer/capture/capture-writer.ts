import { close, fstatSync, ftruncate, open, statSync, write } from 'node:fs';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { NameRecord } from '../../dissectors/file/events.js';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import {
  customBlock,
  decryptionSecrets,
  enhancedPacket,
  type InterfaceStatistics,
  interfaceDescription,
  interfaceStatistics,
  nameResolution,
  type SectionHeader,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { CaptureError, reasonOf } from './capture-error.js';

const openAsync = promisify(open);
const closeAsync = promisify(close);
const writeAsync = promisify(write);
const truncateAsync = promisify(ftruncate);

const WHAT = 'cannot write';
/** Pieces are gathered up to this many bytes before they are written. */
const BUFFER = 1024 * 1024;

export interface CaptureWriterOptions {
  /** What the packets are read from: writing over it is refused. */
  readonly input?: string;
  /** Where `-` goes; standard output unless told otherwise. */
  readonly stdout?: Writable;
  /** pcapng unless the name ends in `.pcap`, if left out. */
  readonly format?: 'pcap' | 'pcapng';
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

/** Where whole records go. */
interface Sink {
  /** @param size of all pieces together */
  write(pieces: readonly Uint8Array[], size: number): Promise<void>;
  close(): Promise<void>;
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
  readonly #sink: Sink;
  readonly #interfaces = new Map<CaptureInterface, number>();
  #pieces: Uint8Array[] = [];
  #size = 0;
  #writing: Promise<void> | undefined;
  #error: unknown;
  #pcap: { readonly linkType: number; readonly nanoseconds: boolean } | undefined;

  constructor(path: string, format: 'pcap' | 'pcapng', sink: Sink, section: SectionHeader = {}) {
    this.path = path;
    this.format = format;
    this.#sink = sink;
    if (format === 'pcapng') this.#add(sectionHeader(section));
  }

  /** Declares interfaces, so that they keep their order and are there without packets too. */
  interfaces(list: readonly CaptureInterface[]): void {
    for (const each of list) this.#idOf(each);
  }

  /** Takes the text of a secrets file along, or secrets of another kind. */
  secrets(secrets: string | Uint8Array, kind?: number): void {
    if (this.format === 'pcapng') this.#add(decryptionSecrets(secrets, kind));
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
    const interfaceId = this.#idOf(from);
    this.#add(interfaceStatistics({ ...at, interfaceId, seconds: at.seconds - from.offset }));
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
      this.#add(pcapRecord({ seconds, nanos, bytes, wire }, this.#pcapFor(from).nanoseconds));
    } else {
      const time = { interfaceId: this.#idOf(from), seconds: seconds - from.offset, nanos };
      this.#add(enhancedPacket({ ...time, bytes, wire, ...(comments && { comments }) }));
    }
    this.packets++;
    return this.#size < BUFFER ? undefined : this.flush();
  }

  /** Writes all that was taken. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#error !== undefined) throw this.#error;
    if (this.#pieces.length === 0) return;
    const writing = this.#sink.write(this.#pieces, this.#size);
    this.#pieces = [];
    this.#size = 0;
    this.#writing = writing.finally(() => {
      this.#writing = undefined;
    });
    try {
      await this.#writing;
    } catch (error) {
      this.#error = new CaptureError(WHAT, nameOf(this.path), reasonOf(error), { cause: error });
      throw this.#error;
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
      await this.#sink.close();
    }
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  #idOf(from: CaptureInterface): number {
    const known = this.#interfaces.get(from);
    if (known !== undefined) return known;
    const id = this.#interfaces.size;
    this.#interfaces.set(from, id);
    if (this.format === 'pcapng') this.#add(interfaceDescription(from));
    return id;
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
  if (path === '-') {
    return new CaptureWriter(path, format, streamSink(options.stdout ?? process.stdout), options.section);
  }
  if (options.input !== undefined && isSame(path, options.input)) {
    throw new CaptureError(WHAT, path, 'the packets are read from it');
  }
  try {
    return new CaptureWriter(path, format, fileSink(await openAsync(path, 'w')), options.section);
  } catch (error) {
    throw new CaptureError(WHAT, path, reasonOf(error), { cause: error });
  }
}

function isSame(path: string, input: string): boolean {
  const a = statSync(path, { throwIfNoEntry: false });
  const b = input === '-' ? fstatSync(0) : statSync(input, { throwIfNoEntry: false });
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

function fileSink(fd: number): Sink {
  const isFile = fstatSync(fd).isFile();
  let position = 0;
  return {
    async write(pieces, size) {
      const bytes = Buffer.concat(pieces, size);
      let from = 0;
      try {
        while (from < bytes.length) {
          const at = isFile ? position + from : null;
          from += (await writeAsync(fd, bytes, from, bytes.length - from, at)).bytesWritten;
        }
        position += bytes.length;
      } catch (error) {
        // No half record stays at the end.
        if (isFile) await truncateAsync(fd, position + wholeWithin(pieces, from)).catch(() => {});
        throw error;
      }
    },
    close: () => closeAsync(fd),
  };
}

/** How many bytes the pieces have that lie whole within the first `limit` bytes. */
function wholeWithin(pieces: readonly Uint8Array[], limit: number): number {
  let end = 0;
  for (const { length } of pieces) {
    if (end + length > limit) break;
    end += length;
  }
  return end;
}

function streamSink(stream: Writable): Sink {
  // Each write tells of its own error.
  stream.on('error', () => {});
  return {
    write: (pieces, size) =>
      new Promise((resolve, reject) => {
        stream.write(Buffer.concat(pieces, size), (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => {},
  };
}

const nameOf = (path: string): string => (path === '-' ? 'standard output' : path);
