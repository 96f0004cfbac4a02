import type { Address } from './addresses.js';
import { Ints } from './ints.js';
import type { FreshTerms } from './known-columns.js';
import type { Shape } from './shapes.js';

export const allocateColumns = (rows: number) => ({
  /** Of the packet's bytes in the uncompressed file; exact up to 2^53. */
  offset: new Float64Array(rows),
  captured: new Uint32Array(rows),
  wire: new Uint32Array(rows),
  /** Since 1970-01-01T00:00:00Z; a float, since interfaces with odd offsets make odd times. */
  seconds: new Float64Array(rows),
  nanos: new Uint32Array(rows),
  /** Place among the interfaces of the capture. */
  interfaceId: new Uint16Array(rows),
  /** Place of the innermost layer in `LAYER_NAMES`. */
  protocol: new Uint8Array(rows),
  /** 0 for none, else one more than the place of the worst finding in `SEVERITIES`. */
  severity: new Uint8Array(rows),
  /** The number of the first channel that it touches, 0 for none; with its state and capabilities as they stand then. */
  channel: new Uint32Array(rows),
  state: new Uint8Array(rows),
  /** 255 while they are not known. */
  caps: new Uint8Array(rows),
  /** One more than the place of further facts in the pool; 0 for none. */
  facts: new Uint32Array(rows),
  /** One more than the place of its layers among the shapes; 0 for those that found no room. */
  shape: new Uint16Array(rows),
  /** Of the only network layer: one more than the place among the addresses; 0 where they must be read. */
  source: new Uint16Array(rows),
  destination: new Uint16Array(rows),
  /** Of the only transport layer, where `PORTS_KNOWN` says so. */
  srcport: new Uint16Array(rows),
  dstport: new Uint16Array(rows),
  /** A bit for each type of message in `MESSAGE_CODES`, then `OTHER_MESSAGES`, `PORTS_KNOWN` and `ID_KNOWN`. */
  messages: new Uint16Array(rows),
  /** A bit for each of `ENVELOPE_BITS`. */
  envelope: new Uint8Array(rows),
  /** In the header of the only channel packet, where `ID_KNOWN` says so. */
  id: new Uint32Array(rows),
});
export type Columns = ReturnType<typeof allocateColumns>;

/** Capabilities that are not known yet, in their column. */
export const NO_CAPS = 255;

/** The packet list: a typed array per column, nothing for the collector to trace. */
export class PacketIndex {
  length = 0;
  /** Only the first `length` rows count. Replaced when full, so read it afresh after every `append`. */
  columns = allocateColumns(1024);
  /** Facts of the packets that have more than the columns hold. */
  readonly pool = new Ints();
  /** What the numbers in the columns `shape`, `source` and `destination` stand for. */
  readonly shapes: Shape[] = [];
  readonly addresses: Address[] = [];

  /** Adds the first `rows` rows of a batch that a worker has scanned, what its pool holds, and what its numbers mean. */
  append(batch: Columns, rows: number, pool: Int32Array, { shapes, addresses }: FreshTerms): void {
    for (const shape of shapes) this.shapes.push(shape);
    for (const address of addresses) this.addresses.push(address);
    const end = this.length + rows;
    const fits = end <= this.columns.offset.length;
    const into = fits ? this.columns : allocateColumns(Math.max(end, Math.ceil(this.columns.offset.length * 1.5)));
    for (const name of Object.keys(batch) as (keyof Columns)[]) {
      if (!fits) into[name].set(this.columns[name].subarray(0, this.length));
      into[name].set(batch[name].subarray(0, rows), this.length);
    }
    const shift = this.pool.length;
    for (let row = this.length; row < end; row++) {
      const place = into.facts[row] ?? 0;
      if (place > 0) into.facts[row] = place + shift;
    }
    this.pool.append(pool, pool.length);
    this.columns = into;
    this.length = end;
  }
}
