import { INTERFACE_DESCRIPTION, SECTION_HEADER } from '../../dissectors/file/pcapng-blocks.js';
import { PcapngReader } from '../../dissectors/file/pcapng-reader.js';
import { RecordBatch } from '../../dissectors/file/records.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { type Blocks, isPacket } from './block-cutter.js';

/** Where packets never stop coming, this is enough, in milliseconds. */
const MOST_MS = 3000;

/**
 * Finds out when all packets have come that were captured before a moment. A program that captures leaves those in the
 * system's buffer behind when it ends, so it must not end before: but when a packet comes that is later, or none for
 * longer than one may lie there.
 */
export class Drain {
  readonly #lag: number;
  readonly #isTimed: boolean;
  readonly #done: () => void;
  readonly #reader = new PcapngReader();
  readonly #records = new RecordBatch(1);
  /** In milliseconds since 1970. */
  #moment: number | undefined;
  #isDone = false;
  #isWaiting = false;
  #quiet: NodeJS.Timeout | undefined;
  #most: NodeJS.Timeout | undefined;

  /**
   * @param lag how long a packet may lie in a buffer, in milliseconds
   * @param isTimed whether packets have the times at which they were captured
   * @param done called once, when all have come
   */
  constructor(lag: number, isTimed: boolean, done: () => void) {
    this.#lag = lag;
    this.#isTimed = isTimed;
    this.#done = done;
  }

  /** From now on the packets before this moment are waited for. */
  begin(moment: number): void {
    if (this.#moment !== undefined || this.#isDone) return;
    this.#moment = moment;
    this.#most = setTimeout(() => this.#end(), MOST_MS);
    if (this.#isWaiting) this.#arm();
  }

  get hasBegun(): boolean {
    return this.#moment !== undefined;
  }

  /** Packets are asked for. Only then is it quiet if none come. */
  waits(): void {
    this.#isWaiting = true;
    if (this.#moment !== undefined) this.#arm();
  }

  /** Something has come. */
  came(): void {
    this.#isWaiting = false;
    clearTimeout(this.#quiet);
  }

  /** Looks at what has come. */
  took(blocks: Blocks): void {
    if (!this.#isTimed || this.#isDone) return;
    const { types } = blocks;
    for (let block = 0; block < types.length; block++) {
      if (types[block] === SECTION_HEADER || types[block] === INTERFACE_DESCRIPTION) this.#read(blocks, block);
    }
    const last = types.findLastIndex(isPacket);
    if (this.#moment === undefined || last < 0) return;
    this.#read(blocks, last);
    const { seconds, nanos } = this.#records;
    if ((seconds[0] ?? 0) * 1000 + (nanos[0] ?? 0) / 1e6 > this.#moment) this.#end();
  }

  cancel(): void {
    this.#isDone = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#most);
  }

  #read({ bytes, ends }: Blocks, block: number): void {
    this.#reader.read(viewOf(bytes), ends[block - 1] ?? 0, ends[block] ?? 0, this.#records);
  }

  #arm(): void {
    clearTimeout(this.#quiet);
    if (!this.#isDone) this.#quiet = setTimeout(() => this.#end(), this.#lag);
  }

  #end(): void {
    if (this.#isDone) return;
    this.cancel();
    this.#done();
  }
}
