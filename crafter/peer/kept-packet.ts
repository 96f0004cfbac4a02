import type { Dialect } from '../../dissectors/channel/dialects.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { PAYLOAD } from '../../dissectors/channel/packet.js';
import { readVarint, varintSize } from '../../dissectors/wire/field.js';
import { slice, viewOf } from '../../dissectors/wire/view.js';
import type { Packet } from './read.js';

/** What a packet that is kept costs beside its bytes: buffer, views and its place in a list, measured and rounded up. */
export const KEEPING = 512;
/** What it costs to know that a number has come, in bytes. */
export const MARK = 64;
/** Bytes beyond the packet that may be kept alive with it; what lies in a larger buffer is copied out of it. */
const SLACK = 1024;

/**
 * A received packet whose DATA wait for their turn or for the application. It keeps bytes and a place in them, whatever
 * messages they hold: a packet of 32,700 messages weighs no more than one of the same size with one.
 */
export class KeptPacket {
  readonly #dialect: Dialect;
  readonly #view: DataView;
  readonly #end: number;
  #at = PAYLOAD;
  /** What it costs, in bytes of memory. */
  readonly cost: number;
  /** DATA that hold bytes, and how many bytes in all. */
  readonly messages: number;
  readonly bytes: number;
  /** Those of them that were not read yet. */
  left: number;

  constructor(packet: Packet, { messages, bytes }: Contents, dialect: Dialect) {
    const { view, size, end } = packet;
    const isSmallPart = view.buffer.byteLength > size + SLACK;
    this.#view = isSmallPart ? viewOf(slice(view, 0, size).slice()) : view;
    this.#dialect = dialect;
    this.#end = end;
    this.cost = this.#view.buffer.byteLength + KEEPING;
    this.messages = messages;
    this.bytes = bytes;
    this.left = messages;
  }

  /** What `of` would cost. */
  static costOf({ view, size }: Packet): number {
    const { byteLength } = view.buffer;
    return (byteLength > size + SLACK ? size : byteLength) + KEEPING;
  }

  /** The bytes of the next DATA that holds any, without a copy. */
  read(): Uint8Array | undefined {
    const view = this.#view;
    while (this.#at < this.#end) {
      const code = view.getUint8(this.#at);
      const body = this.#at + 1;
      if (code !== CODES.DATA) {
        this.#at = body + (this.#dialect.byCode[code]?.body.size ?? 0);
        continue;
      }
      const start = body + varintSize(view, body, this.#end);
      this.#at = start + readVarint(view, body);
      if (this.#at === start) continue;
      this.left -= 1;
      return slice(view, start, this.#at);
    }
    return undefined;
  }
}

/** The DATA of a packet that hold bytes: how many, and how many bytes. */
export interface Contents {
  readonly messages: number;
  readonly bytes: number;
}

export function contentsOf(packet: Packet): Contents {
  let messages = 0;
  let bytes = 0;
  for (const { code, body, end } of packet.messages) {
    if (code !== CODES.DATA || end === body) continue;
    messages += 1;
    bytes += end - body;
  }
  return { messages, bytes };
}
