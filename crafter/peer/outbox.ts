import type { Dialect } from '../../dissectors/channel/dialects.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENVELOPE } from '../../dissectors/channel/packet.js';
import type { Value } from '../../dissectors/wire/field.js';
import { leastSize } from '../channel-part.js';
import type { Address, Settings } from './settings.js';
import type { PacketWriter } from './write.js';

type Name = 'CHANNEL_NEW' | 'CHANNEL_FINALIZE';

/** Another peer, by its id. */
interface Recipient {
  readonly id: Uint8Array;
}

interface Batch {
  readonly name: Name;
  readonly remote: Recipient;
  readonly to: Address;
  readonly messages: Readonly<Record<string, Value>>[];
  paddedTo: number;
}

/** Handshake messages of the initiator on their way out: those to one peer share packets. */
export class Outbox {
  readonly #sizes: AnswerSizes;
  readonly #writer: PacketWriter;
  readonly #send: (to: Address, bytes: Uint8Array) => void;
  readonly #most: Readonly<Record<Name, number>>;
  #batches: Batch[] = [];

  constructor(
    dialect: Dialect,
    sizes: AnswerSizes,
    settings: Settings,
    writer: PacketWriter,
    send: (to: Address, bytes: Uint8Array) => void,
  ) {
    this.#sizes = sizes;
    this.#writer = writer;
    this.#send = send;
    const most = (name: Name) => mostIn(dialect, sizes, name, settings.packetSize);
    this.#most = { CHANNEL_NEW: most('CHANNEL_NEW'), CHANNEL_FINALIZE: most('CHANNEL_FINALIZE') };
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(name: Name, remote: Recipient, to: Address, message: Readonly<Record<string, Value>>, paddedTo = 0): void {
    const last = this.#batches.at(-1);
    if (last?.name === name && last.remote === remote && last.to === to && last.messages.length < this.#most[name]) {
      last.messages.push(message);
      last.paddedTo = Math.max(last.paddedTo, paddedTo);
    } else {
      this.#batches.push({ name, remote, to, messages: [message], paddedTo });
    }
  }

  /** Sends all that is here. */
  flush(): void {
    if (this.#batches.length === 0) return;
    const batches = this.#batches;
    this.#batches = [];
    for (const { name, remote, to, messages, paddedTo } of batches) {
      this.#writer.start(remote.id, DEFAULT_CHANNEL, 0);
      for (const message of messages) this.#writer.add(name, message);
      this.#send(to, this.#writer.finish(Math.max(paddedTo, this.#sizes.of(name, messages.length))));
    }
  }
}

/** The sizes of what answers handshake messages, in bytes. */
export class AnswerSizes {
  readonly #first: Readonly<Record<Name, number>>;
  readonly #more: Readonly<Record<Name, number>>;

  constructor(dialect: Dialect) {
    const first = { CHANNEL_NEW: leastSize(dialect, 1), CHANNEL_FINALIZE: leastSize(dialect, 0, 1) };
    this.#first = first;
    this.#more = {
      CHANNEL_NEW: leastSize(dialect, 2) - first.CHANNEL_NEW,
      CHANNEL_FINALIZE: leastSize(dialect, 0, 2) - first.CHANNEL_FINALIZE,
    };
  }

  /** What answers `count` messages, which their packet is padded to. */
  of(name: Name, count: number): number {
    return this.#first[name] + (count - 1) * this.#more[name];
  }
}

/** How many messages a packet holds, with the padding that their answer asks for. */
function mostIn(dialect: Dialect, sizes: AnswerSizes, name: Name, packetSize: number): number {
  const size = 1 + (dialect.byCode[CODES[name]]?.body.size ?? 0);
  let count = 1;
  while (Math.max(sizes.of(name, count + 1), ENVELOPE + size * (count + 1)) <= packetSize) count++;
  return count;
}
