import type { Packet } from '../print/packet.js';
import { packetsOf, type Reading } from './reading.js';

/** A packet of one of several captures. */
export interface Merged {
  readonly packet: Packet;
  readonly reading: Reading;
  /** From 1, among the packets of all captures. */
  readonly number: number;
}

/** The packets of one capture, one at a time. Each is valid until the next is asked for. */
class PacketQueue {
  readonly reading: Reading;
  head: Packet | undefined;
  readonly #batches: ReturnType<typeof packetsOf>;
  #next: () => Packet | undefined = () => undefined;

  constructor(reading: Reading) {
    this.reading = reading;
    this.#batches = packetsOf(reading);
  }

  async advance(): Promise<void> {
    this.head = this.#next();
    while (!this.head) {
      const { done, value } = await this.#batches.next();
      if (done) return;
      this.#next = value;
      this.head = value();
    }
  }
}

/**
 * The packets of several captures.
 * @param concatenates whether one capture comes behind the other; otherwise the earliest of their next packets comes first
 */
export async function* mergedPackets(
  readings: readonly Reading[],
  concatenates: boolean,
): AsyncGenerator<Merged, void, undefined> {
  let number = 0;
  let queues = readings.map((reading) => new PacketQueue(reading));
  for (const queue of concatenates ? queues.slice(0, 1) : queues) await queue.advance();
  while (queues.length > 0) {
    const queue = concatenates ? queues[0] : earliest(queues);
    if (!queue?.head) {
      queues = concatenates ? queues.slice(1) : queues.filter(({ head }) => head !== undefined);
      if (concatenates) await queues[0]?.advance();
      else if (queues.length === 0) return;
      continue;
    }
    number++;
    yield { packet: queue.head, reading: queue.reading, number };
    await queue.advance();
  }
}

/** The one whose next packet is the earliest; of several such the first, as the captures were named. */
function earliest(queues: readonly PacketQueue[]): PacketQueue | undefined {
  let found: PacketQueue | undefined;
  for (const queue of queues) {
    if (queue.head && (!found?.head || isEarlier(queue.head, found.head))) found = queue;
  }
  return found;
}

const isEarlier = (one: Packet, other: Packet): boolean =>
  one.seconds < other.seconds || (one.seconds === other.seconds && one.nanos < other.nanos);
