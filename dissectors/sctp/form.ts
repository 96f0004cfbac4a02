import { derived, type Field, named } from '../wire/field.js';
import type { Layout } from '../wire/layout.js';

/** Source: IANA, "SCTP Parameters", "Chunk Types". */
export const CHUNK_NAMES: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT_ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT_ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN_ACK',
  9: 'ERROR',
  10: 'COOKIE_ECHO',
  11: 'COOKIE_ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN_COMPLETE',
  15: 'AUTH',
  16: 'NR_SACK',
  64: 'I_DATA',
  128: 'ASCONF_ACK',
  129: 'PKTDROP',
  130: 'RE_CONFIG',
  132: 'PAD',
  192: 'FORWARD_TSN',
  193: 'ASCONF',
  194: 'I_FORWARD_TSN',
};

/** A field with its filter name. */
export type Named = Field & { readonly path: string };
/** What a chunk, parameter or cause holds: fixed fields, then more of one kind. */
export interface Form {
  readonly layout: Layout;
  /** Entries of one size that fill the rest. */
  readonly entries?: Layout;
  /** A field that is the rest. */
  readonly rest?: Named;
  /** Units with a length of their own that fill the rest. */
  readonly units?: 'parameters' | 'causes';
}

/** A field of bytes that only its chunk, parameter or cause can place. */
export const raw = (key: string, label: string): Named => named(`sctp.${key}`, derived(label, 'bytes', 'hex'));
