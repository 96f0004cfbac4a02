import type { Seeded } from '../seeded.js';
import type { Conditions } from './conditions.js';

/** What decides the fates of packets. `next`, if there is one, is called before each packet. */
export type Chance = Pick<Seeded, 'integer' | 'chance'> & { next?(): void };

/** Why a packet did not arrive. */
export type Loss = 'lost' | 'too large' | 'queue full' | 'partition';

/** One arrival of a packet at the other end. */
export interface Arrival {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** One direction between two places. Keeps the state of its queue. */
export class Path {
  readonly #chance: Chance;
  readonly #partitions: { readonly from: number; readonly until: number }[] = [];
  /** When the line is free again. */
  #freeAt = 0;
  conditions: Conditions;

  constructor(chance: Chance, conditions: Conditions) {
    this.#chance = chance;
    this.conditions = conditions;
  }

  /** Nothing gets through from `from` on and before `until`. */
  partition(from: number, until: number): void {
    this.#partitions.push({ from, until });
  }

  /** What becomes of a packet that is sent now. The bytes are not copied unless they are changed. */
  send(bytes: Uint8Array, now: number): readonly Arrival[] | Loss {
    const { loss, duplicate, mtu } = this.conditions;
    this.#chance.next?.();
    if (this.#partitions.some(({ from, until }) => now >= from && now < until)) return 'partition';
    if (bytes.length > mtu) return 'too large';
    const sentAt = this.#queue(bytes.length, now);
    if (sentAt === undefined) return 'queue full';
    if (this.#chance.chance(loss)) return 'lost';
    const first = this.#arrival(bytes, sentAt);
    return this.#chance.chance(duplicate) ? [first, this.#arrival(bytes, sentAt)] : [first];
  }

  /** When the packet has left the queue; undefined if there is no room for it. */
  #queue(size: number, now: number): number | undefined {
    const { rate, queue } = this.conditions;
    if (rate === Number.POSITIVE_INFINITY) return now;
    const start = Math.max(now, this.#freeAt);
    if ((start - now) * rate > queue) return undefined;
    this.#freeAt = start + size / rate;
    return this.#freeAt;
  }

  #arrival(bytes: Uint8Array, sentAt: number): Arrival {
    const { delay, jitter, reorder, reorderDelay, corrupt } = this.conditions;
    const chance = this.#chance;
    const late = (jitter > 0 ? chance.integer(jitter * 1000) / 1000 : 0) + (chance.chance(reorder) ? reorderDelay : 0);
    return { at: sentAt + delay + late, bytes: chance.chance(corrupt) ? this.#corrupted(bytes) : bytes };
  }

  #corrupted(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const at = this.#chance.integer(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << this.#chance.integer(8));
    return copy;
  }
}
