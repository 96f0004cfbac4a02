import { endpointKey } from '../endpoint-key.js';
import type { Association, Network, Opening } from '../layer.js';
import type { Finding } from '../wire/finding.js';
import type { Limit } from '../wire/stop.js';
import { type Chunk, COOKIE_ECHO, DATA, I_DATA, INIT, INIT_ACK, padded } from './chunks.js';
import { dataChunk, initChunk, sctpHeader } from './layout.js';
import { parameterHead, ZERO_CHECKSUM_ACCEPTABLE } from './parameters.js';

const { fields } = sctpHeader;

/** What is read of a packet's chunks for the sake of its association. */
export interface Said {
  tsn: number | undefined;
  opening: Opening | undefined;
  /** Whether a chunk needs a checksum that is right, whatever the receiver accepts. Source: RFC 9653, section 5.2. */
  needsChecksum: boolean;
}

/** Notes what a chunk of the packet at `at` says. */
export function hear(said: Said, view: DataView, at: number, limit: Limit, chunk: Chunk): void {
  const { type } = chunk;
  if (type === DATA || type === I_DATA) {
    said.tsn ??= dataChunk.fields.data_tsn_raw.read(view, chunk.at);
  } else if (type === INIT || type === INIT_ACK) {
    said.needsChecksum ||= type === INIT;
    said.opening ??= openingOf(view, at, limit, chunk);
  } else if (type === COOKIE_ECHO) said.needsChecksum = true;
}

/** What an INIT or INIT ACK asks of the packets that are sent back. */
function openingOf(view: DataView, at: number, limit: Limit, { at: start, end }: Chunk): Opening | undefined {
  const captured = Math.min(end, limit.captured);
  if (start + initChunk.size > captured) return undefined;
  const tag = initChunk.fields.init_initiate_tag.read(view, start);
  const key = keyOf(fields.dstport.read(view, at), fields.srcport.read(view, at), tag);
  return { key, acceptsZero: hasParameter(view, start + initChunk.size, captured, ZERO_CHECKSUM_ACCEPTABLE) };
}

function hasParameter(view: DataView, at: number, end: number, wanted: number): boolean {
  const { parameter_type, parameter_length } = parameterHead.fields;
  for (let start = at; start + parameterHead.size <= end; ) {
    const length = parameter_length.read(view, start);
    if (length < parameterHead.size) return false;
    if (parameter_type.read(view, start) === wanted) return true;
    start += padded(length);
  }
  return false;
}

/** What the packets in one direction share, as text, a character for each 16 bits. */
const keyOf = (from: number, to: number, tag: number): string =>
  String.fromCharCode(from, to, tag >>> 16, tag & 0xffff);

/** What the packets in the direction of the packet at `at` share; undefined where it has no tag. */
export function associationKey(view: DataView, at: number): string | undefined {
  const tag = fields.verification_tag.read(view, at);
  return tag === 0 ? undefined : keyOf(fields.srcport.read(view, at), fields.dstport.read(view, at), tag);
}

/** What the packet at `at` says of its association. @param zero the finding on a checksum of zero */
export function associationOf(
  view: DataView,
  at: number,
  network: Network,
  { tsn, opening }: Said,
  zero: Finding | undefined,
): Association {
  const source = fields.srcport.read(view, at);
  const destination = fields.dstport.read(view, at);
  return {
    key: associationKey(view, at),
    from: endpointKey(network, false, source) + String.fromCharCode(destination),
    to: endpointKey(network, true, destination) + String.fromCharCode(source),
    tsn,
    opening,
    zero,
  };
}
