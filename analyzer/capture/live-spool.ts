import { close, ftruncate, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Blocks, isPacket } from './block-cutter.js';
import { reasonOf } from './capture-error.js';
import { FileHead } from './file-head.js';
import type { LiveCapture, LiveCounts } from './live-capture.js';
import { openSpool } from './spool.js';
import { copySpool } from './spool-copy.js';

const closeAsync = promisify(close);
const truncateAsync = promisify(ftruncate);

/** How often who follows a spool should look, in milliseconds: packets are to be seen at once. */
export const SPOOL_INTERVAL_MS = 40;

/** How far the places of blocks that are noted lie apart, in bytes. */
const MARK_EVERY = 1024 * 1024;

/** Where captured blocks go. */
export interface BlockWriter {
  write(blocks: Blocks): Promise<unknown>;
}

/**
 * A running capture in a private temporary file, which grows by whole blocks: whoever reads it as it grows needs to know
 * nothing of capturing. The file has no name in any folder, and goes when it is closed.
 */
export class LiveSpool {
  /** Where this process can open the file, in any thread; to be read as a pcapng file that grows. */
  readonly path: string;
  readonly #fd: number;
  readonly #live: LiveCapture;
  readonly #copy: BlockWriter | undefined;
  readonly #ended: Promise<string | undefined>;
  /** Whether packets have come that whoever gets them too could not take. */
  isCopyBroken = false;
  #position = 0;
  readonly #head = new FileHead();
  /** Where some blocks begin: what is before the first that is left can be given back to the disk. */
  readonly #marks: number[] = [];

  private constructor(fd: number, live: LiveCapture, copy: BlockWriter | undefined) {
    this.#fd = fd;
    this.path = `/dev/fd/${fd}`;
    this.#live = live;
    this.#copy = copy;
    this.#ended = this.#fill(live);
  }

  /**
   * Takes over a capture: it is closed with the spool.
   * @param copy gets all blocks too
   */
  static async open(live: LiveCapture, copy?: BlockWriter): Promise<LiveSpool> {
    try {
      return new LiveSpool(await openSpool(), live, copy);
    } catch (error) {
      await live.close();
      throw error;
    }
  }

  /** What captures, by name. */
  get engine(): LiveCapture['engine'] {
    return this.#live.engine;
  }

  /** What time stamps are. */
  get timeStamps(): string {
    return this.#live.timeStamps;
  }

  /** What has come so far. */
  counts(): LiveCounts {
    return this.#live.counts();
  }

  /** Asks for the end. What was captured before still gets into the file. */
  stop(): void {
    this.#live.stop();
  }

  /** Why the capture ended, once all of it is in the file; undefined where it was asked to, or was full. */
  get ended(): Promise<string | undefined> {
    return this.#ended;
  }

  /**
   * Copies all that has come, or what is left of it, to a file of its own: by nothing but the file itself, whatever has
   * become of those who read it.
   * @returns whether it is all that has come
   * @throws {CaptureError} if the file cannot be written
   */
  copy(path: string): Promise<boolean> {
    return copySpool({ fd: this.#fd, size: this.#position, marks: this.#marks, head: this.#head.begin() }, path);
  }

  /** Ends the capture and lets the file go. Who reads it has it open for itself. */
  async close(): Promise<void> {
    await this.#live.close();
    await this.#ended;
    await closeAsync(this.#fd);
  }

  async #fill(live: LiveCapture): Promise<string | undefined> {
    try {
      for (let blocks = await live.next(); blocks; blocks = await live.next()) {
        this.#note(blocks);
        this.#write(blocks.bytes);
        await this.#copyToo(blocks);
      }
      return await live.ended;
    } catch (error) {
      await truncateAsync(this.#fd, this.#position).catch(() => {});
      await live.close();
      return `packets cannot be kept: ${reasonOf(error)}`;
    }
  }

  async #copyToo(blocks: Blocks): Promise<void> {
    try {
      await this.#copy?.write(blocks);
    } catch (error) {
      this.isCopyBroken = true;
      throw error;
    }
  }

  #note({ bytes, types, ends }: Blocks): void {
    const last = this.#marks.at(-1);
    if (last === undefined || this.#position - last >= MARK_EVERY) this.#marks.push(this.#position);
    for (let block = 0; block < types.length; block++) {
      const type = types[block] ?? 0;
      if (!isPacket(type)) this.#head.saw(type, bytes.subarray(ends[block - 1] ?? 0, ends[block]), true);
    }
  }

  #write(bytes: Uint8Array): void {
    // Not left to another thread: to hear that it is done could wait behind the drawing of a screen, packet after packet.
    for (let from = 0; from < bytes.length; ) {
      from += writeSync(this.#fd, bytes, from, bytes.length - from, this.#position + from);
    }
    this.#position += bytes.length;
  }
}
