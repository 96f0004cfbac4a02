import { slice } from '../wire/view.js';
import { CRYPTO, firstNumber, framesIn } from './frames.js';

/** Bytes of a CRYPTO frame, and where in the stream they stand. */
export interface CryptoPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The CRYPTO frames of a packet, without its protection. */
export const cryptoIn = (view: DataView): readonly CryptoPiece[] =>
  framesIn(view).frames.flatMap((frame) =>
    frame.type === CRYPTO ? [{ offset: firstNumber(view, frame), bytes: slice(view, frame.data, frame.dataEnd) }] : [],
  );

/** The longest handshake message that is put together: no ClientHello with its certificates and keys is longer. */
const MOST_MESSAGE = 0x1_0000;
/** Runs of bytes with gaps between them: clients that shuffle their frames make some ten. */
const MOST_RUNS = 64;
/** Type and length. Source: RFC 8446, section 4. */
const HEAD = 4;

const lengthOf = (bytes: Uint8Array): number =>
  bytes.length < HEAD ? 0 : HEAD + (bytes[1] ?? 0) * 0x1_0000 + (bytes[2] ?? 0) * 0x100 + (bytes[3] ?? 0);

/** Bytes of a stream from one place on, in any order. Bounded. */
class Assembly {
  private buffer = new Uint8Array(0);
  /** Which bytes are there: pairs of a start and an end, in order, that do not touch. */
  private runs: (readonly [number, number])[] = [];
  readonly from: number;

  constructor(from: number) {
    this.from = from;
  }

  get bytes(): number {
    return this.buffer.length;
  }

  add({ offset, bytes }: CryptoPiece): void {
    const start = Math.max(0, offset - this.from);
    const end = offset - this.from + bytes.length;
    if (end <= start || end > MOST_MESSAGE || this.runs.length >= MOST_RUNS) return;
    if (end > this.buffer.length) {
      const larger = new Uint8Array(Math.min(MOST_MESSAGE, Math.max(end, 2 * this.buffer.length)));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer.set(bytes.subarray(bytes.length - (end - start)), start);
    this.runs = merged(this.runs, start, end);
  }

  /** The message that starts where the bytes do, once it is whole. */
  get message(): Uint8Array | undefined {
    const [first] = this.runs;
    if (!first || first[0] > 0) return undefined;
    const have = this.buffer.subarray(0, first[1]);
    const length = lengthOf(have);
    return length > 0 && length <= have.length ? have.subarray(0, length) : undefined;
  }

  /** What is left behind the first bytes, so many. */
  after(length: number): Assembly {
    const rest = new Assembly(this.from + length);
    for (const [start, end] of this.runs) {
      if (end > length) rest.add({ offset: this.from + start, bytes: this.buffer.subarray(start, end) });
    }
    return rest;
  }
}

function merged(
  runs: readonly (readonly [number, number])[],
  start: number,
  end: number,
): (readonly [number, number])[] {
  const before = runs.filter(([, to]) => to < start);
  const behind = runs.filter(([from]) => from > end);
  const touched = runs.filter(([from, to]) => to >= start && from <= end);
  const from = Math.min(start, ...touched.map(([one]) => one));
  const to = Math.max(end, ...touched.map(([, one]) => one));
  return [...before, [from, to], ...behind];
}

/** The handshake message that starts at a place of the stream, where these pieces alone hold it whole. */
export function messageIn(pieces: readonly CryptoPiece[], from: number): Uint8Array | undefined {
  for (const { offset, bytes } of pieces) {
    if (offset > from || offset + bytes.length <= from) continue;
    const rest = bytes.subarray(from - offset);
    const length = lengthOf(rest);
    if (length > 0 && length <= rest.length) return rest.subarray(0, length);
  }
  if (pieces.length < 2) return undefined;
  const own = new Assembly(from);
  for (const piece of pieces) own.add(piece);
  return own.message;
}

/** A handshake message that a packet completes, or repeats. */
export interface CryptoMessage {
  /** Where it starts in its stream. */
  readonly from: number;
  /** Undefined where the packet alone holds all of it: `messageIn` finds it. */
  readonly bytes: Uint8Array | undefined;
}

/** Starts of messages that are remembered, to know them when they are sent again: two hellos, and what follows. */
const MOST_STARTS = 4;

/** The CRYPTO frames of one direction's Initial packets, put in order and cut into handshake messages. Bounded. */
export class CryptoStream {
  private readonly starts: number[] = [];
  private kept = new Assembly(0);

  /** Bytes that wait for others. */
  get bytes(): number {
    return this.kept.bytes;
  }

  /** Adds the frames of a packet; returns the messages that end in it, in their order. */
  add(pieces: readonly CryptoPiece[]): readonly CryptoMessage[] {
    if (pieces.length === 0) return NONE;
    const found: CryptoMessage[] = [];
    for (const from of this.starts) if (messageIn(pieces, from)) found.push({ from, bytes: undefined });
    let own = messageIn(pieces, this.kept.from);
    // What one packet holds whole is not kept.
    if (!own) for (const piece of pieces) this.kept.add(piece);
    for (let whole = own ?? this.kept.message; whole; whole = own ?? this.kept.message) {
      const { from } = this.kept;
      found.push({ from, bytes: own ? undefined : whole.slice() });
      if (this.starts.length < MOST_STARTS) this.starts.push(from);
      this.kept = this.kept.after(whole.length);
      own = messageIn(pieces, this.kept.from);
      if (!own) for (const piece of pieces) this.kept.add(piece);
    }
    return found;
  }
}

const NONE: readonly CryptoMessage[] = [];
