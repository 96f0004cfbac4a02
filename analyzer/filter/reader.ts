import type { Layer } from '../../dissectors/layer.js';
import type { Field, Value as FieldValue } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { HeadSink, PickSink, type Taker } from '../../dissectors/wire/pick-sink.js';
import { tellerFor } from '../print/accessor.js';
import type { Packet } from '../print/packet.js';
import { isDuration } from '../print/tell-segment.js';
import type { Value } from './types.js';

/** Is shown the values of a field one by one, until it returns true. */
export type Visit = (value: Value) => boolean;

/** Shows the values that a field has in one layer; returns whether a visit ended it. */
export type LayerReader = (packet: Packet, layer: Layer, visit: Visit) => boolean;

/** Shows the values that a field has in a packet; returns whether a visit ended it. */
export type Reader = (packet: Packet, visit: Visit) => boolean;

/** Shows values to a visit until it has seen enough. */
class Visitor implements Taker {
  visit: Visit = () => true;
  ended = false;
  private readonly read: (value: FieldValue) => Value;

  constructor(read: (value: FieldValue) => Value) {
    this.read = read;
  }

  field(field: Placed<Field>, view: DataView, base: number): void {
    if (!this.ended) this.ended = this.visit(this.read(field.read(view, base)));
  }

  value(_field: Field, value: FieldValue): void {
    if (!this.ended) this.ended = this.visit(this.read(value));
  }

  presence(): void {
    if (!this.ended) this.ended = this.visit(1);
  }
}

/** Reads a field that stands for these paths from what a layer tells. */
export function fieldReader(paths: readonly string[]): LayerReader {
  const visitor = new Visitor(paths.some(isDuration) ? durationValue : plainValue);
  const sink = new PickSink(paths, visitor);
  const tell = tellerFor(paths);
  return (packet, layer, visit) => {
    visitor.visit = visit;
    visitor.ended = false;
    tell(packet, layer, sink);
    return visitor.ended;
  };
}

/** Reads the presence of a layer, or of a header inside one: a name without a dot is there if any of its fields is. */
export function presenceReader(name: string): LayerReader {
  const visitor = new Visitor(plainValue);
  const sink = new HeadSink(name, visitor);
  const tell = tellerFor([name]);
  return (packet, layer, visit) => {
    if (layer.name === name) return visit(1);
    visitor.visit = visit;
    visitor.ended = false;
    sink.begin();
    tell(packet, layer, sink);
    sink.end();
    return visitor.ended;
  };
}

/** A field's value as filters compare it: a truth is 0 or 1. */
export const plainValue = (value: FieldValue): Value => (typeof value === 'boolean' ? (value ? 1 : 0) : value);

/** A length of time, told in seconds with nine digits behind the point, in nanoseconds. */
const durationValue = (value: FieldValue): Value => durationOf(String(value));

/** Nanoseconds from seconds with nine digits behind the point. */
export const durationOf = (seconds: string): bigint => BigInt(seconds.replace('.', ''));

export const NO_VIEW = new DataView(new ArrayBuffer(0));

/** The bytes that a layer lies in. */
export const viewOfLayer = ({ dissection }: Packet, { source }: Layer): DataView =>
  dissection.sources[source]?.view ?? NO_VIEW;
