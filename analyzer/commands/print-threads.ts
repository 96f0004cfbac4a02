import { Worker } from 'node:worker_threads';
import { Utf8Text } from '../print/utf8-text.js';
import type { Output } from './output.js';
import { memoriesOf, type PacketRange } from './packet-range.js';
import type { PrintedRange, PrintOrder, PrintTask } from './print-messages.js';

/** Ranges that a thread has at most: one that it prints, and the next. */
const MOST_ASKED = 2;
/** Memories for texts that are kept to be used again. */
const MOST_SPARE = 4;

/** A range whose text stands in its place among the others; its bytes come once it is printed. */
interface Piece {
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

interface Thread {
  readonly worker: Worker;
  readonly asked: Piece[];
}

/** Threads that print ranges of packets; the texts are written in the order of the ranges. */
export class PrintThreads {
  private readonly threads: readonly Thread[];
  private readonly output: Output;
  /** What is not written yet, oldest first. */
  private readonly pieces: Piece[] = [];
  private readonly spare: ArrayBuffer[] = [];
  private failure: Error | undefined;
  /** Ends the wait for a thread. */
  private heard: () => void = () => {};

  constructor(script: URL, count: number, task: PrintTask, output: Output) {
    this.output = output;
    this.threads = Array.from({ length: count }, () => this.start(new Worker(script, { workerData: task })));
  }

  private start(worker: Worker): Thread {
    const asked: Piece[] = [];
    worker.on('message', ({ bytes }: PrintedRange) => {
      const piece = asked.shift();
      if (piece) piece.bytes = bytes;
      this.heard();
    });
    worker.on('error', (error) => {
      this.failure = error;
      this.heard();
    });
    return { worker, asked };
  }

  /** Whether a thread has room for a range; otherwise whoever asks prints it. */
  get hasRoom(): boolean {
    return this.threads.some(({ asked }) => asked.length < MOST_ASKED);
  }

  /** Hands a range to the thread that has the fewest. */
  send(range: PacketRange): void {
    let [least] = this.threads;
    for (const thread of this.threads) if (thread.asked.length < (least?.asked.length ?? 0)) least = thread;
    if (!least) return;
    const piece: Piece = { bytes: undefined };
    this.pieces.push(piece);
    least.asked.push(piece);
    const spare = this.spare.pop();
    const memories = memoriesOf(range);
    least.worker.postMessage({ range, spare } satisfies PrintOrder, spare ? [...memories, spare] : memories);
  }

  /** Prints the next range here. */
  print(write: (text: Utf8Text) => void): void {
    const text = new Utf8Text(0);
    text.adopt(this.spare.pop());
    write(text);
    this.pieces.push({ bytes: text.bytes });
  }

  /** Writes what is printed so far; waits where much is not. @throws what a thread has failed with */
  async deliver(): Promise<void> {
    // Messages of threads are heard between turns.
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.writeReady();
    while (this.pieces.length > 2 * MOST_ASKED * this.threads.length) await this.wait();
  }

  /** Writes all that is left. */
  async finish(): Promise<void> {
    await this.writeReady();
    while (this.pieces.length > 0) await this.wait();
  }

  private async wait(): Promise<void> {
    if (!this.pieces[0]?.bytes && !this.failure) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
    await this.writeReady();
  }

  private async writeReady(): Promise<void> {
    for (let bytes = this.pieces[0]?.bytes; bytes; bytes = this.pieces[0]?.bytes) {
      this.pieces.shift();
      await this.output.pass(bytes);
      if (this.spare.length < MOST_SPARE) this.spare.push(bytes.buffer);
    }
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }
}
