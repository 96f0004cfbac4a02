import type { Endpoint } from '../endpoint.js';
import type { Part } from '../part.js';

/** The Ethernet addresses that a frame goes between. */
export interface MacPair {
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
}

/** One end of a conversation over UDP whose layers are ours to choose: its addresses may be anybody's. */
export interface ForgedEnd {
  /** What the packets say that they are from. The second of several own ports is one more, and so on. */
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The same without the ports: 4 or 16 bytes, big-endian. */
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  /** What frames begin with, as capture files number it. */
  readonly linkType: number;
  /** The Ethernet addresses, as far as they are given; undefined where the link has none. */
  readonly macs: Partial<MacPair> | undefined;
  /** A frame with a UDP payload, from the own port `via`, counted from 1; `macs` count where the link has them. */
  readonly datagram: (payload: Part, via: number, macs: MacPair | undefined) => Part;
  /** A frame with anything, in the layers of the link alone. */
  readonly onLink: (inside: Part, macs: MacPair) => Part;
}

const PORTS = 0x10000;

/** The number of the own port `via`. */
export const ownPort = ({ local }: ForgedEnd, via: number): number => (local.port + via - 1) % PORTS;

/** Which own port has a number: the other way round. */
export const viaOf = ({ local }: ForgedEnd, port: number): number => ((port - local.port + PORTS) % PORTS) + 1;

export const isIpv6 = ({ localAddress }: ForgedEnd): boolean => localAddress.length === 16;
