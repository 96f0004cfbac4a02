import { close } from 'node:fs';
import { promisify } from 'node:util';
import type { CaptureEvents } from '../../dissectors/file/events.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Capture, CaptureFault, CaptureOptions } from './capture.js';
import type { GrowingFiles } from './growing-files.js';
import { MergedLog } from './merged-log.js';
import { isBefore, MergedPart, rowsBefore, type Turn } from './merged-part.js';
import { MergedRows } from './merged-rows.js';
import { OpenFiles } from './path-source.js';
import type { CaptureBatch } from './record-scanner.js';
import { openSpool, SpoolWriter } from './spool.js';

const closeAsync = promisify(close);

/** Bytes that the buffers of all captures take together, roughly; and what each has at least and at most. */
const BUFFERED = 32 * 1024 * 1024;
const [LEAST_CHUNK, MOST_CHUNK] = [64 * 1024, 4 * 1024 * 1024];

/** Captures that are read as one. */
export interface Several {
  /** Files, pipes, and `-` for standard input. */
  readonly paths: readonly string[];
  /** What to call them together. */
  readonly title: string;
  /** What tells of more, where they are still written. */
  readonly growing?: GrowingFiles;
}

/**
 * Several captures as one: the earliest of their next packets comes first, and packets are numbered through. A file is
 * opened when its first packet is due, and few are open at a time. One that is missing or damaged is left out as far as it
 * cannot be read.
 */
export class SeveralCaptures implements Capture {
  readonly path: string;
  readonly inputs: readonly string[];
  readonly format = undefined;
  readonly bringsSecrets: boolean;
  readonly descriptor: number | undefined;
  packets = 0;
  readonly #merged = new MergedLog();
  readonly #files: OpenFiles;
  readonly #growing: GrowingFiles | undefined;
  readonly #options: CaptureOptions;
  readonly #spool: SpoolWriter | undefined;
  readonly #rows = new MergedRows();
  readonly #faults: CaptureFault[] = [];
  /** Parts that have been opened, or are about to be, and have not ended. */
  #active: MergedPart[] = [];
  /** Those that wait for their turn, the earliest last. */
  #waiting: MergedPart[] = [];
  /** Whether no other packet has room in the batch. */
  #isFull = false;
  /** Whether packets come from a pipe, or from files that are still written. */
  readonly #mayBeQuiet: boolean;
  #done = false;
  #isClosed = false;
  #changed: () => void = () => {};
  /** Bytes of all files, and of those that were read to their end; undefined where the end is not known. */
  readonly #size: number | undefined;
  #read = 0;
  #order: number;

  private constructor(
    { paths, title, growing }: Several,
    parts: readonly MergedPart[],
    files: OpenFiles,
    options: CaptureOptions,
    descriptor: number | undefined,
  ) {
    this.path = title;
    this.inputs = paths;
    this.bringsSecrets = growing !== undefined || paths.includes('-');
    this.descriptor = descriptor;
    this.#files = files;
    this.#growing = growing;
    this.#options = options;
    this.#spool = descriptor === undefined ? undefined : new SpoolWriter(descriptor);
    this.#order = parts.length;
    this.#mayBeQuiet = growing !== undefined || parts.some(({ isFile, problem }) => !isFile && !problem);
    this.#size = this.#mayBeQuiet ? undefined : sizeOf(parts);
    for (const part of parts) {
      if (part.isEnded) this.#end(part);
      else this.#waiting.push(part);
    }
  }

  /**
   * Opens captures to read them as one.
   * @throws {CaptureError} if none of them can be read
   */
  static async open(several: Several, options: CaptureOptions = {}): Promise<SeveralCaptures> {
    const { paths, growing } = several;
    const files = new OpenFiles();
    const chunkSize = options.chunkSize ?? Math.max(LEAST_CHUNK, Math.min(MOST_CHUNK, BUFFERED / paths.length));
    const given = { ...options, chunkSize: Math.floor(chunkSize) };
    const parts = paths.map((path, order) => partOf(path, order, files, given, growing));
    for (const part of parts) await part.peek();
    const failed = parts.find(({ problem }) => problem)?.problem;
    if (failed && !growing && parts.every(({ problem }) => problem)) throw failed;
    const descriptor = options.randomAccess ? await openSpool() : undefined;
    return new SeveralCaptures(several, parts, files, given, descriptor);
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#merged.interfaces;
  }

  get log(): CaptureEvents {
    return this.#merged.log;
  }

  get faults(): readonly CaptureFault[] {
    return this.#faults;
  }

  get progress(): number | undefined {
    if (this.#done) return 1;
    if (this.#size === undefined || this.#size === 0) return undefined;
    return Math.min(1, this.#active.reduce((sum, { position }) => sum + position, this.#read) / this.#size);
  }

  async *batches(): AsyncGenerator<CaptureBatch, void, undefined> {
    this.#begin();
    while (!this.#isOver) {
      if (this.#step()) continue;
      // What is here is handed out before more is waited for where that may take long.
      if (this.#rows.count > 0 && (this.#isFull || this.#mayBeQuiet)) yield* this.#batch();
      else if (this.#isAtEnd) break;
      else await this.#news();
    }
    yield* this.#batch();
    this.#growing?.close();
    for (const part of this.#active) await part.close();
    for (const part of this.#active) this.#end(part);
    this.#done = true;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#growing?.close();
    for (const part of this.#active) await part.close();
    await this.#files.close();
    if (this.descriptor !== undefined) await closeAsync(this.descriptor);
  }

  #begin(): void {
    // The earliest last, from where it is taken.
    this.#waiting.sort((one, other) => (isBefore(one, other) ? 1 : -1));
    this.#options.signal?.addEventListener('abort', () => this.#changed(), { once: true });
    this.#growing?.watch((paths) => this.#found(paths));
  }

  get #isOver(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  get #isAtEnd(): boolean {
    return this.#active.length === 0 && this.#waiting.length === 0 && !this.#growing;
  }

  /** Takes packets, or opens a capture that is due; false where neither can be done before something changes. */
  #step(): boolean {
    let first: MergedPart | undefined;
    let next: MergedPart | undefined;
    for (const part of this.#active) {
      if (!part.isSettled) return false;
      if (!part.isDue) continue;
      if (!first || isBefore(part, first)) [first, next] = [part, first];
      else if (!next || isBefore(part, next)) next = part;
    }
    const waiting = this.#waiting.at(-1);
    if (waiting && (!first || isBefore(waiting, first))) {
      this.#waiting.pop();
      this.#activate(waiting);
      return true;
    }
    return first !== undefined && this.#take(first, waiting && (!next || isBefore(waiting, next)) ? waiting : next);
  }

  /**
   * Takes packets of one capture, up to the next of another.
   * @returns whether all found room
   */
  #take(part: MergedPart, next: Turn | undefined): boolean {
    const { batch, capture, order } = part;
    if (!batch || !capture) return false;
    const rows = this.#rows;
    const places = this.#merged.take(capture);
    const end = rowsBefore(batch.records, part.row, order, next);
    const hasComments = capture.log.comments.size > 0;
    for (; part.row < end; part.row++) {
      this.#isFull = !rows.take(batch, part.row, places);
      if (this.#isFull) return false;
      this.packets++;
      if (hasComments) this.#merged.takeComments(capture, batch.first + part.row, this.packets);
    }
    if (hasComments) capture.log.forgetComments(batch.first + part.row);
    if (part.row === batch.records.count) this.#load(part);
    return true;
  }

  /** Hands out what was taken, if anything was; then the next can be. */
  async *#batch(): AsyncGenerator<CaptureBatch, void, undefined> {
    const rows = this.#rows;
    if (rows.count === 0) return;
    const base = this.#spool ? await this.#spool.add(rows.bytes.subarray(0, rows.end)) : 0;
    yield { view: rows.view, records: rows.records, base, first: this.packets - rows.count + 1 };
    rows.clear();
  }

  /** Files have appeared in the growing. */
  #found(paths: readonly string[]): void {
    for (const path of paths) this.#activate(partOf(path, this.#order++, this.#files, this.#options, this.#growing));
  }

  #activate(part: MergedPart): void {
    this.#active.push(part);
    this.#load(part);
  }

  #load(part: MergedPart): void {
    void part.load(() => {
      if (part.isEnded) this.#end(part);
      this.#changed();
    });
  }

  /** Takes along what a capture has told in the end, and what was wrong with it; then it is let go. */
  #end(part: MergedPart): void {
    const { capture, problem, size } = part;
    if (capture) this.#merged.end(capture);
    if (problem) this.#faults.push({ line: problem.message, brief: problem.message });
    else this.#faults.push(...(capture?.faults ?? []));
    this.#read += size;
    this.#active = this.#active.filter((other) => other !== part);
  }

  /** Waits until something has changed. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
      if (this.#isOver) resolve();
    });
  }
}

const sizeOf = (parts: readonly MergedPart[]): number => parts.reduce((sum, { size }) => sum + size, 0);

/** A capture among several; one in a growing that others write to may still grow. */
function partOf(
  path: string,
  order: number,
  files: OpenFiles,
  options: CaptureOptions,
  growing?: GrowingFiles,
): MergedPart {
  if (!growing) return new MergedPart(path, order, files, options);
  return new MergedPart(path, order, files, options, (part) => growing.growth(part));
}
