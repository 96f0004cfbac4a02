import { CLOSE_ON_LOSS, ORDERED, RESEND } from '../../dissectors/channel/capabilities.js';
import { Allowance } from './allowance.js';
import type { Core as CoreOf } from './core.js';
import type { Handshake } from './handshake-timer.js';
import type { Inbox } from './inbox.js';
import { LossyReceiver } from './lossy-receiver.js';
import { LossySender } from './lossy-sender.js';
import type { Receiver } from './receiver.js';
import { ReliableReceiver } from './reliable-receiver.js';
import { ReliableSender } from './reliable-sender.js';
import type { Closed as ClosedOf, Remote as RemoteOf } from './remotes.js';
import { SendQueue } from './send-queue.js';
import type { Line, Sender } from './sender.js';
import type { Address, Settings } from './settings.js';
import type { Timed } from './timers.js';
import { UdpReceiver } from './udp-receiver.js';
import type { PacketWriter } from './write.js';

/** What the parts of a peer share, what is remembered of another peer, and of a closed channel: with these channels. */
export type Core = CoreOf<Channel>;
export type Remote = RemoteOf<Channel>;
export type Closed = ClosedOf<Channel>;

export type Role = 'initiator' | 'responder';

/**
 * Where a channel stands. `opening`: an attempt without acknowledgement. `unconfirmed`: established at the initiator,
 * which does not know whether the responder knows. `open`: both know, as far as this peer can tell.
 */
export type Phase = 'opening' | 'unconfirmed' | 'open' | 'closed';

/** What a channel sent and received, in packets and in bytes of packets. */
export interface Traffic {
  sent: number;
  sentBytes: number;
  resent: number;
  givenUp: number;
  received: number;
  receivedBytes: number;
}

const NO_BYTES = new Uint8Array(0);
const NONE_HELD: readonly Uint8Array[] = [];

/** One channel of a peer, from the first CHANNEL_NEW to its end. What happens to it is in `channel-steps.ts`. */
export class Channel implements Timed {
  readonly core: Core;
  /** Counts from 1, in the order in which this peer came to know its channels. */
  readonly number: number;
  readonly role: Role;
  readonly remote: Remote;
  readonly address: Address;
  readonly capabilities: number;
  readonly queue = new SendQueue();
  /** What the channel may keep of what it receives. */
  readonly allowance: Allowance;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly line: ChannelLine;
  readonly traffic: Traffic = { sent: 0, sentBytes: 0, resent: 0, givenUp: 0, received: 0, receivedBytes: 0 };
  readonly #wake: (channel: Channel, now: number) => void;
  /** The initiator's half; a new one when the attempt collides. */
  c1: number;
  /** `c1 ‖ c2`; only `c1` until the acknowledgement. */
  id: number;
  phase: Phase;
  /** Which secret made the cookie that the channel was proven with. */
  generation = 0;
  /** The start of the own direction. */
  start = 0;
  handshake: Handshake | undefined;
  /** Whether the initiator wants to send data in place of CHANNEL_FINALIZE. */
  wantsEarly = false;
  /** The size that CHANNEL_NEW's packet is padded to, to make room for early data. */
  paddedTo = 0;
  /** The start that CHANNEL_NEW told, and the number that CHANNEL_FINALIZE acknowledges, in `seqno`. */
  s1 = 0;
  ack = 0;
  /** What CHANNEL_NEW told, and the secret that made it: saves computing it again. */
  cookie1: Uint8Array = NO_BYTES;
  /** What the proof returns. */
  cookie2: Uint8Array = NO_BYTES;
  /** Packets with data that came before the acknowledgement, as bytes. */
  held: readonly Uint8Array[] = NONE_HELD;
  /** Whether the responder still has to confirm a proof. */
  owesConfirmation = false;
  /** Since when packets have been waiting behind a gap, as `Core.stuck` has it. */
  stuckSince = Number.POSITIVE_INFINITY;
  arrivedAt = 0;
  sentAt = 0;
  /** What the application has been told. */
  hasToldReadable = false;
  hasToldEnded = false;
  toldLost = 0;
  /** Whether the proof of the channel was sent or came more than once. */
  hasRepeatedProof = false;
  isBlocked = false;
  isClosing = false;
  wakeAt = 0;
  place = -1;

  constructor(
    core: Core,
    role: Role,
    remote: Remote,
    address: Address,
    id: number,
    capabilities: number,
    wake: (channel: Channel, now: number) => void,
  ) {
    this.core = core;
    this.role = role;
    this.remote = remote;
    this.address = address;
    this.id = id;
    this.c1 = id >>> 16;
    this.capabilities = capabilities;
    this.phase = role === 'initiator' ? 'opening' : 'open';
    this.#wake = wake;
    core.opened += 1;
    core.open += 1;
    this.number = core.opened;
    this.line = new ChannelLine(this);
    const closesOnLoss = (capabilities & CLOSE_ON_LOSS) !== 0;
    const { settings, dialect } = core;
    const { isOrdered } = this;
    this.allowance = new Allowance(
      { bytes: settings.receiveBuffer, messages: settings.receiveMessages },
      remote.allowance,
    );
    if (this.hasResend) {
      this.sender = new ReliableSender(this.line, this.queue, closesOnLoss);
      this.receiver = new ReliableReceiver(settings, this.allowance, dialect, isOrdered);
    } else {
      this.sender = new LossySender(this.line, this.queue);
      const isUdp = !isOrdered && !closesOnLoss;
      this.receiver = isUdp
        ? new UdpReceiver(settings, this.allowance, dialect)
        : new LossyReceiver(settings, this.allowance, dialect, { isOrdered, closesOnLoss });
    }
  }

  get hasResend(): boolean {
    return (this.capabilities & RESEND) !== 0;
  }

  get isOrdered(): boolean {
    return (this.capabilities & ORDERED) !== 0;
  }

  /** What was delivered and not read yet. */
  get inbox(): Inbox {
    return this.receiver.inbox;
  }

  wake(now: number): void {
    this.#wake(this, now);
  }

  /** Whether anything on the channel was lost, late, or sent twice, as far as this end can tell. */
  get hadTrouble(): boolean {
    const { hadGap, counts } = this.receiver;
    const { duplicates, late, lost, dropped } = counts;
    return hadGap || this.hasRepeatedProof || this.traffic.resent + duplicates + late + lost + dropped > 0;
  }
}

/** A channel as its sender sees it. */
class ChannelLine implements Line {
  readonly #channel: Channel;
  readonly settings: Settings;
  readonly writer: PacketWriter;
  readonly isOrdered: boolean;
  readonly isNumbered: boolean;
  proof: Line['proof'];
  /** Set when the sender gave up: what to do is decided when its step is over. */
  outcome: 'failed' | 'finished' | 'unanswered' | undefined;

  constructor(channel: Channel) {
    const { core } = channel;
    this.#channel = channel;
    this.settings = core.settings;
    this.writer = core.writer;
    this.isOrdered = channel.isOrdered;
    this.isNumbered = core.dialect.numbered;
  }

  get recipient(): Uint8Array {
    return this.#channel.remote.id;
  }

  get id(): number {
    return this.#channel.id;
  }

  transmit(bytes: Uint8Array, now: number): void {
    const { core, address, traffic } = this.#channel;
    traffic.sent += 1;
    traffic.sentBytes += bytes.length;
    this.#channel.sentAt = now;
    core.send(address, bytes);
  }

  note(what: Parameters<Line['note']>[0], number: number, now: number): void {
    const { core, traffic, id, sender } = this.#channel;
    if (what === 'resent') traffic.resent += 1;
    if (what === 'given up') traffic.givenUp += 1;
    if (this.settings.log) core.log(now, what, { number, ...sender.gauges }, id);
  }

  failed(): void {
    this.outcome ??= 'failed';
  }

  unanswered(isAlone: boolean): void {
    this.outcome ??= isAlone && this.#channel.receiver.hasEnded ? 'finished' : 'unanswered';
  }
}
