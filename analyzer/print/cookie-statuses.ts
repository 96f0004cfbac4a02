import type { ChannelPacket } from '../../dissectors/channel/dissect.js';
import { cookiesOf } from '../track/cookie-fields.js';
import type { CookieStatus } from '../track/cookies.js';
import type { Packet } from './packet.js';

/** The status of the cookie at a place of a packet. */
export type Statuses = (packet: ChannelPacket, start: number) => CookieStatus;

const UNJUDGED: Statuses = () => 'unknown';

/** The statuses of a packet's cookies, by the packet and place where they stand. */
export function statusesOf({ dissection, facts }: Packet): Statuses {
  if (facts.verdicts.length === 0) return UNJUDGED;
  const cookies = cookiesOf(dissection);
  return (packet, start) => {
    const place = cookies.findIndex((cookie) => cookie.packet === packet && cookie.start === start);
    return facts.verdicts[place]?.status ?? 'unknown';
  };
}
