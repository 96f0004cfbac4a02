/** What can wait in a line: it knows where. */
export interface Waiter<Item extends Waiter<Item>> {
  /** The line in which it waits, if any, its neighbours there, and until when, in seconds. */
  waiting: Waiting<Item> | undefined;
  waitsAfter: Item | undefined;
  waitsBefore: Item | undefined;
  deadline: number;
}

/**
 * Items that wait for something, all equally long, so that who comes first is due first. Each is in one such line at
 * most; joining one leaves the other. Nothing here grows beyond the items that are kept.
 */
export class Waiting<Item extends Waiter<Item>> {
  private readonly seconds: number;
  private first: Item | undefined;
  private last: Item | undefined;

  /** @param seconds how long each waits */
  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** @param now in seconds, on a clock that never goes back */
  join(item: Item, now: number): void {
    item.waiting?.leave(item);
    item.waiting = this;
    item.deadline = now + this.seconds;
    item.waitsAfter = this.last;
    if (this.last) this.last.waitsBefore = item;
    else this.first = item;
    this.last = item;
  }

  leave(item: Item): void {
    if (item.waiting !== this) return;
    const { waitsAfter, waitsBefore } = item;
    if (waitsAfter) waitsAfter.waitsBefore = waitsBefore;
    else this.first = waitsBefore;
    if (waitsBefore) waitsBefore.waitsAfter = waitsAfter;
    else this.last = waitsAfter;
    item.waiting = undefined;
    item.waitsAfter = undefined;
    item.waitsBefore = undefined;
  }

  /** Removes and returns the next item that is due. */
  due(now: number): Item | undefined {
    const { first } = this;
    if (!first || first.deadline > now) return undefined;
    this.leave(first);
    return first;
  }
}
