import type { Answer } from './messages.js';

/** Work on one question, done in small steps. */
export interface Answering {
  /** Goes on until the time is up; returns whether there is more to do now. */
  work(isTimeUp: () => boolean): boolean;
  /** What is known so far, of what was not told before. */
  answer(): Answer;
  /** Called when nobody wants to know any more. */
  cancel?(): void;
}

/** A question that cannot be answered: told once. */
export class Unanswerable implements Answering {
  private readonly told: Answer;

  constructor(told: Answer) {
    this.told = told;
  }

  work(): boolean {
    return false;
  }

  answer(): Answer {
    return this.told;
  }
}
