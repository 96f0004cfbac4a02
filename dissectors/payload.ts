import type { Context, Facts, GrowingPayload, Table } from './layer.js';
import type { Finding } from './wire/finding.js';
import type { Limit } from './wire/stop.js';

/**
 * The payload of a layer, to be told to the walk that asks: the one object that the walk lends, if it does, and valid
 * until it goes on to the next layer. It has all properties, though most say nothing, so that those of all dissectors
 * have one shape.
 */
export function payloadAt(
  context: Context,
  at: number,
  limit: Limit,
  table: Table,
  key: number,
  facts?: Facts,
  findings?: readonly Finding[],
): GrowingPayload {
  const found = context.payload ?? emptyPayload();
  found.at = at;
  found.limit = limit;
  found.table = table;
  found.key = key;
  found.otherKey = undefined;
  found.findings = findings;
  found.facts = facts;
  found.fragment = undefined;
  found.segment = undefined;
  return found;
}

const NOWHERE: Limit = { captured: 0, wire: 0 };

/** A payload that says nothing yet. */
export const emptyPayload = (): GrowingPayload => ({
  ok: true,
  at: 0,
  limit: NOWHERE,
  table: 'none',
  key: 0,
  otherKey: undefined,
  findings: undefined,
  facts: undefined,
  fragment: undefined,
  segment: undefined,
  association: undefined,
  messages: undefined,
  packets: undefined,
  piece: undefined,
  more: undefined,
  quoted: undefined,
  inFlow: undefined,
});
