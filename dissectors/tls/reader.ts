import type { Field, Value } from '../wire/field.js';
import type { Layout, Placed } from '../wire/layout.js';
import type { FieldSink, Named } from '../wire/sink.js';
import { slice } from '../wire/view.js';

/** Tells a list of so many bytes, which is a field of its own. */
export type TellList = (reader: Reader, field: Named, size: number) => void;

/**
 * Tells the fields of a message one after the other, as long as they fit: the first that does not ends it, and
 * everything behind it is left out.
 */
export class Reader {
  readonly sink: FieldSink;
  readonly view: DataView;
  at: number;
  readonly end: number;
  isShort = false;

  constructor(sink: FieldSink, view: DataView, at: number, end: number) {
    this.sink = sink;
    this.view = view;
    this.at = at;
    this.end = Math.max(at, Math.min(end, view.byteLength));
  }

  get left(): number {
    return this.isShort ? 0 : this.end - this.at;
  }

  /** Tells an integer; 0 where it does not fit. */
  number(field: Named): number {
    const size = Number(field.size);
    const start = this.take(size);
    if (start < 0) return 0;
    const value = field.read(this.view, start);
    this.sink.value(field, value, start, start + size);
    return Number(value);
  }

  /** Tells so many bytes. */
  bytes(field: Named, size: number, text?: string): void {
    const start = this.take(size);
    if (start >= 0) this.value(field, slice(this.view, start, start + size), start, text);
  }

  /** Tells so many bytes as text, a character a byte. */
  text(field: Named, size: number): void {
    const start = this.take(size);
    if (start >= 0) this.value(field, latin(this.view, start, start + size), start);
  }

  /** Passes over so many bytes. */
  skip(size: number): void {
    this.take(size);
  }

  /** Tells what so many bytes hold, and goes on behind them. */
  within(size: number, tell: (inner: Reader) => void): void {
    const start = this.at;
    const room = Math.min(size, this.left);
    tell(new Reader(this.sink, this.view, start, start + room));
    this.take(size);
  }

  /** The same beneath a heading that filters can name. */
  group(field: Named, text: string, size: number, tell: (inner: Reader) => void): void {
    const room = Math.min(size, this.left);
    this.sink.openValue(field, true, this.at, this.at + room, text);
    this.within(size, tell);
    this.sink.close();
  }

  /** The same beneath a heading of plain text. */
  heading(text: string, size: number, tell: (inner: Reader) => void): void {
    const room = Math.min(size, this.left);
    this.sink.open('', text, this.at, this.at + room);
    this.within(size, tell);
    this.sink.close();
  }

  /**
   * Tells the fields of a layout in their order: numbers, and as many bytes as those before them count.
   * @param lists what tells bytes that are lists, by their keys
   */
  fields(layout: Layout, lists: Readonly<Record<string, TellList>> = {}): void {
    const counts = new Map<string, number>();
    for (const field of layout.list) {
      if (this.isShort) return;
      if (typeof field.size !== 'object') {
        this.placed(field, counts);
        continue;
      }
      const size = counts.get(field.size.by) ?? 0;
      const tell = lists[field.key];
      if (tell) tell(this, field, size);
      else if (size > 0) this.bytes(field, size);
    }
  }

  private placed(field: Placed<Field>, counts: Map<string, number>): void {
    const size = Number(field.size);
    const start = this.take(size);
    if (start < 0) return;
    const value = field.read(this.view, start - field.offset);
    if (typeof value === 'number') counts.set(field.key, value);
    this.sink.value(field, value, start, start + size);
  }

  /** Takes so many bytes; where they start, −1 where they do not fit. */
  private take(size: number): number {
    const start = this.at;
    if (this.isShort || start + size > this.end) {
      this.isShort = true;
      return -1;
    }
    this.at = start + size;
    return start;
  }

  private value(field: Named, value: Value, start: number, text?: string): void {
    this.sink.value(field, value, start, this.at, text);
  }
}

function latin(view: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}
