import type { Fragment, Piece, Source } from '../layer.js';
import { type Finding, finding } from '../wire/finding.js';
import type { Limit } from '../wire/stop.js';
import { slice, viewOf } from '../wire/view.js';

/** Datagrams that may wait for fragments at once; the oldest goes first. */
const WAITING = 4096;
/** Fragments that one datagram may have, and bytes that all waiting ones may hold. */
const FRAGMENTS = 8192;
const HELD = 64 * 1024 * 1024;
/** The longest datagram, in bytes. */
const LONGEST = 65_535;

interface Held {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly piece: Piece;
}

interface Datagram {
  /** In the order of their offsets. */
  readonly held: Held[];
  bytes: number;
  /** The length of the whole payload, once the last fragment is here. */
  length: number | undefined;
}

/** Fragments waiting for the rest of their datagrams. Bounded: strangers send the first fragments of floods. */
export class Fragments {
  private readonly waiting = new Map<string, Datagram>();
  private bytes = 0;
  /** Datagrams given up to stay within bounds. */
  forgotten = 0;

  /** Adds a fragment; returns the whole datagram when this fragment completes it. */
  add(
    piece: Piece,
    view: DataView,
    at: number,
    limit: Limit,
    { key, offset, more }: Fragment,
  ): { readonly source?: Source; readonly findings: readonly Finding[] } {
    const length = limit.wire - at;
    const place = [at, Math.max(at, limit.captured)] as const;
    // A fragment that the capture cut leaves a hole that nothing can fill.
    if (limit.captured < limit.wire) return { findings: [] };
    const datagram = this.waiting.get(key) ?? { held: [], bytes: 0, length: undefined };
    const end = offset + length;
    if (end > LONGEST || (datagram.length !== undefined && end > datagram.length)) {
      return { findings: [finding('fragment-too-long', ...place)] };
    }
    if (!more && datagram.held.some((held) => held.offset + held.bytes.length > end)) {
      return { findings: [finding('fragment-too-long', ...place)] };
    }
    if (!more) datagram.length = end;
    const findings = this.hold(datagram, { offset, bytes: slice(view, at, limit.captured).slice(), piece }, place);
    this.waiting.set(key, datagram);
    const source = complete(datagram);
    if (source) this.forget(key, datagram);
    else this.shrink();
    return source ? { source, findings } : { findings };
  }

  private hold(datagram: Datagram, fragment: Held, place: readonly [number, number]): readonly Finding[] {
    const { held } = datagram;
    const end = fragment.offset + fragment.bytes.length;
    const over = held.filter(({ offset, bytes }) => offset < end && fragment.offset < offset + bytes.length);
    const differs = over.some((other) => !agree(other, fragment));
    let position = held.length;
    while (position > 0 && (held[position - 1] as Held).offset > fragment.offset) position--;
    if (held.length < FRAGMENTS) {
      held.splice(position, 0, fragment);
      datagram.bytes += fragment.bytes.length;
      this.bytes += fragment.bytes.length;
    }
    if (over.length === 0) return [];
    return [finding(differs ? 'fragment-conflict' : 'fragment-overlap', ...place)];
  }

  private forget(key: string, datagram: Datagram): void {
    this.waiting.delete(key);
    this.bytes -= datagram.bytes;
  }

  private shrink(): void {
    while (this.waiting.size > WAITING || this.bytes > HELD) {
      const oldest = this.waiting.entries().next().value;
      if (!oldest) return;
      this.forget(...oldest);
      this.forgotten++;
    }
  }
}

/** Whether two overlapping fragments say the same where they overlap. */
function agree(one: Held, other: Held): boolean {
  const start = Math.max(one.offset, other.offset);
  const end = Math.min(one.offset + one.bytes.length, other.offset + other.bytes.length);
  for (let at = start; at < end; at++) {
    if (one.bytes[at - one.offset] !== other.bytes[at - other.offset]) return false;
  }
  return true;
}

/** The whole datagram, if no byte is missing. Where fragments overlap, the one that starts first wins. */
function complete({ held, length }: Datagram): Source | undefined {
  if (length === undefined) return undefined;
  let reached = 0;
  for (const { offset, bytes } of held) {
    if (offset > reached) return undefined;
    reached = Math.max(reached, offset + bytes.length);
  }
  if (reached < length) return undefined;
  const whole = new Uint8Array(length);
  const pieces: Piece[] = [];
  let filled = 0;
  for (const { offset, bytes, piece } of held) {
    const skip = filled - offset;
    if (skip >= bytes.length) continue;
    whole.set(bytes.subarray(skip), filled);
    pieces.push({ packet: piece.packet, at: piece.at + skip, length: bytes.length - skip });
    filled = offset + bytes.length;
  }
  return { name: 'Reassembled datagram', view: viewOf(whole), pieces };
}
