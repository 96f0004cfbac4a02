/**
 * What WebAssembly code is put together from, as bytes: instructions by their names in the specification, and modules.
 * Source: WebAssembly Core Specification, section 5 "Binary Format".
 */
export type Code = readonly number[];

/** LEB128, as the specification writes integers. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
/** Of a small non-negative constant: the sixth bit of the last byte is its sign. */
function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

export const BLOCK: Code = [0x02, 0x40];
export const LOOP: Code = [0x03, 0x40];
export const END: Code = [0x0b];
export const branch = (depth: number): Code => [0x0c, depth];
export const branchIf = (depth: number): Code => [0x0d, depth];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
/** Of 32 bits, where not said otherwise; `align` is the power of two that addresses are multiples of. */
export const load = (offset: number, align = 0): Code => [0x28, align, ...unsigned(offset)];
export const LOAD_BYTE: Code = [0x2d, 0, 0];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const GREATER: Code = [0x4b];
export const NOT_LESS: Code = [0x4f];
export const ADD: Code = [0x6a];
export const AND: Code = [0x71];
export const XOR: Code = [0x73];
export const SHIFT_LEFT: Code = [0x74];
export const SHIFT_RIGHT: Code = [0x76];

const vector = (code: number, ...rest: readonly number[]): Code => [0xfd, ...unsigned(code), ...rest];
/** Vectors of 16 bytes. */
export const VECTOR_LOAD = vector(0, 0, 0);
export const shuffle = (lanes: readonly number[]): Code => vector(13, ...lanes);
/** Four words of 32 bits, each the sum of two neighbours of 16. */
export const ADD_PAIRS = vector(127);
export const VECTOR_ADD = vector(174);
export const word = (lane: number): Code => vector(27, lane);
export const vectorStore = (offset: number): Code => vector(11, 0, ...unsigned(offset));
export const vectorConstant = (bytes: readonly number[]): Code => vector(12, ...bytes);
/** The bytes of one vector that the bytes of another name by their places. */
export const PICK = vector(14);
export const VECTOR_AND = vector(78);
export const BYTES_SHIFT_RIGHT = vector(109);

const INTEGER = 0x7f;
const VECTOR = 0x7b;

/** A function of three integers that gives one. */
export interface WasmFunction {
  readonly name: string;
  /** How many locals it has after its arguments: integers, then vectors. */
  readonly integers: number;
  readonly vectors: number;
  readonly code: Code;
}

/** A module with some functions over a memory that it imports as `host.memory`. */
export function moduleOf(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
  const name = (text: string): Code => sized(Array.from(text, (character) => character.charCodeAt(0)));
  const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];
  const locals = ({ integers, vectors }: WasmFunction): Code =>
    list([
      [integers, INTEGER],
      [vectors, VECTOR],
    ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [[0x60, ...list([[INTEGER], [INTEGER], [INTEGER]]), ...list([[INTEGER]])]]),
    ...section(2, [[...name('host'), ...name('memory'), 0x02, 0x00, 1]]),
    ...section(
      3,
      functions.map(() => [0]),
    ),
    ...section(
      7,
      functions.map((one, place) => [...name(one.name), 0x00, place]),
    ),
    ...section(
      10,
      functions.map((one) => sized([...locals(one), ...one.code, ...END])),
    ),
  ]);
}
