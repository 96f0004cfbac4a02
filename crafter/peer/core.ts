import { type Dialect, dialectNamed } from '../../dissectors/channel/dialects.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { Allowance } from './allowance.js';
import { ClosedChannels } from './closed-channels.js';
import type { EffectOf } from './effect-of.js';
import { Expiring } from './expiring.js';
import { AnswerSizes, Outbox } from './outbox.js';
import { type Random, randomHalves } from './random.js';
import { type IdWords, wordsOf } from './read.js';
import { type Remote, Remotes } from './remotes.js';
import { ResponderHalf } from './responder-half.js';
import { Secrets } from './secrets.js';
import type { Address, Settings } from './settings.js';
import { type Timed, Timers } from './timers.js';
import { PacketWriter } from './write.js';

/** What the responder of `seqno` and `hmac-newcaps` must remember of a CHANNEL_NEW. */
export interface Pending {
  readonly capabilities: number;
  readonly from: Address;
  readonly s1: number;
  readonly s2: number;
}

/** Early data of a responder that was sent and not yet proven to have had a reader. */
export interface EarlyData {
  readonly cookie2: Uint8Array;
  readonly data: Uint8Array;
  readonly packet: Uint8Array;
}

/** Everything that the parts of a peer share. Channels are whatever keeps the state of one. */
export class Core<Channel> {
  readonly id: Uint8Array;
  readonly words: IdWords;
  readonly settings: Settings;
  readonly dialect: Dialect;
  readonly writer: PacketWriter;
  readonly secrets: Secrets;
  readonly responderHalf: ResponderHalf;
  /** What all channels may keep together of what they receive. */
  readonly allowance: Allowance;
  readonly remotes: Remotes<Channel>;
  readonly closed: ClosedChannels<Channel>;
  readonly timers = new Timers();
  readonly answerSizes: AnswerSizes;
  readonly outbox: Outbox;
  readonly pending: Expiring<Pending>;
  readonly early: Expiring<EarlyData>;
  /** A random 16-bit number. */
  readonly half: () => number;
  /** Channels and attempts that there are now, and that there ever were. */
  open = 0;
  opened = 0;
  /** What repeats the CLOSE of channels that we ended for a reason. */
  readonly unanswered = new Set<Timed>();
  /** Channels that are over and have more to read. */
  readonly unread = new Set<Channel>();
  /** Channels on which packets wait behind a gap, the one that has waited longest first. */
  readonly stuck = new Set<Channel>();
  /** Whether anything on a channel that is over was lost, late, or sent twice. */
  hadTrouble = false;
  effects: EffectOf<Channel>[] = [];

  constructor(id: Uint8Array, settings: Settings, secret: Uint8Array | undefined, random: Random, now: number) {
    this.id = id.slice();
    this.words = wordsOf(viewOf(this.id), 0);
    this.settings = settings;
    this.dialect = dialectNamed(settings.dialect);
    this.writer = new PacketWriter(this.dialect, this.id, settings.packetSize);
    this.secrets = new Secrets(this.dialect, random, settings.secretPeriod, secret, now, (bytes, from) =>
      this.effects.push({ type: 'secret', secret: bytes, from }),
    );
    this.responderHalf = new ResponderHalf(random);
    this.allowance = new Allowance({ bytes: settings.receiveBufferOfAll, messages: settings.receiveMessagesOfAll });
    const ofRemote = { bytes: settings.receiveBufferOfRemote, messages: settings.receiveMessagesOfRemote };
    this.remotes = new Remotes(viewOf(random(4)).getInt32(0), () => new Allowance(ofRemote, this.allowance));
    this.closed = new ClosedChannels(settings, this.remotes, this.secrets);
    this.answerSizes = new AnswerSizes(this.dialect);
    this.outbox = new Outbox(this.dialect, this.answerSizes, settings, this.writer, (to, bytes) =>
      this.send(to, bytes),
    );
    this.pending = new Expiring(this.timers, settings.pendingKeep, settings.pendingAttempts);
    this.early = new Expiring(this.timers, settings.earlyKeep, settings.earlyAttempts);
    this.half = randomHalves(random);
  }

  send(to: Address, bytes: Uint8Array): void {
    this.effects.push({ type: 'send', to, bytes });
  }

  emit(effect: EffectOf<Channel>): void {
    this.effects.push(effect);
  }

  log(now: number, event: string, data: Readonly<Record<string, number | string>> = {}, id?: number): void {
    if (!this.settings.log) return;
    this.effects.push({ type: 'log', time: now, event, ...(id !== undefined && { id }), data });
  }

  /** Whether a channel id is in use with a peer, or remembered. */
  isTaken(remote: Remote<Channel> | undefined, id: number): boolean {
    return remote !== undefined && (remote.channels.has(id) || remote.closed.has(id));
  }

  /** Whether there is no room for one more channel or attempt. */
  get isFull(): boolean {
    return this.open + this.unread.size >= this.settings.channels;
  }

  /** Replaces the secret if its time is over. Call it before anything else at a time. */
  refresh(now: number): void {
    if (!this.secrets.refresh(now)) return;
    this.log(now, 'secret replaced', { generation: this.secrets.generation });
    this.closed.sweep(now);
  }
}
