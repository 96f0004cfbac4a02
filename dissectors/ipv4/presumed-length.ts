import type { Field } from '../wire/field.js';
import type { Placed } from '../wire/layout.js';
import type { FieldSink } from '../wire/sink.js';

/** Tells the length, in bytes, that a packet is taken to have whose sender wrote 0. @param at where its header starts */
export function presumeLength(sink: FieldSink, field: Placed<Field<number>>, at: number, length: number): void {
  const text = sink.shows ? `${field.label}: ${length} (0 in the packet: left to the network card to segment)` : '';
  const start = at + field.offset;
  sink.value(field, length, start, start + Number(field.size), text);
}
