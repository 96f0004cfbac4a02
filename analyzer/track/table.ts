import type { Dialect } from '../../dissectors/channel/dialects.js';
import { Shelf } from '../../dissectors/wire/shelf.js';
import { type Beginning, type Channel, isEnded, isPending, newChannel } from './channel.js';
import { mix, type Peer, type Peers } from './peers.js';

/** How many channels are kept. */
export interface Bounds {
  /** Attempts that nothing has proven: what a flood makes. The oldest goes first. */
  readonly halfOpen: number;
  /** All others. Those that have ended go first. */
  readonly channels: number;
}

export const BOUNDS: Bounds = { halfOpen: 65_536, channels: 500_000 };

/** The bounds where only so many packets are kept: a quarter as many channels, each of which takes more room than a packet. */
export const boundsFor = (packets: number): Bounds => ({
  halfOpen: Math.min(BOUNDS.halfOpen, Math.max(1024, packets / 4)),
  channels: Math.min(BOUNDS.channels, Math.max(1024, packets / 4)),
});

/** The channel has been proven by both peers: no stranger alone can make one. */
const PROVEN = 3;

/** The channels of a capture, found by their ids and by the half of their initiator. Bounded. */
export class ChannelTable {
  /** In the order of their numbers. */
  readonly channels = new Map<number, Channel>();
  /** Channels dropped to stay within bounds. */
  forgotten = 0;
  private made = 0;
  private readonly byId = new Map<number, Channel>();
  private readonly byAttempt = new Map<number, Channel>();
  /** Every channel is on one of these. */
  private readonly halfOpen = new Shelf<Channel>();
  private readonly live = new Shelf<Channel>();
  private readonly ended = new Shelf<Channel>();
  private readonly peers: Peers;
  private readonly bounds: Bounds;

  constructor(peers: Peers, bounds: Bounds) {
    this.peers = peers;
    this.bounds = bounds;
  }

  /** The channel between two peers, whoever initiated it, with this id. */
  findById(dialect: Dialect, one: Peer, other: Peer, id: number): Channel | undefined {
    for (let channel = this.byId.get(idHash(one, other, id)); channel; channel = channel.nextById) {
      if (idOf(channel) !== id || channel.dialect !== dialect) continue;
      const { initiator, responder } = channel;
      if ((initiator === one && responder === other) || (initiator === other && responder === one)) return channel;
    }
    return undefined;
  }

  /** The newest attempt of an initiator with this half. */
  findAttempt(dialect: Dialect, initiator: Peer, responder: Peer, c1: number): Channel | undefined {
    const hash = attemptHash(initiator, responder, c1);
    for (let channel = this.byAttempt.get(hash); channel; channel = channel.nextByAttempt) {
      if (channel.c1 !== c1 || channel.dialect !== dialect) continue;
      if (channel.initiator === initiator && channel.responder === responder) return channel;
    }
    return undefined;
  }

  /**
   * Adds a channel, which gets the next number. It takes the place of an older attempt with the same half.
   * @param asks whether it does so even if that one still waits for its answer
   */
  add(beginning: Beginning, asks: boolean): Channel {
    const channel = newChannel(++this.made, beginning);
    this.peers.hold(channel.initiator);
    this.peers.hold(channel.responder);
    this.channels.set(channel.number, channel);
    this.keepAttempt(channel, asks);
    this.halfOpen.put(channel);
    this.shrink();
    return channel;
  }

  /** Gives a channel the responder's half by which it is found from now on, in the place of an older one. */
  name(channel: Channel, c2: number): void {
    this.dropId(channel);
    channel.c2 = c2;
    const older = this.findById(channel.dialect, channel.initiator, channel.responder, idOf(channel));
    if (older) this.dropId(older);
    const hash = idHashOf(channel);
    channel.nextById = this.byId.get(hash);
    channel.inIds = true;
    this.byId.set(hash, channel);
  }

  /** Makes the responder of a channel its initiator, and the other way round. */
  swapRoles(channel: Channel): void {
    this.dropAttempt(channel);
    const { initiator, responder, fromInitiator, fromResponder, proof } = channel;
    channel.initiator = responder;
    channel.responder = initiator;
    channel.fromInitiator = fromResponder;
    channel.fromResponder = fromInitiator;
    channel.proof = ((proof & 1) << 1) | (proof >>> 1);
    if (!channel.settled) this.keepAttempt(channel, false);
  }

  /** Notes that a peer takes part; once both do, the channel is more than an attempt. */
  prove(channel: Channel, bit: 1 | 2): void {
    if (channel.proof === PROVEN) return;
    channel.proof |= bit;
    if (channel.proof !== PROVEN) return;
    (isOver(channel) ? this.ended : this.live).put(channel);
    this.shrink();
  }

  /** Notes that a channel has ended: it may be forgotten before others. */
  end(channel: Channel): void {
    if (channel.shelf === this.live) this.ended.put(channel);
  }

  /** Notes that a channel that seemed to have ended goes on. */
  revive(channel: Channel): void {
    if (channel.shelf === this.ended) this.live.put(channel);
  }

  /** Drops what only a live channel needs; late packets with its id still find it. */
  settle(channel: Channel): void {
    channel.settled = true;
    this.dropAttempt(channel);
    if (channel.fromInitiator) channel.fromInitiator.numbers = undefined;
    if (channel.fromResponder) channel.fromResponder.numbers = undefined;
    if (channel.answers.length > 1)
      channel.answers = channel.accepted ? [channel.accepted] : channel.answers.slice(0, 1);
  }

  private shrink(): void {
    while (this.halfOpen.size > this.bounds.halfOpen) this.forget(this.halfOpen.oldest);
    while (this.live.size + this.ended.size > this.bounds.channels) this.forget(this.ended.oldest ?? this.live.oldest);
  }

  private forget(channel: Channel | undefined): void {
    if (!channel) return;
    this.forgotten++;
    this.channels.delete(channel.number);
    channel.shelf?.take(channel);
    channel.waiting?.leave(channel);
    this.dropAttempt(channel);
    this.dropId(channel);
    this.peers.release(channel.initiator);
    this.peers.release(channel.responder);
  }

  private keepAttempt(channel: Channel, asks: boolean): void {
    const older = this.findAttempt(channel.dialect, channel.initiator, channel.responder, channel.c1);
    if (older && !asks && isPending(older)) return;
    if (older) this.dropAttempt(older);
    const hash = attemptHashOf(channel);
    channel.nextByAttempt = this.byAttempt.get(hash);
    channel.inAttempts = true;
    this.byAttempt.set(hash, channel);
  }

  private dropId(channel: Channel): void {
    if (!channel.inIds) return;
    const hash = idHashOf(channel);
    const first = this.byId.get(hash);
    if (first === channel) {
      if (channel.nextById) this.byId.set(hash, channel.nextById);
      else this.byId.delete(hash);
    }
    for (let before = first; before; before = before.nextById) {
      if (before.nextById === channel) before.nextById = channel.nextById;
    }
    channel.inIds = false;
    channel.nextById = undefined;
  }

  private dropAttempt(channel: Channel): void {
    if (!channel.inAttempts) return;
    const hash = attemptHashOf(channel);
    const first = this.byAttempt.get(hash);
    if (first === channel) {
      if (channel.nextByAttempt) this.byAttempt.set(hash, channel.nextByAttempt);
      else this.byAttempt.delete(hash);
    }
    for (let before = first; before; before = before.nextByAttempt) {
      if (before.nextByAttempt === channel) before.nextByAttempt = channel.nextByAttempt;
    }
    channel.inAttempts = false;
    channel.nextByAttempt = undefined;
  }
}

/** The same for both orders of the peers: a packet does not say who initiated its channel. */
const idHash = (one: Peer, other: Peer, id: number): number => mix(one.hash ^ other.hash, id);
const attemptHash = (initiator: Peer, responder: Peer, c1: number): number =>
  mix(mix(initiator.hash, responder.hash), c1);

const isOver = (channel: Channel): boolean => isEnded(channel) || channel.state === 'timed-out';

const idOf = ({ c1, c2 }: Channel): number => ((c1 << 16) | (c2 ?? 0)) >>> 0;
const idHashOf = (channel: Channel): number => idHash(channel.initiator, channel.responder, idOf(channel));
const attemptHashOf = ({ initiator, responder, c1 }: Channel): number => attemptHash(initiator, responder, c1);
