import { RESERVED_CAPABILITIES } from '../dissectors/channel/capabilities.js';
import { dialectOf } from '../dissectors/channel/dialects.js';
import { type ChannelPacket, dissectChannel } from '../dissectors/channel/dissect.js';
import { CODES } from '../dissectors/channel/messages.js';
import {
  ENCRYPTED,
  ENVELOPE,
  footer,
  PAYLOAD,
  privateHeader,
  RESERVED_FLAGS,
  RESERVED_HALF,
  SPIN,
} from '../dissectors/channel/packet.js';
import { crc32c } from '../dissectors/wire/checksum.js';
import { varintBytes } from '../dissectors/wire/field.js';
import { viewOf } from '../dissectors/wire/view.js';
import type { Part } from './part.js';
import { seeded } from './seeded.js';

/**
 * One way to be wrong: whole bytes in, damaged bytes out. What comes in is not changed.
 * A fault of a channel packet repairs the checksum after it, so that the packet is wrong in one way only;
 * `cut`, `flip`, `trailing` and `badChecksum` do not.
 * @throws {RangeError} if the bytes do not hold what it damages
 */
export type Fault = (bytes: Uint8Array) => Uint8Array;

/** The part with faults in it. A layer around it sees the damaged bytes and derives its lengths from them. */
export function damaged(part: Part, ...faults: readonly Fault[]): Part {
  const apply = (addressSum?: number): Uint8Array => {
    const bytes = new Uint8Array(part.size);
    part.write(viewOf(bytes), 0, addressSum);
    return faults.reduce<Uint8Array>((before, fault) => fault(before), bytes);
  };
  return {
    ...part,
    size: apply().length,
    write: (view, at, addressSum) => {
      const bytes = apply(addressSum);
      new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes);
    },
  };
}

/** Without the last `count` bytes. */
export const cut =
  (count: number): Fault =>
  (bytes) =>
    bytes.slice(0, Math.max(0, bytes.length - count));

/** With one bit the other way round: bit 0 is the most significant of the first byte, as it is sent. */
export const flip =
  (bit: number): Fault =>
  (bytes) => {
    const at = bit >>> 3;
    if (at >= bytes.length) throw new RangeError(`no bit ${bit} in ${bytes.length} bytes`);
    return bytes.with(at, (bytes[at] ?? 0) ^ (0x80 >>> (bit & 7)));
  };

/** With `count` bytes after the end that do not belong there. */
export const trailing =
  (count: number): Fault =>
  (bytes) =>
    concatenated(bytes, new Uint8Array(count).fill(0xee));

/** With a checksum of which every bit is wrong. */
export const badChecksum = (): Fault => (bytes) => {
  const changed = bytes.slice();
  const place = footerOf(changed);
  const { checksum } = footer.fields;
  checksum.write(viewOf(changed), place, ~checksum.read(viewOf(changed), place) >>> 0);
  return changed;
};

/** With this packet size in the header, whatever the size is. */
export const lieAboutSize =
  (size: number): Fault =>
  (bytes) =>
    edited(bytes, (view, { dialect }) => dialect.header.fields.size.write(view, 0, size));

/** With this payload size in the header, whatever the messages take. */
export const lieAboutPayload =
  (size: number): Fault =>
  (bytes) =>
    edited(bytes, (view) => privateHeader.fields.payload_size.write(view, PRIVATE, size));

/** With another protocol id. */
export const wrongProtocol =
  (id: number): Fault =>
  (bytes) =>
    edited(bytes, (view, { dialect }) => dialect.header.fields.protocol_id.write(view, 0, id));

/** With reserved flag bits set; all 14 unless given. */
export const reservedFlags =
  (bits = RESERVED_FLAGS): Fault =>
  (bytes) =>
    edited(bytes, (view, { dialect, flags = 0 }) => dialect.header.fields.flags.write(view, 0, flags | bits));

/** With the spin bit set. */
export const spinning = (): Fault => reservedFlags(SPIN);

/** With the encrypted bit set, and noise for what would be encrypted. The noise follows from the seed. */
export const encrypted =
  (seed = 1): Fault =>
  (bytes) =>
    edited(bytes, (view, { dialect, flags = 0 }, changed) => {
      dialect.header.fields.flags.write(view, 0, flags | ENCRYPTED);
      changed.set(seeded(seed).bytes(footerOf(changed) - PRIVATE), PRIVATE);
    });

/** With sender and recipient in each other's place. */
export const swappedPeers = (): Fault => (bytes) =>
  edited(bytes, (view, { dialect }) => {
    const { sender, recipient } = dialect.header.fields;
    const [from, to] = [sender.read(view, 0).slice(), recipient.read(view, 0).slice()];
    sender.write(view, 0, to);
    recipient.write(view, 0, from);
  });

/** With the sender as recipient too. */
export const sentToSelf = (): Fault => (bytes) =>
  edited(bytes, (view, { dialect }) => {
    const { sender, recipient } = dialect.header.fields;
    recipient.write(view, 0, sender.read(view, 0));
  });

/** On another channel: a handshake off the default channel, data on it. */
export const onChannel =
  (id: number): Fault =>
  (bytes) =>
    edited(bytes, (view, { dialect }) => dialect.header.fields.id.write(view, 0, id));

/** With the halves of the channel id in each other's place. */
export const swappedHalves = (): Fault => (bytes) =>
  edited(bytes, (view, { dialect, id = 0 }) =>
    dialect.header.fields.id.write(view, 0, ((id << 16) | (id >>> 16)) >>> 0),
  );

/** With the reserved half as the responder's, which no channel may have. */
export const reservedHalf = (): Fault => (bytes) =>
  edited(bytes, (view, { dialect }) => dialect.header.fields.responder.write(view, 0, RESERVED_HALF));

/** With one bit of a cookie wrong: of the first one in the packet, or of the one after `skip` others. */
export const wrongCookie =
  (skip = 0): Fault =>
  (bytes) =>
    edited(bytes, (_, packet, changed) => {
      const places = placesOf(packet, (key) => key.startsWith('cookie'));
      const last = places[skip]?.end;
      if (last === undefined) throw new RangeError(`no cookie ${skip + 1} in the packet`);
      changed[last - 1] = (changed[last - 1] ?? 0) ^ 1;
    });

/** With reserved capability bits set, in every message that has capabilities; all 13 unless given. */
export const reservedCaps =
  (bits = RESERVED_CAPABILITIES): Fault =>
  (bytes) =>
    edited(bytes, (view, packet) => {
      const places = placesOf(packet, (key) => key === 'caps');
      if (places.length === 0) throw new RangeError('no capabilities in the packet');
      for (const { at } of places) view.setUint16(at, view.getUint16(at) | bits);
    });

/** With noise for padding, as the protocol allows. The noise follows from the seed. */
export const noisyPadding =
  (seed = 1): Fault =>
  (bytes) =>
    edited(bytes, (_, { padding = 0 }, changed) => {
      changed.set(seeded(seed).bytes(padding), footerOf(changed) - padding);
    });

/** With a message of an unknown type after the others. */
export const unknownType =
  (code = 99): Fault =>
  (bytes) =>
    appended(bytes, concatenated(varintBytes(code), Uint8Array.of(0xde, 0xad, 0xbe, 0xef)));

/** With a DATA after the other messages, the length of which takes more than the 5 bytes a varint may have. */
export const oversizedVarint = (): Fault => (bytes) =>
  appended(bytes, Uint8Array.of(CODES.DATA, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00));

/** With a DATA after the other messages, the length of which the payload's end cuts off. */
export const cutVarint = (): Fault => (bytes) => appended(bytes, Uint8Array.of(CODES.DATA, 0xff));

/** With a DATA after the other messages that claims more bytes than there are. */
export const lieAboutData =
  (length: number): Fault =>
  (bytes) =>
    appended(bytes, concatenated(Uint8Array.of(CODES.DATA), varintBytes(length)));

/** With a DATA_WINDOW after the other messages: a numbered packet must carry none. */
export const numberedControl = (): Fault => (bytes) => appended(bytes, Uint8Array.of(CODES.DATA_WINDOW, 0, 16));

/** With the last message cut short by `count` bytes; the packet around it is in order. */
export const cutMessage =
  (count: number): Fault =>
  (bytes) => {
    const payload = payloadOf(opened(bytes));
    if (count > payload.length) throw new RangeError(`no ${count} bytes in a payload of ${payload.length}`);
    return withPayload(bytes, payload.subarray(0, payload.length - count));
  };

/** Where the private header starts. */
const PRIVATE = PAYLOAD - privateHeader.size;

const concatenated = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
};

/** The packet, which must be one: a fault is a precise lie about something true. */
function opened(bytes: Uint8Array): ChannelPacket {
  const view = viewOf(bytes);
  if (bytes.length < ENVELOPE || !dialectOf(view.getUint32(0))) throw new RangeError('not a channel packet');
  return dissectChannel(view, 0, { captured: bytes.length, wire: bytes.length });
}

const footerOf = (bytes: Uint8Array): number => {
  if (bytes.length < ENVELOPE) throw new RangeError('not a channel packet');
  return bytes.length - footer.size;
};

/** A copy with a change in it, and the checksum that belongs to the change. */
function edited(
  bytes: Uint8Array,
  change: (view: DataView, packet: ChannelPacket, changed: Uint8Array) => void,
): Uint8Array {
  const changed = bytes.slice();
  const view = viewOf(changed);
  change(view, opened(changed), changed);
  footer.fields.checksum.write(view, footerOf(changed), crc32c(view, 0, footerOf(changed)));
  return changed;
}

const payloadOf = ({ view, payloadSize }: ChannelPacket): Uint8Array => {
  if (payloadSize === undefined) throw new RangeError('the payload of the packet is opaque');
  return new Uint8Array(view.buffer, view.byteOffset + PAYLOAD, payloadSize);
};

/** The packet with other messages; sizes and checksum follow, padding stays. */
function withPayload(bytes: Uint8Array, payload: Uint8Array): Uint8Array {
  const { dialect, padding = 0 } = opened(bytes);
  const changed = new Uint8Array(ENVELOPE + payload.length + padding);
  changed.set(bytes.subarray(0, PAYLOAD));
  changed.set(payload, PAYLOAD);
  const filled = footerOf(bytes) - padding;
  changed.set(bytes.subarray(filled, filled + padding), PAYLOAD + payload.length);
  const view = viewOf(changed);
  dialect.header.fields.size.write(view, 0, changed.length);
  privateHeader.fields.payload_size.write(view, PRIVATE, payload.length);
  footer.fields.checksum.write(view, footerOf(changed), crc32c(view, 0, footerOf(changed)));
  return changed;
}

const appended = (bytes: Uint8Array, messages: Uint8Array): Uint8Array =>
  withPayload(bytes, concatenated(payloadOf(opened(bytes)), messages));

/** Where the fields of this kind lie, in all messages of a packet. */
function placesOf({ messages }: ChannelPacket, wanted: (key: string) => boolean): { at: number; end: number }[] {
  return messages.flatMap(({ kind, stop, body }) =>
    (stop ? [] : (kind?.body.list ?? []))
      .filter(({ key, size }) => wanted(key) && typeof size === 'number')
      .map(({ offset, size }) => ({ at: body + offset, end: body + offset + Number(size) })),
  );
}
