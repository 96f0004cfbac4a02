import { DIALECTS } from '../channel/dialects.js';

export const ID_SIZE = 4;

/** The ids of all dialects. */
export const IDS: readonly number[] = DIALECTS.map(({ protocolId }) => protocolId);

/**
 * How far the search for an id may go on, by the byte where the last one of an id would stand: 0 where one may end there.
 * Source: Horspool, "Practical fast searching in strings", 1980, for several patterns of one length.
 */
const SKIPS = skips();

function skips(): Uint8Array {
  const table = new Uint8Array(256).fill(ID_SIZE);
  for (const id of IDS) {
    for (let place = 0; place < ID_SIZE; place++) {
      const byte = (id >>> (24 - 8 * place)) & 0xff;
      table[byte] = Math.min(table[byte] ?? 0, ID_SIZE - 1 - place);
    }
  }
  return table;
}

/**
 * The first place from `at` on where an id may stand: its last byte fits. Where there is none, the first place with fewer
 * bytes up to `end` than an id has. Looks at a quarter of the bytes, for most bytes are in no id.
 */
export function nextPlace(view: DataView, at: number, end: number): number {
  const last = end - ID_SIZE;
  let place = at;
  while (place <= last) {
    const skip = SKIPS[view.getUint8(place + ID_SIZE - 1)] as number;
    // A step of one length is guessed by the processor, which need not wait for the table then.
    if (skip === ID_SIZE) place += ID_SIZE;
    else if (skip === 0) return place;
    else place += skip;
  }
  return Math.max(at, last + 1);
}

/** Whether the bytes `[at, end)` are the start of one of these ids. */
export function matches(ids: readonly number[], view: DataView, at: number, end: number): boolean {
  return ids.some((id) => {
    for (let place = at; place < end; place++) {
      if (view.getUint8(place) !== ((id >>> (24 - 8 * (place - at))) & 0xff)) return false;
    }
    return true;
  });
}
