import { LOOK, NO } from '../filter/answer.js';
import type { NumberList } from '../index/number-list.js';
import type { PacketIndex } from '../index/packet-index.js';
import type { Packet } from '../print/packet.js';
import type { Answering } from './answering.js';
import type { Answer } from './messages.js';
import type { PacketTest } from './sifter.js';

/** Packets that are looked at between two looks at the clock. */
const BETWEEN_LOOKS = 16;

/** What a search goes through. */
export interface Ground {
  readonly index: PacketIndex;
  readonly packet: (number: number) => Packet;
}

/** Looks for the next packet that a test finds, from one on in a direction, until there is one or none are left. */
export class Finding implements Answering {
  private readonly ground: Ground;
  private readonly test: PacketTest;
  private readonly step: 1 | -1;
  /** Of these only, if given: `place` is in them, else it is the number of a packet. */
  private readonly within: NumberList | undefined;
  private place: number;
  private looked = 0;
  private found = 0;
  private readonly one = new Uint8Array(1);

  constructor(ground: Ground, test: PacketTest, from: number, backwards: boolean, within: NumberList | undefined) {
    this.ground = ground;
    this.test = test;
    this.step = backwards ? -1 : 1;
    this.within = within;
    if (!within) {
      this.place = backwards ? Math.min(from, ground.index.length) : from;
      return;
    }
    const place = within.placeOf(from);
    this.place = backwards && within.at(place) !== from ? place - 1 : place;
  }

  work(isTimeUp: () => boolean): boolean {
    for (;;) {
      const number = this.next();
      if (number === undefined) return false;
      this.looked++;
      if (this.passes(number)) {
        this.found = number;
        return false;
      }
      if (this.looked % BETWEEN_LOOKS === 0 && isTimeUp()) return true;
    }
  }

  answer(): Answer {
    const done = this.found > 0 || this.peek() === undefined;
    return { type: 'find', number: this.found, looked: this.looked, done, problem: undefined };
  }

  private next(): number | undefined {
    const number = this.peek();
    this.place += this.step;
    return number;
  }

  /** The packet to look at next; none where there are no more. */
  private peek(): number | undefined {
    const { index } = this.ground;
    if (this.found > 0) return undefined;
    const { within } = this;
    if (within && (this.place < 0 || this.place >= within.count)) return undefined;
    const number = within ? within.at(this.place) : this.place;
    return number >= index.first && number <= index.length ? number : undefined;
  }

  private passes(number: number): boolean {
    const { ground, test, one } = this;
    const [run] = test.rows ? ground.index.runs(number, number) : [];
    one[0] = LOOK;
    if (run) test.rows?.(run, one);
    if (one[0] !== LOOK) return one[0] !== NO;
    return test.passes?.(ground.packet(number)) === true;
  }
}
