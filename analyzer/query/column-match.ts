import { LOOK, NO } from '../filter/answer.js';
import { NumberList } from '../index/number-list.js';
import type { PacketIndex, Run } from '../index/packet-index.js';
import type { MatchNews } from './news.js';

/**
 * How long the caller waits for the first answer, and how long each later step takes, in milliseconds: a key is answered
 * within 50, the frame and the time between two of them taken off.
 */
const FIRST = 5;
const STEP = 8;
/** Rows whose columns are asked at once. */
const AT_ONCE = 16_384;

/** Finds packets by their columns alone, in the thread that asks: at once, as far as that is quick, the rest in steps. */
export class ColumnMatch {
  private readonly numbers = new NumberList();
  private readonly index: PacketIndex;
  private readonly rows: (run: Run, out: Uint8Array) => void;
  private readonly tell: (news: MatchNews) => void;
  private readonly giveUp: (found: NumberList, looked: number) => void;
  private readonly answers = new Uint8Array(AT_ONCE);
  private looked: number;
  private next: NodeJS.Immediate | undefined;
  private over = false;

  /** @param giveUp called when a packet must be read, with what was found before; then this does nothing more */
  constructor(
    index: PacketIndex,
    rows: (run: Run, out: Uint8Array) => void,
    tell: (news: MatchNews) => void,
    giveUp: (found: NumberList, looked: number) => void,
  ) {
    this.index = index;
    this.rows = rows;
    this.tell = tell;
    this.giveUp = giveUp;
    this.looked = index.first - 1;
  }

  /** Looks at the packets that are there now; called again when there are more. */
  go(budget = FIRST): void {
    if (this.over || this.next) return;
    const { index, answers, numbers } = this;
    const end = performance.now() + budget;
    do {
      const from = Math.max(this.looked + 1, index.first);
      const to = Math.min(index.length, from + AT_ONCE - 1);
      for (const run of index.runs(from, to)) {
        this.rows(run, answers);
        const count = run.to - run.from;
        for (let place = 0; place < count; place++) {
          const answer = answers[place];
          if (answer === NO) continue;
          if (answer === LOOK) {
            this.over = true;
            return this.giveUp(numbers, run.base + run.from + place - 1);
          }
          numbers.add(run.base + run.from + place);
        }
      }
      this.looked = Math.max(this.looked, to);
    } while (this.looked < index.length && performance.now() < end);
    numbers.forgetBefore(index.first);
    const done = this.looked >= index.length;
    this.tell({ matches: numbers, looked: this.looked, done, problem: undefined });
    if (done || this.over) return;
    this.next = setImmediate(() => {
      this.next = undefined;
      this.go(STEP);
    });
  }

  cancel(): void {
    this.over = true;
    clearImmediate(this.next);
  }
}
