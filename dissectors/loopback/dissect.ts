import type { Dissector, Layer, Payload } from '../layer.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { etherTypeOf, isEtherType, nullHeader, typeHeader } from './layout.js';

const { family } = nullHeader.fields;

/** Finds the payload of the loopback packet at `at`. Byte order is found out, so both link types read alike. */
function dissect(view: DataView, at: number, limit: Limit): Payload | Stop {
  const { size } = nullHeader;
  if (at + size > limit.captured) return shortOf('null', at, size, limit);
  return { ok: true, at: at + size, limit, table: 'ethertype', key: etherTypeOf(family.read(view, at)) };
}

function tell(view: DataView, { at, limit }: Layer, sink: FieldSink): void {
  const end = Math.min(at + nullHeader.size, limit.captured);
  const typed = at + nullHeader.size <= limit.captured && isEtherType(family.read(view, at));
  sink.open('null', loopback.title, at, end);
  tellLayout(sink, typed ? typeHeader : nullHeader, view, at, limit);
  sink.close();
}

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + nullHeader.size > limit.captured) return 'Loopback, cut off';
  const value = family.read(view, at);
  return `Loopback ${family.names(value) ?? `family ${value}`}`;
}

export const loopback: Dissector = {
  name: 'null',
  title: 'Null/Loopback',
  fields: fieldsOf(nullHeader, typeHeader),
  dissect,
  tell,
  summary,
};
