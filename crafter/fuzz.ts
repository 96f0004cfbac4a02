import { dissect } from '../dissectors/dissect.js';
import { liveReassembly } from '../dissectors/reassembly/reassembly.js';
import { viewOf } from '../dissectors/wire/view.js';
import { coversOf } from './rewrite/covers.js';
import { type FieldPlace, placesOf } from './rewrite/field-places.js';
import { repairChecksums } from './rewrite/repair.js';
import { hashOf, type Seeded, seeded } from './seeded.js';

/** Changes of one packet at most: with more of them it is noise that the first length check throws away. */
const MOST_CHANGES = 3;
/** Values that programs get wrong. */
const EDGES: readonly number[] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
/** Bytes that are put in or taken out at most. */
const MOST_SHIFTED = 16;

/**
 * Damaged copies of a frame, each its own way: fields get values at their edges or any others, bits flip, bytes come and go.
 * Checksums that were right are right afterwards, so that the damage is seen by what lies behind them; in one of eight they
 * are not. What comes out follows from the frame, the seed and the place.
 */
export class Fuzz {
  readonly #frame: Uint8Array;
  readonly #linkType: number;
  readonly #seed: number;
  readonly #fields: readonly FieldPlace[];

  constructor(frame: Uint8Array, linkType: number, seed: number) {
    this.#frame = frame;
    this.#linkType = linkType;
    this.#seed = seed;
    this.#fields = placesOf(this.#dissect(frame), viewOf(frame), ({ size }) => size !== 0);
  }

  /** The copy of this place, from 0. */
  frame(place: number): Uint8Array {
    const random = seeded(hashOf(`fuzz ${place}`, this.#seed));
    const bytes = this.#frame.slice();
    const keepsLength = random.integer(4) !== 0;
    for (let left = 1 + random.integer(MOST_CHANGES); left > 0; left--) this.#change(bytes, random);
    if (random.integer(8) !== 0) this.#repair(bytes);
    return keepsLength ? bytes : resized(bytes, random);
  }

  #dissect(frame: Uint8Array) {
    const limit = { captured: frame.length, wire: frame.length };
    return dissect(viewOf(frame), 0, limit, this.#linkType, 1, liveReassembly());
  }

  #change(bytes: Uint8Array, random: Seeded): void {
    const place = this.#fields[random.integer(this.#fields.length)];
    if (bytes.length === 0) return;
    if (!place || random.integer(4) === 0) {
      const bit = random.integer(8 * bytes.length);
      bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7));
      return;
    }
    const { field, base, start, end } = place;
    const edge = EDGES[random.integer(EDGES.length)] ?? 0;
    const room = typeof field.size === 'number' && field.size <= 4 ? 256 ** field.size : 0;
    if ((field.kind === 'uint' || field.kind === 'id') && room > 0 && random.integer(2) === 0) {
      // A field of bits takes of the value what it has room for.
      field.write(viewOf(bytes), base, edge % room);
    } else if (field.kind === 'bool') field.write(viewOf(bytes), base, !field.read(viewOf(bytes), base));
    else bytes.set(random.bytes(Math.min(MOST_SHIFTED, end - start)), start);
  }

  #repair(bytes: Uint8Array): void {
    const before = viewOf(this.#frame);
    repairChecksums(before, viewOf(bytes), coversOf(this.#dissect(this.#frame), before), 'keep');
  }
}

/** With bytes taken out, put in, or the end cut off. */
function resized(bytes: Uint8Array, random: Seeded): Uint8Array {
  const at = random.integer(bytes.length + 1);
  const count = 1 + random.integer(MOST_SHIFTED);
  switch (random.integer(3)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + count));
    default:
      return Uint8Array.of(...bytes.subarray(0, at), ...random.bytes(count), ...bytes.subarray(at));
  }
}
