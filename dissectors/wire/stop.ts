/** How far a layer may be read, as offsets into its bytes: `captured` in the file, `wire` when sent. */
export interface Limit {
  readonly captured: number;
  readonly wire: number;
}

/** Why dissection ended early. Data, not an error: broken packets are our normal input. */
export interface Stop {
  readonly ok: false;
  /** `truncated`: sent, but not kept by the capture. `malformed`: the packet contradicts itself. */
  readonly why: 'truncated' | 'malformed';
  /** What could not be read, by its filter name: `udp`, `udp.length`. */
  readonly what: string;
  readonly at: number;
  /** In bytes, from `at` on. */
  readonly need: number;
  readonly have: number;
}

/** The stop for `need` bytes at `at` that the capture does not hold. */
export function shortOf(what: string, at: number, need: number, limit: Limit): Stop {
  const why = at + need <= limit.wire ? 'truncated' : 'malformed';
  return { ok: false, why, what, at, need, have: Math.max(0, limit.captured - at) };
}

/** The stop for a field that contradicts the rest of its packet. */
export const malformed = (what: string, at: number, need: number, have: number): Stop => ({
  ok: false,
  why: 'malformed',
  what,
  at,
  need,
  have,
});

/** The limit of what lies inside the `length` bytes (as sent) from `at` on. */
export const within = (at: number, length: number, limit: Limit): Limit => {
  const wire = Math.min(at + length, limit.wire);
  return { wire, captured: Math.min(wire, limit.captured) };
};
