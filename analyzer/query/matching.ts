import { NumberList } from '../index/number-list.js';
import type { Answering } from './answering.js';
import type { MatchAnswer } from './messages.js';
import type { Sifter } from './sifter.js';

/** Finds the packets that pass a filter, and goes on as the capture grows. */
export class Matching implements Answering {
  private readonly numbers = new NumberList();
  private readonly sifter: Sifter;
  private more = true;

  constructor(sifter: Sifter) {
    this.sifter = sifter;
  }

  work(isTimeUp: () => boolean): boolean {
    this.more = this.sifter.work(isTimeUp, (number) => this.numbers.add(number));
    return this.more;
  }

  answer(): MatchAnswer {
    const { looked } = this.sifter;
    return { type: 'match', news: this.numbers.news(), looked, done: !this.more, problem: undefined };
  }
}
