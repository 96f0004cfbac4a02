import type { RecordBatch } from '../../dissectors/file/records.js';
import { type CaptureOptions, nameOf, openCapture, type StreamCapture } from './capture.js';
import { type CaptureError, systemError } from './capture-error.js';
import { type Growth, type OpenFiles, PathSource } from './path-source.js';
import type { CaptureBatch } from './record-scanner.js';
import { statsOf } from './stats-of.js';

/** How much of a file is read to learn when it begins. */
const PEEK = 64 * 1024;

/** When a packet was captured, and which of several captures comes first where two packets have one time. */
export interface Turn {
  readonly seconds: number;
  readonly nanos: number;
  readonly order: number;
}

/** Whether a packet comes before another: the earlier one, of two at once the one whose capture was named first. */
export const isBefore = (one: Turn, other: Turn): boolean =>
  one.seconds !== other.seconds
    ? one.seconds < other.seconds
    : one.nanos !== other.nanos
      ? one.nanos < other.nanos
      : one.order < other.order;

/** What comes before all packets: a capture that has none has to be read all the same. */
const AT_ONCE = { seconds: Number.NEGATIVE_INFINITY, nanos: 0 };

/** One of several captures that are read as one. It is opened when its first packet is due, and closed at its end. */
export class MergedPart implements Turn {
  readonly path: string;
  /** Its place among all, in which they were named or found. */
  readonly order: number;
  /** In bytes, when it was found; 0 for what is no file. */
  readonly size: number;
  readonly isFile: boolean;
  /** Once it is opened. */
  capture: StreamCapture | undefined;
  /** Packets that are at hand, from `row` on. */
  batch: CaptureBatch | undefined;
  row = 0;
  isEnded = false;
  /** Whether it waits for its file to grow. */
  isIdle = false;
  /** Why it could not be opened or read on, one line. */
  problem: CaptureError | undefined;
  /** When its first packet was captured, as far as that is known before it is opened. */
  #began: Pick<Turn, 'seconds' | 'nanos'> = AT_ONCE;
  #source: PathSource | undefined;
  #batches: AsyncGenerator<CaptureBatch, void, undefined> | undefined;
  #loading: Promise<void> | undefined;
  #isClosed = false;
  #told: () => void = () => {};
  readonly #files: OpenFiles;
  readonly #options: CaptureOptions;
  readonly #growth: Growth | undefined;

  /** @param growth waits for more at the end of its file, where that is still written */
  constructor(
    path: string,
    order: number,
    files: OpenFiles,
    options: CaptureOptions,
    growth?: (part: MergedPart) => Promise<boolean>,
  ) {
    this.path = path;
    this.order = order;
    this.#files = files;
    this.#options = options;
    const stats = path === '-' ? undefined : statsOf(path);
    this.isFile = stats?.isFile() ?? false;
    this.size = this.isFile ? (stats?.size ?? 0) : 0;
    this.#growth =
      growth &&
      (async () => {
        this.isIdle = true;
        this.#told();
        const more = await growth(this);
        this.isIdle = false;
        return more;
      });
  }

  get isOpen(): boolean {
    return this.#loading !== undefined || this.capture !== undefined;
  }

  /** Whether it is known what comes next of it. */
  get isSettled(): boolean {
    return this.isEnded || this.isIdle || this.batch !== undefined || !this.isOpen;
  }

  /** Whether it is known when its next packet was captured. */
  get isDue(): boolean {
    return !this.isEnded && (this.batch !== undefined || !this.isOpen);
  }

  get seconds(): number {
    const { batch } = this;
    return batch ? (batch.records.seconds[this.row] as number) : this.#began.seconds;
  }

  get nanos(): number {
    const { batch } = this;
    return batch ? (batch.records.nanos[this.row] as number) : this.#began.nanos;
  }

  /** How much of it has been read, in bytes. */
  get position(): number {
    return this.isEnded ? this.size : (this.#source?.position ?? 0);
  }

  /** Finds out when it begins, and closes it again. What cannot be opened has ended. */
  async peek(): Promise<void> {
    // A pipe can be read only once; what is still written may have no packet yet.
    if (!this.isFile && (this.path === '-' || statsOf(this.path)?.isFIFO())) return;
    if (this.#growth && this.size === 0) return;
    let capture: StreamCapture | undefined;
    try {
      const source = new PathSource(this.path, this.#files, this.size);
      capture = await openCapture(this.path, { ...this.#ways(), source, isWhole: true, chunkSize: PEEK });
      for await (const { records } of capture.batches()) {
        this.#began = { seconds: records.seconds[0] as number, nanos: records.nanos[0] as number };
        return;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      await capture?.close();
    }
  }

  /**
   * Reads on; where there is a batch, it must not be needed any more.
   * @param then told when there is another, or none will come; and when more is awaited. Not once it was closed.
   */
  load(then: () => void): void {
    this.batch = undefined;
    this.#told = then;
    this.#loading = this.#load().then(() => {
      this.#loading = undefined;
      if (!this.#isClosed) then();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#source?.close();
    await this.capture?.close();
    await this.#loading;
  }

  async #load(): Promise<void> {
    try {
      if (!this.#batches) {
        this.capture = await this.#open();
        this.#batches = this.capture.batches();
      }
      const { done, value } = await this.#batches.next();
      if (!done) {
        this.batch = value;
        this.row = 0;
        return;
      }
      this.isEnded = true;
      await this.capture?.close();
    } catch (error) {
      this.#fail(error);
      await this.capture?.close();
    }
  }

  #open(): Promise<StreamCapture> {
    if (!this.isFile) return openCapture(this.path, this.#ways());
    this.#source = new PathSource(this.path, this.#files, this.size, this.#growth);
    return openCapture(this.path, {
      ...this.#ways(),
      source: this.#source,
      isWhole: true,
      follow: this.#growth !== undefined,
    });
  }

  /** As it is read, wherever its bytes come from. */
  #ways(): CaptureOptions {
    const { countBlocks = false, signal, chunkSize, stdin } = this.#options;
    return {
      countBlocks,
      ...(signal && { signal }),
      ...(chunkSize !== undefined && { chunkSize }),
      ...(stdin && { stdin }),
    };
  }

  #fail(error: unknown): void {
    this.problem = systemError('cannot read', nameOf(this.path), error);
    this.isEnded = true;
  }
}

/** The rows of a batch from one on that come before another packet. */
export function rowsBefore(
  { count, seconds, nanos }: RecordBatch,
  from: number,
  order: number,
  next: Turn | undefined,
): number {
  if (!next) return count;
  let row = from;
  while (row < count) {
    const [own, more] = [seconds[row] as number, nanos[row] as number];
    if (own > next.seconds) break;
    if (own === next.seconds && (more > next.nanos || (more === next.nanos && order > next.order))) break;
    row++;
  }
  return row;
}
