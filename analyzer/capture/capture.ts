import { close, fstatSync, open, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { DETECT_SIZE, describeUnknown, detect, readerOf } from '../../dissectors/file/detect.js';
import type { CaptureEvents } from '../../dissectors/file/events.js';
import type { CaptureInterface, CaptureReader } from '../../dissectors/file/records.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { type ByteSource, Preceded, readFully } from './byte-source.js';
import { CaptureError, systemError } from './capture-error.js';
import { decompress } from './decompress.js';
import { FileSource } from './file-source.js';
import { PipeSource } from './pipe-source.js';
import { type CaptureBatch, RecordScanner } from './record-scanner.js';
import { openSpool, SpooledSource } from './spool.js';

const openAsync = promisify(open);
const closeAsync = promisify(close);

const WHAT = 'cannot read';

export interface CaptureOptions {
  /** Wait for more at the end of a file that is still written, until the signal says enough. */
  readonly follow?: boolean;
  /** Ends iteration, without damage. */
  readonly signal?: AbortSignal;
  /** Whether custom blocks of a pcapng file are packets, as in Wireshark. */
  readonly countBlocks?: boolean;
  /** Whether a descriptor is wanted: what is no plain file is then kept in a private temporary one. */
  readonly randomAccess?: boolean;
  readonly chunkSize?: number;
  /** How often a followed file is looked at, in milliseconds. */
  readonly interval?: number;
  /** Where the bytes come from, instead of from the path: a capture that runs. */
  readonly source?: ByteSource;
  /** Whether that source is a file that is complete: its first bytes are there at once. */
  readonly isWhole?: boolean;
  /** What `-` reads; standard input unless told otherwise. */
  readonly stdin?: Readable;
}

/** Why a capture ended before its end. */
export interface CaptureDamage {
  /** In the uncompressed file. */
  readonly offset: number;
  readonly why: string;
  /** How many packets came before it. */
  readonly packets: number;
}

/** What is wrong with a capture, for the user. Source: the command line page, "Exit status". */
export interface CaptureFault {
  /** With the name of the file, one line. */
  readonly line: string;
  /** The same where the name of the only file is shown beside it. */
  readonly brief: string;
}

/** The bytes of a capture before they are understood. */
interface Input {
  readonly source: ByteSource;
  /** An open regular file. */
  readonly file: number | undefined;
  /** Frees what `source` does not. */
  readonly release: () => Promise<void>;
}

/** An open capture: its packets once, in order, and its bytes at any time. */
export interface Capture {
  /** As it was given; `-` for standard input. */
  readonly path: string;
  /** What its packets are read from: never written over. */
  readonly inputs: readonly string[];
  /** Whether its secrets could not be read before its packets, and come with them. */
  readonly bringsSecrets: boolean;
  /** Of its file; undefined where several are read as one. */
  readonly format: 'pcap' | 'pcapng' | undefined;
  /**
   * A descriptor from which the uncompressed bytes can be read by offset, in any thread of this process, while the
   * capture is open; undefined without random access.
   */
  readonly descriptor: number | undefined;
  /** Grows while batches are read. */
  readonly interfaces: readonly CaptureInterface[];
  /** What the file tells besides packets, as far as it was read. */
  readonly log: CaptureEvents;
  /** Packets read so far. */
  readonly packets: number;
  /** How much has been read, 0 to 1; undefined for pipes. */
  readonly progress: number | undefined;
  /** Why files ended early or could not be read, once `batches` has ended. */
  readonly faults: readonly CaptureFault[];
  /** The packets, in order. To be called once; a batch is valid until the next is asked for. */
  batches(): AsyncGenerator<CaptureBatch, void, undefined>;
  close(): Promise<void>;
}

/** One capture: a file, a pipe, or live traffic. */
export class StreamCapture implements Capture {
  readonly path: string;
  readonly format: 'pcap' | 'pcapng';
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly descriptor: number | undefined;
  readonly #reader: CaptureReader;
  readonly #scanner: RecordScanner;
  readonly #source: ByteSource;
  readonly #release: () => Promise<void>;
  #started = false;
  #done = false;
  #closed = false;

  constructor(
    path: string,
    compression: StreamCapture['compression'],
    reader: CaptureReader,
    scanner: RecordScanner,
    source: ByteSource,
    descriptor: number | undefined,
    release: () => Promise<void>,
  ) {
    this.path = path;
    this.format = reader.format;
    this.compression = compression;
    this.descriptor = descriptor;
    this.#reader = reader;
    this.#scanner = scanner;
    this.#source = source;
    this.#release = release;
  }

  get inputs(): readonly string[] {
    return [this.path];
  }

  get bringsSecrets(): boolean {
    return this.path === '-';
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#reader.interfaces;
  }

  get log(): CaptureEvents {
    return this.#reader.log;
  }

  get packets(): number {
    return this.#reader.packets;
  }

  get progress(): number | undefined {
    return this.#done ? 1 : this.#source.progress;
  }

  /** Why the capture ended early, once `batches` has ended: what ended it, or else the first block that was passed over. */
  get damage(): CaptureDamage | undefined {
    const { damage } = this.#scanner;
    const { fault } = this.#reader.log;
    if (fault !== undefined) return { offset: fault.at, why: fault.why, packets: fault.packets };
    return damage && { offset: damage.at, why: damage.why, packets: this.packets };
  }

  get faults(): readonly CaptureFault[] {
    const { damage, path } = this;
    if (!damage) return [];
    const packets = damage.packets === 1 ? '1 packet' : `${damage.packets} packets`;
    const where = `offset ${damage.offset}: ${damage.why}; ${packets} came before it`;
    return [{ line: `damaged capture: ${nameOf(path)}: ${where}`, brief: `damaged at ${where}` }];
  }

  async *batches(): AsyncGenerator<CaptureBatch, void, undefined> {
    if (this.#started) throw new Error('the batches of a capture can be read only once');
    this.#started = true;
    try {
      yield* this.#scanner.batches();
      this.#done = true;
    } catch (error) {
      throw systemError(WHAT, nameOf(this.path), error);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#source.close();
    await this.#release();
  }
}

/**
 * Opens a capture file: pcap or pcapng, as it is or compressed with gzip or zstd; all by content, not by name.
 *
 * @param path a file, a named pipe, or `-` for standard input
 * @throws {CaptureError} if there is no such file, it may not be read, or it is no capture
 */
export async function openCapture(path: string, options: CaptureOptions = {}): Promise<StreamCapture> {
  const name = nameOf(path);
  const input = await openInput(path, options).catch((error: unknown) => {
    throw systemError(WHAT, name, error);
  });
  try {
    return await recognize(path, input, options);
  } catch (error) {
    await input.source.close();
    await input.release();
    throw systemError(WHAT, name, error);
  }
}

async function recognize(path: string, input: Input, options: CaptureOptions): Promise<StreamCapture> {
  const isOver = () => options.signal?.aborted === true;
  const refuse = (why: string) => new CaptureError(WHAT, nameOf(path), why);

  let head = await headOf(input.source);
  let source: ByteSource = new Preceded(head, input.source);
  let kind = detect(viewOf(head), 0, head.length);
  const compression = kind === 'gzip' || kind === 'zstd' ? kind : 'none';
  if (compression !== 'none') {
    const inflated = decompress(compression, source);
    head = await headOf(inflated);
    kind = detect(viewOf(head), 0, head.length);
    source = new Preceded(head, inflated);
    if (kind === 'empty') throw refuse(inflated.problem ?? `nothing is in the ${compression} file`);
    if (kind === 'gzip' || kind === 'zstd') throw refuse('it is compressed twice');
  }
  if (kind === 'gzip' || kind === 'zstd') throw refuse('it is compressed twice');
  // Given up before anything came: a capture without packets.
  if (isOver()) kind = kind === 'pcap' ? kind : 'pcapng';
  if (kind === 'empty')
    throw refuse(input.file === undefined && !options.isWhole ? 'nothing came' : 'the file is empty');
  if (kind === 'unknown') throw refuse(describeUnknown(viewOf(head), 0, head.length));

  const plain = compression === 'none' ? input.file : undefined;
  const spool = options.randomAccess && plain === undefined ? await openSpool() : undefined;
  const release = async () => {
    await input.release();
    if (spool !== undefined) await closeAsync(spool);
  };
  if (spool !== undefined) source = new SpooledSource(source, spool);

  // From a file the first chunk comes whole, so its first records can tell variants of pcap apart. A pipe must not wait.
  const probe = (input.file !== undefined || options.isWhole === true) && !options.follow;
  const reader = readerOf(kind, { probe, countBlocks: options.countBlocks ?? false });
  const scanner = new RecordScanner(source, reader, isOver, options.chunkSize);
  await scanner.open(probe ? Math.min(PROBE_SIZE, options.chunkSize ?? PROBE_SIZE) : DETECT_SIZE);
  if (!reader.opened && !isOver()) throw refuse(scanner.damage?.why ?? 'no capture is in it');
  return new StreamCapture(path, compression, reader, scanner, source, spool ?? plain, release);
}

/** Room for three records that are not larger than most, to tell variants of pcap apart. */
const PROBE_SIZE = 256 * 1024;

async function headOf(source: ByteSource): Promise<Uint8Array> {
  const head = new Uint8Array(DETECT_SIZE);
  return head.subarray(0, await readFully(source, head));
}

async function openInput(path: string, options: CaptureOptions): Promise<Input> {
  const nothing = async () => {};
  if (options.source) return { source: options.source, file: undefined, release: nothing };
  if (path === '-') {
    if (options.stdin)
      return { source: new PipeSource(options.stdin, options.signal), file: undefined, release: nothing };
    if (isatty(0)) throw new CaptureError(WHAT, nameOf(path), 'it is a terminal: name a file, or send a capture to it');
    if (fstatSync(0).isFile()) return { source: new FileSource(0, options), file: 0, release: nothing };
    return { source: new PipeSource(process.stdin, options.signal), file: undefined, release: nothing };
  }
  const fd = await openAsync(path, 'r');
  const release = () => closeAsync(fd);
  const stats: Stats = fstatSync(fd);
  if (stats.isFile()) return { source: new FileSource(fd, options), file: fd, release };
  if (!stats.isFIFO() && !stats.isSocket()) {
    await release();
    throw new CaptureError(WHAT, path, stats.isDirectory() ? 'it is a directory' : 'it is neither a file nor a pipe');
  }
  const stream = new Socket({ fd, readable: true, writable: false });
  return { source: new PipeSource(stream, options.signal), file: undefined, release: nothing };
}

/** What the user calls a capture. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);
