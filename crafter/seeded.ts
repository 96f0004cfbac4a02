/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Seeded {
  /** From 0 inclusive to `below` exclusive. */
  readonly integer: (below: number) => number;
  readonly bytes: (size: number) => Uint8Array;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
}

/**
 * A generator for tests, fixtures and simulated networks; never for secrets.
 * Source: mulberry32, by Tommy Ettinger, public domain.
 */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    integer: (below) => Math.floor((next() / 0x1_0000_0000) * below),
    bytes: (size) => Uint8Array.from({ length: size }, () => next() & 0xff),
    chance: (probability) => next() / 0x1_0000_0000 < probability,
  };
}

/** A seed for one of many, by its name. Source: FNV-1a, of 32 bits. */
export function hashOf(name: string, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
