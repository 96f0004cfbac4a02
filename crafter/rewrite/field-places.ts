import { tellChannel } from '../../dissectors/channel/explain.js';
import type { Dissection } from '../../dissectors/dissect.js';
import type { Layer } from '../../dissectors/layer.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import type { Line } from '../../dissectors/wire/line.js';
import type { FieldSink, Named } from '../../dissectors/wire/sink.js';

/** Where a field stands in a frame: `field.write(frame, base, value)` changes it. */
export interface FieldPlace {
  readonly field: Named;
  readonly base: number;
  /** The bytes of the field, those of a field of bits being all that it is read from. */
  readonly start: number;
  readonly end: number;
  readonly layer: Layer;
}

/** The fields of a packet that are wanted and stand in the frame itself, in their order. */
export function placesOf(
  { layers }: Dissection,
  frame: DataView,
  wants: (field: Named) => boolean,
): readonly FieldPlace[] {
  const sink = new PlaceSink(frame, wants);
  for (const layer of layers) {
    if (layer.source !== 0) continue;
    sink.layer = layer;
    const { facts, name } = layer;
    if (facts?.type === 'channel') tellChannel(facts.packet, sink);
    else dissectorNamed(name)?.tell(frame, layer, sink);
  }
  return sink.places;
}

/** Takes the places of fields from what layers tell. What is worked out stands nowhere and is left out. */
class PlaceSink implements FieldSink {
  readonly shows = false;
  source = 0;
  layer: Layer | undefined;
  readonly places: FieldPlace[] = [];
  readonly #frame: DataView;
  readonly #wants: (field: Named) => boolean;
  readonly #taken = new Set<string>();

  constructor(frame: DataView, wants: (field: Named) => boolean) {
    this.#frame = frame;
    this.#wants = wants;
  }

  // A name alone does not tell the kind of a field.
  wants(): boolean {
    return true;
  }

  wantsAny(): boolean {
    return true;
  }

  open(): void {}

  openValue(field: Named, value: Value, start: number, end: number): void {
    this.value(field, value, start, end);
  }

  apart(): void {}

  close(): void {}

  field(field: Placed<Field>, _view: DataView, base: number): void {
    if (!this.#wants(field) || typeof field.size !== 'number' || field.size === 0) return;
    const start = base + field.offset;
    this.#add(field, base, start, start + field.size);
  }

  fields({ list }: Layout, view: DataView, base: number, from: number, to: number): void {
    for (let place = from; place < to; place++) this.field(list[place] as Placed<Field>, view, base);
  }

  value(field: Named, value: Value, start: number, end: number): void {
    if (end <= start || end > this.#frame.byteLength || !this.#wants(field)) return;
    const base = 'offset' in field && typeof field.offset === 'number' ? start - field.offset : start;
    if (this.#holds(field, base, start, end, value)) this.#add(field, base, start, end);
  }

  lines(lines: readonly Line[]): void {
    for (const { path, field, value, start, end, children } of lines) {
      if (field && value !== undefined) this.value({ ...field, path }, value, start, end);
      this.lines(children);
    }
  }

  /** Whether the value is what those bytes say, not something worked out from them. */
  #holds(field: Named, base: number, start: number, end: number, value: Value): boolean {
    if (value instanceof Uint8Array) {
      return value.length === end - start && value.every((byte, at) => byte === this.#frame.getUint8(start + at));
    }
    if (field.size === 0 || (typeof field.size === 'number' && field.size !== end - start)) return false;
    return field.read(this.#frame, base) === value;
  }

  #add(field: Named, base: number, start: number, end: number): void {
    const { layer } = this;
    if (!layer || start < 0 || end > this.#frame.byteLength) return;
    const name = `${field.path} ${start} ${end}`;
    // Some layers tell a field twice: as what the option is, and as what it is about.
    if (this.#taken.has(name)) return;
    this.#taken.add(name);
    this.places.push({ field, base, start, end, layer });
  }
}
