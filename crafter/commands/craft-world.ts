import type { CapturedPacket } from './craft-base.js';
import type { Destination } from './craft-options.js';

/** What is to be sent. */
export interface Copies {
  readonly to: Extract<Destination, { to: 'udp' | 'interface' }>;
  /** The first packet, and every other one unless `next` tells. */
  readonly bytes: Uint8Array;
  /** The packet of each place, from 0, where they are not all the same. */
  readonly next?: (place: number) => Uint8Array;
  /** What a frame begins with, as capture files number it. */
  readonly linkType: number;
  readonly count: number;
  /** So many a second; as fast as it goes if left out. */
  readonly rate?: number;
  /** Whether a flood is meant. */
  readonly yes: boolean;
}

/** What `craft` needs of the world. Whoever runs it decides how: the program, or a test. */
export interface CraftIo {
  /** To standard output. */
  readonly print: (text: string) => void;
  /** One line about what went wrong, without the program's name. */
  readonly complain: (problem: string) => void;
  readonly now: () => { readonly seconds: number; readonly nanos: number };
  readonly saveFile: (path: string, bytes: Uint8Array) => Promise<void>;
  /** The first bytes of a file, at most so many; undefined if there is none. */
  readonly headOf: (path: string, size: number) => Promise<Uint8Array | undefined>;
  readonly appendFile: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Sends packets in datagrams, or frames on an interface as they are. @throws {CraftError} if they cannot be sent */
  readonly send: (copies: Copies) => Promise<void>;
  /** Opens a port for what comes back, or for requests. */
  readonly openPort: (at: PortPlace) => Promise<AnswerPort>;
  /** A packet of a capture file, counted from 1; undefined if there are fewer. */
  readonly readPacket: (path: string, number: number) => Promise<CapturedPacket | undefined>;
}

/** Where a port is opened: anywhere, to send to an address; or at an address of one's own, for whoever sends there. */
export type PortPlace = { readonly to: string } | { readonly at: string };

/** A datagram that has come in. */
export interface Received {
  readonly bytes: Uint8Array;
  /** An address such as `127.0.0.1:4242`. */
  readonly from: string;
  /** Milliseconds since it was waited for. */
  readonly after: number;
}

/** A port for datagrams in both directions. */
export interface AnswerPort {
  /** Its own address. */
  readonly local: string;
  readonly send: (bytes: Uint8Array, to: string) => void;
  /** The next datagram; undefined where none comes in time, or the user wants an end. */
  readonly receive: (timeoutMs: number) => Promise<Received | undefined>;
  readonly close: () => Promise<void>;
}
