import type { TouchedHandshake } from '../handshakes/handshake.js';
import { handshakesIn } from '../index/facts-pool.js';
import { ANYTHING, type ColumnField, type ColumnSource, exactly, type Known, NOTHING } from './column-field.js';
import type { Value } from './types.js';

/** What the pool tells of a handshake. */
const READ: Readonly<Record<string, (touched: TouchedHandshake) => Value | undefined>> = {
  handshake: () => 1,
  'handshake.number': ({ number }) => number,
  'handshake.kind': ({ kind }) => kind,
  'handshake.state': ({ state }) => state,
  'handshake.cookie.status': ({ cookieStatus }) => cookieStatus,
  'handshake.proof.status': ({ proofStatus }) => proofStatus,
};

/** How a field of the handshakes that packets are messages of is told from the pool: without facts there are none. */
export function handshakeField({ index }: ColumnSource, path: string): ColumnField | undefined {
  if (path !== 'handshake' && !path.startsWith('handshake.')) return undefined;
  const read = Object.hasOwn(READ, path) ? READ[path] : undefined;
  const known = (row: number): Known => {
    const facts = index.factsOf(row);
    if (!facts) return NOTHING;
    const touched = handshakesIn(facts);
    if (touched.length === 0) return NOTHING;
    return read ? exactly(...touched.map(read).filter((value) => value !== undefined)) : ANYTHING;
  };
  const keys = (from: number, to: number, into: Float64Array): void => {
    const { facts } = index.columns;
    for (let row = from; row < to; row++) into[row - from] = facts[row] === 0 ? 0 : -1;
  };
  return { kind: 'rows', known, keys };
}
