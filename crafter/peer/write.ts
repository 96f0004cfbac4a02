import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { MessageKind, MessageName } from '../../dissectors/channel/messages.js';
import { ENVELOPE, footer, PAYLOAD, privateHeader } from '../../dissectors/channel/packet.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { type Value, varintLength } from '../../dissectors/wire/field.js';
import { encode } from '../../dissectors/wire/message.js';
import { viewOf } from '../../dissectors/wire/view.js';

/** Not less than the largest packet that the size field can say. */
const BLOCK = 1 << 16;
const PRIVATE = PAYLOAD - privateHeader.size;
const { sequence: sequenceField, payload_size: payloadField } = privateHeader.fields;
const TYPE = 1;

/** The bytes that a DATA of `length` bytes takes beside them: its type and its length. */
export const dataOverhead = (length: number): number => TYPE + varintLength(length);

/** The most bytes that a DATA in `room` bytes can hold; below 1 if none. */
export function dataFit(room: number): number {
  for (let overhead = 2; overhead <= 4; overhead++) {
    const length = room - overhead;
    if (dataOverhead(Math.max(0, length)) <= overhead) return length;
  }
  return room - 4;
}

/**
 * Writes the packets of one peer, one after the other, into shared blocks of memory: places and sizes come from the
 * layouts. A finished packet is never written again, so it may be kept and sent as often as needed.
 */
export class PacketWriter {
  readonly #dialect: Dialect;
  /** Headers with everything that all packets share. */
  readonly #template = new Uint8Array(PAYLOAD);
  readonly #most: number;
  /** In `channeler` every packet has one size: the reference refuses larger ones. */
  readonly #fixedSize: number;
  readonly #kinds: Partial<Record<MessageName, MessageKind>> = {};
  #block = new Uint8Array(BLOCK);
  #view = viewOf(this.#block);
  #start = 0;
  #at = 0;

  /** @param most the largest packet, in bytes */
  constructor(dialect: Dialect, own: Uint8Array, most: number) {
    this.#dialect = dialect;
    this.#most = most;
    this.#fixedSize = dialect.numbered ? 0 : most;
    encode(dialect.header, { protocol_id: dialect.protocolId, sender: own, flags: 0 }, viewOf(this.#template), 0);
    for (const kind of dialect.messages) this.#kinds[kind.name] = kind;
  }

  /** Begins a packet to a peer on a channel. */
  start(recipient: Uint8Array, id: number, sequence: number): void {
    if (this.#start + this.#most > BLOCK) {
      this.#block = new Uint8Array(BLOCK);
      this.#view = viewOf(this.#block);
      this.#start = 0;
    }
    const { fields } = this.#dialect.header;
    this.#block.set(this.#template, this.#start);
    // As in `add`: bytes go straight into the block.
    this.#block.set(recipient, this.#start + fields.recipient.offset);
    fields.id.write(this.#view, this.#start, id);
    sequenceField.write(this.#view, this.#start + PRIVATE, sequence);
    this.#at = this.#start + PAYLOAD;
  }

  /** Adds a message of fixed size with the values that its dialect has a place for. */
  add(name: MessageName, values: Readonly<Record<string, Value>>): void {
    const kind = this.#kinds[name];
    if (!kind) throw new RangeError(`${this.#dialect.name} has no ${name}`);
    this.#view.setUint8(this.#at, kind.code);
    const body = this.#at + TYPE;
    for (const { key, offset, write } of kind.body.list) {
      const value = values[key];
      // Bytes go straight into the block, without the view that `write` would need.
      if (value instanceof Uint8Array) this.#block.set(value, body + offset);
      else if (value !== undefined) write(this.#view, body, value);
    }
    this.#at = body + kind.body.size;
  }

  /** Adds a DATA of `length` bytes and returns where they are to be written, in `block`. */
  addData(length: number): number {
    const kind = this.#kinds.DATA;
    this.#view.setUint8(this.#at, kind?.code ?? 0);
    const lengthAt = this.#at + TYPE;
    kind?.body.fields.length?.write(this.#view, lengthAt, length);
    const start = lengthAt + varintLength(length);
    this.#at = start + length;
    return start;
  }

  /** What `addData` has made room in. */
  get block(): Uint8Array {
    return this.#block;
  }

  /** The bytes of messages so far. */
  get payload(): number {
    return this.#at - this.#start - PAYLOAD;
  }

  /** Ends the packet, padded to `least` bytes. */
  finish(least = 0): Uint8Array {
    const { payload } = this;
    const size = Math.max(ENVELOPE + payload, least, this.#fixedSize);
    const padding = size - ENVELOPE - payload;
    if (padding > 0) this.#block.fill(padding % 255, this.#at, this.#at + padding);
    this.#dialect.header.fields.size.write(this.#view, this.#start, size);
    payloadField.write(this.#view, this.#start + PRIVATE, payload);
    const place = this.#start + size - footer.size;
    footer.fields.checksum.write(this.#view, place, crc32c(this.#view, this.#start, place));
    const bytes = new Uint8Array(this.#block.buffer, this.#start, size);
    this.#start += size;
    return bytes;
  }
}
