import type { Settings } from './settings.js';

/** The handshake of one attempt to open a channel, at the initiator. */
export interface Handshake {
  /** When its first message went out, and how many have since. */
  startedAt: number;
  sent: number;
  /** How often the attempt has started again because of collisions. */
  restarts: number;
}

/** When to send again, or to give up once all is sent. */
export const handshakeAt = ({ startedAt, sent }: Handshake, { retries, failAfter }: Settings): number =>
  startedAt + (retries[sent] ?? failAfter);

/** Whether all has been sent, so that the next time is the last. */
export const isSpent = ({ sent }: Handshake, { retries }: Settings): boolean => sent >= retries.length;
