import { type DecodeAs, overrideFor } from './decode-as.js';
import {
  type Context,
  type CutHeader,
  type Dissector,
  type GrowingPayload,
  type Network,
  NOT_MINE,
  type Payload,
  type PduState,
  type Table,
} from './layer.js';
import { dissectorFor, heuristicsOf } from './registry.js';
import type { Limit } from './wire/stop.js';

/** Where a walk is, and what dissectors are told of the layers around theirs. One object a walk, moved on by it alone. */
export interface Place extends Context {
  view: DataView;
  source: number;
  key: number;
  /** The key to try where the first leads nowhere: the higher of two ports. */
  otherKey: number | undefined;
  /** How many layers lie around this place. */
  depth: number;
  /** The dissector that took the layer last looked at. */
  dissector: Dissector | undefined;
  network: Network | undefined;
  quoted: true | undefined;
  partial: true | undefined;
  readonly unjudged: true | undefined;
  expected: true | undefined;
  state: PduState | undefined;
  readonly payload: GrowingPayload;
  /** What the user has the payload behind some keys read as. */
  decodeAs: readonly DecodeAs[] | undefined;
}

type Answer = ReturnType<Dissector['dissect']>;

/** Whether keys of a table are ports, which are no more than a hint: a channel packet may be on any of them. */
export const isPorts = (table: Table): boolean => table === 'udp.port' || table === 'tcp.port';

/**
 * Dissects the layer at `at` with the first dissector that takes it, and notes which: that of the key, that of the other
 * key, then the heuristics of the table.
 */
export function take(place: Place, at: number, limit: Limit, table: Table): Payload | CutHeader | undefined {
  // Without a payload there is nothing that a port could tell of.
  if (isPorts(table) && at >= limit.wire) return NOT_MINE;
  const { view, key, otherKey } = place;
  place.dissector = chosenFor(place, table, key) ?? dissectorFor(table, key, view, at);
  const found = place.dissector?.dissect(view, at, limit, place);
  if (found) return found;
  const other = otherKey === undefined ? NOT_MINE : takeOther(place, at, limit, table, otherKey);
  return other ?? guess(place, at, limit, table);
}

const chosenFor = ({ decodeAs }: Place, table: Table, key: number): Dissector | undefined =>
  decodeAs && overrideFor(decodeAs, table, key);

/** Dissects the layer at `at` with the dissector of a key of a table. */
export function takeBy(place: Place, at: number, limit: Limit, table: Table, key: number): Answer {
  place.dissector = dissectorFor(table, key);
  return place.dissector?.dissect(place.view, at, limit, place);
}

function takeOther(place: Place, at: number, limit: Limit, table: Table, otherKey: number): Answer {
  const { view, key } = place;
  place.dissector = chosenFor(place, table, otherKey) ?? dissectorFor(table, otherKey, view, at);
  place.key = otherKey;
  const found = place.dissector?.dissect(view, at, limit, place);
  if (!found) place.key = key;
  return found;
}

function guess(place: Place, at: number, limit: Limit, table: Table): Answer {
  for (const heuristic of heuristicsOf(table)) {
    const found = heuristic.dissect(place.view, at, limit, place);
    // A heuristic that stops has not recognized the bytes.
    if (!found?.ok) continue;
    place.dissector = heuristic;
    return found;
  }
  return NOT_MINE;
}
