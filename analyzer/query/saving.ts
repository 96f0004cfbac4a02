import { CHANNEL_SECRETS } from '../../dissectors/file/pcapng-blocks.js';
import { CaptureError } from '../capture/capture-error.js';
import { PacketFile } from '../capture/packet-file.js';
import type { NumberList } from '../index/number-list.js';
import { rowOf } from '../index/packet-index.js';
import type { ScannedCapture } from '../index/scanned-capture.js';
import type { Answering } from './answering.js';
import type { Answer } from './messages.js';
import { giveWay, withTheirHandshakes } from './with-handshakes.js';

/** How long it works before others get a turn, in milliseconds. */
const SLICE = 8;
/** Packets that are written between two looks at the clock. */
const BETWEEN_LOOKS = 64;

/** What is to be saved, and where. */
export interface SaveOrder {
  readonly path: string;
  /** What the packets are read from: never written over. */
  readonly inputs: readonly string[];
  /** All packets unless given. */
  readonly numbers: NumberList | undefined;
  readonly withHandshakes: boolean;
}

/** Writes packets of a capture to a file. Runs by itself: writing waits for the disk. */
export class Saving implements Answering {
  private written = 0;
  /** Packets that the file no longer has. */
  private unreadable = 0;
  private done = false;
  private problem: string | undefined;
  private cancelled = false;
  private readonly capture: ScannedCapture;
  private readonly changed: () => void;

  /** @param changed called when there is something to tell */
  constructor(capture: ScannedCapture, order: SaveOrder, changed: () => void) {
    this.capture = capture;
    this.changed = changed;
    void this.run(order);
  }

  work(): boolean {
    return false;
  }

  answer(): Answer {
    return { type: 'save', written: this.written, done: this.done, problem: this.problem };
  }

  cancel(): void {
    this.cancelled = true;
  }

  private async run({ path, inputs, numbers, withHandshakes }: SaveOrder): Promise<void> {
    try {
      if (path === '' || path === '-') throw new CaptureError('cannot write', path, 'name a file');
      const { length } = this.capture.index;
      const chosen =
        numbers && withHandshakes ? await withTheirHandshakes(this.capture, numbers, length, this.isOver) : numbers;
      if (!this.cancelled) await this.write(path, inputs, chosen, length);
      if (this.unreadable > 0) {
        const gone = `${this.unreadable} packets are no longer in the file that they are read from`;
        throw new CaptureError('cannot save all', path, `${gone}; ${this.written} were saved`);
      }
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.problem = error.message;
    }
    this.done = true;
    this.changed();
  }

  /** @param last the number of the packet up to which the capture is saved: it may grow meanwhile */
  private async write(
    path: string,
    inputs: readonly string[],
    numbers: NumberList | undefined,
    last: number,
  ): Promise<void> {
    const { capture } = this;
    const { events, interfaces, index } = capture;
    const inside = events.flatMap((event) =>
      event.type === 'secrets' && event.kind === CHANNEL_SECRETS ? [new TextDecoder().decode(event.bytes)] : [],
    );
    const told = { inputs, bringsSecrets: false, interfaces, log: { events } };
    const file = await PacketFile.open(path, told, inside);
    try {
      file.takeEvents();
      let turn = performance.now();
      const count = numbers ? numbers.count : last;
      for (let place = 0; place < count && !this.cancelled; place++) {
        const number = numbers ? numbers.at(place) : place + 1;
        const waits = number >= index.first && number <= last ? this.writeOne(file, number) : undefined;
        if (waits) await waits;
        if (place % BETWEEN_LOOKS !== 0 || performance.now() - turn < SLICE) continue;
        this.changed();
        await giveWay();
        turn = performance.now();
      }
    } catch (error) {
      await file.abandon();
      throw error;
    }
    // What would hold nothing of what was asked for takes no other file's place.
    const isNothing = this.unreadable > 0 && this.written === 0;
    await (this.cancelled || isNothing ? file.abandon() : file.close());
    this.problem = file.problem;
  }

  private writeOne(file: PacketFile, number: number): Promise<void> | undefined {
    const { capture } = this;
    const { offset, captured, wire, seconds, nanos, interfaceId } = capture.index.columnsOf(number);
    const row = rowOf(number);
    const from = capture.interfaces[interfaceId[row] ?? 0];
    if (!from) return undefined;
    const bytes = capture.wholeFrameAt(offset[row] ?? 0, captured[row] ?? 0);
    if (bytes === undefined) {
      this.unreadable++;
      return undefined;
    }
    this.written++;
    return file.frame({
      from,
      seconds: seconds[row] ?? 0,
      nanos: nanos[row] ?? 0,
      wire: wire[row] ?? 0,
      bytes,
      comments: capture.comments.get(number) ?? [],
    });
  }

  private readonly isOver = (): boolean => this.cancelled;
}
