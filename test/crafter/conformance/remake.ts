import { channelPacket, type PacketGiven } from '../../../crafter/channel-part.js';
import { build, raw } from '../../../crafter/part.js';
import {
  type ChannelPacket,
  dissectChannel,
  isChannelPacket,
  type Message,
} from '../../../dissectors/channel/dissect.js';
import { decode } from '../../../dissectors/wire/message.js';
import { slice, viewOf } from '../../../dissectors/wire/view.js';

/** The packet that bytes are; undefined if they are none that can be read. */
export function read(bytes: Uint8Array): ChannelPacket | undefined {
  const [view, limit] = [viewOf(bytes), { captured: bytes.length, wire: bytes.length }];
  return isChannelPacket(view, 0, limit) ? dissectChannel(view, 0, limit) : undefined;
}

/** The bytes of a message, with its type. */
export const bytesOf = ({ view }: ChannelPacket, { at, end }: Message): Uint8Array => slice(view, at, end);

/** Changes to a packet. */
export interface Changes {
  readonly header?: PacketGiven;
  /** The messages in place of those that it has. */
  readonly messages?: readonly Uint8Array[];
  readonly paddedTo?: number;
}

/** A packet made anew, in order, with some of it changed. */
export function remade(packet: ChannelPacket, { header = {}, messages, paddedTo }: Changes): Uint8Array {
  const { dialect, view, at, sequence = 0, size = 0 } = packet;
  const { sender, recipient, id, flags } = decode(dialect.header, view, at);
  const given = { sender, recipient, id, flags, sequence, ...header };
  const parts = (messages ?? packet.messages.map((message) => bytesOf(packet, message))).map(raw);
  return build(channelPacket(dialect, given, parts, { paddedTo: paddedTo ?? size }));
}

/** A copy of a message with other values in some of its fields. */
export function changed(
  packet: ChannelPacket,
  message: Message,
  values: Readonly<Record<string, number | Uint8Array>>,
): Uint8Array {
  const copy = bytesOf(packet, message).slice();
  const view = viewOf(copy);
  const body = message.body - message.at;
  for (const [key, value] of Object.entries(values)) message.kind?.body.fields[key]?.write(view, body, value);
  return copy;
}

/** The value of a field of fixed place. */
export const valueIn = ({ view }: ChannelPacket, { kind, body }: Message, key: string) =>
  kind?.body.fields[key]?.read(view, body);
