import { wordsOf } from '../../../crafter/peer/read.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import { peerId } from '../../../crafter/peer-id.js';
import { cookieKey } from '../../../dissectors/channel/cookie.js';
import type { Dialect, DialectName } from '../../../dissectors/channel/dialects.js';
import type { ChannelPacket } from '../../../dissectors/channel/dissect.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import {
  DEFAULT_CHANNEL,
  ENCRYPTED,
  footer,
  PAYLOAD,
  RESERVED_FLAGS,
  SPIN,
} from '../../../dissectors/channel/packet.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { decode } from '../../../dissectors/wire/message.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import type { Bend, Delivery } from './bent-network.js';
import { bytesOf, changed, read, remade, valueIn } from './remake.js';

/** A peer that is broken on purpose, in one way. */
export interface BrokenPeer {
  readonly what: string;
  /** The tests that must find it out, at least. */
  readonly fails: readonly string[];
  /** Where only some dialects have what is broken; else all that the tests are for. */
  readonly dialects?: readonly DialectName[];
  readonly settings?: Partial<Settings>;
  /** Made anew for every play, since it may remember. */
  readonly bend: (dialect: Dialect, secret: Uint8Array) => Bend;
}

export const as = (bytes: Uint8Array): readonly Delivery[] => [{ bytes }];
export const NOTHING: readonly Delivery[] = [];
export const has = ({ messages }: ChannelPacket, code: number): boolean =>
  messages.some((message) => message.code === code);
export const only = ({ messages }: ChannelPacket, code: number): boolean =>
  messages.every((message) => message.code === code);
export const headerOf = ({ dialect, view, at }: ChannelPacket) => decode(dialect.header, view, at);

/** Something short on the channel of a packet, back to its sender: what a peer says that should say nothing. */
export function complaint(packet: ChannelPacket): Uint8Array {
  const { sender, recipient } = headerOf(packet);
  return remade(packet, { header: { sender: recipient, recipient: sender, flags: 0 }, messages: [], paddedTo: 0 });
}

/** Lets packets in that `wanted` picks changed, others as they are. */
export const lettingIn =
  (change: (packet: ChannelPacket, bytes: Uint8Array) => Uint8Array | undefined): BrokenPeer['bend'] =>
  () => ({
    incoming: (bytes) => {
      const packet = read(bytes);
      const instead = packet && change(packet, bytes);
      return as(instead ?? bytes);
    },
  });

/** Loses packets that come. */
export const deafTo =
  (isLost: (packet: ChannelPacket, bytes: Uint8Array) => boolean): BrokenPeer['bend'] =>
  () => ({
    incoming: (bytes) => {
      const packet = read(bytes);
      return packet && isLost(packet, bytes) ? NOTHING : as(bytes);
    },
  });

/** Changes packets that leave; undefined loses them. */
export const saying =
  (change: (packet: ChannelPacket, bytes: Uint8Array) => Uint8Array | undefined): BrokenPeer['bend'] =>
  () => ({
    outgoing: (bytes) => {
      const packet = read(bytes);
      const instead = packet ? change(packet, bytes) : bytes;
      return instead ? as(instead) : NOTHING;
    },
  });

/** A packet without the encrypted bit, if it had it; nothing else is changed but the checksum. */
export function unmarked({ dialect, flags = 0, size = 0 }: ChannelPacket, bytes: Uint8Array): Uint8Array | undefined {
  if ((flags & ENCRYPTED) === 0) return undefined;
  const copy = bytes.slice();
  const view = viewOf(copy);
  dialect.header.fields.flags.write(view, 0, flags & ~ENCRYPTED);
  view.setUint32(size - footer.size, crc32c(view, 0, size - footer.size));
  return copy;
}

/** Puts the right cookie 2 into a proof, whatever it holds. */
export function forgiven(packet: ChannelPacket, secret: Uint8Array): Uint8Array | undefined {
  const { sender, recipient, id } = headerOf(packet);
  const key = cookieKey(packet.dialect, secret);
  const right = (channel: number) =>
    key({ initiator: sender, responder: recipient, c1: channel >>> 16, c2: channel & 0xffff });
  if (packet.stop) return undefined;
  const messages = packet.messages.map((message) => {
    if (message.code === CODES.CHANNEL_FINALIZE) {
      return changed(packet, message, { cookie2: right(Number(valueIn(packet, message, 'id'))) });
    }
    return message.code === CODES.CHANNEL_COOKIE
      ? changed(packet, message, { cookie: right(id) })
      : bytesOf(packet, message);
  });
  return remade(packet, { messages });
}

/** Remembers something of every packet that comes. */
export const remembering =
  (make: () => Bend): BrokenPeer['bend'] =>
  () =>
    make();

export const startsWith = ({ messages }: ChannelPacket, code: number): boolean => messages[0]?.code === code;
export const OWN = wordsOf(viewOf(peerId('listener')), 0);
export const OWN_AS_INITIATOR = wordsOf(viewOf(peerId('connector')), 0);

export const isOdd = (
  { flags = 0, padding = 0, payloadSize = 0, sequence = 0, id }: ChannelPacket,
  bytes: Uint8Array,
) => {
  const end = PAYLOAD + payloadSize + padding;
  const isNoisy = padding > 0 && bytes.subarray(PAYLOAD + payloadSize, end).some((byte) => byte !== padding % 255);
  const isLong = bytes.length > end + footer.size;
  return (flags & (RESERVED_FLAGS | SPIN)) !== 0 || isNoisy || isLong || (id === DEFAULT_CHANNEL && sequence !== 0);
};

export const reservedIn = (packet: ChannelPacket): boolean =>
  packet.messages.some((message) => (Number(valueIn(packet, message, 'caps') ?? 0) & 0xfff8) !== 0);
