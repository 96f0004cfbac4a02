import { close, ftruncate, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { reasonOf } from './capture-error.js';
import type { LiveCapture, LiveCounts } from './live-capture.js';
import { openSpool } from './spool.js';

const closeAsync = promisify(close);
const truncateAsync = promisify(ftruncate);

/** How often who follows a spool should look, in milliseconds: packets are to be seen at once. */
export const SPOOL_INTERVAL_MS = 40;

/**
 * A running capture in a private temporary file, which grows by whole blocks: whoever reads it as it grows needs to know
 * nothing of capturing. The file has no name in any folder, and goes when it is closed.
 */
export class LiveSpool {
  /** Where this process can open the file, in any thread; to be read as a pcapng file that grows. */
  readonly path: string;
  readonly #fd: number;
  readonly #start: () => Promise<LiveCapture>;
  #live: LiveCapture;
  #position = 0;
  /** Of the captures before this one. */
  #before = { packets: 0, bytes: 0 };
  #ended: Promise<string | undefined>;

  private constructor(fd: number, start: () => Promise<LiveCapture>, live: LiveCapture) {
    this.#fd = fd;
    this.path = `/dev/fd/${fd}`;
    this.#start = start;
    this.#live = live;
    this.#ended = this.#fill(live);
  }

  /** @param start begins the capture; called again by `restart` */
  static async open(start: () => Promise<LiveCapture>): Promise<LiveSpool> {
    const live = await start();
    try {
      return new LiveSpool(await openSpool(), start, live);
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

  /** Since the spool was opened; received and dropped are those of the capture that runs, or ran last. */
  counts(): LiveCounts {
    const { packets, bytes, ...counts } = this.#live.counts();
    return { ...counts, packets: this.#before.packets + packets, bytes: this.#before.bytes + bytes };
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
   * Captures again, behind what is there, after the end.
   * @throws {CaptureError | UsageError} as the first time
   */
  async restart(): Promise<void> {
    this.stop();
    await this.#ended;
    const { packets, bytes } = this.counts();
    this.#live = await this.#start();
    this.#before = { packets, bytes };
    this.#ended = this.#fill(this.#live);
  }

  /** Ends the capture and lets the file go. Who reads it has it open for itself. */
  async close(): Promise<void> {
    await this.#live.close();
    await this.#ended;
    await closeAsync(this.#fd);
  }

  async #fill(live: LiveCapture): Promise<string | undefined> {
    try {
      for (let blocks = await live.next(); blocks; blocks = await live.next()) this.#write(blocks.bytes);
      return await live.ended;
    } catch (error) {
      await truncateAsync(this.#fd, this.#position).catch(() => {});
      await live.close();
      return `packets cannot be kept: ${reasonOf(error)}`;
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
