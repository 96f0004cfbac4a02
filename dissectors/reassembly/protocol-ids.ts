import { DIALECTS } from '../channel/dialects.js';

export const ID_SIZE = 4;

/** The ids of all dialects. */
export const IDS: readonly number[] = DIALECTS.map(({ protocolId }) => protocolId);

/** The first bytes of all protocol ids, for a quick search. */
export const FIRST_BYTES: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  IDS.some((id) => id >>> 24 === byte),
);

/** Whether the bytes `[at, end)` are the start of one of these ids. */
export function matches(ids: readonly number[], view: DataView, at: number, end: number): boolean {
  return ids.some((id) => {
    for (let place = at; place < end; place++) {
      if (view.getUint8(place) !== ((id >>> (24 - 8 * (place - at))) & 0xff)) return false;
    }
    return true;
  });
}
