import { dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { plainText } from '../../dissectors/wire/line.js';
import { slice, viewOf } from '../../dissectors/wire/view.js';
import { type FieldPlace, placesOf } from '../rewrite/field-places.js';
import { BARE_LINK_TYPE } from './craft-layers.js';

/** A field of an answer that is what a field of the request is. */
export interface Taken {
  readonly name: string;
  readonly path: string;
}

/** Something that a request must have. */
export interface Condition {
  readonly path: string;
  readonly value: string | undefined;
}

/** What a text such as `c1=chan.c1` asks for. @throws {RangeError} if it is none */
export function takenFrom(text: string): Taken {
  const [, name, path] = /^([\w.-]+)=([\w.]+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new RangeError(`"${text}" is not FIELD=REQUEST_FIELD`);
  return { name, path };
}

/** What a text such as `chan.msg.type=10` asks for. @throws {RangeError} if it is none */
export function conditionFrom(text: string): Condition {
  const [, path, value] = /^([\w.]+)(?:==?(.*))?$/s.exec(text) ?? [];
  if (path === undefined) throw new RangeError(`"${text}" is not FIELD or FIELD=VALUE`);
  return { path, value };
}

/** What came in a datagram, by the names of its fields. */
export class Request {
  readonly #view: DataView;
  readonly #places: readonly FieldPlace[];

  constructor(bytes: Uint8Array) {
    const limit = { captured: bytes.length, wire: bytes.length };
    this.#view = viewOf(bytes);
    this.#places = placesOf(dissect(this.#view, 0, limit, BARE_LINK_TYPE, 1, liveReassembly()), this.#view, () => true);
  }

  /** The texts of all values of a field. */
  valuesOf(path: string): readonly string[] {
    return this.#places.flatMap((place) => (place.field.path === path ? [this.#text(place)] : []));
  }

  /** Whether it has all that is asked for. */
  fulfils(conditions: readonly Condition[]): boolean {
    return conditions.every(({ path, value }) => {
      const values = this.valuesOf(path);
      return value === undefined ? values.length > 0 : values.includes(value);
    });
  }

  #text({ field, base, start, end }: FieldPlace): string {
    const isBytes = field.kind === 'bytes' || field.kind === 'ether' || field.kind === 'ipv6';
    return plainText(field, isBytes ? slice(this.#view, start, end) : field.read(this.#view, base));
  }
}
