import { type HandshakeColumns, NO_HANDSHAKES } from './handshake-columns.js';
import type { HandshakeKey, HandshakeRow, HandshakeSnapshot } from './handshake-row.js';
import { placeOfNumber, sortByKey } from './places.js';

/** The handshakes of a capture as they stood once. */
export class HandshakeList implements HandshakeSnapshot {
  readonly count: number;
  readonly forgotten: number;
  readonly began: HandshakeColumns['began'];
  readonly responders: HandshakeColumns['responders'];
  private readonly columns: HandshakeColumns;

  constructor(columns: HandshakeColumns = NO_HANDSHAKES) {
    this.columns = columns;
    this.count = columns.count;
    this.forgotten = columns.forgotten;
    this.began = columns.began;
    this.responders = columns.responders;
  }

  at(place: number): HandshakeRow {
    // The text was written by `handshakeColumns`.
    return JSON.parse(this.textAt(place)) as HandshakeRow;
  }

  placeOf(number: number): number {
    return placeOfNumber(this.columns.number, this.count, number);
  }

  order(key: HandshakeKey, descending: boolean, words: readonly string[]): Uint32Array {
    const places = new Uint32Array(this.count);
    const wanted = words.map((word) => word.toLowerCase());
    let kept = 0;
    for (let place = 0; place < this.count; place++) {
      if (wanted.length > 0) {
        const text = this.textAt(place).toLowerCase();
        if (!wanted.every((word) => text.includes(word))) continue;
      }
      places[kept++] = place;
    }
    const order = places.subarray(0, kept);
    if (key === 'number') return descending ? order.reverse() : order;
    const keys = this.columns[key];
    return sortByKey(order, keys, descending);
  }

  private textAt(place: number): string {
    const { at, text } = this.columns;
    return text.slice(at[place], at[place + 1]);
  }
}
