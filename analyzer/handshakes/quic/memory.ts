import type { Handshake } from '../handshake.js';

/** A Retry that the client may follow: its token, and the connection id that the client must use then. */
export interface Challenge {
  readonly token: Uint8Array;
  readonly id: Uint8Array;
}

/** What is kept of a QUIC handshake while it goes on. */
export interface QuicMemory {
  /** The version of the client's latest Initial. */
  version: number;
  /** Retries whose tag was not wrong, the first one first: that is the one a client follows. */
  readonly challenges: Challenge[];
  /** Retries that the client ignores: with a wrong tag, or after the first. */
  ignored: number;
  /** The end of the CRYPTO bytes that the client's Initials had so far: what lies before was sent again. */
  sent: number;
  /** Whether the client has shown a token. */
  hasToken: boolean;
  /** Whether packets with a short header were seen, of the client and of the server. */
  clientUse: boolean;
  serverUse: boolean;
  /** The versions that the server listed. */
  offered: readonly number[] | undefined;
  readonly named: Set<string>;
}

/** Challenges that are kept: clients follow one. */
export const MOST_CHALLENGES = 4;

export function memoryOf(row: Handshake): QuicMemory {
  const memory = (row.memory ?? newMemory()) as QuicMemory;
  row.memory = memory;
  return memory;
}

const newMemory = (): QuicMemory => ({
  version: 0,
  challenges: [],
  ignored: 0,
  sent: 0,
  hasToken: false,
  clientUse: false,
  serverUse: false,
  offered: undefined,
  named: new Set(),
});
