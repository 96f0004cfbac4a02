import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENVELOPE } from '../../dissectors/channel/packet.js';
import type { Bounds } from './allowance.js';
import { type Arrival, senderIn } from './arrival.js';
import { Budget } from './budget.js';
import type { Channel } from './channel.js';
import { closeWith, DONE } from './channel-end.js';
import { process, receive, settle } from './channel-steps.js';
import { answerClosed } from './closed-answers.js';
import { Core } from './core.js';
import type { Effect } from './effects.js';
import { holdEarly } from './held-early.js';
import { acknowledged, type Opening, open, releaseHeld } from './initiator.js';
import { finalize, prove } from './proof.js';
import type { Random } from './random.js';
import { bytesIn, ID_SIZE, numberIn, type Packet, readPacket, senderOf } from './read.js';
import { acknowledgeAll } from './responder.js';
import { type Address, DEFAULTS, type Settings } from './settings.js';
import { wake } from './wake.js';
import { dataFit } from './write.js';

/** Who a peer is, and what it is given. */
export interface Birth {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly random: Random;
  /** The time, in milliseconds on a clock that never goes back. */
  readonly now: number;
  /** The first secret; random if it is left out. */
  readonly secret?: Uint8Array;
  readonly settings?: Partial<Settings>;
}

/** DATA lengths that the reference writes wrongly. Source: protocol page, "Varints". */
const MISWRITTEN = { from: 16_384, to: 16_511 };

/**
 * A whole peer of the channel protocol, without a clock, a socket or chance of its own: packets, times and wishes come
 * in as calls, what is to be done goes out as effects. It keeps views of the bytes it is given: they must not change
 * afterwards.
 */
export class Peer {
  readonly #core: Core<Channel>;

  /** @throws {RangeError} if the id is not 16 bytes */
  constructor({ id, random, now, secret, settings }: Birth) {
    if (id.length !== ID_SIZE) throw new RangeError(`a peer id has ${ID_SIZE} bytes, not ${id.length}`);
    this.#core = new Core<Channel>(id, { ...DEFAULTS, ...settings }, secret, random, now);
  }

  get id(): Uint8Array {
    return this.#core.id;
  }

  get settings(): Settings {
    return this.#core.settings;
  }

  /** The sizes of all that the peer remembers, for those who watch that it stays bounded. */
  get sizes() {
    const { open: channels, closed, remotes, pending, early, timers } = this.#core;
    const [closedChannels, peers] = [closed.size, remotes.size];
    return { channels, closedChannels, peers, pending: pending.size, early: early.size, timers: timers.size };
  }

  /** Whether a CLOSE of a channel that is over waits for its answer, and will be sent again. */
  get isTelling(): boolean {
    return this.#core.unanswered.size > 0;
  }

  /** Whether anything on a channel that is over was lost, late, or sent twice, as far as this peer can tell. */
  get hadTrouble(): boolean {
    return this.#core.hadTrouble;
  }

  /** What received packets weigh that are not read yet, in bytes, and the DATA they hold. */
  get kept(): Bounds {
    const { bytes, messages } = this.#core.allowance;
    return { bytes, messages };
  }

  /**
   * Begins to open a channel. Undefined if there is no room for one more.
   *
   * @throws {RangeError} if `remoteId` is not 16 bytes, or this peer's own id
   */
  open(remoteId: Uint8Array, address: Address, opening: Opening, now: number): Channel | undefined {
    this.#core.refresh(now);
    return open(this.#core, remoteId, address, opening, wake, now);
  }

  /** Takes a datagram. */
  receive(bytes: Uint8Array, from: Address, now: number): void {
    const core = this.#core;
    core.refresh(now);
    const packet = readPacket(bytes, core.dialect, core.words);
    if (typeof packet === 'string') core.log(now, 'dropped', { why: packet, from });
    else if (packet.id === DEFAULT_CHANNEL) this.#receiveHandshakes(this.#arrival(packet, from, now));
    else this.#receiveOnChannel(packet, from, now);
  }

  /** When `tick` is to be called at the latest, if at all. */
  nextTimeout(): number | undefined {
    return this.#core.timers.next();
  }

  /** Does what time asks for. */
  tick(now: number): void {
    const { timers, outbox } = this.#core;
    this.#core.refresh(now);
    for (let timed = timers.due(now); timed; timed = timers.due(now)) timed.wake(now);
    outbox.flush();
  }

  /**
   * Sends bytes on a channel; they must not change afterwards. In `ordered` modes they are part of a stream, else they
   * are one message.
   *
   * @returns how many bytes were taken; if not all, `writable` follows when there is room for more
   * @throws {RangeError} if a message is larger than `largestMessage`
   */
  send(channel: Channel, bytes: Uint8Array, now: number): number {
    const { phase, isClosing, queue, isOrdered } = channel;
    if (phase === 'closed' || isClosing || bytes.length === 0) return 0;
    if (!isOrdered) this.#checkMessage(bytes.length);
    const room = this.#core.settings.sendBuffer - queue.cost;
    const taken = isOrdered ? Math.max(0, Math.min(room, bytes.length)) : fits(bytes.length, room, queue.isEmpty);
    if (taken < bytes.length) channel.isBlocked = true;
    if (taken === 0) return 0;
    queue.push(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    settle(channel, now);
    return taken;
  }

  /** The largest message that fits a packet, in bytes. */
  get largestMessage(): number {
    return dataFit(this.#core.settings.packetSize - ENVELOPE);
  }

  /** The next bytes that were delivered, whole as they came. Undefined until the next `readable`. */
  read(channel: Channel, now: number): Uint8Array | undefined {
    const bytes = channel.inbox.read();
    if (!bytes) {
      channel.hasToldReadable = false;
      return undefined;
    }
    if (channel.phase === 'closed') {
      if (channel.inbox.length === 0) this.#core.unread.delete(channel);
      return bytes;
    }
    channel.receiver.hasRead();
    if (channel.receiver.mustReport) settle(channel, now);
    return bytes;
  }

  /** Ends the own direction after all that was taken to be sent. */
  close(channel: Channel, now: number): void {
    if (channel.phase === 'closed' || channel.isClosing) return;
    channel.isClosing = true;
    // `channeler` has no CLOSE: its channels end by idling.
    if (this.#core.dialect.numbered) channel.sender.close();
    settle(channel, now);
  }

  /** Ends a channel at once, in both directions, with a reason other than 0: that one is what `close` is for. */
  abort(channel: Channel, reason: number, now: number): void {
    if (reason === DONE) this.close(channel, now);
    else closeWith(channel, reason, now);
  }

  /** What is to be done since the last call, in order. */
  drain(): readonly Effect[] {
    const core = this.#core;
    core.outbox.flush();
    const { effects } = core;
    core.effects = [];
    return effects;
  }

  #arrival(packet: Packet, from: Address, now: number): Arrival {
    return { packet, initiator: senderOf(packet), from, now, budget: new Budget(packet.size), proven: [], wake };
  }

  #receiveHandshakes(arrival: Arrival): void {
    const core = this.#core;
    const { packet, from, now, proven } = arrival;
    const opened: Channel[] = [];
    acknowledgeAll(core, arrival);
    for (const message of packet.messages) {
      if (message.code === CODES.CHANNEL_ACKNOWLEDGE) {
        const channel = acknowledged(core, senderIn(core, packet), packet, message, from, now);
        if (channel) opened.push(channel);
      } else if (message.code === CODES.CHANNEL_FINALIZE) {
        finalize(core, arrival, message);
      }
    }
    // The proofs go before what needs them.
    core.outbox.flush();
    for (const channel of opened) {
      releaseHeld(channel, now);
      settle(channel, now);
    }
    for (const channel of proven) settle(channel, now);
  }

  #receiveOnChannel(packet: Packet, from: Address, now: number): void {
    const core = this.#core;
    const remote = senderIn(core, packet);
    const channel = remote?.channels.get(packet.id);
    if (channel) {
      receive(channel, packet, from, now);
      return;
    }
    const closed = remote?.closed.get(packet.id);
    if (closed) answerClosed(core, closed, packet, from, now);
    else this.#receiveProof(packet, from, now);
  }

  /** Takes a packet on a channel that is not known: it counts if it begins with the proof that it should be. */
  #receiveProof(packet: Packet, from: Address, now: number): void {
    const core = this.#core;
    const first = packet.messages[0];
    if (first?.code !== CODES.CHANNEL_COOKIE) {
      core.log(now, 'dropped', { why: 'unknown channel', from }, packet.id);
      return;
    }
    const cookie = bytesIn(core.dialect, packet, first, 'cookie');
    if (this.#hold(packet, cookie, from)) return;
    const caps = numberIn(core.dialect, packet, first, 'caps');
    const channel = prove(core, this.#arrival(packet, from, now), { id: packet.id, cookie2: cookie, ack: -1, caps });
    core.outbox.flush();
    if (!channel) return;
    process(channel, packet, true, now);
    settle(channel, now);
  }

  /** Keeps a packet with data that a responder sent before its acknowledgement has come. */
  #hold(packet: Packet, cookie: Uint8Array, from: Address): boolean {
    const core = this.#core;
    const c1 = packet.id >>> 16;
    const attempt = senderIn(core, packet)?.attempts.get(c1);
    if (!attempt || attempt.address !== from) return false;
    if (core.secrets.check({ initiator: core.id, responder: attempt.remote.id, c1 }, cookie) < 0) return false;
    holdEarly(attempt, packet);
    return true;
  }

  #checkMessage(length: number): void {
    const { largestMessage } = this;
    if (length > largestMessage) throw new RangeError(`a message holds at most ${largestMessage} bytes, not ${length}`);
    const isMiswritten = length >= MISWRITTEN.from && length <= MISWRITTEN.to;
    if (!this.#core.dialect.numbered && isMiswritten) throw new RangeError(`the reference cannot read ${length} bytes`);
  }
}

/** A message is taken whole or not at all. */
const fits = (length: number, room: number, isEmpty: boolean): number => (length <= room || isEmpty ? length : 0);
