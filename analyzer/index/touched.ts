import { handshakesIn, touchedNumbers } from './facts-pool.js';
import { type PacketIndex, rowOf } from './packet-index.js';

/** The channels that a packet touches, by its columns and facts. */
export function touchedBy(index: PacketIndex, number: number): readonly number[] {
  const row = rowOf(number);
  const facts = index.segmentOf(number)?.factsOf(row);
  if (facts) return touchedNumbers(facts);
  const channel = index.columnsOf(number).channel[row] ?? 0;
  return channel === 0 ? [] : [channel];
}

/** The handshakes that a packet is a message of, by its facts. */
export function handshakesBy(index: PacketIndex, number: number): readonly number[] {
  const facts = index.segmentOf(number)?.factsOf(rowOf(number));
  return facts ? handshakesIn(facts).map((touched) => touched.number) : [];
}
