import type { Effect } from '../peer/effects.js';
import type { Peer } from '../peer/peer.js';
import { monotonic } from './clock.js';
import { withoutSuperseded } from './reports.js';
import { Alarm } from './timers.js';
import type { UdpPort } from './udp-port.js';

/** How often datagrams may come between, before timers are heeded all the same: a flood must not stop them. */
const MOST_TURNS = 64;

/** What an application does about an effect of its peer. Packets are sent without it. */
export type Application = (effect: Exclude<Effect, { type: 'send' }>, now: number) => void;

/**
 * A peer in real time, on a UDP port: packets and time reach it, and what it sends leaves. After calling the peer
 * directly, call `flush`.
 */
export class PeerHost {
  readonly peer: Peer;
  /** Reports that the peer counts as sent and that never left, by channel id. Whoever knows of its end forgets it. */
  readonly superseded = new Map<number, number>();
  /** Datagrams that have come so far. */
  #arrived = 0;
  readonly #port: UdpPort;
  readonly #application: Application;
  readonly #alarm: Alarm;
  readonly #supersede = (id: number): void => {
    this.superseded.set(id, (this.superseded.get(id) ?? 0) + 1);
  };
  #isFlushing = false;
  #willFlush = false;
  #isClosed = false;

  constructor(peer: Peer, port: UdpPort, application: Application) {
    this.peer = peer;
    this.#port = port;
    this.#application = application;
    this.#alarm = new Alarm(() => this.#wake(0));
  }

  /**
   * Lets the peer do what is due by now, once what has come already is read: a program that was kept busy finds its timers
   * over, and the answers that they waited for in the socket.
   */
  #wake(turns: number): void {
    const arrived = this.#arrived;
    setImmediate(() => {
      if (this.#isClosed) return;
      if (arrived !== this.#arrived && turns < MOST_TURNS) return this.#wake(turns + 1);
      this.peer.tick(monotonic());
      this.flush();
    });
  }

  /** Takes a datagram. Those that come together are answered together, a moment later. */
  receive(bytes: Uint8Array, from: string): void {
    this.#arrived += 1;
    this.peer.receive(bytes, from, monotonic());
    if (this.#willFlush) return;
    this.#willFlush = true;
    setImmediate(() => {
      this.#willFlush = false;
      this.flush();
    });
  }

  /** Performs what the peer wants done, and notes when it wants to be woken. */
  flush(): void {
    if (this.#isFlushing || this.#isClosed) return;
    this.#isFlushing = true;
    for (let effects = this.peer.drain(); effects.length > 0; effects = this.peer.drain()) {
      for (const effect of withoutSuperseded(effects, this.#supersede)) {
        if (effect.type === 'send') this.#port.send(effect.bytes, effect.to);
        else this.#application(effect, monotonic());
      }
    }
    this.#isFlushing = false;
    const next = this.peer.nextTimeout();
    if (next !== undefined) this.#alarm.noLaterThan(next);
  }

  /** Nothing is sent any more, and nobody is woken. */
  close(): void {
    this.#isClosed = true;
    this.#alarm.cancel();
  }
}
