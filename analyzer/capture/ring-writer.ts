import { unlink } from 'node:fs/promises';
import { type Blocks, isPacket } from './block-cutter.js';
import { FileHead } from './file-head.js';
import { numberedName } from './file-names.js';
import { RingClock, type RingTimes } from './ring-clock.js';
import { createWholeFile, type WholeFile } from './whole-file.js';

/** When a file is complete, and the next packet goes into a new one; dumpcap's conditions. */
export interface Ring extends RingTimes {
  readonly bytes?: number;
  readonly packets?: number;
  /** Keep so many files, and remove the oldest. */
  readonly files?: number;
  /** Names have the time before the number. */
  readonly isTimeFirst?: boolean;
}

export interface RingOptions {
  readonly ring?: Ring;
  /** Without a ring: the file is the last when it has so many bytes. */
  readonly mostBytes?: number;
  /** End after so many files. Those count whose time was over before a packet came, as dumpcap counts them. */
  readonly mostFiles?: number;
  /** Told when the last file is full: packets that come after that are not written. */
  readonly onFull?: () => void;
  /** Told when the time of the last file is over: what was captured before that is still to be written. */
  readonly onTimeOver?: () => void;
  /** Whether no more packets will come than are on their way: nothing is due then but for what has no room. */
  readonly isEnding?: () => boolean;
  /** Told of each file that is complete. */
  readonly onClosed?: (path: string) => void;
  /** Where packets go instead of to a file. */
  readonly stream?: WholeFile;
}

const ANY = Number.POSITIVE_INFINITY;

/**
 * Writes whole blocks to a file, or to one file after another; what is on disk ends with a whole packet at any time.
 * But for the first, a file is begun when its first packet comes: one that stayed empty would take the place of packets.
 */
export class RingWriter {
  /** Files begun so far. */
  files = 0;
  /** Packets written so far, to files that are removed by now as well. */
  packets = 0;
  readonly #path: string;
  readonly #options: RingOptions;
  readonly #names: string[] = [];
  readonly #head = new FileHead();
  readonly #clock: RingClock;
  #file: WholeFile | undefined;
  /** What the present file has. */
  #bytes = 0;
  #packets = 0;
  /** Files that are complete, empty ones that were not begun among them. */
  #complete = 0;
  /** The present file takes no more packets, but what else there is. */
  #isComplete = false;
  /** It is the last. */
  #isFull = false;
  /** Why a file could not be completed when its time was over: told to whoever writes next. */
  #error: unknown;
  /** One step after the other: a clock may complete a file while packets are written. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param path the file, or what the names of several are made from */
  constructor(path: string, options: RingOptions = {}) {
    this.#path = path;
    this.#options = options;
    this.#clock = new RingClock(options.ring ?? {}, () => {
      this.#completeNow().catch((error: unknown) => {
        this.#error = error;
      });
    });
  }

  /** Creates the first file. @throws {CaptureError} if that cannot be done */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#begin();
      this.#clock.begin();
    });
  }

  /**
   * Writes blocks at once.
   * @returns how many packets are not written, the last of the blocks, since the last file is full
   * @throws {CaptureError} if there is no room for them; the file is whole all the same
   */
  write(blocks: Blocks): Promise<number> {
    return this.#inTurn(async () => {
      if (this.#error !== undefined) throw this.#error;
      return await this.#write(blocks);
    });
  }

  /** Completes the present file: the next packet goes into a new one. */
  rotate(): Promise<void> {
    this.#clock.begin();
    return this.#completeNow();
  }

  /** Names of the files that are there, the oldest first. */
  get names(): readonly string[] {
    return this.#names;
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#clock.stop();
      await this.#end();
      if (this.#error !== undefined) throw this.#error;
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }

  #completeNow(): Promise<void> {
    const { stream, isEnding, onTimeOver } = this.#options;
    if (isEnding?.()) return Promise.resolve();
    return this.#inTurn(async () => {
      if (this.#isFull || stream) return;
      if (this.#isLast()) onTimeOver?.();
      // A file is to have a head: that of the first comes from the engine.
      else if (this.#bytes > 0) await this.#end();
    });
  }

  async #write(blocks: Blocks): Promise<number> {
    const { bytes, types, ends } = blocks;
    let first = 0;
    let refused = 0;
    const put = async (until: number) => {
      const from = first;
      first = until;
      await this.#put(blocks, from, until);
    };
    for (let block = 0; block < types.length; block++) {
      const type = types[block] ?? 0;
      if (!isPacket(type)) {
        this.#head.saw(type, bytes.subarray(ends[block - 1] ?? 0, ends[block]), this.#file !== undefined);
        if (!this.#file) first = block + 1;
        continue;
      }
      if (this.#isFull) {
        await put(block);
        first = block + 1;
        refused += 1;
        continue;
      }
      if (!this.#file || this.#isComplete) {
        await put(block);
        await this.#end();
        await this.#begin();
      }
      this.#packets += 1;
      if (!this.#isDue(this.#bytes + (ends[block] ?? 0) - (ends[first - 1] ?? 0))) continue;
      await put(block + 1);
      await this.#fill();
    }
    await put(types.length);
    return refused;
  }

  #isDue(bytes: number): boolean {
    const { ring, mostBytes = ANY } = this.#options;
    const most = ring ? (ring.bytes ?? ANY) : mostBytes;
    return bytes >= most || this.#packets >= (ring?.packets ?? ANY);
  }

  /** Writes some of the blocks to the present file. */
  async #put({ bytes, types, ends }: Blocks, first: number, until: number): Promise<void> {
    const file = this.#file;
    if (!file || first >= until) return;
    const start = ends[first - 1] ?? 0;
    const inner = ends.slice(first, until).map((end) => end - start);
    const before = file.size;
    try {
      await file.write(bytes.subarray(start, ends[until - 1]), inner);
    } finally {
      const written = file.size - before;
      this.#bytes += written;
      for (let block = first; block < until && (inner[block - first] ?? 0) <= written; block++) {
        if (isPacket(types[block])) this.packets += 1;
      }
    }
  }

  /** The present file is full. */
  async #fill(): Promise<void> {
    const { ring, onFull, isEnding } = this.#options;
    if (this.#isLast() || !ring) {
      this.#isFull = true;
      this.#clock.stop();
      onFull?.();
      return;
    }
    this.#clock.begin();
    // What the engine says at its end is for the last file.
    if (isEnding?.()) this.#isComplete = true;
    else await this.#end();
  }

  /** Counts a file that is complete. */
  #isLast(): boolean {
    this.#complete += 1;
    return this.#complete >= (this.#options.mostFiles ?? ANY);
  }

  async #begin(): Promise<void> {
    const { ring, stream } = this.#options;
    const number = this.files + 1;
    const isNumbered = ring !== undefined || number > 1;
    const name = isNumbered ? numberedName(this.#path, number, new Date(), ring?.isTimeFirst) : this.#path;
    this.#file = stream ?? (await createWholeFile(name));
    this.files = number;
    [this.#bytes, this.#packets, this.#isComplete] = [0, 0, false];
    if (stream) return;
    this.#names.push(name);
    // Only now that there is a new file the oldest may go.
    while (this.#names.length > (ring?.files ?? ANY)) {
      const oldest = this.#names.shift();
      if (oldest !== undefined) await unlink(oldest).catch(() => {});
    }
    const head = this.#head.begin();
    await this.#put(head, 0, head.types.length);
  }

  async #end(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    await file.close();
    this.#options.onClosed?.(file.path);
  }
}
