import {
  ADD,
  ADD_PAIRS,
  AND,
  BLOCK,
  branch,
  branchIf,
  type Code,
  constant,
  END,
  GREATER,
  get,
  LOOP,
  load,
  loadByte,
  NOT_LESS,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  set,
  shuffle,
  VECTOR_ADD,
  VECTOR_LOAD,
  word,
  XOR,
} from './wasm-code.js';
import { type WasmCall, wasmMemory } from './wasm-memory.js';

/**
 * Checksums in WebAssembly, over bytes that lie in its memory: CRC-32C twice as fast as the same steps in JavaScript,
 * where every table look-up is checked against the table's length; sums of words by 16 bytes at a step.
 */
export interface Checksums {
  /** `(register, at, end)`: feeds the bytes `[at, end)` of the memory to a CRC register. */
  readonly crc: WasmCall;
  /** `(before, at, end)`: adds the big-endian 16-bit words of `[at, end)` to a sum, modulo 2^32; an odd last byte is padded with zero. */
  readonly sum: WasmCall;
}

/** The table: 256 words for each of the 16 bytes of a step. It stands at the start of the memory. */
const LEVELS = 16;
const TABLE = LEVELS * 256 * 4;

const known = new WeakMap<ArrayBufferLike, Checksums>();

/** The functions for bytes of this buffer, if it is one that `checksumMemory` made. */
export const checksumsOf = (buffer: ArrayBufferLike): Checksums | undefined => known.get(buffer);

/**
 * Bytes whose checksums are computed fast; plain bytes where there is no WebAssembly, or no room for more of it.
 * @param table the CRC table, at least 16 levels deep
 */
export function checksumMemory(size: number, table: Int32Array): Uint8Array {
  const memory = wasmMemory(TABLE + size, [
    { name: 'crc', parameters: 3, integers: 4, vectors: 0, code: crcCode() },
    { name: 'sum', parameters: 3, integers: 0, vectors: 1, code: sumCode() },
  ]);
  const { crc, sum } = memory?.calls ?? {};
  // Plain bytes do as well, only slower.
  if (!memory || !crc || !sum) return new Uint8Array(size);
  const { buffer } = memory;
  new Int32Array(buffer, 0, LEVELS * 256).set(table.subarray(0, LEVELS * 256));
  known.set(buffer, { crc, sum });
  return new Uint8Array(buffer, TABLE, size);
}

// The arguments of both functions: what was computed so far, and the bytes.
const [SO_FAR, AT, END_AT] = [0, 1, 2];
/** Bytes of a step of either. */
const STEP = 16;

/** Repeats code that takes `step` bytes as long as there are as many. */
const repeat = (step: number, code: Code): Code => {
  const over =
    step === 1
      ? [...get(AT), ...get(END_AT), ...NOT_LESS]
      : [...get(AT), ...constant(step), ...ADD, ...get(END_AT), ...GREATER];
  const advance = [...get(AT), ...constant(step), ...ADD, ...set(AT), ...branch(0)];
  return [...BLOCK, ...LOOP, ...over, ...branchIf(1), ...code, ...advance, ...END, ...END];
};

const FIRST_WORD = 3;

/** The table entry for one byte of a word, at a level: the byte is moved to where it counts entries of four bytes. */
function lookUp(from: number, byte: number, level: number): Code {
  const moved = byte === 0 ? [...constant(2), ...SHIFT_LEFT] : [...constant(8 * byte - 2), ...SHIFT_RIGHT];
  return [...get(from), ...moved, ...constant(255 << 2), ...AND, ...load(1024 * level, 2)];
}

function crcCode(): Code {
  const words = [0, 1, 2, 3].flatMap((place) => {
    const loaded = [...get(AT), ...load(4 * place)];
    return [...(place === 0 ? [...get(SO_FAR), ...loaded, ...XOR] : loaded), ...set(FIRST_WORD + place)];
  });
  const entry = (place: number) => lookUp(FIRST_WORD + (place >> 2), place & 3, LEVELS - 1 - place);
  const places = Array.from({ length: LEVELS }, (_, place) => place);
  // Only the first word needs the register of the step before: what the others give is at hand by then.
  const others = places.slice(4).flatMap((place) => [...entry(place), ...(place === 4 ? [] : XOR)]);
  const pair = (place: number) => [...entry(place), ...entry(place + 1), ...XOR];
  const step = [...words, ...others, ...pair(0), ...pair(2), ...XOR, ...XOR, ...set(SO_FAR)];
  const one = [
    ...[...get(SO_FAR), ...constant(8), ...SHIFT_RIGHT],
    ...[...get(SO_FAR), ...get(AT), ...loadByte(0), ...XOR, ...constant(255), ...AND],
    ...[...constant(2), ...SHIFT_LEFT, ...load(0, 2), ...XOR, ...set(SO_FAR)],
  ];
  return [...repeat(STEP, step), ...repeat(1, one), ...get(SO_FAR)];
}

const SUMS = 3;
/** The bytes of each 16-bit word the other way round. */
const SWAPPED = Array.from({ length: STEP }, (_, lane) => lane ^ 1);

function sumCode(): Code {
  const loaded = [...get(AT), ...VECTOR_LOAD];
  const step = [...loaded, ...loaded, ...shuffle(SWAPPED), ...ADD_PAIRS, ...get(SUMS), ...VECTOR_ADD, ...set(SUMS)];
  const lanes = [0, 1, 2, 3].flatMap((lane) => [...get(SUMS), ...word(lane), ...ADD]);
  const high = [...get(AT), ...loadByte(0), ...constant(8), ...SHIFT_LEFT];
  const low = [...get(AT), ...constant(1), ...ADD, ...loadByte(0)];
  const two = [...get(SO_FAR), ...high, ...low, ...ADD, ...ADD, ...set(SO_FAR)];
  const one = [...get(SO_FAR), ...high, ...ADD, ...set(SO_FAR)];
  return [...repeat(STEP, step), ...repeat(2, two), ...repeat(1, one), ...get(SO_FAR), ...lanes];
}
