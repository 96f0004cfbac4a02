import { fromHex } from '../../../dissectors/wire/view.js';
import type { BytesDraft } from './draft.js';
import { MOST_BYTES } from './make.js';

/** The bytes that were typed: hex digits, or text in quotes. @throws {RangeError} */
export function typedBytes(text: string): Uint8Array {
  const quoted = /^"(.*)"$/s.exec(text.trim())?.[1];
  if (quoted !== undefined) return new TextEncoder().encode(quoted.replaceAll(/\\(["\\])/g, '$1'));
  try {
    return fromHex(text);
  } catch {
    throw new RangeError(`"${text.trim()}" is neither hex digits, two a byte, nor text in quotes`);
  }
}

/** Writes bytes over those at a place; what reaches beyond the end makes the frame longer. @throws {RangeError} */
export const overwritten = (draft: BytesDraft, at: number, bytes: Uint8Array): BytesDraft =>
  spliced(draft, at, bytes.length, bytes);

/** Puts bytes before the one at a place. @throws {RangeError} */
export const insertedBytes = (draft: BytesDraft, at: number, bytes: Uint8Array): BytesDraft =>
  spliced(draft, at, 0, bytes);

/** Takes the byte at a place out. */
export const withoutByte = (draft: BytesDraft, at: number): BytesDraft => spliced(draft, at, 1, new Uint8Array(0));

function spliced(draft: BytesDraft, at: number, gone: number, bytes: Uint8Array): BytesDraft {
  const rest = draft.bytes.subarray(Math.min(at + gone, draft.bytes.length));
  const size = at + bytes.length + rest.length;
  if (size > MOST_BYTES) throw new RangeError(`the frame would have ${size} bytes; at most ${MOST_BYTES} can be made`);
  const next = new Uint8Array(size);
  next.set(draft.bytes.subarray(0, at));
  next.set(bytes, at);
  next.set(rest, at + bytes.length);
  return { ...draft, bytes: next };
}
