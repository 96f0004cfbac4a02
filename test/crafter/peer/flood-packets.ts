import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { viewOf } from '../../../dissectors/wire/view.js';

/** DATA without bytes, with one byte, and the most that a datagram holds. */
const EMPTY = [0x14, 0x00];
const ONE = [0x14, 0x01, 0x78];
const LARGEST = 65_507;
const ENVELOPE = 52;

/** What a packet of the flood is full of. */
export type Filling = 'empty DATA' | 'DATA of one byte' | 'one DATA';

/** Makes copies of a packet of the largest size, full of DATA, that differ in their numbers: each a buffer of its own. */
export class FloodPackets {
  readonly #packet = new Uint8Array(LARGEST);
  readonly #view = viewOf(this.#packet);

  /** @param model any packet on the channel, for its header */
  constructor(model: Uint8Array, filling: Filling) {
    const room = LARGEST - ENVELOPE;
    this.#packet.set(model.subarray(0, 44));
    this.#view.setUint16(42, LARGEST);
    if (filling === 'one DATA') {
      // 65,451 bytes, after a type and a varint of three bytes.
      this.#packet.set([0x14, 0x82, 0xfe, 0x2b], 48);
      this.#view.setUint16(46, room);
      return;
    }
    const unit = filling === 'empty DATA' ? EMPTY : ONE;
    // One of them holds a byte, so that there is something to keep.
    let at = 48 + ONE.length;
    this.#packet.set(ONE, 48);
    for (; at + unit.length <= 48 + room; at += unit.length) this.#packet.set(unit, at);
    this.#view.setUint16(46, at - 48);
  }

  at(number: number): Uint8Array {
    this.#view.setUint16(44, number & 0xffff);
    this.#view.setUint32(LARGEST - 4, crc32c(this.#view, 0, LARGEST - 4));
    return this.#packet.slice();
  }
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** The memory in use, on the heap and beside it, without garbage; in bytes. */
export function memoryInUse(): number {
  let last = Number.POSITIVE_INFINITY;
  // Buffers are freed a moment after what holds them.
  for (;;) {
    if (typeof collect === 'function') collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (heapUsed + arrayBuffers > last - SETTLED) return heapUsed + arrayBuffers;
    last = heapUsed + arrayBuffers;
  }
}

/** A collection that frees less than this frees no more. */
const SETTLED = 10_000;
