import { monotonic } from '../io/clock.js';
import type { PeerHost } from '../io/peer-host.js';
import { Alarm } from '../io/timers.js';
import type { Channel } from '../peer/channel.js';
import { DONE, IDLE, LOSS } from '../peer/channel-end.js';
import { Echo } from '../peer/echo.js';
import type { Effect } from '../peer/effects.js';
import { PeerInput } from './peer-input.js';
import type { PeerIo } from './peer-io.js';
import type { PeerNews } from './peer-news.js';
import { PeerOutput } from './peer-output.js';

/** How a bridge behaves. */
export interface Manners {
  /** Whether the end of the other direction ends the own one, as soon as the input has nothing more at hand. */
  readonly followsEnd: boolean;
  /** Whether input may go out before the channel is confirmed. */
  readonly isEarly: boolean;
  /** Bytes that every channel of a responder begins with, besides the input. */
  readonly greeted: number;
  /** Whether what channels bring is sent back on them rather than written. */
  readonly echoes: boolean;
  /** Whether channels end by idling: the dialect has no CLOSE. */
  readonly endsByIdling: boolean;
  /** Bytes a second that go out at most on channels on which nothing is sent again; the usual ones if left out. */
  readonly rate?: number | undefined;
}

/** What the caller is told. */
export interface BridgeEvents {
  /** A channel is over, and all it brought is on its way out. */
  readonly onOver: (channel: Channel) => void;
  /** An attempt to open a channel is over without one. */
  readonly onFailed: (channel: Channel, why: 'timed out' | 'called off') => void;
}

/** How long a channel without CLOSE must be quiet, once its input has ended, to be over; in milliseconds. */
const QUIET = 2000;

/** Standard input to channels, channels to standard output. */
export class PeerBridge {
  readonly input: PeerInput;
  readonly output: PeerOutput;
  readonly #host: PeerHost;
  readonly #news: PeerNews;
  readonly #manners: Manners;
  readonly #events: BridgeEvents;
  /** Channels that are established, and those that are over and have more to read. */
  readonly #channels = new Set<Channel>();
  readonly #over = new Set<Channel>();
  /** Attempts whose channels are not confirmed yet: the input waits for them. */
  readonly #awaited = new Set<Channel>();
  readonly #echo: Echo | undefined;
  readonly #idling = new Alarm((now) => this.#endIdle(now));
  /** Channels that were established so far, and whether all that are over ended as they should. */
  served = 0;
  isGood = true;
  /** Whether the other peer is known to be gone. */
  isAbandoned = false;

  constructor(io: PeerIo, host: PeerHost, news: PeerNews, manners: Manners, events: BridgeEvents) {
    this.#host = host;
    this.#news = news;
    this.#manners = manners;
    this.#events = events;
    this.#echo = manners.echoes ? new Echo(host.peer) : undefined;
    const flush = () => {
      host.flush();
      if (manners.endsByIdling) this.#idling.noLaterThan(monotonic() + QUIET);
    };
    const fail = (what: string) => (error: Error) => {
      io.complain(`peer: ${what}: ${error.message}`, 1);
      this.abort();
    };
    const how = { closes: !manners.echoes, rate: manners.rate };
    this.input = new PeerInput(io.stdin, host.peer, how, flush, fail('cannot read standard input'));
    this.output = new PeerOutput(io.stdout, () => this.#readAll(), fail('cannot write standard output'));
  }

  /** Channels that are not over. */
  get open(): number {
    return this.#channels.size + this.#awaited.size;
  }

  /** Waits for an attempt before the input goes out, unless that is to go early. */
  await(channel: Channel): void {
    this.#awaited.add(channel);
    if (this.#manners.isEarly) this.input.add(channel, false);
  }

  /** All attempts are made: what may go early does. */
  begin(): void {
    if (this.#manners.isEarly) this.input.open();
    this.#host.flush();
  }

  /** Takes what the peer tells. */
  take(effect: Exclude<Effect, { type: 'send' | 'secret' }>): void {
    switch (effect.type) {
      case 'established':
        return this.#established(effect.channel);
      case 'confirmed':
        return this.#confirmed(effect.channel);
      case 'readable':
        return this.#read(effect.channel);
      case 'writable':
        this.#echo?.pump(effect.channel, monotonic());
        if (this.#echo) this.#read(effect.channel);
        return this.input.pump();
      case 'ended':
        if (this.#echo) return this.#echo.end(effect.channel, monotonic());
        if (this.#manners.followsEnd) this.input.endWhenQuiet(effect.channel);
        return;
      case 'closed':
        return this.#closed(effect.channel, effect.reason, effect.by);
      case 'failed':
        return this.#failed(effect.channel, effect.why);
      case 'log':
        return this.#news.decision(effect);
    }
  }

  /** Ends the own direction of every channel, and gives up attempts. */
  close(): void {
    const now = monotonic();
    for (const channel of [...this.#awaited]) this.#host.peer.abort(channel, LOSS, now);
    for (const channel of [...this.#channels]) this.#host.peer.close(channel, now);
    this.#host.flush();
  }

  /** Ends everything at once. */
  abort(): void {
    const now = monotonic();
    for (const channel of [...this.#awaited, ...this.#channels]) this.#host.peer.abort(channel, LOSS, now);
    this.#host.flush();
  }

  /**
   * Nobody is there any more. Ends attempts, and channels that have more to say. Those that only wait for their end
   * are left to it: the other peer may be gone because all is done.
   */
  abandon(): void {
    this.isAbandoned = true;
    const now = monotonic();
    for (const channel of [...this.#awaited, ...this.#channels]) {
      if (!channel.isClosing) this.#host.peer.abort(channel, LOSS, now);
    }
    this.#host.flush();
  }

  /** Nothing is read any more, and no timer runs. */
  stop(): void {
    this.input.stop();
    this.#idling.cancel();
  }

  #established(channel: Channel): void {
    this.#channels.add(channel);
    this.served += 1;
    this.#news.established(channel);
    const isWaiting = this.#awaited.has(channel);
    // Nothing confirms a channel where the dialect has no numbers.
    if (!isWaiting || this.#manners.isEarly || channel.phase === 'open') this.#confirmed(channel);
  }

  #confirmed(channel: Channel): void {
    const wasAwaited = this.#awaited.delete(channel);
    if (!wasAwaited && channel.role === 'initiator') return;
    const { isEarly, followsEnd, greeted, endsByIdling } = this.#manners;
    // A peer without any input does not close the channel: the other peer does when it is done.
    const isPatient = followsEnd && greeted === 0 && !endsByIdling;
    // Who sends back what comes says nothing of its own first, unless it was who began.
    const hasWords = !this.#echo || channel.role === 'initiator';
    if (hasWords && (!isEarly || channel.role === 'responder')) this.input.add(channel, isPatient);
    if (this.#awaited.size === 0) this.input.open();
  }

  #readAll(): void {
    for (const channel of [...this.#channels, ...this.#over]) {
      this.#read(channel);
      if (this.output.isFull) break;
    }
    this.#host.flush();
  }

  #read(channel: Channel): void {
    const { peer } = this.#host;
    if (this.#echo) return this.#sendBack(channel, this.#echo);
    while (!this.output.isFull) {
      const bytes = peer.read(channel, monotonic());
      if (!bytes) {
        this.output.flush();
        this.#drained(channel);
        return;
      }
      this.output.write(bytes);
    }
    // Where nobody takes the output, channels without any go all the same.
    if (channel.inbox.length === 0) this.#drained(channel);
  }

  #sendBack(channel: Channel, echo: Echo): void {
    while (!echo.isFull(channel)) {
      const bytes = this.#host.peer.read(channel, monotonic());
      if (!bytes) return this.#drained(channel);
      // On a channel that is over nothing can be said any more.
      if (channel.phase !== 'closed') echo.take(channel, bytes, monotonic());
    }
  }

  #drained(channel: Channel): void {
    if (this.#over.delete(channel)) this.#events.onOver(channel);
  }

  #closed(channel: Channel, told: number, by: 'us' | 'them'): void {
    // Where idling is how a channel ends, it is over as it should once its input is.
    const reason = this.#manners.endsByIdling && channel.isClosing && told === IDLE ? DONE : told;
    if (reason !== DONE && !(this.#manners.endsByIdling && reason === IDLE)) this.isGood = false;
    const greeted = channel.role === 'responder' ? this.#manners.greeted : 0;
    const unsent = this.#host.superseded.get(channel.id) ?? 0;
    this.#host.superseded.delete(channel.id);
    this.#news.ended(channel, reason, by, { sent: this.input.takenOf(channel) + greeted, unsent });
    this.#channels.delete(channel);
    this.#awaited.delete(channel);
    this.input.remove(channel);
    this.#echo?.forget(channel);
    this.#over.add(channel);
    this.#read(channel);
  }

  /** Ends the channels that would otherwise end by idling, much later. */
  #endIdle(now: number): void {
    for (const channel of [...this.#channels]) {
      const isQuiet = now - Math.max(channel.arrivedAt, channel.sentAt) >= QUIET;
      if (channel.isClosing && isQuiet) this.#host.peer.abort(channel, IDLE, now);
    }
    this.#host.flush();
    if (this.#channels.size > 0) this.#idling.noLaterThan(now + QUIET / 4);
  }

  #failed(channel: Channel, why: 'timed out' | 'called off'): void {
    this.isGood = false;
    this.#channels.delete(channel);
    this.#awaited.delete(channel);
    this.input.remove(channel);
    if (this.#awaited.size === 0) this.input.open();
    this.#events.onFailed(channel, why);
  }
}
