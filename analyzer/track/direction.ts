import type { Numbers } from './numbers.js';

/** What one direction of a channel has carried, every packet that was seen, however often. */
export interface Direction {
  /** Packets on the channel itself, and their bytes by the packet size; handshakes travel on the default channel. */
  packets: number;
  bytes: number;
  /** Packets with DATA, and the bytes of their DATA. */
  dataPackets: number;
  dataBytes: number;
  duplicates: number;
  /** Numbers not seen, though later ones were. */
  lost: number;
  reordered: number;
  resent: number;
  /** The last packet of this direction, from 1; 0 for none. */
  last: number;
  /** The packet with the first CHANNEL_CLOSE of the last reason, 0 for none, and its number and reason. */
  closePacket: number;
  closeNumber: number;
  closeReason: number;
  /** The newest packet with a CHANNEL_CLOSE. */
  closeSeen: number;
  /** The first number, as the handshake tells it, or as the first packet shows it; undefined where there are none. */
  start: number | undefined;
  /** The numbers seen; made with the first numbered packet, dropped some time after the end of the channel. */
  numbers: Numbers | undefined;
}

export const newDirection = (): Direction => ({
  packets: 0,
  bytes: 0,
  dataPackets: 0,
  dataBytes: 0,
  duplicates: 0,
  lost: 0,
  reordered: 0,
  resent: 0,
  last: 0,
  closePacket: 0,
  closeNumber: 0,
  closeReason: 0,
  closeSeen: 0,
  start: undefined,
  numbers: undefined,
});

/** Whether a direction has ended with reason 0. */
export const isDone = (direction: Direction | undefined): boolean =>
  direction !== undefined && direction.closePacket > 0 && direction.closeReason === 0;
