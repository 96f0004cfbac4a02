import { unlink } from 'node:fs/promises';
import { after } from '../../crafter/io/timers.js';
import {
  DECRYPTION_SECRETS,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  SECTION_HEADER,
} from '../../dissectors/file/pcapng-blocks.js';
import { type Blocks, isPacket } from './block-cutter.js';
import { numberedName } from './file-names.js';
import { createWholeFile, type WholeFile } from './whole-file.js';

/** When to go on in the next file; dumpcap's conditions. */
export interface Ring {
  /** In seconds, since the file was begun. */
  readonly duration?: number;
  /** At the times that are a multiple of so many seconds. */
  readonly interval?: number;
  readonly bytes?: number;
  readonly packets?: number;
  /** Keep so many files, and remove the oldest. */
  readonly files?: number;
  /** Names have the time before the number. */
  readonly isTimeFirst?: boolean;
}

export interface RingOptions {
  readonly ring?: Ring;
  /** End after so many files. */
  readonly mostFiles?: number;
  /** Told when that many files are full. */
  readonly onFull?: () => void;
  /** Told of each file that is complete. */
  readonly onClosed?: (path: string) => void;
  /** Where packets go instead of to a file. */
  readonly stream?: WholeFile;
}

/** What a new file of the same section begins with. */
const HEADS: ReadonlySet<number> = new Set([INTERFACE_DESCRIPTION, NAME_RESOLUTION, DECRYPTION_SECRETS]);
/** What is kept of that, in bytes. */
const MOST_HEAD = 4 * 1024 * 1024;

/** Writes whole blocks to a file, or to one file after another; what is on disk ends with a whole packet at any time. */
export class RingWriter {
  /** Files begun so far. */
  files = 0;
  readonly #path: string;
  readonly #options: RingOptions;
  readonly #names: string[] = [];
  #file: WholeFile | undefined;
  #head: Uint8Array[] = [];
  #headSize = 0;
  /** Of the present file. */
  #bytes = 0;
  #packets = 0;
  #isFull = false;
  /** Calls the next file off whose time is to come. */
  #disarm: () => void = () => {};
  /** Why a file could not be begun when its time had come: told to whoever writes next. */
  #error: unknown;
  /** One step after the other: a timer may ask for the next file while packets are written. */
  #turn: Promise<void> = Promise.resolve();

  /** @param path the file, or what the names of several are made from */
  constructor(path: string, options: RingOptions = {}) {
    this.#path = path;
    this.#options = options;
  }

  /** Creates the first file. @throws {CaptureError} if that cannot be done */
  open(): Promise<void> {
    return this.#inTurn(() => this.#begin());
  }

  /** Writes blocks at once. @throws {CaptureError} if there is no room for them; the file is whole all the same */
  write(blocks: Blocks): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#error !== undefined) throw this.#error;
      await this.#write(blocks);
    });
  }

  /** Goes on in the next file. */
  rotate(): Promise<void> {
    return this.#inTurn(() => this.#switch());
  }

  /** Names of the files that are there, the oldest first. */
  get names(): readonly string[] {
    return this.#names;
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end();
      if (this.#error !== undefined) throw this.#error;
    });
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #write({ bytes, types, ends }: Blocks): Promise<void> {
    let from = 0;
    let first = 0;
    const put = async (until: number, end: number) => {
      const piece = bytes.subarray(from, end);
      const inner = ends.slice(first, until).map((one) => one - from);
      [from, first] = [end, until];
      if (piece.length > 0) await this.#file?.write(piece, inner);
      this.#bytes += piece.length;
    };
    for (let block = 0; block < types.length; block++) {
      const type = types[block] ?? 0;
      const [start, end] = [ends[block - 1] ?? 0, ends[block] ?? 0];
      if (!isPacket(type)) {
        this.#remember(type, bytes.subarray(start, end));
        continue;
      }
      if (this.#isFull) {
        await put(block, start);
        [from, first] = [end, block + 1];
        continue;
      }
      this.#packets += 1;
      if (!this.#isDue(this.#bytes + end - from)) continue;
      await put(block + 1, end);
      await this.#switch();
    }
    await put(types.length, bytes.length);
  }

  #isDue(bytes: number): boolean {
    const { bytes: most = Number.POSITIVE_INFINITY, packets = Number.POSITIVE_INFINITY } = this.#options.ring ?? {};
    return bytes >= most || this.#packets >= packets;
  }

  #remember(type: number, block: Uint8Array): void {
    if (type === SECTION_HEADER) {
      this.#head = [];
      this.#headSize = 0;
    } else if (!HEADS.has(type) || this.#headSize + block.length > MOST_HEAD) {
      return;
    }
    this.#head.push(block.slice());
    this.#headSize += block.length;
  }

  async #begin(): Promise<void> {
    const { ring, stream } = this.#options;
    this.files += 1;
    if (stream) {
      this.#file = stream;
      return;
    }
    const isNumbered = ring !== undefined || this.files > 1;
    const name = isNumbered ? numberedName(this.#path, this.files, new Date(), ring?.isTimeFirst) : this.#path;
    // The oldest makes room for the newest.
    while (ring?.files !== undefined && this.#names.length >= ring.files) {
      const oldest = this.#names.shift();
      if (oldest !== undefined) await unlink(oldest).catch(() => {});
    }
    this.#file = await createWholeFile(name);
    this.#names.push(name);
    this.#bytes = 0;
    this.#packets = 0;
    const ends: number[] = [];
    for (const { length } of this.#head) ends.push((ends.at(-1) ?? 0) + length);
    if (ends.length > 0) await this.#file.write(Buffer.concat(this.#head), ends);
    this.#bytes = this.#headSize;
    this.#arm();
  }

  /** Goes on in the next file, if there is to be one. */
  async #switch(): Promise<void> {
    if (this.#isFull || !this.#file || this.#options.stream) return;
    if (this.files >= (this.#options.mostFiles ?? Number.POSITIVE_INFINITY)) {
      this.#isFull = true;
      this.#disarm();
      this.#options.onFull?.();
      return;
    }
    await this.#end();
    await this.#begin();
  }

  async #end(): Promise<void> {
    this.#disarm();
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    await file.close();
    this.#options.onClosed?.(file.path);
  }

  /** Sets the clock for the next file. */
  #arm(): void {
    const { duration, interval } = this.#options.ring ?? {};
    const waits: number[] = [];
    if (duration !== undefined) waits.push(duration * 1000);
    if (interval !== undefined) waits.push(untilMultiple(interval * 1000, Date.now()));
    if (waits.length === 0) return;
    this.#disarm = after(Math.min(...waits), () => {
      this.rotate().catch((error: unknown) => {
        this.#error = error;
      });
    });
  }
}

/** Clocks for waiting and for the time of day differ a little: what is nearer than this has just been, in milliseconds. */
const JUST_MS = 50;

/** How long it is from a time to the next multiple of a span, all in milliseconds. */
export function untilMultiple(span: number, time: number): number {
  const wait = span - (time % span);
  return wait < JUST_MS ? wait + span : wait;
}
