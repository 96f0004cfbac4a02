import {
  ADD,
  BLOCK,
  BYTES_SHIFT_RIGHT,
  branch,
  branchIf,
  type Code,
  constant,
  END,
  get,
  LOOP,
  NOT_LESS,
  PICK,
  set,
  shuffle,
  VECTOR_AND,
  VECTOR_LOAD,
  vectorConstant,
  vectorStore,
} from '../../dissectors/wire/wasm-code.js';
import { type WasmCall, wasmMemory } from '../../dissectors/wire/wasm-memory.js';

/** The most bytes whose digits are made at once: more than a datagram has. */
export const MOST_HEX = 0x1_0000;
/** Bytes of a step; its digits are twice as many. */
const STEP = 16;

/** Bytes and their digits, in one WebAssembly memory; the last step may reach beyond both. */
interface HexMemory {
  readonly bytes: Uint8Array;
  readonly digits: Uint8Array;
  /** `(at, end, to)`: writes the digits of the bytes `[at, end)` from `to` on. */
  readonly convert: WasmCall;
}

/** Made when it is first needed; null where it cannot be made. */
const made: { memory: HexMemory | null | undefined } = { memory: undefined };

/**
 * The lower-case hex digits of the bytes `[start, end)` of a view, `MOST_HEX` at most: valid until others are asked for.
 * Undefined where WebAssembly has no vectors.
 */
export function hexDigits(from: DataView, start: number, end: number): Uint8Array | undefined {
  if (made.memory === undefined) made.memory = hexMemory();
  const { memory } = made;
  if (memory === null) return undefined;
  const { bytes, digits, convert } = memory;
  const size = end - start;
  bytes.set(new Uint8Array(from.buffer, from.byteOffset + start, size));
  convert(bytes.byteOffset, bytes.byteOffset + size, digits.byteOffset);
  return digits.subarray(0, 2 * size);
}

function hexMemory(): HexMemory | null {
  const digitsAt = MOST_HEX + STEP;
  const room = wasmMemory(3 * digitsAt, [
    { name: 'convert', parameters: 3, integers: 0, vectors: 1, code: convertCode() },
  ]);
  const convert = room?.calls.convert;
  if (!room || !convert) return null;
  return { bytes: new Uint8Array(room.buffer, 0, digitsAt), digits: new Uint8Array(room.buffer, digitsAt), convert };
}

const [AT, END_AT, TO, VALUES] = [0, 1, 2, 3];

function convertCode(): Code {
  const digits = vectorConstant(Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0)));
  const high = [...digits, ...get(VALUES), ...constant(4), ...BYTES_SHIFT_RIGHT, ...PICK];
  const low = [...digits, ...get(VALUES), ...vectorConstant(new Array(STEP).fill(0x0f)), ...VECTOR_AND, ...PICK];
  // The digits of the first or the last eight bytes, high before low.
  const half = (first: number) =>
    shuffle(Array.from({ length: STEP }, (_, lane) => first + (lane >> 1) + (lane & 1) * STEP));
  const store = (first: number) => [...get(TO), ...high, ...low, ...half(first), ...vectorStore(2 * first)];
  const advance = (local: number, count: number) => [...get(local), ...constant(count), ...ADD, ...set(local)];
  return [
    ...BLOCK,
    ...LOOP,
    ...[...get(AT), ...get(END_AT), ...NOT_LESS, ...branchIf(1)],
    ...[...get(AT), ...VECTOR_LOAD, ...set(VALUES)],
    ...store(0),
    ...store(STEP / 2),
    ...advance(AT, STEP),
    ...advance(TO, 2 * STEP),
    ...branch(0),
    ...END,
    ...END,
    ...get(TO),
  ];
}
