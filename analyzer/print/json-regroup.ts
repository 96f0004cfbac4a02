import { type JsonHead, type JsonSlot, slotNumbered } from './json-slot.js';
import { Utf8Text } from './utf8-text.js';

const [COMMA, OPEN, OPEN_LIST, CLOSE_LIST] = [0x2c, 0x7b, 0x5b, 0x5d];

/** The most bytes and members that room is kept for between layers. */
const MOST_KEPT = 1 << 16;

/**
 * Writes the members of a layer again, where fields occur more than once, each then with a list of its values, or where
 * some are of headers inside it, which become objects of their own.
 */
export class Regrouping {
  /** The members as they were written first, and where each starts; the last ends where the text does. */
  private text = new Uint8Array(0);
  private bounds = new Int32Array(1);
  /** For each member the next of the same field, or −1; and whether one of that field came before it. */
  private next = new Int32Array(0);
  private isRest = new Uint8Array(0);
  /** The last member of each field. */
  private readonly last = new Map<JsonSlot, number>();

  /**
   * Writes the object of a layer, but for its end, in the place of its members.
   * @param members for each member the number of its slot, and where it starts
   * @param inner where the objects of headers inside the layer go, by name
   */
  write(own: JsonHead, members: Int32Array, count: number, into: Utf8Text, inner: Map<string, string[]>): void {
    this.take(members, count, into);
    const heads = this.link(own, members, count);
    this.writeHead(own, members, count, into);
    for (const head of heads) {
      const text = new Utf8Text();
      this.writeHead(head, members, count, text);
      text.add('}');
      const list = inner.get(head.name);
      if (list) list.push(text.toString());
      else inner.set(head.name, [text.toString()]);
    }
    if (this.text.length > MOST_KEPT) this.text = new Uint8Array(0);
    if (this.next.length > MOST_KEPT) this.makeRoom(0);
  }

  /** Takes the members out of the text. */
  private take(members: Int32Array, count: number, into: Utf8Text): void {
    const start = members[1] ?? 0;
    const size = into.length - start;
    if (this.text.length < size) this.text = new Uint8Array(2 * size);
    this.text.set(into.bytes.subarray(start));
    if (this.next.length < count) this.makeRoom(2 * count);
    for (let place = 0; place < count; place++) this.bounds[place] = (members[2 * place + 1] as number) - start;
    this.bounds[count] = size;
    into.length = start;
  }

  private makeRoom(count: number): void {
    this.bounds = new Int32Array(count + 1);
    this.next = new Int32Array(count);
    this.isRest = new Uint8Array(count);
  }

  /** Finds the members of the same fields. Returns the headers besides the layer's own. */
  private link(own: JsonHead, members: Int32Array, count: number): ReadonlySet<JsonHead> {
    const { last, next, isRest } = this;
    let heads = NO_HEADS;
    last.clear();
    for (let place = 0; place < count; place++) {
      const slot = slotNumbered(members[2 * place] as number);
      const before = last.get(slot);
      next[place] = -1;
      isRest[place] = before === undefined ? 0 : 1;
      if (before !== undefined) next[before] = place;
      last.set(slot, place);
      if (slot.head !== own && !heads.has(slot.head)) heads = new Set([...heads, slot.head]);
    }
    return heads;
  }

  /** Writes the fields of one header, in the order of their first members. */
  private writeHead(head: JsonHead, members: Int32Array, count: number, into: Utf8Text): void {
    const open = into.length;
    for (let place = 0; place < count; place++) {
      const slot = slotNumbered(members[2 * place] as number);
      if (slot.head !== head || this.isRest[place] === 1) continue;
      if (this.next[place] === -1) into.addBytes(this.member(place, 0));
      else this.writeList(slot, place, into);
    }
    if (into.length === open) into.addByte(OPEN);
    // In the place of the comma before the first member.
    else into.buffer[open] = OPEN;
  }

  private writeList({ key }: JsonSlot, first: number, into: Utf8Text): void {
    into.addWords(key);
    for (let place = first; place >= 0; place = this.next[place] as number) {
      into.addByte(place === first ? OPEN_LIST : COMMA);
      into.addBytes(this.member(place, key.length));
    }
    into.addByte(CLOSE_LIST);
  }

  /** A member, from so many bytes on. */
  private member(place: number, from: number): Uint8Array {
    return this.text.subarray((this.bounds[place] as number) + from, this.bounds[place + 1] as number);
  }
}

const NO_HEADS: ReadonlySet<JsonHead> = new Set();
