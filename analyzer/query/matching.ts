import { NumberList, type NumberNews } from '../index/number-list.js';
import type { PacketIndex } from '../index/packet-index.js';
import type { Answering } from './answering.js';
import type { MatchAnswer } from './messages.js';
import type { Sifter } from './sifter.js';

/** Finds the packets that pass a filter, and goes on as the capture grows. */
export class Matching implements Answering {
  private readonly numbers = new NumberList();
  private readonly index: PacketIndex;
  private readonly sifter: Sifter;
  private more = true;

  /** @param found those that were found already */
  constructor(index: PacketIndex, sifter: Sifter, found: NumberNews) {
    this.index = index;
    this.sifter = sifter;
    this.numbers.apply(found);
  }

  work(isTimeUp: () => boolean): boolean {
    this.more = this.sifter.work(isTimeUp, (number) => this.numbers.add(number));
    this.numbers.forgetBefore(this.index.first);
    return this.more;
  }

  answer(): MatchAnswer {
    const { looked } = this.sifter;
    return { type: 'match', news: this.numbers.news(), looked, done: !this.more, problem: undefined };
  }
}
