import { type CaptureEvents, EventLog } from '../../dissectors/file/events.js';
import type { RecordBatch } from '../../dissectors/file/records.js';
import type { Capture } from './capture.js';
import type { CaptureBatch } from './record-scanner.js';

/** A capture of which only some packets are there, numbered anew: all that comes after knows nothing of the others. */
export class KeptPackets implements Capture {
  packets = 0;
  readonly #capture: Capture;
  readonly #keeps: (number: number) => boolean;
  readonly #comments = new EventLog();

  /** @param keeps whether a packet is kept, by its number in the capture */
  constructor(capture: Capture, keeps: (number: number) => boolean) {
    this.#capture = capture;
    this.#keeps = keeps;
  }

  get path() {
    return this.#capture.path;
  }

  get inputs() {
    return this.#capture.inputs;
  }

  get bringsSecrets() {
    return this.#capture.bringsSecrets;
  }

  get format() {
    return this.#capture.format;
  }

  get descriptor() {
    return this.#capture.descriptor;
  }

  get interfaces() {
    return this.#capture.interfaces;
  }

  get log(): CaptureEvents {
    const { events, skipped, left, fault, faults } = this.#capture.log;
    const comments = this.#comments;
    return {
      events,
      skipped,
      left,
      fault,
      faults,
      comments: comments.comments,
      forgetComments: (before) => comments.forgetComments(before),
    };
  }

  get progress() {
    return this.#capture.progress;
  }

  get faults() {
    return this.#capture.faults;
  }

  async *batches(): AsyncGenerator<CaptureBatch, void, undefined> {
    for await (const batch of this.#capture.batches()) {
      const first = this.packets + 1;
      this.#keep(batch);
      if (batch.records.count > 0) yield { ...batch, first };
    }
  }

  close(): Promise<void> {
    return this.#capture.close();
  }

  /** Moves the rows of packets that are kept to the front. */
  #keep({ records, first }: CaptureBatch): void {
    const { timeless, carried } = records;
    const [withoutTime, over] = [new Set(timeless), new Map(carried)];
    const { comments } = this.#capture.log;
    timeless.clear();
    carried.clear();
    let to = 0;
    for (let row = 0; row < records.count; row++) {
      if (!this.#keeps(first + row)) continue;
      if (row !== to) moveRow(records, row, to);
      if (withoutTime.has(row)) timeless.add(to);
      const carry = over.get(row);
      if (carry !== undefined) carried.set(to, carry);
      this.packets++;
      const texts = comments.get(first + row);
      if (texts) this.#comments.comment(this.packets, texts);
      to++;
    }
    records.count = to;
  }
}

function moveRow(records: RecordBatch, from: number, to: number): void {
  const { at, captured, wire, seconds, nanos, interfaceId } = records;
  for (const column of [at, captured, wire, seconds, nanos, interfaceId]) column[to] = column[from] as number;
}
