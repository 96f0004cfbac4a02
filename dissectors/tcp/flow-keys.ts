import { endpointKey } from '../endpoint-key.js';
import { ipv4Header } from '../ipv4/layout.js';
import { ipv6Header } from '../ipv6/layout.js';
import type { FlowKeys, Network } from '../layer.js';

/** Directions whose keys are kept at hand: a capture has few at a time. A power of two. */
const FLOWS = 4096;
/** The words of both IPv6 addresses, that of both ports, and the version: IPv4 leaves the rest 0, as IPv6 may. */
const WORDS = 10;
const PORTS = 8;
const VERSION = 9;

/** The words of each direction at hand, and its keys. */
const words = new Int32Array(FLOWS * WORDS);
const known: (FlowKeys | undefined)[] = new Array(FLOWS).fill(undefined);
const wanted = new Int32Array(WORDS);

/**
 * The keys of the segment whose ports stand at `at`. Those of a direction that was seen a while ago are found, not made:
 * the same strings again, so that tables find by them without reading them. What a direction finds depends on no other.
 */
export function flowKeys(network: Network, view: DataView, at: number): FlowKeys {
  const place = readWords(network, view, at);
  const start = place * WORDS;
  const found = known[place];
  if (found !== undefined) {
    let word = 0;
    while (word < WORDS && words[start + word] === wanted[word]) word++;
    if (word === WORDS) return found;
  }
  const from = endpointKey(network, false, view.getUint16(at));
  const to = endpointKey(network, true, view.getUint16(at + 2));
  const keys = { key: from + to, reverse: to + from };
  words.set(wanted, start);
  known[place] = keys;
  return keys;
}

/** Reads what tells a direction from others into `wanted`; returns its place among those at hand. */
function readWords({ version, view, at }: Network, own: DataView, ports: number): number {
  const { src, dst } = version === 4 ? ipv4Header.fields : ipv6Header.fields;
  const each = version === 4 ? 1 : 4;
  let hash = own.getInt32(ports);
  wanted[PORTS] = hash;
  wanted[VERSION] = version;
  for (let word = 0; word < PORTS / 2; word++) {
    const from = word < each ? view.getInt32(at + src.offset + 4 * word) : 0;
    const to = word < each ? view.getInt32(at + dst.offset + 4 * word) : 0;
    wanted[2 * word] = from;
    wanted[2 * word + 1] = to;
    if (word < each) hash = Math.imul(hash ^ from, 0x9e3779b1) + Math.imul(to ^ (hash >>> 15), 0x85ebca6b);
  }
  return (hash ^ (hash >>> 13)) & (FLOWS - 1);
}
