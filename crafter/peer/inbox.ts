import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { Allowance } from './allowance.js';
import { contentsOf, KeptPacket } from './kept-packet.js';
import type { Packet } from './read.js';

/** What has been delivered and not yet read, in order of delivery: the packets that brought it. */
export class Inbox {
  readonly #allowance: Allowance;
  readonly #dialect: Dialect;
  #kept: (KeptPacket | undefined)[] = [];
  #head = 0;
  /** DATA that wait. */
  length = 0;
  /** Bytes of DATA delivered since the beginning, and bytes that wait now. */
  delivered = 0;
  waiting = 0;

  /** @param allowance what the channel may keep; what is held behind a gap counts as well */
  constructor(allowance: Allowance, dialect: Dialect) {
    this.#allowance = allowance;
    this.#dialect = dialect;
  }

  /** Packets that wait. */
  get packets(): number {
    return this.#kept.length - this.#head;
  }

  /**
   * Makes room for the DATA of a packet. `full` if there is none, or if as many packets as `most` wait; nothing to keep
   * where no DATA holds bytes.
   */
  keep(packet: Packet, isBehindGap: boolean, most = Number.POSITIVE_INFINITY): KeptPacket | undefined | 'full' {
    const contents = contentsOf(packet);
    if (contents.messages === 0) return undefined;
    if (this.packets >= most || !this.#allowance.take(KeptPacket.costOf(packet), contents.messages, isBehindGap))
      return 'full';
    return new KeptPacket(packet, contents, this.#dialect);
  }

  /** Delivers what was kept. */
  deliver(kept: KeptPacket | undefined): void {
    if (!kept) return;
    this.#kept.push(kept);
    this.length += kept.messages;
    this.delivered += kept.bytes;
    this.waiting += kept.bytes;
  }

  /** Lets go of what was kept and is not delivered. */
  discard(kept: KeptPacket | undefined): void {
    if (kept) this.#allowance.give(kept.cost, kept.messages);
  }

  /** The next DATA, whole. */
  read(): Uint8Array | undefined {
    const kept = this.#kept[this.#head];
    if (!kept) return undefined;
    const data = kept.read();
    this.length -= 1;
    this.waiting -= data?.length ?? 0;
    if (kept.left === 0) this.#drop(kept);
    return data;
  }

  #drop(kept: KeptPacket): void {
    this.discard(kept);
    this.#kept[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#kept.length) {
      this.#kept = [];
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#kept.length) {
      this.#kept = this.#kept.slice(this.#head);
      this.#head = 0;
    }
  }
}
