import type { Inbox } from './inbox.js';
import type { Packet } from './read.js';

/** What a receiver counted. */
export interface Counts {
  /** Numbered packets that came, and those of them that were here already. */
  packets: number;
  duplicates: number;
  /** Packets that came after their number was settled as lost. */
  late: number;
  /** Numbers that were skipped. */
  lost: number;
  /** Packets dropped for want of room, or beyond what was allowed. */
  dropped: number;
}

export const noCounts = (): Counts => ({ packets: 0, duplicates: 0, late: 0, lost: 0, dropped: 0 });

/** What DATA_PROGRESS and DATA_WINDOW say. */
export interface Report {
  readonly next: number;
  readonly bits: number;
  readonly window: number;
}

/** The other direction of a channel: puts what comes in order, as the mode wants it, and delivers it to the inbox. */
export interface Receiver {
  readonly inbox: Inbox;
  readonly counts: Counts;
  /** Whether the other peer's CLOSE 0 has taken effect. */
  readonly hasEnded: boolean;
  /** Whether a loss came to light that closes the channel. */
  readonly hasLost: boolean;
  /** The number after all that is settled. */
  readonly next: number;
  /** Whether a DATA_PROGRESS must go out now, and when one must at the latest. */
  readonly mustReport: boolean;
  readonly reportAt: number;
  /** When a DATA_PROGRESS past the other peer's CLOSE 0 went out last, or is to go out; −∞ before the first. */
  readonly answeredAt: number;
  /** Whether a number was missing when a later one came: it was lost, or came late. */
  readonly hadGap: boolean;
  /** Since when packets have been waiting behind the gap that is first now; never, if none are. */
  readonly stuckSince: number;
  /** How many numbers from `next` on may come; without meaning in modes that do not report. */
  readonly window: number;
  /** Starts with this number. */
  begin(start: number): void;
  /** Whether a packet of this number has come before, or has been given up. */
  isOld(number: number): boolean;
  /** Takes a numbered packet; `isEnd` says that it holds CLOSE 0. */
  receive(packet: Packet, number: number, isEnd: boolean, now: number): void;
  /** Delivers what a packet holds if its turn has come; for one that closes the channel at once. */
  receiveLast(packet: Packet, number: number): void;
  /** The application has read from the inbox. */
  hasRead(): void;
  /** What to report now; reporting is done with it. Undefined where there is nothing to report in such a mode. */
  report(): Report | undefined;
  deadline(): number;
  tick(now: number): void;
  /** Discards what is held behind a gap. */
  stop(): void;
}
