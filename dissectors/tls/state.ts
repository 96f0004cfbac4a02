import type { PduState } from '../layer.js';

/** What the records of a direction have said, in `PduState.own`. The version stands in the lowest 16 bits. */
const VERSION = 0xffff;
/** Whether a ChangeCipherSpec was sent: up to TLS 1.2 what follows is encrypted. */
const CHANGED = 1 << 16;
/** Whether a ClientHello was sent. */
const CLIENT = 1 << 17;

export const NO_STATE: PduState = { own: 0, other: 0 };

/** The version that was agreed on, 0 while no ServerHello was seen. */
export const agreedVersion = ({ own, other }: PduState): number => own & VERSION || other & VERSION;

export const hasChanged = ({ own }: PduState): boolean => (own & CHANGED) !== 0;

/**
 * Whether a record was sent by the client, as far as the hellos before it tell; undefined where none was seen. The state is
 * that before the record.
 */
export function isFromClient({ own, other }: PduState): boolean | undefined {
  if (own & CLIENT) return true;
  if (other & CLIENT || own & VERSION) return false;
  return other & VERSION ? true : undefined;
}

/** The state of a direction that has agreed on a version; that of a session that begins anew otherwise stays. */
export const withVersion = (own: number, version: number): number => (own & ~VERSION) | version;
export const withChange = (own: number): number => own | CHANGED;
/** A ClientHello that is in the clear begins anew. */
export const withClient = (own: number): number => (own & ~VERSION & ~CHANGED) | CLIENT;
