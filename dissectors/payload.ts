import type { Facts, Payload, Table } from './layer.js';
import type { Finding } from './wire/finding.js';
import type { Limit } from './wire/stop.js';

/** A payload while its dissector makes it. */
export type GrowingPayload = { -readonly [Key in keyof Payload]: Payload[Key] };

/**
 * A payload with all its properties, though most say nothing: those of all dissectors have one shape then, and the walk
 * finds each property in one place instead of looking it up by name in one shape of many.
 */
export const payloadAt = (
  at: number,
  limit: Limit,
  table: Table,
  key: number,
  facts?: Facts,
  findings?: readonly Finding[],
): GrowingPayload => ({
  ok: true,
  at,
  limit,
  table,
  key,
  otherKey: undefined,
  findings,
  facts,
  fragment: undefined,
  segment: undefined,
  association: undefined,
  messages: undefined,
  piece: undefined,
  more: undefined,
  quoted: undefined,
});
