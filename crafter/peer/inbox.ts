import { CODES } from '../../dissectors/channel/messages.js';
import { dataOf, type Packet } from './read.js';
import type { Settings } from './settings.js';

/** What has been delivered and not yet read, in order of delivery: views of the packets that brought it. */
export class Inbox {
  #pieces: (Uint8Array | undefined)[] = [];
  #head = 0;
  /** Bytes delivered since the beginning, and bytes that wait now. */
  delivered = 0;
  waiting = 0;

  /** DATA that wait. */
  get length(): number {
    return this.#pieces.length - this.#head;
  }

  /** Whether more waits than it should. */
  isFull({ window, receiveBuffer }: Pick<Settings, 'window' | 'receiveBuffer'>): boolean {
    return this.length >= window || this.waiting >= receiveBuffer;
  }

  /** Takes the DATA of a packet; one without bytes delivers nothing. */
  deliver(packet: Packet): void {
    for (const message of packet.messages) {
      if (message.code !== CODES.DATA || message.end === message.body) continue;
      const data = dataOf(packet, message);
      this.#pieces.push(data);
      this.delivered += data.length;
      this.waiting += data.length;
    }
  }

  /** The next DATA, whole. */
  read(): Uint8Array | undefined {
    const data = this.#pieces[this.#head];
    if (!data) return undefined;
    this.#pieces[this.#head] = undefined;
    this.#head += 1;
    this.waiting -= data.length;
    if (this.#head === this.#pieces.length) {
      this.#pieces = [];
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#head);
      this.#head = 0;
    }
    return data;
  }
}
