import type { Field, Value } from '../../../dissectors/wire/field.js';
import { type Line, plainText } from '../../../dissectors/wire/line.js';
import { TreeSink } from '../../../dissectors/wire/tree-sink.js';
import { hexOf } from '../../../dissectors/wire/view.js';
import type { Packet } from '../packet.js';
import { packetTree } from '../tree.js';
import { tellWorkedOut } from '../worked-out.js';

/** A line of the tree of a packet, as the formats of tshark have it: a protocol, a field, or text. */
export interface Shown {
  /** The filter name; empty for text. */
  readonly name: string;
  /** What the tree reads. */
  readonly text: string;
  /** Where its bytes are, in the packet or in what was put together. */
  readonly start: number;
  readonly size: number;
  /** Those bytes, in hex. */
  readonly hex: string;
  /** Its value; undefined for what has none. */
  readonly field: Field | undefined;
  readonly value: Value | undefined;
  readonly children: readonly Shown[];
}

/**
 * The lines of a packet for the formats of tshark, outermost first: the frame, each layer with what follows from where it
 * ends and from the packets before, and what was found out besides.
 */
export function shownOf(packet: Packet): readonly Shown[] {
  const { sources, layers } = packet.dissection;
  const views = sources.map(({ view }) => view);
  const convert = (line: Line): Shown => {
    const { path, text, field, value, source, children } = line;
    const view = views[source];
    const start = Math.min(line.start, view?.byteLength ?? 0);
    const last = WITHOUT_BYTES.test(path) ? start : line.end;
    const end = Math.max(start, Math.min(last, view?.byteLength ?? 0));
    return {
      name: path,
      text,
      start,
      size: end - start,
      hex: view ? hexOf(view, start, end) : '',
      field,
      value,
      children: children.map(convert),
    };
  };
  // The frame stands before its layers.
  return packetTree(packet).map((line, place) => {
    const layer = layers[place - 1];
    const shown = convert(line);
    if (!layer) return shown;
    const more = new TreeSink(layer.source);
    tellWorkedOut(packet, layer, more);
    return more.made.length === 0 ? shown : { ...shown, children: [...shown.children, ...more.made.map(convert)] };
  });
}

/** Fields that tshark counts no bytes to, though the tree lights up those that they are about. */
const WITHOUT_BYTES = /(?:\.checksum\.status|^data\.len|^quic\.packet_length)$/;

/** Whether a field only marks that something is there. */
export const isMark = ({ kind, size }: Field): boolean => kind === 'bool' && size === 0;

/** The text of a value as tshark's formats have it: as `-T fields`, but for colons between bytes. */
export function shownValue(field: Field, value: Value): string {
  if (isMark(field)) return '';
  const text = plainText(field, value);
  return field.kind === 'bytes' && value instanceof Uint8Array ? text.replaceAll(/..(?=.)/g, '$&:') : text;
}

/** Whether a field is some of the bits of its bytes. */
export const isMasked = ({ field }: Shown): boolean => field !== undefined && field.mask !== 0;

/** The value of some bits in hex, upper case and no longer than it is; other fields have their bytes. */
export function valueHex(shown: Shown): string {
  const { field, value, hex } = shown;
  if (!field || field.mask === 0) return hex;
  const number = typeof value === 'boolean' ? Number(value) : Number(value) / field.scale;
  return number.toString(16).toUpperCase();
}

/** The bits of its bytes that are a field's, as a number; 0 for all. */
export const maskOf = ({ field }: Shown): number => (field ? field.mask >>> 0 : 0);

/** Which protocols and fields are printed, and which are only named. */
export class NameFilter {
  readonly #names: ReadonlySet<string> | undefined;
  readonly #withAll: boolean;

  /**
   * @param names all, if left out
   * @param withAll whether everything beneath one that is named is printed too
   */
  constructor(names?: readonly string[], withAll = false) {
    this.#names = names && new Set(names);
    this.#withAll = withAll;
  }

  /** Whether what is beneath a line of the tree is printed. @param isWithin whether the line is beneath one that is named */
  opens(name: string, isWithin: boolean): boolean {
    if (!this.#names) return true;
    return this.#names.has(name) || (isWithin && this.#withAll);
  }
}
