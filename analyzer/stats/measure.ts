import { accessOf } from '../filter/access.js';
import { Names } from '../filter/names.js';
import type { Reader } from '../filter/reader.js';
import type { Kind } from '../filter/types.js';
import type { Packet } from '../print/packet.js';

/** What can be worked out of the values of a field: as tshark's `-z io,stat` has it. */
const MEASURES = ['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'] as const;
export type MeasureName = (typeof MEASURES)[number];

/** Something that is worked out of the values of a field. */
export interface Measure<P = Packet> {
  readonly name: MeasureName;
  /** Shows the values of the field one by one, until the visitor returns true. */
  readonly read: (packet: P, take: Parameters<Reader>[1]) => boolean;
  /** Values are nanoseconds, which are told as seconds. */
  readonly isDuration: boolean;
}

/** A column of a table, taken apart. */
interface MeasuredFilter {
  readonly measure?: Measure;
  /** The field that is measured. */
  readonly field?: string;
  readonly filter: string;
}

const WRITTEN = new RegExp(String.raw`^\s*(${MEASURES.join('|')})\s*\(\s*([\w.-]*)\s*\)\s*(.*)$`, 's');

/** Kinds whose values add up. */
const NUMBERS: ReadonlySet<Kind> = new Set(['uint', 'duration']);

/**
 * Reads a column of a table as it is written: a filter, or what to work out and then a filter, such as
 * `SUM(chan.length) udp.port == 4242`.
 * @returns the measure and the filter, or what is wrong
 */
export function readMeasure(text: string): MeasuredFilter | string {
  const [, function_, field = '', filter = ''] = WRITTEN.exec(text) ?? [];
  const name = MEASURES.find((one) => one === function_);
  if (!name) return { filter: text };
  const names = new Names();
  const named = names.find(field);
  if (!named) {
    const near = names.nearest(field);
    return `${name}(${field}): no such field${near ? `; did you mean ${near}?` : ''}`;
  }
  const { kind } = named.type;
  if (name !== 'COUNT' && !NUMBERS.has(kind))
    return `${name}(${field}): its values are not numbers: only COUNT goes with it`;
  return { measure: { name, read: accessOf(named).some, isDuration: kind === 'duration' }, field, filter };
}

/** Numbers that are kept of the values of one field: how many, their sum, the least and the largest. */
export const KEPT = 4;

/** Adds the values that a packet has of a field to the numbers kept of it, from `at` on. */
export function addValues<P>({ read, isDuration }: Measure<P>, packet: P, kept: Float64Array, at: number): void {
  read(packet, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : 0;
    const own = isDuration ? number / 1e9 : number;
    const count = kept[at] as number;
    kept[at] = count + 1;
    kept[at + 1] = (kept[at + 1] as number) + own;
    if (count === 0 || own < (kept[at + 2] as number)) kept[at + 2] = own;
    if (count === 0 || own > (kept[at + 3] as number)) kept[at + 3] = own;
    return false;
  });
}

/** What is worked out of the numbers kept; nothing where there were no values to tell of. */
export function resultOf({ name }: Pick<Measure, 'name'>, kept: Float64Array, at: number): number | undefined {
  const [count = 0, sum = 0, least, most] = kept.subarray(at, at + KEPT);
  switch (name) {
    case 'COUNT':
      return count;
    case 'SUM':
      return sum;
    case 'MIN':
      return count === 0 ? undefined : least;
    case 'MAX':
      return count === 0 ? undefined : most;
    case 'AVG':
      return count === 0 ? undefined : sum / count;
  }
}
