import { readFilter } from '../filter/compile.js';
import { namedFields } from '../filter/leaf.js';
import { readMeasure } from '../stats/measure.js';
import { LINKS } from '../track/links.js';
import type { ReadingOptions } from './reading-options.js';

/** Fields that tell what became of a channel or a handshake in the end. */
const ENDS: ReadonlySet<string> = new Set(['channel.outcome', 'handshake.outcome', 'handshake.reason']);

/** What options name that only a first pass over the capture can tell. */
export function linksNamed({ twoPass, filter, field = [], column = [] }: ReadingOptions): string | undefined {
  if (twoPass) return '-2';
  const columns = column.map(readMeasure).flatMap((read) => (typeof read === 'string' ? [] : [read]));
  const filters = [...(filter === undefined ? [] : [filter]), ...columns.map((read) => read.filter)];
  const measured = columns.flatMap(({ field: name }) => (name === undefined ? [] : [name]));
  const named = [...field, ...measured, ...filters.flatMap((text) => namedFields(readFilter(text).checked))];
  return named.find((name) => Object.hasOwn(LINKS, name) || ENDS.has(name));
}
