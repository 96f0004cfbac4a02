/**
 * What WebAssembly code is put together from, as bytes: instructions by their names in the specification, and modules.
 * Source: WebAssembly Core Specification, section 5 "Binary Format".
 */
export type Code = readonly number[];

/** LEB128, as the specification writes integers. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
/** Of a non-negative constant: the sixth bit of the last byte is its sign. */
function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
/** Of a constant of 64 bits, of either sign. */
function signed64(value: bigint): readonly number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  return rest === (low & 0x40 ? -1n : 0n) ? [low] : [low | 0x80, ...signed64(rest)];
}

export const BLOCK: Code = [0x02, 0x40];
export const LOOP: Code = [0x03, 0x40];
export const IF: Code = [0x04, 0x40];
export const ELSE: Code = [0x05];
export const END: Code = [0x0b];
export const branch = (depth: number): Code => [0x0c, depth];
export const branchIf = (depth: number): Code => [0x0d, depth];
export const RETURN: Code = [0x0f];
/** Calls a function of the same module, by its place. */
export const call = (place: number): Code => [0x10, ...unsigned(place)];
export const DROP: Code = [0x1a];
/** The first of two values if the third is not 0, else the second. */
export const SELECT: Code = [0x1b];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
/** Of 32 bits, where not said otherwise; `align` is the power of two that addresses are multiples of. */
export const load = (offset: number, align = 0): Code => [0x28, align, ...unsigned(offset)];
export const loadByte = (offset: number): Code => [0x2d, 0, ...unsigned(offset)];
/** Little-endian, as all of them. */
export const load16 = (offset: number): Code => [0x2f, 0, ...unsigned(offset)];
export const store64 = (offset: number): Code => [0x37, 0, ...unsigned(offset)];
export const storeByte = (offset: number): Code => [0x3a, 0, ...unsigned(offset)];
export const store16 = (offset: number): Code => [0x3b, 0, ...unsigned(offset)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const constant64 = (value: bigint): Code => [0x42, ...signed64(BigInt.asIntN(64, value))];
export const IS_ZERO: Code = [0x45];
export const EQUAL: Code = [0x46];
/** Comparisons and divisions are unsigned. */
export const LESS: Code = [0x49];
export const GREATER: Code = [0x4b];
export const NOT_LESS: Code = [0x4f];
export const ADD: Code = [0x6a];
export const SUBTRACT: Code = [0x6b];
export const MULTIPLY: Code = [0x6c];
export const DIVIDE: Code = [0x6e];
export const AND: Code = [0x71];
export const OR: Code = [0x72];
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

/** A function of some integers that gives one. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
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
    ...section(
      1,
      functions.map(({ parameters }) => [
        0x60,
        ...list(Array.from({ length: parameters }, () => [INTEGER])),
        ...list([[INTEGER]]),
      ]),
    ),
    ...section(2, [[...name('host'), ...name('memory'), 0x02, 0x00, 1]]),
    ...section(
      3,
      functions.map((_, place) => unsigned(place)),
    ),
    ...section(
      7,
      functions.map((one, place) => [...name(one.name), 0x00, ...unsigned(place)]),
    ),
    ...section(
      10,
      functions.map((one) => sized([...locals(one), ...one.code, ...END])),
    ),
  ]);
}
