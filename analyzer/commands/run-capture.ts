import { writeFileSync } from 'node:fs';
import { type Blocks, isPacket, only } from '../capture/block-cutter.js';
import type { ByteSource } from '../capture/byte-source.js';
import { openCapture } from '../capture/capture.js';
import { systemError } from '../capture/capture-error.js';
import type { CaptureEngine } from '../capture/engine.js';
import { withSecrets } from '../capture/injected-secrets.js';
import type { LiveCapture, LiveCounts } from '../capture/live-capture.js';
import { PcapConversion } from '../capture/pcap-conversion.js';
import { type Ring, RingWriter } from '../capture/ring-writer.js';
import { streamFile } from '../capture/whole-file.js';
import type { Io } from './io.js';
import type { LiveOptions } from './live-options.js';
import { countsText, withCount } from './live-reading.js';
import type { LivePrintOptions } from './print-live.js';
import { secretsToInject } from './secrets-to-inject.js';
import { namesOf, startLive } from './start-live.js';
import { UsageError } from './usage-error.js';

/** The options of `handshark capture`. */
export interface CaptureOptions extends LiveOptions, LivePrintOptions {
  readonly fileFormat?: 'pcap' | 'pcapng';
  readonly ringBuffer?: RingOptions;
  readonly count?: number;
  readonly quiet?: boolean;
  readonly injectSecrets: readonly string[];
}

/** The conditions of `-b`. */
export interface RingOptions extends Ring {
  /** Where names of complete files are printed: a file, or `stdout` or `stderr`. */
  readonly printName?: string;
}

/** How often counts are shown, in milliseconds. */
const COUNTS_MS = 1000;

/**
 * Records live traffic until it is enough, interrupted, or cannot go on. What is on disk is whole at any time.
 * @param engines what may capture, the preferred first; those that the options name, if left out
 */
export async function capture(given: CaptureOptions, io: Io, engines?: readonly CaptureEngine[]): Promise<void> {
  const options = withCount(given);
  if (options.interface.length === 0)
    throw new UsageError('no interface: -i: name one that handshark interfaces lists');
  const path = checked(options);
  const injected = secretsToInject(options);
  const printing = await printingOf(options, io);
  const convert = converterOf(path, options, injected);
  const onClosed = closedPrinter(options.ringBuffer, io);
  const { live, request } = await startLive(streamOptions(options), io.interrupted(), engines);
  const writer = writerOf(path, options, live, onClosed, io);
  const names = namesOf(request);
  // Where nothing can be written nothing is captured, and there is nothing to count.
  await writer.open().catch(async (error: unknown) => {
    await live.close();
    throw error;
  });
  io.remark(`capturing on ${names} with ${live.engine}, to ${path === '-' ? 'standard output' : path}`);
  io.onRotate(() => void writer.rotate().catch(() => live.stop()));
  // What is counted is what is written.
  const counts = () => ({ ...live.counts(), packets: writer.packets });
  const ticking = options.quiet || (printing && io.isTerminal) ? undefined : showCounts(counts, io);
  try {
    const written = new WrittenBlocks(live, (blocks) => writer.write(convert(blocks)));
    await printing?.(written);
    // What cannot be printed is written all the same.
    await written.all();
  } finally {
    clearInterval(ticking);
    await live.close().finally(() => writer.close());
    const files = `${writer.files} ${writer.files === 1 ? 'file' : 'files'}`;
    io.remark(`${countsText(counts())} on ${names}, in ${files}`);
  }
  const why = await live.ended;
  if (why !== undefined) io.complain(`capture stopped: ${names}: ${why}`, 1);
}

/** Where to write. @throws {UsageError} for options that do not go together */
function checked(options: CaptureOptions): string {
  const { write, ringBuffer: ring, autostop } = options;
  if (write === undefined) {
    throw new UsageError('no file: -w: name one; to look at packets only, use handshark decode -i');
  }
  if (options.filter !== undefined && !isPrinting(options)) {
    throw new UsageError(`-Y: ${options.filter}: goes with -P, all packets are written; -f chooses which are captured`);
  }
  if (autostop.files !== undefined && !ring) throw new UsageError('-a: files: goes with -b');
  if (!ring) return write;
  if (write === '-') throw new UsageError('-b: standard output: is one file');
  const { duration, interval, bytes, packets } = ring;
  if ([duration, interval, bytes, packets, autostop.bytes].every((condition) => condition === undefined)) {
    throw new UsageError('-b: no condition: give filesize, duration, interval or packets for the next file');
  }
  return write;
}

/** What ends the stream of packets. A size is that of a file, so who writes it ends the capture. */
function streamOptions(options: CaptureOptions): CaptureOptions {
  const { bytes: _, ...autostop } = options.autostop;
  return { ...options, autostop };
}

const isPrinting = ({ print, format, field, tree, hex }: CaptureOptions): boolean =>
  (print || tree || hex || format !== undefined || field.length > 0) ?? false;

type Printing = (source: ByteSource) => Promise<void>;

/** What prints the packets that are written, if that is asked for. */
async function printingOf(options: CaptureOptions, io: Io): Promise<Printing | undefined> {
  if (!isPrinting(options)) return undefined;
  if (options.write === '-') throw new UsageError('-P: standard output: is where the capture goes');
  const { openPrinting } = await import('./print-live.js');
  const print = await openPrinting(options, io);
  return async (source) => print(await openCapture('-', { source }));
}

function writerOf(
  path: string,
  { ringBuffer: ring, autostop }: CaptureOptions,
  live: LiveCapture,
  onClosed: (path: string) => void,
  io: Io,
): RingWriter {
  const conditions = ring && { ...(autostop.bytes !== undefined && { bytes: autostop.bytes }), ...ring };
  return new RingWriter(path, {
    onFull: () => live.finish(),
    onTimeOver: () => live.stop(),
    isEnding: () => live.isEnding,
    onClosed,
    ...(conditions && { ring: conditions }),
    ...(autostop.bytes !== undefined && { mostBytes: autostop.bytes }),
    ...(autostop.files !== undefined && { mostFiles: autostop.files }),
    ...(path === '-' && { stream: streamFile(io.stdout) }),
  });
}

/** Prints the names of complete files where they are wanted. */
function closedPrinter(ring: RingOptions | undefined, io: Io): (path: string) => void {
  const where = ring?.printName;
  if (where === undefined) return () => {};
  if (where === 'stdout' || where === '-') return (path) => void io.stdout.write(`${path}\n`);
  if (where === 'stderr') return (path) => io.remark(path);
  const put = (text: string, flag: 'w' | 'a') => {
    try {
      writeFileSync(where, text, { flag });
    } catch (error) {
      throw systemError('cannot write', where, error);
    }
  };
  put('', 'w');
  return (path) => put(`${path}\n`, 'a');
}

function converterOf(path: string, { fileFormat }: CaptureOptions, injected: readonly string[]) {
  const isPcap = fileFormat === 'pcap' || (fileFormat === undefined && path.toLowerCase().endsWith('.pcap'));
  if (!isPcap) return (blocks: Blocks) => withSecrets(blocks, injected);
  if (injected.length > 0) throw new UsageError('--inject-secrets: a pcap file has no room for secrets');
  const conversion = new PcapConversion(path);
  return (blocks: Blocks) => conversion.convert(blocks);
}

function showCounts(counts: () => LiveCounts, io: Io): NodeJS.Timeout {
  let shown = '';
  return setInterval(() => {
    const text = countsText(counts(), false);
    if (text !== shown) io.progress(text);
    shown = text;
  }, COUNTS_MS);
}

/** What is captured and written, given out after that. */
class WrittenBlocks implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  readonly #live: LiveCapture;
  readonly #write: (blocks: Blocks) => Promise<number>;
  #rest: Uint8Array = new Uint8Array(0);
  #isOver = false;

  /** @param write tells how many packets it did not write, the last of the blocks */
  constructor(live: LiveCapture, write: (blocks: Blocks) => Promise<number>) {
    this.#live = live;
    this.#write = write;
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0 && !this.#isOver) this.#rest = await this.#next();
    const taken = this.#rest.subarray(0, into.length);
    into.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  /** Writes all that comes. */
  async all(): Promise<void> {
    while (!this.#isOver) await this.#next();
  }

  close(): Promise<void> {
    return this.#live.close();
  }

  async #next(): Promise<Uint8Array> {
    const blocks = await this.#live.next();
    this.#isOver = blocks === undefined;
    if (!blocks) return new Uint8Array(0);
    const refused = await this.#write(blocks);
    return refused === 0 ? blocks.bytes : withoutLast(blocks, refused).bytes;
  }
}

/** The blocks without so many packets at their end. */
function withoutLast(blocks: Blocks, refused: number): Blocks {
  let left = blocks.types.filter(isPacket).length - refused;
  return only(blocks, (type) => !isPacket(type) || left-- > 0);
}
