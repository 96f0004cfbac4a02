import { etherText, type Field } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { jsonText } from './json-text.js';
import { GOOD } from './plain-layer.js';
import { Utf8Text, utf8 } from './utf8-text.js';

/** Writes what stands at a place of a view. */
export type Write = (view: DataView, at: number, into: Utf8Text) => void;

/** A value as JSON, as the tree of a layer has it. */
export function valueJson(field: Field, value: NonNullable<Line['value']>): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field.kind === 'uint') return `${value}`;
  return jsonText(plainText(field, value));
}

/**
 * Writes all fields of a layout of fixed size as a JSON object, and that its checksum is good, if it has one. Numbers of
 * two bytes and more differ from packet to packet; the text of all others is remembered, for packets come in flows.
 */
export function template({ list }: Layout): Write {
  const inside = all(
    runsOf(list).map((run) => {
      const write = all(run.map((field) => writerOf(field, field === list[0] ? '{' : ',')));
      return isFresh(run[0]) ? write : remembered(run, write);
    }),
  );
  return (view, at, into) => {
    inside(view, at, into);
    into.add('}');
  };
}

function all(writers: readonly Write[]): Write {
  return (view, at, into) => {
    for (const write of writers) write(view, at, into);
  };
}

type Run = readonly [Placed<Field>, ...Placed<Field>[]];

const sizeOf = ({ size }: Placed<Field>): number => (typeof size === 'number' ? size : 0);
const endOf = (field: Placed<Field>): number => field.offset + sizeOf(field);

/** Whether a field is a number that is written afresh each time. */
const isFresh = (field: Placed<Field>): boolean => field.kind === 'uint' && field.mask === 0 && sizeOf(field) > 1;

/** The most bytes of a run: they are compared as two words. */
const RUN = 8;

/** The fields of a layout in runs of neighbours. */
function runsOf(list: readonly Placed<Field>[]): readonly Run[] {
  const runs: [Placed<Field>, ...Placed<Field>[]][] = [];
  for (const field of list) {
    const open = runs.at(-1);
    if (open && !isFresh(open[0]) && !isFresh(field) && endOf(field) - open[0].offset <= RUN) open.push(field);
    else runs.push([field]);
  }
  return runs;
}

/** How one field is written, with its key and what stands before it. */
function writerOf(field: Placed<Field>, mark: string): Write {
  const { key, offset, kind } = field;
  const before = utf8(`${mark}"${key}":`);
  const after = utf8(key === 'checksum' ? `,"checksum.status":${GOOD}` : '');
  return (view, at, into) => {
    into.addBytes(before);
    if (kind === 'uint') into.addNumber(Number(field.read(view, at)));
    else if (kind === 'ether') into.add(`"${etherText(view, at + offset)}"`);
    else into.add(valueJson(field, field.read(view, at)));
    if (after.length > 0) into.addBytes(after);
  };
}

/** Texts that are remembered of one run; a power of two. */
const REMEMBERED = 1024;

interface Text {
  readonly first: number;
  readonly second: number;
  readonly bytes: Uint8Array;
}

/** Writes a run of fields, but remembers what was written for the same bytes. */
function remembered(run: Run, write: Write): Write {
  const { offset } = run[0];
  const size = Math.max(...run.map(endOf)) - offset;
  const texts: (Text | undefined)[] = new Array(REMEMBERED).fill(undefined);
  return (view, at, into) => {
    const first = wordAt(view, at + offset, Math.min(size, 4));
    const second = wordAt(view, at + offset + 4, size - 4);
    const place = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 22;
    let text = texts[place];
    if (text?.first !== first || text.second !== second) {
      const made = new Utf8Text(256);
      write(view, at, made);
      text = { first, second, bytes: made.bytes };
      texts[place] = text;
    }
    into.addBytes(text.bytes);
  };
}

/** Some bytes as one number, at most four; none make 0. */
function wordAt(view: DataView, at: number, size: number): number {
  if (size >= 4) return view.getInt32(at);
  let word = 0;
  for (let place = at; place < at + size; place++) word = (word << 8) | view.getUint8(place);
  return word;
}
