/** Random bytes, from wherever the caller has them. Those of a real peer are cryptographically strong. */
export type Random = (size: number) => Uint8Array;

const POOL = 512;

/** Random 16-bit numbers out of a pool, since asking for two bytes at a time is slow. */
export function randomHalves(random: Random): () => number {
  let pool: Uint8Array = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at + 2 > pool.length) {
      pool = random(POOL);
      at = 0;
    }
    at += 2;
    return ((pool[at - 2] ?? 0) << 8) | (pool[at - 1] ?? 0);
  };
}
