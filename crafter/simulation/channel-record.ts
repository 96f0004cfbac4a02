import type { Channel, Traffic } from '../peer/channel.js';
import { type Counts, noCounts } from '../peer/receiver.js';
import { Delivery } from './delivery.js';
import type { Plan, Side } from './plan.js';

/** How a channel ended at one end. */
export type Outcome =
  | { readonly reason: number; readonly by: 'us' | 'them' }
  | { readonly why: 'timed out' | 'called off' };

/** What one end knows of a channel. Times in milliseconds. */
export interface End {
  establishedAt: number | undefined;
  confirmedAt: number | undefined;
  /** The number of the first packet that it sends. */
  start: number;
  endedAt: number | undefined;
  outcome: Outcome | undefined;
  traffic: Traffic;
  counts: Counts;
}

const OTHER: Readonly<Record<Side, Side>> = { initiator: 'responder', responder: 'initiator' };

/** All that is noted of one channel. */
export class ChannelRecord {
  /** From 1, in the order of opening. */
  readonly number: number;
  /** `c1 ‖ c2`, once it is known. */
  id: number | undefined;
  readonly ends: Readonly<Record<Side, End>> = { initiator: newEnd(), responder: newEnd() };
  /** What the application at each end received. */
  readonly deliveries: Readonly<Record<Side, Delivery>>;
  /** Messages that the application at each end sent. */
  readonly sentBy: Record<Side, number> = { initiator: 0, responder: 0 };

  constructor(number: number, { messages, answers, bytes }: Plan, isStream: boolean) {
    this.number = number;
    this.deliveries = {
      responder: new Delivery(messages, bytes, isStream),
      initiator: new Delivery(answers, bytes, isStream),
    };
  }

  /** An application has sent a message. */
  sent(by: Side, number: number, now: number): void {
    this.sentBy[by] = number;
    this.deliveries[OTHER[by]].sent(number, now);
  }

  /** Which packet of its direction has a number: 1 for the first. */
  placeOf(side: Side, number: number): number {
    return ((number - this.ends[side].start) & 0xffff) + 1;
  }

  ended(side: Side, { traffic, receiver }: Channel, now: number, outcome: Outcome): void {
    Object.assign(this.ends[side], { endedAt: now, outcome, traffic: { ...traffic }, counts: { ...receiver.counts } });
  }
}

const newEnd = (): End => ({
  establishedAt: undefined,
  confirmedAt: undefined,
  start: 0,
  endedAt: undefined,
  outcome: undefined,
  traffic: { sent: 0, sentBytes: 0, resent: 0, givenUp: 0, received: 0, receivedBytes: 0 },
  counts: noCounts(),
});

/** The records of all channels, by their ids as well. */
export class Records {
  readonly all: readonly ChannelRecord[];
  readonly #byId = new Map<number, ChannelRecord>();
  readonly #byHalf = new Map<number, ChannelRecord>();

  constructor(plan: Plan, isStream: boolean) {
    this.all = Array.from({ length: plan.channels }, (_, place) => new ChannelRecord(place + 1, plan, isStream));
  }

  /** An attempt has a half of an id. */
  ask(record: ChannelRecord, c1: number): void {
    this.#byHalf.set(c1, record);
  }

  name(record: ChannelRecord, id: number): void {
    record.id = id;
    this.#byId.set(id, record);
  }

  withId(id: number): ChannelRecord | undefined {
    return this.#byId.get(id);
  }

  /** The channel that an id would be for, whatever its other half. */
  forHalf(id: number): ChannelRecord | undefined {
    return this.#byHalf.get(id >>> 16);
  }
}
