import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import type { Dissection } from '../../dissectors/dissect.js';

/** A cookie in a packet. */
export interface CookieField {
  readonly packet: ChannelPacket;
  readonly message: Message;
  readonly key: 'cookie1' | 'cookie2' | 'cookie';
  /** In the view of the packet. */
  readonly start: number;
  readonly end: number;
}

/** The cookies of one message that can be read, in the order of its layout. */
export function cookiesIn(packet: ChannelPacket, message: Message): readonly CookieField[] {
  if (!message.kind || message.stop) return NONE;
  let found: CookieField[] | undefined;
  for (const field of message.kind.body.list) {
    const { key } = field;
    if (key !== 'cookie1' && key !== 'cookie2' && key !== 'cookie') continue;
    const start = message.body + field.offset;
    found ??= [];
    found.push({ packet, message, key, start, end: start + packet.dialect.cookieSize });
  }
  return found ?? NONE;
}

const NONE: readonly CookieField[] = [];

/** All cookies of a frame in the order in which they are judged: those sent, then those quoted. */
export const cookiesOf = ({ channels, quoted }: Dissection): readonly CookieField[] =>
  [...channels, ...quoted].flatMap((packet) => packet.messages.flatMap((message) => cookiesIn(packet, message)));
