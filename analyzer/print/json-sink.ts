import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import type { Line } from '../../dissectors/wire/line.js';
import type { FieldSink, Named } from '../../dissectors/wire/sink.js';
import { type JsonField, type JsonLayout, jsonLayout, writeJsonFields } from './json-layout.js';
import { Regrouping } from './json-regroup.js';
import { type JsonHead, type JsonSlot, jsonHead, jsonSlot } from './json-slot.js';
import { writeJsonValue } from './json-value.js';
import { Utf8Text } from './utf8-text.js';

const [OPEN, CLOSE] = [0x7b, 0x7d];
/** Members that there is room for at first. */
const FIRST_MEMBERS = 256;
const NOWHERE = new Utf8Text(0);

/** Headers inside layers, such as `llc` and `ah`, by name: an object for each layer that has one. */
export type InnerHeaders = Map<string, string[]>;

/**
 * Writes what is told of a layer as a JSON object: each field as a member when it is told. Fields that occur more often,
 * and those of headers inside the layer, are put together once all are written.
 */
export class JsonSink implements FieldSink {
  readonly shows = false;
  source = 0;
  private into = NOWHERE;
  private head = jsonHead('');
  /** Counts layers, so that slots tell whether they occurred in this one. */
  private layer = 0;
  private start = 0;
  /** Whether the members must be put together: a field occurred again, or is of another header. */
  private isLoose = false;
  private count = 0;
  /** For each member the number of its slot, and where it starts. */
  private members = new Int32Array(2 * FIRST_MEMBERS);
  /** The layout that was told first, if one was told before all else, and which of its fields were. */
  private first: JsonLayout | undefined;
  private from = 0;
  private to = 0;
  private readonly regrouping = new Regrouping();
  private readonly layouts = new Map<Layout, JsonLayout>();

  /** Begins the object of a layer. */
  begin(head: JsonHead, into: Utf8Text): void {
    this.into = into;
    this.head = head;
    this.layer++;
    this.start = into.length;
    this.isLoose = false;
    this.count = 0;
    this.first = undefined;
  }

  /**
   * Ends the object.
   * @param inner where the headers inside the layer go
   */
  end(inner: InnerHeaders): void {
    const { into, start, count, head } = this;
    if (this.isLoose) this.regrouping.write(head, this.members, count, into, inner);
    else if (count === 0) into.addByte(OPEN);
    // In the place of the comma before the first member.
    else into.buffer[start] = OPEN;
    into.addByte(CLOSE);
  }

  wants(): boolean {
    return true;
  }

  wantsAny(): boolean {
    return true;
  }

  open(): void {}

  openValue(field: Named, value: Value): void {
    this.member(field.path, field, value);
  }

  apart(): void {}

  close(): void {}

  field(field: Placed<Field>, view: DataView, base: number): void {
    this.member(field.path, field, field.read(view, base));
  }

  fields(layout: Layout, view: DataView, base: number, from: number, to: number): void {
    if (to <= from) return;
    const { count } = this;
    const made = this.layouts.get(layout) ?? this.compile(layout);
    this.noteFields(made, from, to);
    this.count += to - from;
    this.makeRoom();
    writeJsonFields(made, from, to, view, base, this.into, this.members, count);
  }

  private compile(layout: Layout): JsonLayout {
    const made = jsonLayout(layout);
    this.layouts.set(layout, made);
    return made;
  }

  value(field: Named, value: Value): void {
    this.member(field.path, field, value);
  }

  lines(lines: readonly Line[]): void {
    for (const { path, field, value, children } of lines) {
      if (field && value !== undefined && path.includes('.')) this.member(path, field, value);
      this.lines(children);
    }
  }

  private member(path: string, field: Field, value: Value): void {
    const slot = jsonSlot(path);
    const { into } = this;
    this.note(slot, into.length);
    into.addWords(slot.key);
    writeJsonValue(field, value, into);
  }

  /** Notes that a member starts at `at`. */
  private note(slot: JsonSlot, at: number): void {
    this.mark(slot);
    const place = 2 * this.count++;
    this.makeRoom();
    this.members[place] = slot.number;
    this.members[place + 1] = at;
  }

  /** Makes room for as many members as there are. */
  private makeRoom(): void {
    const { members } = this;
    if (2 * this.count <= members.length) return;
    this.members = new Int32Array(4 * this.count);
    this.members.set(members);
  }

  /** Notes that a field is told. */
  private mark(slot: JsonSlot): void {
    const { layer, first } = this;
    if (slot.layer === layer || slot.head !== this.head) this.isLoose = true;
    else if (first && isBetween(first.places.get(slot), this.from, this.to)) this.isLoose = true;
    slot.layer = layer;
  }

  /** Notes that fields of a layout are told. Those of the first, which most layers have all of, are not noted one by one. */
  private noteFields(layout: JsonLayout, from: number, to: number): void {
    const { first, count } = this;
    const isFirst = first ? first === layout && from >= this.to : count === 0;
    if (!isFirst) {
      for (let place = from; place < to; place++) this.mark((layout.fields[place] as JsonField).slot);
      return;
    }
    if (!first) this.from = from;
    this.first = layout;
    this.to = to;
    if (layout.head !== this.head) this.isLoose = true;
  }
}

const isBetween = (place: number | undefined, from: number, to: number): boolean =>
  place !== undefined && place >= from && place < to;
