import { LOOK, NO, YES } from '../filter/answer.js';
import type { PacketIndex, Run } from '../index/packet-index.js';
import type { Packet } from '../print/packet.js';

/** A test of packets: by their columns as far as those tell, and by the packets themselves. */
export interface PacketTest {
  /** Writes `NO`, `YES` or `LOOK` for each row of a run, the first at 0. */
  readonly rows?: ((run: Run, out: Uint8Array) => void) | undefined;
  /** For those of which the columns do not tell; left out where they always do. */
  readonly passes?: ((packet: Packet) => boolean) | undefined;
}

/** Rows whose columns are asked at once. */
const AT_ONCE = 4096;
/** Packets that are read, or taken, between two looks at the clock. */
const BETWEEN_LOOKS = 16;

/** Goes through the packets of a growing capture in order, and picks those that pass a test. */
export class Sifter {
  /** The number of the last packet that was looked at. */
  looked: number;
  private readonly index: PacketIndex;
  private readonly packet: (number: number) => Packet;
  private readonly test: PacketTest;
  private readonly answers = new Uint8Array(AT_ONCE);
  /** The packets that `answers` is about. */
  private answered: { readonly from: number; readonly to: number } = { from: 0, to: 0 };

  /** @param looked the last packet that was looked at already */
  constructor(index: PacketIndex, packet: (number: number) => Packet, test: PacketTest, looked = index.first - 1) {
    this.index = index;
    this.packet = packet;
    this.test = test;
    this.looked = looked;
  }

  /**
   * Looks at further packets until the time is up.
   * @param take is told of those that pass; with the packet where it was read
   * @returns whether there are more packets now
   */
  work(isTimeUp: () => boolean, take: (number: number, packet: Packet | undefined) => void): boolean {
    const { index } = this;
    let read = 0;
    while (this.looked < index.length) {
      const number = Math.max(this.looked + 1, index.first);
      const answer = this.answerFor(number);
      if (answer === NO) {
        this.looked = this.lastInARow(number);
        if (this.looked === this.answered.to && isTimeUp()) break;
        continue;
      }
      const packet = answer === LOOK ? this.packet(number) : undefined;
      this.looked = number;
      read++;
      if (answer === YES || (packet && this.test.passes?.(packet) !== false)) take(number, packet);
      const isAtEnd = number === this.answered.to;
      if ((isAtEnd || read % BETWEEN_LOOKS === 0) && isTimeUp()) break;
    }
    return this.looked < index.length;
  }

  private answerFor(number: number): number {
    if (number < this.answered.from || number > this.answered.to) {
      const to = Math.min(this.index.length, number + AT_ONCE - 1);
      const [run] = this.index.runs(number, to);
      if (!run) return NO;
      if (this.test.rows) this.test.rows(run, this.answers);
      else this.answers.fill(LOOK);
      this.answered = { from: run.base + run.from, to: run.base + run.to - 1 };
    }
    return this.answers[number - this.answered.from] ?? NO;
  }

  /** The last packet from one on for which the columns say no as well. */
  private lastInARow(number: number): number {
    const { from, to } = this.answered;
    let last = number;
    while (last < to && this.answers[last + 1 - from] === NO) last++;
    return last;
  }
}
