import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { Layer } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { hexOf, slice } from '../wire/view.js';
import {
  ESP_INFO,
  espInfo,
  HIT_SIZE,
  hipHeader,
  NOTIFICATION,
  notification,
  PUZZLE,
  parameterHead,
  puzzleStart,
  SOLUTION,
  solutionStart,
  zeroMarker,
} from './layout.js';

/** Parameters of one packet that are looked at. */
const MOST_PARAMETERS = 128;
const { type: parameterType, 'tlv.length': parameterLength } = parameterHead.fields;
const { packet_type, hdr_len, version, hit_sndr, hit_rcvr } = hipHeader.fields;

/** Where the packet of a layer starts: in UDP behind four zeros. */
export const packetAt = (view: DataView, at: number, { captured }: Limit): number =>
  at + zeroMarker.size <= captured && view.getUint32(at) === 0 ? at + zeroMarker.size : at;

/** Whether the header at `at`, which is captured, is one of HIP: a version that is known, and its fixed bits. */
export const isHip = (view: DataView, at: number): boolean =>
  (version.read(view, at) === 1 || version.read(view, at) === 2) &&
  (view.getUint8(at + 2) & 0x80) === 0 &&
  (view.getUint8(at + 3) & 1) === 1 &&
  lengthOf(view, at) >= hipHeader.size;

/** In bytes: the header and all parameters. */
export const lengthOf = (view: DataView, at: number): number => 8 * (hdr_len.read(view, at) + 1);

/** Tells `each` of the parameters in `[start, end)`; where they end, or the start of the first that reaches beyond. */
export function walkParameters(
  view: DataView,
  start: number,
  end: number,
  each: (type: number, at: number, value: number, valueEnd: number, next: number) => void,
): number {
  let at = start;
  for (let count = 0; at + parameterHead.size <= end && count < MOST_PARAMETERS; count++) {
    const length = parameterLength.read(view, at);
    const value = at + parameterHead.size;
    const next = at + 11 + length - ((length + 3) % 8);
    each(parameterType.read(view, at), at, value, Math.min(value + length, end), Math.min(next, end));
    if (value + length > end) return at;
    at = Math.min(next, end);
  }
  return end;
}

/** A puzzle as the responder asked it, or as the initiator returned it. */
export interface Puzzle {
  readonly difficulty: number;
  /** In hex: what must come back as it was, but for the lifetime. */
  readonly opaque: string;
  readonly random: string;
  /** For how long it is good, in seconds; 0 of a solution. */
  readonly seconds: number;
}

/** What a packet says, as far as handshakes go. Bytes are in hex. */
export interface HipPacket {
  readonly type: number;
  readonly version: number;
  readonly sender: string;
  readonly receiver: string;
  readonly puzzle: Puzzle | undefined;
  readonly solution: Puzzle | undefined;
  /** Whether the solution solves it; undefined where its hash is not known, or none is there. */
  readonly isSolved: boolean | undefined;
  readonly spi: number | undefined;
  readonly notification: number | undefined;
}

const EMPTY = { puzzle: undefined, solution: undefined, isSolved: undefined, spi: undefined, notification: undefined };

/** Reads a layer; undefined where its header is not captured. */
export function readHip(view: DataView, { at: start, limit }: Pick<Layer, 'at' | 'limit'>): HipPacket | undefined {
  const at = packetAt(view, start, limit);
  if (at + hipHeader.size > limit.captured) return undefined;
  const found: { -readonly [Key in keyof HipPacket]: HipPacket[Key] } = {
    ...EMPTY,
    type: packet_type.read(view, at),
    version: version.read(view, at),
    sender: hexOf(view, at + hit_sndr.offset, at + hit_sndr.offset + HIT_SIZE),
    receiver: hexOf(view, at + hit_rcvr.offset, at + hit_rcvr.offset + HIT_SIZE),
  };
  const end = Math.min(limit.captured, at + lengthOf(view, at));
  walkParameters(view, at + hipHeader.size, end, (type, _head, value, stop) => {
    if (type === PUZZLE && stop - value > puzzleStart.size) found.puzzle ??= puzzleAt(view, value, stop);
    else if (type === SOLUTION && stop - value > solutionStart.size) {
      found.solution ??= solutionAt(view, value, stop);
      found.isSolved ??= isSolution(view, at, value, stop);
    } else if (type === ESP_INFO && stop - value === espInfo.size) {
      found.spi ??= espInfo.fields.tlv_esp_info_new_spi.read(view, value);
    } else if (type === NOTIFICATION && stop - value >= 4) {
      found.notification ??= notification.fields['tlv.notification_type'].read(view, value);
    }
  });
  return found;
}

/** The lifetime is a power of two, of which 32 is one second. Source: RFC 7401, section 5.2.4. */
const secondsOf = (lifetime: number): number => 2 ** (lifetime - 32);

const puzzleAt = (view: DataView, at: number, end: number): Puzzle => ({
  difficulty: puzzleStart.fields.tlv_puzzle_k.read(view, at),
  opaque: hexOf(view, at + 2, at + 4),
  random: hexOf(view, at + puzzleStart.size, end),
  seconds: secondsOf(puzzleStart.fields.tlv_puzzle_lifetime.read(view, at)),
});

/** I and J are equally long. */
const middleOf = (at: number, end: number): number => at + solutionStart.size + ((end - at - solutionStart.size) >> 1);

const solutionAt = (view: DataView, at: number, end: number): Puzzle => ({
  difficulty: solutionStart.fields.tlv_solution_k.read(view, at),
  opaque: hexOf(view, at + 2, at + 4),
  random: hexOf(view, at + solutionStart.size, middleOf(at, end)),
  seconds: 0,
});

/** The hash of a suite is as long as I and J; of the first version they are 8 bytes each, and the hash is SHA-1. */
const HASHES: ReadonlyMap<number, (bytes: Uint8Array) => Uint8Array> = new Map([
  [8, sha1],
  [20, sha1],
  [32, sha256],
  [48, sha384],
]);

/**
 * Whether the solution `[at, end)` of the packet at `packet` solves its puzzle: the lowest K bits of the hash of I, both
 * tags and J are zero. No secret is needed. Source: RFC 7401, section 4.1.2.
 */
function isSolution(view: DataView, packet: number, at: number, end: number): boolean | undefined {
  const middle = middleOf(at, end);
  const start = at + solutionStart.size;
  const hash = HASHES.get(middle - start);
  if (!hash || end - middle !== middle - start) return undefined;
  const tags = packet + hit_sndr.offset;
  const bytes = new Uint8Array(end - start + 2 * HIT_SIZE);
  bytes.set(slice(view, start, middle), 0);
  bytes.set(slice(view, tags, tags + 2 * HIT_SIZE), middle - start);
  bytes.set(slice(view, middle, end), middle - start + 2 * HIT_SIZE);
  return hasZeros(hash(bytes), solutionStart.fields.tlv_solution_k.read(view, at));
}

/** Whether the lowest `count` bits are zero. */
function hasZeros(hash: Uint8Array, count: number): boolean {
  if (count > 8 * hash.length) return false;
  for (let bit = 0; bit < count; bit++) {
    if (((hash[hash.length - 1 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1) return false;
  }
  return true;
}
