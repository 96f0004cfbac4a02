import type { CryptoMessage } from './crypto-stream.js';
import type { Opened } from './keys.js';

/** What is known of the connection of a datagram when it comes: as much as is needed to read it again later. */
export interface QuicTold {
  /** The number of the connection, from 0; undefined for packets of one whose start is not known. */
  readonly number: number | undefined;
  readonly fromServer: boolean;
  /** What the keys of its Initial packets are made of. */
  readonly keyId: Uint8Array;
  /** The largest packet number in Initials of its direction before, −1 for none. */
  readonly largest: number;
  /** The bytes of the connection id in a short header. */
  readonly cidSize: number;
  readonly retry: 'valid' | 'invalid' | 'unknown' | undefined;
  /** The handshake messages that each of its packets completes, by the places of those packets. */
  readonly messages: readonly (CryptoMessage & { readonly packet: number })[];
}

/** Packets without their protection, by their places in the datagram; undefined where they are not Initials, or stay closed. */
export type Openings = readonly (Opened | undefined)[];

/** What the packets before a datagram say of it, and those of its packets that were opened to find out. */
export interface QuicAnswer {
  readonly told: QuicTold;
  /** Left out where the datagram is read again: `openAll` opens them. */
  readonly opened?: Openings;
}

const NO_BYTES = new Uint8Array(0);

/** What is said of a datagram whose connection is not known. */
export const UNKNOWN: QuicTold = {
  number: undefined,
  fromServer: false,
  keyId: NO_BYTES,
  largest: -1,
  cidSize: 0,
  retry: undefined,
  messages: [],
};
