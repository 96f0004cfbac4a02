import type { Channel } from './channel.js';

/**
 * Channels that wait for something, all equally long, so that who comes first is due first. Each is in one such line at
 * most; joining one leaves the other. Nothing here grows beyond the channels that are kept.
 */
export class Waiting {
  private readonly seconds: number;
  private first: Channel | undefined;
  private last: Channel | undefined;

  /** @param seconds how long each waits */
  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** @param now in seconds, on a clock that never goes back */
  join(channel: Channel, now: number): void {
    channel.waiting?.leave(channel);
    channel.waiting = this;
    channel.deadline = now + this.seconds;
    channel.waitsAfter = this.last;
    if (this.last) this.last.waitsBefore = channel;
    else this.first = channel;
    this.last = channel;
  }

  leave(channel: Channel): void {
    if (channel.waiting !== this) return;
    const { waitsAfter, waitsBefore } = channel;
    if (waitsAfter) waitsAfter.waitsBefore = waitsBefore;
    else this.first = waitsBefore;
    if (waitsBefore) waitsBefore.waitsAfter = waitsAfter;
    else this.last = waitsAfter;
    channel.waiting = undefined;
    channel.waitsAfter = undefined;
    channel.waitsBefore = undefined;
  }

  /** Takes out the next channel whose time has come. */
  due(now: number): Channel | undefined {
    const { first } = this;
    if (!first || first.deadline > now) return undefined;
    this.leave(first);
    return first;
  }
}
