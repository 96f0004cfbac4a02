import type { Side } from './plan.js';
import type { Range } from './ranges.js';

/** What happened to a channel at one of its ends. */
export type Event =
  | { readonly type: 'opens' }
  | { readonly type: 'established'; readonly id: number }
  | { readonly type: 'confirmed' }
  | { readonly type: 'received'; readonly numbers: Range; readonly until: number }
  /** The receiver went past packets that were lost. */
  | { readonly type: 'skipped'; readonly packets: number }
  /** The sender did something about a packet: the nth of its direction. */
  | { readonly type: 'resent' | 'given up' | 'fast resend' | 'timer ran out' | 'probe'; readonly packet: number }
  /** A packet that was not what it should be. */
  | { readonly type: 'dropped'; readonly why: string }
  | { readonly type: 'early data'; readonly bytes: number }
  | { readonly type: 'collided' | 'refused' | 'gap stayed open' | 'closes' | 'ended' }
  | { readonly type: 'closed'; readonly reason: number; readonly by: 'us' | 'them' }
  | { readonly type: 'failed'; readonly why: 'timed out' | 'called off' };

/** An event with its time, in milliseconds, and where it happened: which end of the how manieth channel. */
export interface Happening {
  readonly at: number;
  readonly side: Side;
  readonly channel: number;
  readonly event: Event;
}

/** Happenings that are kept: whoever wants more reads the capture. */
const MOST = 200_000;

type Received = { readonly type: 'received'; readonly numbers: { first: number; last: number }; until: number };

/** All that happens, in order; messages that arrive one after the other at one end are one happening. */
export class Story {
  readonly all: Happening[] = [];
  /** Happenings beyond those that are kept. */
  untold = 0;
  /** The deliveries that may go on, by end and channel. */
  readonly #open = new Map<string, Received>();

  add(at: number, side: Side, channel: number, event: Event): void {
    this.#open.delete(`${side}${channel}`);
    this.#push({ at, side, channel, event });
  }

  received(at: number, side: Side, channel: number, number: number): void {
    const key = `${side}${channel}`;
    const open = this.#open.get(key);
    if (open && open.numbers.last + 1 === number) {
      open.numbers.last = number;
      open.until = at;
      return;
    }
    const event: Received = { type: 'received', numbers: { first: number, last: number }, until: at };
    this.#open.set(key, event);
    this.#push({ at, side, channel, event });
  }

  #push(happening: Happening): void {
    if (this.all.length < MOST) this.all.push(happening);
    else this.untold += 1;
  }
}
