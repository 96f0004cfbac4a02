/**
 * `handshark/capture`: reads and writes pcap and pcapng files, plain or compressed. For Node.js.
 *
 * @module capture
 */
import type { CaptureInterface, Resolution } from '../../dissectors/file/records.js';
import { ByteQueue, type ByteSource } from '../capture/byte-source.js';
import { type CaptureDamage, openCapture as open } from '../capture/capture.js';
import { CaptureError } from '../capture/capture-error.js';
import { openCaptureWriter } from '../capture/capture-writer.js';

export type { CaptureDamage, CaptureInterface, Resolution };
export { CaptureError };

/** One packet of a capture. */
export interface Frame {
  /** From 1, in the order of the file. */
  readonly number: number;
  /** In nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
  /** A copy of its own. */
  readonly bytes: Uint8Array;
  /** How long it was on the wire, in bytes. */
  readonly originalLength: number;
  /** A LINKTYPE_ number. */
  readonly linkType: number;
  readonly interface: CaptureInterface | undefined;
  readonly comments: readonly string[];
}

/** A capture that is being read: its frames, once, in order. */
export interface CaptureReading extends AsyncIterable<Frame> {
  readonly format: 'pcap' | 'pcapng';
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Grows while frames are read. */
  readonly interfaces: readonly CaptureInterface[];
  /** The texts of blocks with secrets, as far as they were read. */
  readonly secrets: readonly string[];
  /** Comments on the capture as a whole, as far as they were read. */
  readonly comments: readonly string[];
  /** Why the capture ended before its end, once all frames were read. */
  readonly damage: CaptureDamage | undefined;
  /** Closes the file; done by itself when the last frame was read. */
  close(): Promise<void>;
}

/** Where a capture comes from: a path, all of its bytes, or its bytes bit by bit. */
export type CaptureInput = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Opens a capture.
 * @throws {CaptureError} if it cannot be read, or is none
 */
export async function openCapture(input: CaptureInput): Promise<CaptureReading> {
  const capture =
    typeof input === 'string' ? await open(input) : await open('capture', { source: new BytesSource(input) });
  const texts = (kind: 'secrets'): readonly string[] =>
    capture.log.events.flatMap((event) => (event.type === kind ? [new TextDecoder().decode(event.bytes)] : []));
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    try {
      for await (const { view, records, first } of capture.batches()) {
        for (let row = 0; row < records.count; row++) {
          const captured = records.captured[row] ?? 0;
          const start = view.byteOffset + (records.at[row] ?? 0);
          const on = capture.interfaces[records.interfaceId[row] ?? 0];
          yield {
            number: first + row,
            time: BigInt(records.seconds[row] ?? 0) * 1_000_000_000n + BigInt(records.nanos[row] ?? 0),
            bytes: new Uint8Array(view.buffer, start, captured).slice(),
            originalLength: Math.max(captured, records.wire[row] ?? 0),
            linkType: on?.linkType ?? -1,
            interface: on,
            comments: capture.log.comments.get(first + row) ?? [],
          };
        }
      }
    } finally {
      await capture.close();
    }
  }
  return {
    format: capture.format,
    compression: capture.compression,
    get interfaces() {
      return capture.interfaces;
    },
    get secrets() {
      return texts('secrets');
    },
    get comments() {
      return capture.log.events.flatMap((event) => (event.type === 'section' ? (event.comments ?? []) : []));
    },
    get damage() {
      return capture.damage;
    },
    close: () => capture.close(),
    [Symbol.asyncIterator]: () => frames(),
  };
}

const NANOSECONDS = { base: 10, exponent: 9 } as const;

/** Bytes that are given, not read from a file. */
class BytesSource implements ByteSource {
  readonly progress = undefined;
  problem: string | undefined = undefined;
  readonly #queue = new ByteQueue();
  readonly #more: AsyncIterator<Uint8Array> | undefined;

  constructor(input: Exclude<CaptureInput, string>) {
    if (input instanceof Uint8Array) this.#queue.push(input);
    else this.#more = input[Symbol.asyncIterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#queue.isEmpty && this.#more) {
      const { done, value } = await this.#more.next();
      if (done) break;
      this.#queue.push(value);
    }
    return this.#queue.take(into);
  }

  async close(): Promise<void> {
    await this.#more?.return?.();
  }
}

/** A packet to be written. */
export interface FrameToWrite {
  readonly bytes: Uint8Array;
  /** In nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
  readonly originalLength?: number;
  /** A LINKTYPE_ number; Ethernet unless given. */
  readonly linkType?: number;
  readonly comments?: readonly string[];
}

/**
 * Writes a capture: pcap where the name ends in `.pcap`, else pcapng. The file gets its name once it is complete.
 * @returns how many packets were written
 * @throws {CaptureError} if it cannot be written
 */
export async function writeCapture(
  path: string,
  frames: Iterable<FrameToWrite> | AsyncIterable<FrameToWrite>,
): Promise<number> {
  const writer = await openCaptureWriter(path, { beside: true });
  const interfaces = new Map<number, CaptureInterface>();
  try {
    for await (const { bytes, time, originalLength = bytes.length, linkType = 1, comments } of frames) {
      let from = interfaces.get(linkType);
      if (!from) {
        from = { linkType, snapLength: 0, section: 0, offset: 0, resolution: NANOSECONDS };
        interfaces.set(linkType, from);
      }
      const seconds = Number(time / 1_000_000_000n);
      const nanos = Number(time % 1_000_000_000n);
      const packet = { from, seconds, nanos, bytes, wire: originalLength, ...(comments && { comments }) };
      await writer.packet(packet);
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.close();
  return writer.packets;
}
