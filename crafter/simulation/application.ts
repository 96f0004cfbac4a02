import type { Host } from '../link/host.js';
import type { Network } from '../link/network.js';
import type { Channel } from '../peer/channel.js';
import type { Effect } from '../peer/effects.js';
import type { ChannelRecord, Records } from './channel-record.js';
import { numberedMessage } from './numbered-message.js';
import type { Plan, Side } from './plan.js';
import type { Story } from './story.js';

/** One end of a channel, as its application has it. */
interface Talk {
  readonly channel: Channel;
  readonly record: ChannelRecord;
  /** The number of the message that is sent next. */
  next: number;
  /** What of a message was not taken yet. */
  rest: Uint8Array | undefined;
  startedAt: number;
  hasClosed: boolean;
}

type Log = Extract<Effect, { type: 'log' }>;

/**
 * The application at one end: sends its messages at their times, reads what comes at once, and closes when it has sent all.
 * One that has nothing to send closes after the other.
 */
export class Application {
  readonly #plan: Plan;
  readonly #side: Side;
  readonly #network: Network;
  readonly #records: Records;
  readonly #story: Story;
  readonly #talks = new Map<Channel, Talk>();
  readonly #count: number;
  /** Set once there is one: the peer and its application need each other. */
  host: Host | undefined;

  constructor(plan: Plan, side: Side, network: Network, records: Records, story: Story) {
    this.#plan = plan;
    this.#side = side;
    this.#network = network;
    this.#records = records;
    this.#story = story;
    this.#count = side === 'initiator' ? plan.messages : plan.answers;
  }

  /** What the peer offers before the other one has proven its address. */
  get greeting(): Uint8Array | undefined {
    const { isEarly, answers, bytes } = this.#plan;
    return this.#side === 'responder' && isEarly && answers > 0 ? numberedMessage(1, bytes) : undefined;
  }

  /** An own channel was asked for. */
  opened(channel: Channel, record: ChannelRecord, now: number): void {
    this.#talk(channel, record);
    this.#records.ask(record, channel.c1);
    this.#story.add(now, this.#side, record.number, { type: 'opens' });
    if (this.#plan.isEarly) this.#begin(channel, now);
  }

  take(effect: Exclude<Effect, { type: 'send' | 'secret' }>, now: number): void {
    if (effect.type === 'log') return this.#note(effect, now);
    const { channel } = effect;
    if (effect.type === 'established') return this.#established(channel, now);
    const talk = this.#talks.get(channel);
    if (!talk) return;
    const { record } = talk;
    switch (effect.type) {
      case 'confirmed':
        record.ends[this.#side].confirmedAt = now;
        this.#story.add(now, this.#side, record.number, { type: 'confirmed' });
        return this.#begin(channel, now);
      case 'readable':
        return this.#read(talk, now);
      case 'writable':
        return this.#send(talk, now);
      case 'ended':
        this.#story.add(now, this.#side, record.number, { type: 'ended' });
        if (this.#count === 0) this.#close(talk, now);
        return;
      case 'closed': {
        const { reason, by } = effect;
        record.ended(this.#side, channel, now, { reason, by });
        return this.#story.add(now, this.#side, record.number, { type: 'closed', reason, by });
      }
      case 'failed':
        record.ended(this.#side, channel, now, { why: effect.why });
        return this.#story.add(now, this.#side, record.number, { type: 'failed', why: effect.why });
    }
  }

  #talk(channel: Channel, record: ChannelRecord): Talk {
    const talk: Talk = { channel, record, next: 1, rest: undefined, startedAt: Number.NaN, hasClosed: false };
    this.#talks.set(channel, talk);
    return talk;
  }

  #established(channel: Channel, now: number): void {
    const { id, role, start } = channel;
    const isOwn = role === 'initiator';
    const talk = this.#talks.get(channel);
    const record = talk?.record ?? this.#records.withId(id);
    if (!record) return;
    this.#records.name(record, id);
    record.ends[this.#side].establishedAt = now;
    record.ends[this.#side].start = start;
    this.#story.add(now, this.#side, record.number, { type: 'established', id });
    // `channeler` confirms nothing.
    if (isOwn && channel.phase === 'open') this.#begin(channel, now);
    if (isOwn) return;
    const own = this.#talk(channel, record);
    if (this.greeting) {
      own.next = 2;
      record.sent(this.#side, 1, now);
    }
    this.#begin(channel, now);
  }

  /** Begins to send, unless that was begun before. */
  #begin(channel: Channel, now: number): void {
    const talk = this.#talks.get(channel);
    if (!talk || !Number.isNaN(talk.startedAt)) return;
    talk.startedAt = now;
    // The peer is in the middle of something: the application runs when that is over.
    this.#network.at(now, (then) => this.#send(talk, then));
  }

  #send(talk: Talk, now: number): void {
    const { host } = this;
    if (!host || Number.isNaN(talk.startedAt)) return;
    const { interval, bytes } = this.#plan;
    for (;;) {
      if (talk.channel.phase === 'closed') return;
      if (talk.next > this.#count) return this.#finish(talk, now);
      const due = talk.startedAt + (talk.next - 1) * interval;
      if (due > now) {
        this.#network.at(due, (then) => this.#send(talk, then));
        return host.flush();
      }
      const message = talk.rest ?? numberedMessage(talk.next, bytes);
      const taken = host.peer.send(talk.channel, message, now);
      talk.rest = taken < message.length ? message.subarray(taken) : undefined;
      if (talk.rest) return host.flush();
      talk.record.sent(this.#side, talk.next, now);
      talk.next += 1;
    }
  }

  /** All is sent: the end follows as another message would. One that had nothing to send waits for the other's end. */
  #finish(talk: Talk, now: number): void {
    const hasEnd = talk.channel.core.dialect.numbered;
    if (this.#count > 0 || this.#side === 'initiator' || !hasEnd) {
      this.#network.at(now + this.#plan.interval, (then) => this.#close(talk, then));
    }
    this.host?.flush();
  }

  #close(talk: Talk, now: number): void {
    if (talk.hasClosed || talk.channel.phase === 'closed') return;
    talk.hasClosed = true;
    this.#story.add(now, this.#side, talk.record.number, { type: 'closes' });
    this.host?.peer.close(talk.channel, now);
    this.host?.flush();
  }

  #read({ channel, record }: Talk, now: number): void {
    const peer = this.host?.peer;
    if (!peer) return;
    const delivery = record.deliveries[this.#side];
    for (let piece = peer.read(channel, now); piece; piece = peer.read(channel, now)) {
      delivery.take(piece, now, (number) => this.#story.received(now, this.#side, record.number, number));
    }
  }

  #note({ event, id, data }: Log, now: number): void {
    if (id === undefined) return;
    const record = this.#records.withId(id) ?? (event === 'dropped' ? this.#records.forHalf(id) : undefined);
    if (!record) return;
    const tell = (told: Parameters<Story['add']>[3]) => this.#story.add(now, this.#side, record.number, told);
    switch (event) {
      case 'resent':
      case 'given up':
      case 'fast resend':
      case 'timer ran out':
      case 'probe':
        return tell({ type: event, packet: record.placeOf(this.#side, Number(data.number)) });
      case 'gap skipped':
        return tell({ type: 'skipped', packets: Number(data.lost) });
      case 'dropped':
        return tell({ type: event, why: this.#reasonOf(`${data.why}`) });
      case 'early data':
        return tell({ type: event, bytes: Number(data.bytes) });
      case 'gap stayed open':
      case 'refused':
        return tell({ type: event });
    }
  }

  /** Why a packet is dropped, in the words of the dialect: where there are no cookies, numbers prove. */
  #reasonOf(why: string): string {
    return why === 'wrong cookie' && this.#plan.dialect === 'seqno' ? 'it acknowledges another number' : why;
  }
}
