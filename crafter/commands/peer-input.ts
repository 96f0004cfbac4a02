import type { Readable } from 'node:stream';
import { monotonic } from '../io/clock.js';
import { Alarm } from '../io/timers.js';
import type { Channel } from '../peer/channel.js';
import { LOSS } from '../peer/channel-end.js';
import type { Peer } from '../peer/peer.js';
import { Laggards } from './laggards.js';
import { Pace } from './pace.js';

/** A channel that gets the input, and how much of the piece at hand it has taken. */
class Taker {
  readonly channel: Channel;
  taken: number;
  /** Of all pieces, in bytes. */
  total = 0;
  /** The input ends for it when nothing more comes for a while. */
  endsWhenQuiet = false;
  /** Whether it has all of the piece at hand. */
  isWaiting = false;

  constructor(channel: Channel, taken: number) {
    this.channel = channel;
    this.taken = taken;
  }

  get remote(): object {
    return this.channel.remote;
  }

  /** Bytes that have left for the other peer. */
  get sent(): number {
    return this.total - this.channel.queue.bytes;
  }
}

/** How long the input must be quiet to count as over, in milliseconds. */
const QUIET = 250;
/** What the proof of an early packet takes away from its data, at most. */
const PROOF = 19;
/** DATA lengths that the reference writes wrongly. Source: protocol page, "Varints". */
const MISWRITTEN = { from: 16_384, to: 16_511 };

/** Waits until there is something to read, or nothing will come any more. */
export const inputReady = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.readableLength > 0 || stream.readableEnded || stream.destroyed) return resolve();
    const ready = () => {
      stream.off('readable', ready).off('end', ready).off('error', ready);
      resolve();
    };
    stream.on('readable', ready).on('end', ready).on('error', ready);
  });

/** How the input becomes what channels send. */
export interface InputManners {
  /** Whether the end of the input ends the own direction of channels. */
  readonly closes: boolean;
  /** Bytes a second that go out at most on channels on which nothing is sent again; the usual ones if left out. */
  readonly rate?: number | undefined;
}

/**
 * Standard input on its way to channels. Every channel gets all that is read while it is open; the slowest of them sets
 * the pace, and without one nothing is read.
 */
export class PeerInput {
  readonly #stream: Readable;
  readonly #peer: Peer;
  readonly #flush: () => void;
  readonly #closes: boolean;
  readonly #takers = new Map<Channel, Taker>();
  readonly #pace: Pace;
  readonly #resume: Alarm;
  readonly #quiet: Alarm;
  readonly #lag: Alarm;
  readonly #laggards = new Laggards<Taker>();
  readonly #pieceSize: number;
  #piece: Uint8Array | undefined;
  #isOpen = false;
  #hasEnded = false;

  /**
   * @param flush called when the peer may have something to do
   * @param onError the input cannot be read any more
   */
  constructor(
    stream: Readable,
    peer: Peer,
    { closes, rate }: InputManners,
    flush: () => void,
    onError: (error: Error) => void,
  ) {
    this.#stream = stream;
    this.#closes = closes;
    this.#pace = new Pace(rate);
    this.#peer = peer;
    this.#flush = flush;
    const most = peer.largestMessage - PROOF;
    const isMiswritten = most >= MISWRITTEN.from && most <= MISWRITTEN.to;
    this.#pieceSize = isMiswritten ? MISWRITTEN.from - 1 : most;
    this.#resume = new Alarm(() => this.pump());
    this.#quiet = new Alarm(() => this.#endQuiet());
    this.#lag = new Alarm((now) => this.#letGo(now));
    this.#hasEnded = stream.readableEnded;
    stream.on('readable', () => this.pump());
    stream.on('end', () => this.#end());
    stream.on('error', (error) => {
      for (const { channel } of this.#takers.values()) this.#peer.abort(channel, LOSS, monotonic());
      this.#flush();
      onError(error);
    });
  }

  /** Lets what is read go out. */
  open(): void {
    this.#isOpen = true;
    this.pump();
  }

  /**
   * A channel takes part from now on.
   * @param isPatient whether a channel that finds the input at its end stays until `endWhenQuiet`
   */
  add(channel: Channel, isPatient: boolean): void {
    this.#takers.set(channel, new Taker(channel, this.#piece?.length ?? 0));
    if (this.#isOver && !isPatient && this.#closes) this.#peer.close(channel, monotonic());
  }

  /** How many bytes of input a channel has taken. */
  takenOf(channel: Channel): number {
    return this.#takers.get(channel)?.total ?? 0;
  }

  /** A channel takes no more. */
  remove(channel: Channel): void {
    if (!this.#takers.delete(channel)) return;
    if (this.#takers.size > 0) return this.pump();
    this.#piece = undefined;
    this.#laggards.clear();
  }

  /** Ends a channel's input when it has all that is at hand: when nothing has come for a while. */
  endWhenQuiet(channel: Channel): void {
    const taker = this.#takers.get(channel);
    if (!taker) return;
    if (this.#isOver) return this.#peer.close(channel, monotonic());
    taker.endsWhenQuiet = true;
    this.#quiet.noLaterThan(monotonic() + QUIET);
  }

  /** Nothing is read any more. */
  stop(): void {
    this.#isOpen = false;
    this.#takers.clear();
    this.#resume.cancel();
    this.#quiet.cancel();
    this.#lag.cancel();
    this.#stream.removeAllListeners('readable');
    this.#stream.destroy();
  }

  /** Passes on what there is, as far as the channels take it. */
  pump(): void {
    if (!this.#isOpen || this.#takers.size === 0) {
      // Nobody wants the input yet, but whether it is at its end already matters.
      if (this.#stream.readableLength === 0) this.#stream.read(0);
      return;
    }
    while (this.#give()) {
      const piece: Uint8Array | null = this.#stream.read();
      if (!piece) break;
      this.#piece = piece;
      for (const taker of this.#takers.values()) taker.taken = 0;
      if (this.#quietTakers().length > 0) {
        this.#quiet.cancel();
        this.#quiet.noLaterThan(monotonic() + QUIET);
      }
    }
    this.#flush();
  }

  /** Whether all of the input has been given. */
  get #isOver(): boolean {
    return this.#hasEnded && !this.#piece;
  }

  /** Gives the piece at hand to all channels; says whether they have all of it. */
  #give(): boolean {
    const piece = this.#piece;
    if (!piece) return true;
    let isDone = true;
    for (const taker of this.#takers.values()) {
      this.#giveTo(taker, piece);
      taker.isWaiting = taker.taken >= piece.length;
      if (!taker.isWaiting) isDone = false;
    }
    if (!isDone) {
      this.#lag.noLaterThan(this.#laggards.wait(this.#takers.values(), monotonic()));
      return false;
    }
    this.#laggards.clear();
    this.#piece = undefined;
    if (this.#hasEnded) this.#closeAll();
    return true;
  }

  #giveTo(taker: Taker, piece: Uint8Array): void {
    const { channel } = taker;
    while (taker.taken < piece.length) {
      const now = monotonic();
      if (!channel.hasResend) {
        const at = this.#pace.next(now);
        if (at > now) {
          this.#resume.noLaterThan(at);
          return;
        }
      }
      const end = channel.isOrdered && channel.hasResend ? piece.length : taker.taken + this.#pieceSize;
      const part = piece.subarray(taker.taken, end);
      const taken = this.#peer.send(channel, part, now);
      if (!channel.hasResend) this.#pace.spend(taken, now);
      taker.taken += taken;
      taker.total += taken;
      if (taken < part.length) {
        // A channel that is over takes nothing, and will be removed.
        if (channel.phase === 'closed' || channel.isClosing) taker.taken = piece.length;
        return;
      }
    }
  }

  /** Lets go of channels that all others wait for in vain. */
  #letGo(now: number): void {
    for (const { channel } of this.#laggards.late([...this.#takers.values()], now))
      this.#peer.abort(channel, LOSS, now);
    this.pump();
  }

  #end(): void {
    this.#hasEnded = true;
    if (!this.#piece) this.#closeAll();
    this.#flush();
  }

  #closeAll(): void {
    if (!this.#closes) return;
    for (const { channel } of this.#takers.values()) this.#peer.close(channel, monotonic());
  }

  #quietTakers(): readonly Taker[] {
    return [...this.#takers.values()].filter(({ endsWhenQuiet }) => endsWhenQuiet);
  }

  #endQuiet(): void {
    if (this.#piece) {
      // It is not the input that is slow.
      this.#quiet.noLaterThan(monotonic() + QUIET);
      return;
    }
    for (const { channel } of this.#quietTakers()) this.#peer.close(channel, monotonic());
    this.#flush();
  }
}
