import type { Matches } from '../index/matches.js';
import type { Sheet } from '../stats/sheet.js';

/** How far a question has been answered. */
export interface MatchNews {
  readonly matches: Matches;
  /** Packets that have been looked at. */
  readonly looked: number;
  /** Whether all packets so far have been: false again when more come. */
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** What packets are asked for. */
export type Wanted =
  | { readonly type: 'filter'; readonly text: string }
  /** Those that a search finds among the packets that a display filter passes; all are looked at if it is empty. */
  | { readonly type: 'search'; readonly search: Search; readonly filter: string }
  /** Those that touch one of some channels. */
  | { readonly type: 'channels'; readonly numbers: readonly number[] };

/** What is searched for, and where. */
export interface Search {
  readonly in: 'list' | 'tree' | 'bytes' | 'filter';
  /** `text` ignores case; `regex` is a regular expression; `hex` is bytes in hex, only in bytes. */
  readonly as: 'text' | 'regex' | 'hex';
  readonly what: string;
}

export interface FindNews {
  /** The packet, 0 if there is none. */
  readonly number: number;
  readonly looked: number;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** The kinds of statistics: `properties` are those of the capture as a whole, and `rtt`: the round trips of handshakes in classes, for a histogram. */
export type StatisticsKind =
  | 'properties'
  | 'hierarchy'
  | 'endpoints'
  | 'conversations'
  | 'io'
  | 'handshakes'
  | 'rtt'
  | 'expert';

export interface StatisticsNews {
  readonly sheets: readonly Sheet[];
  /** For each row of each sheet a filter that passes its packets; empty where there is none. */
  readonly filters: readonly (readonly string[])[];
  readonly looked: number;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** A piece of what a channel carried. */
export interface DataPiece {
  readonly packet: number;
  readonly fromInitiator: boolean;
  readonly bytes: Uint8Array;
}

export interface DataNews {
  /** All pieces so far, in order. Those beyond the bound are left out. */
  readonly pieces: readonly DataPiece[];
  readonly bytes: number;
  /** Bytes left out to stay within bounds. */
  readonly left: number;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** What is written to a capture file. */
export interface SaveTask {
  /** A name ending in `.pcap` gets that format, any other pcapng. */
  readonly path: string;
  /** All packets unless given. */
  readonly matches?: Matches;
  /** Only these numbers, beside `matches`. */
  readonly numbers?: readonly number[];
  /** With the handshakes of the channels that are touched. */
  readonly withHandshakes: boolean;
}

export interface SaveNews {
  readonly written: number;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** Ends a question; nothing is told afterwards. */
export type Cancel = () => void;
