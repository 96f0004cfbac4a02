import {
  ADD,
  AND,
  BLOCK,
  branch,
  branchIf,
  type Code,
  call,
  constant,
  constant64,
  DIVIDE,
  DROP,
  ELSE,
  END,
  get,
  IF,
  IS_ZERO,
  LESS,
  LOOP,
  load,
  load16,
  loadByte,
  MULTIPLY,
  NOT_LESS,
  OR,
  RETURN,
  SELECT,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  SUBTRACT,
  set,
  shuffle,
  store16,
  store64,
  storeByte,
  VECTOR_LOAD,
  vectorConstant,
  vectorStore,
  type WasmFunction,
} from '../../dissectors/wire/wasm-code.js';
import { hexCode, highDigits, lowDigits, STEP } from './hex-code.js';

/**
 * WebAssembly code that writes text, from what stands in the same memory. Functions made of it begin with two
 * parameters: where the bytes stand that they read, and where their text goes; they give where it ends. Text may be
 * followed by up to `OVERRUN` bytes of anything: what comes next is written over them. The memory begins with
 * `DECIMAL_PAIRS`.
 */
export const [AT, TO] = [0, 1];

/** How far beyond its end anything may be read or written: two vectors. */
export const OVERRUN = 32;

const ZERO = 0x30;

const advance = (local: number, count: Code): Code => [...get(local), ...count, ...ADD, ...set(local)];
const pairOf = (value: Code): Code => [...value, ...constant(1), ...SHIFT_LEFT, ...load16(0)];
const digitOf = (value: Code): Code => [...value, ...constant(ZERO), ...ADD];

/** `(value, to)`: the decimal digits of a number below 2^32. */
function decimalCode(): Code {
  const [VALUE, END_AT, PLACE, REST] = [0, 1, 2, 3];
  const limits = [1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
  const digits = limits.flatMap((limit) => [...get(VALUE), ...constant(limit), ...NOT_LESS, ...ADD]);
  const below = (limit: number): Code => [...get(VALUE), ...constant(limit), ...LESS];
  return [
    ...[...below(10), ...IF, ...get(END_AT), ...digitOf(get(VALUE)), ...storeByte(0)],
    ...[...get(END_AT), ...constant(1), ...ADD, ...RETURN, ...END],
    ...[...below(100), ...IF, ...get(END_AT), ...pairOf(get(VALUE)), ...store16(0)],
    ...[...get(END_AT), ...constant(2), ...ADD, ...RETURN, ...END],
    ...[...get(END_AT), ...constant(3), ...ADD, ...digits, ...set(END_AT)],
    ...[...get(END_AT), ...set(PLACE)],
    ...LOOP,
    ...[...get(PLACE), ...constant(2), ...SUBTRACT, ...set(PLACE)],
    ...[...get(VALUE), ...constant(100), ...DIVIDE, ...set(REST)],
    ...[...get(PLACE), ...pairOf([...get(VALUE), ...get(REST), ...constant(100), ...MULTIPLY, ...SUBTRACT])],
    ...[...store16(0), ...get(REST), ...set(VALUE)],
    ...[...below(100), ...IS_ZERO, ...branchIf(0)],
    ...END,
    ...[...below(10), ...IF],
    ...[...get(PLACE), ...constant(1), ...SUBTRACT, ...digitOf(get(VALUE)), ...storeByte(0)],
    ...ELSE,
    ...[...get(PLACE), ...constant(2), ...SUBTRACT, ...pairOf(get(VALUE)), ...store16(0)],
    ...END,
    ...get(END_AT),
  ];
}

/** `(value, to)`: nine decimal digits, zeros first. */
function nineCode(): Code {
  const [VALUE, START, REST] = [0, 1, 2];
  const pair = (offset: number): Code => [
    ...[...get(VALUE), ...constant(100), ...DIVIDE, ...set(REST)],
    ...[...get(START), ...pairOf([...get(VALUE), ...get(REST), ...constant(100), ...MULTIPLY, ...SUBTRACT])],
    ...[...store16(offset), ...get(REST), ...set(VALUE)],
  ];
  return [
    ...[...pair(7), ...pair(5), ...pair(3), ...pair(1)],
    ...[...get(START), ...digitOf(get(VALUE)), ...storeByte(0)],
    ...[...get(START), ...constant(9), ...ADD],
  ];
}

const COLON = ':'.charCodeAt(0);

/** `(at, to)`: an Ethernet address, as `02:00:00:00:01:00`. */
function etherCode(): Code {
  const [FROM, START, VALUES, PLAIN] = [0, 1, 2, 3];
  const digits = shuffle(Array.from({ length: STEP }, (_, lane) => (lane >> 1) + (lane & 1) * STEP));
  const colons = vectorConstant(new Array(STEP).fill(COLON));
  const marked = Array.from({ length: STEP + 1 }, (_, lane) => (lane % 3 === 2 ? STEP : lane - Math.floor(lane / 3)));
  const last = new Array<number>(STEP).fill(marked[STEP] ?? 0);
  return [
    ...[...get(FROM), ...VECTOR_LOAD, ...set(VALUES)],
    ...[...highDigits(VALUES), ...lowDigits(VALUES), ...digits, ...set(PLAIN)],
    ...[...get(START), ...get(PLAIN), ...colons, ...shuffle(marked.slice(0, STEP)), ...vectorStore(0)],
    ...[...get(START), ...get(PLAIN), ...colons, ...shuffle(last), ...vectorStore(STEP)],
    ...[...get(START), ...constant(STEP + 1), ...ADD],
  ];
}

/** `(at, end, to)`: the same bytes. */
function copyCode(): Code {
  const [FROM, END_AT, START, SIZE] = [0, 1, 2, 3];
  return [
    ...[...get(START), ...get(END_AT), ...get(FROM), ...SUBTRACT, ...ADD, ...set(SIZE)],
    ...BLOCK,
    ...LOOP,
    ...[...get(FROM), ...get(END_AT), ...NOT_LESS, ...branchIf(1)],
    ...[...get(START), ...get(FROM), ...VECTOR_LOAD, ...vectorStore(0)],
    ...advance(FROM, constant(STEP)),
    ...advance(START, constant(STEP)),
    ...branch(0),
    ...END,
    ...END,
    ...get(SIZE),
  ];
}

/** What the code below calls: the first functions of every module that is made of it. */
export const TEXT_FUNCTIONS: readonly WasmFunction[] = [
  { name: 'decimal', parameters: 2, integers: 2, vectors: 0, code: decimalCode() },
  { name: 'nine', parameters: 2, integers: 1, vectors: 0, code: nineCode() },
  { name: 'hex', parameters: 3, integers: 0, vectors: 1, code: hexCode() },
  { name: 'ether', parameters: 2, integers: 0, vectors: 2, code: etherCode() },
  { name: 'copy', parameters: 3, integers: 1, vectors: 0, code: copyCode() },
];
const [DECIMAL, NINE, HEX, ETHER, COPY] = [0, 1, 2, 3, 4];

/** Text as it is, ASCII. */
function literal(text: string): Code {
  const bytes = new DataView(new ArrayBuffer(text.length + 8));
  for (let at = 0; at < text.length; at++) bytes.setUint8(at, text.charCodeAt(at));
  const words = Array.from({ length: Math.ceil(text.length / 8) }, (_, place) => 8 * place);
  return [
    ...words.flatMap((at) => [...get(TO), ...constant64(bytes.getBigUint64(at, true)), ...store64(at)]),
    ...advance(TO, constant(text.length)),
  ];
}

/** Pieces one after the other: text as it is, or what code writes. */
export function textOf(pieces: readonly (string | Code)[]): Code {
  const code: number[] = [];
  let plain = '';
  const close = () => {
    if (plain !== '') code.push(...literal(plain));
    plain = '';
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      plain += piece;
      continue;
    }
    close();
    code.push(...piece);
  }
  close();
  return code;
}

/** The address of a byte at an offset from those that are read. */
const addressOf = (offset: number): Code => [...get(AT), ...constant(offset), ...ADD];

/** An unsigned big-endian integer of 1 to 4 bytes. */
export function integerAt(offset: number, size: number): Code {
  const byte: Code = [...get(AT), ...loadByte(offset + size - 1)];
  return size === 1 ? byte : [...integerAt(offset, size - 1), ...constant(8), ...SHIFT_LEFT, ...byte, ...OR];
}

/** The bits `mask` of an integer, shifted down. */
export const bitsOf = (value: Code, mask: number, shift: number): Code => [
  ...[...value, ...constant(mask), ...AND],
  ...(shift === 0 ? [] : [...constant(shift), ...SHIFT_RIGHT]),
];

export const decimal = (value: Code): Code => [...value, ...get(TO), ...call(DECIMAL), ...set(TO)];
export const nineDigits = (value: Code): Code => [...value, ...get(TO), ...call(NINE), ...set(TO)];

/** Hex digits of some bytes at an offset. */
export const hexAt = (offset: number, size: number): Code => [
  ...[...addressOf(offset), ...addressOf(offset + size), ...get(TO), ...call(HEX), ...DROP],
  ...advance(TO, constant(2 * size)),
];

/** Hex digits of the bytes between two addresses. */
export const hexBetween = (start: Code, end: Code): Code => [
  ...[...start, ...end, ...get(TO), ...call(HEX), ...DROP],
  ...advance(TO, [...end, ...start, ...SUBTRACT, ...constant(1), ...SHIFT_LEFT]),
];

export const etherAt = (offset: number): Code => [...addressOf(offset), ...get(TO), ...call(ETHER), ...set(TO)];

export const ipv4At = (offset: number): Code =>
  textOf(
    [0, 1, 2, 3].flatMap((place) => [
      ...(place === 0 ? [] : ['.']),
      decimal([...get(AT), ...loadByte(offset + place)]),
    ]),
  );

/** `true` unless a value is 0, else `false`. */
export function truth(value: Code): Code {
  const word = (text: string): Code => constant64(Buffer.from(text.padEnd(8)).readBigUInt64LE());
  return [
    ...[...get(TO), ...word('false'), ...word('true'), ...value, ...IS_ZERO, ...SELECT, ...store64(0)],
    ...advance(TO, [...value, ...IS_ZERO, ...constant(4), ...ADD]),
  ];
}

/** The text that stands at an address, with its length in bytes in the word before it. */
export const textAt = (address: Code): Code => [
  ...[...address, ...address, ...address, ...constant(4), ...SUBTRACT, ...load(0), ...ADD],
  ...[...get(TO), ...call(COPY), ...set(TO)],
];
