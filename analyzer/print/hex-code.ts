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

/** Bytes of a step; its digits are twice as many. */
export const STEP = 16;

const DIGITS = vectorConstant(Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0)));

/** The high hex digits of the 16 bytes in a vector. */
export const highDigits = (values: number): Code => [
  ...[...DIGITS, ...get(values), ...constant(4), ...BYTES_SHIFT_RIGHT, ...PICK],
];

/** Their low hex digits. */
export const lowDigits = (values: number): Code => [
  ...[...DIGITS, ...get(values), ...vectorConstant(new Array(STEP).fill(0x0f)), ...VECTOR_AND, ...PICK],
];

/**
 * Code of a function `(at, end, to)` with one vector, which writes the lower-case hex digits of the bytes `[at, end)` from
 * `to` on. Its last step may read and write beyond both; what it gives is where that step ends.
 */
export function hexCode(): Code {
  const [AT, END_AT, TO, VALUES] = [0, 1, 2, 3];
  // The digits of the first or the last eight bytes, high before low.
  const half = (first: number) =>
    shuffle(Array.from({ length: STEP }, (_, lane) => first + (lane >> 1) + (lane & 1) * STEP));
  const store = (first: number) => [
    ...[...get(TO), ...highDigits(VALUES), ...lowDigits(VALUES), ...half(first), ...vectorStore(2 * first)],
  ];
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
