import { ByteWriter } from './byte-writer.js';

/** The types of Thrift's compact protocol that Parquet uses. Source: Thrift specification, "Compact protocol encoding". */
const TYPES = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** Writes a structure of Thrift's compact protocol, field by field, in the order of their numbers. */
export class ThriftStruct {
  readonly #into: ByteWriter;
  #last = 0;

  constructor(into: ByteWriter) {
    this.#into = into;
  }

  bool(id: number, value: boolean): void {
    this.#head(id, value ? TYPES.true : TYPES.false);
  }

  i32(id: number, value: number): void {
    this.#head(id, TYPES.i32);
    writeZigzag(this.#into, value);
  }

  /** A whole number; of 64 bits those up to 2^53. */
  i64(id: number, value: number): void {
    this.#head(id, TYPES.i64);
    writeZigzag(this.#into, value);
  }

  text(id: number, value: string): void {
    this.bytes(id, Buffer.from(value));
  }

  bytes(id: number, value: Uint8Array): void {
    this.#head(id, TYPES.binary);
    writeBinary(this.#into, value);
  }

  struct(id: number, write: (struct: ThriftStruct) => void): void {
    this.#head(id, TYPES.struct);
    writeStruct(this.#into, write);
  }

  structs<Item>(id: number, items: readonly Item[], write: (struct: ThriftStruct, item: Item) => void): void {
    this.#list(id, TYPES.struct, items.length);
    for (const item of items) writeStruct(this.#into, (struct) => write(struct, item));
  }

  numbers(id: number, values: readonly number[]): void {
    this.#list(id, TYPES.i32, values.length);
    for (const value of values) writeZigzag(this.#into, value);
  }

  texts(id: number, values: readonly string[]): void {
    this.#list(id, TYPES.binary, values.length);
    for (const value of values) writeBinary(this.#into, Buffer.from(value));
  }

  #list(id: number, type: number, length: number): void {
    this.#head(id, TYPES.list);
    this.#into.byte((Math.min(length, 15) << 4) | type);
    if (length >= 15) this.#into.varint(length);
  }

  #head(id: number, type: number): void {
    this.#into.byte(((id - this.#last) << 4) | type);
    this.#last = id;
  }
}

/** Writes a whole structure. Numbers of fields may grow by at most 15 from one to the next. */
export function writeStruct(into: ByteWriter, write: (struct: ThriftStruct) => void): void {
  write(new ThriftStruct(into));
  into.byte(0);
}

/** A structure as bytes. */
export function structBytes(write: (struct: ThriftStruct) => void): Uint8Array {
  const into = new ByteWriter();
  writeStruct(into, write);
  return into.bytes;
}

const writeZigzag = (into: ByteWriter, value: number): void => into.varint(value < 0 ? -2 * value - 1 : 2 * value);

function writeBinary(into: ByteWriter, value: Uint8Array): void {
  into.varint(value.length);
  into.add(value);
}
