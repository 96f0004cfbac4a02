import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Xxh64 } from '../../../analyzer/capture/xxh64.js';

const digest = (...pieces: readonly Uint8Array[]): number => {
  const hash = new Xxh64();
  for (const piece of pieces) hash.update(piece);
  return hash.low32();
};

test.each([
  // Known answers of XXH64 with seed 0, their lower half.
  ['', 0x51d8e999],
  ['abc', 0xad770999],
])('the digest of "%s"', (text, expected) => {
  expect(digest(Buffer.from(text))).toBe(expected);
});

/** XXH64 as its specification writes it, on big integers. */
function plainly(bytes: Uint8Array): number {
  const [p1, p2, p3, p4, p5] = [
    11400714785074694791n,
    14029467366897019727n,
    1609587929392839161n,
    9650029242287828579n,
    2870177450012600261n,
  ] as const;
  const cut = (value: bigint) => BigInt.asUintN(64, value);
  const turn = (value: bigint, by: bigint) => cut(value << by) | (value >> (64n - by));
  const round = (into: bigint, lane: bigint) => cut(turn(cut(into + lane * p2), 31n) * p1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash: bigint = p5;
  if (bytes.length >= 32) {
    const lanes = [cut(p1 + p2), p2, 0n, cut(-p1)];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane] ?? 0n, view.getBigUint64(at + 8 * lane, true));
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = cut(lanes.reduce((sum, lane, index) => sum + turn(lane, turns[index] ?? 0n), 0n));
    for (const lane of lanes) hash = cut((hash ^ round(0n, lane)) * p1 + p4);
  }
  hash = cut(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8)
    hash = cut(turn(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4);
  if (at + 4 <= bytes.length) {
    hash = cut(turn(hash ^ cut(BigInt(view.getUint32(at, true)) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = cut(turn(hash ^ cut(BigInt(bytes[at] ?? 0) * p5), 11n) * p1);
  hash = cut((hash ^ (hash >> 33n)) * p2);
  hash = cut((hash ^ (hash >> 29n)) * p3);
  return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
}

test('any bytes, in any pieces, have the digest of the specification', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 5 }), (bytes, cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(digest(...pieces)).toBe(plainly(bytes));
    }),
  );
});
