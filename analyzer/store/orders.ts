import type { Roles } from '../../crafter/commands/craft-packet.js';
import type { Matches } from '../index/matches.js';
import type { SaveTask, Search, StatisticsKind, Wanted } from '../query/news.js';

/**
 * What a change of the state asks the world to do. The store takes orders out of the state and has them carried out;
 * what comes of them returns as actions. An order with a key ends the one before it with the same key.
 */
export type Order =
  /** Which packets something applies to. The answers come as `matched`. */
  | { readonly type: 'match'; readonly key: string; readonly wanted: Wanted }
  /** The next packet that a search finds. The answer comes as `found`. */
  | {
      readonly type: 'find';
      readonly key: 'find';
      readonly search: Search;
      readonly from: number;
      readonly backwards: boolean;
      readonly within: Matches | undefined;
    }
  /** The answers come as `counted`. */
  | { readonly type: 'statistics'; readonly key: 'statistics'; readonly kind: StatisticsKind; readonly filter: string }
  /** What a channel carried. The answers come as `data`. */
  | { readonly type: 'data'; readonly key: 'data'; readonly channel: number }
  | { readonly type: 'save'; readonly key: 'save'; readonly task: SaveTask }
  /** The steps of packets, at most so many, to be drawn into a file. The answer comes as `drawn`. */
  | {
      readonly type: 'steps';
      readonly key: 'draw';
      readonly path: string;
      readonly packets: Matches;
      readonly most: number;
    }
  /** Ends what goes on under a key. */
  | { readonly type: 'cancel'; readonly key: string }
  | WorldOrder;

/** Orders that the capture has nothing to do with. */
export type WorldOrder =
  | { readonly type: 'program'; readonly what: 'quit' | 'redraw' | 'suspend' }
  /** Put a text on the clipboard of the terminal. */
  | { readonly type: 'copy'; readonly text: string }
  /** Write bytes to a file that does not exist yet. */
  | { readonly type: 'save-bytes'; readonly path: string; readonly bytes: Uint8Array }
  /** Keep what was typed for the next time. */
  | { readonly type: 'remember'; readonly what: HistoryName; readonly lines: readonly string[] }
  /** Keep the names of peers for the next time, by their ids in hex. */
  | { readonly type: 'alias'; readonly aliases: Readonly<Record<string, string>> }
  /** Write a frame to a capture file that does not exist yet; pcapng takes the secrets of its peers along. */
  | {
      readonly type: 'save-frame';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly linkType: number;
      readonly roles?: Roles;
    }
  /** Send bytes, so often: as the payload of a UDP datagram, or as a frame on an interface. */
  | {
      readonly type: 'send';
      readonly key: 'send';
      readonly to: SendTarget;
      readonly bytes: Uint8Array;
      readonly linkType: number;
      readonly count: number;
      /** Whether a flood is meant. */
      readonly yes: boolean;
    }
  /** Play a script, and record it. What happens is told as `played`. */
  | { readonly type: 'play'; readonly key: 'play'; readonly path: string }
  /** Keep what the script played last was recorded to, in a file that does not exist yet. */
  | { readonly type: 'keep-recording'; readonly path: string }
  /** The files whose paths begin so. The answer comes as `files`. */
  | { readonly type: 'files'; readonly key: 'files'; readonly typed: string }
  /** Rewrite the capture, or only some packets of it, as the words say, and open what comes of it over this one. */
  | { readonly type: 'rewrite'; readonly key: 'open'; readonly words: string; readonly packets: readonly number[] }
  /** Let peers talk over a virtual network, as the words say, and open what they send over this capture. */
  | { readonly type: 'simulate'; readonly key: 'open'; readonly words: string }
  /** Take the secrets of a file, and judge by them what is open. */
  | { readonly type: 'secrets'; readonly key: 'secrets'; readonly path: string }
  /** Open another capture over this one; or close this one, and go back to the one below. */
  | { readonly type: 'open-capture'; readonly key: 'open'; readonly path: string }
  | { readonly type: 'close-capture' }
  /** Read or capture no more; or drop everything and capture anew. */
  | { readonly type: 'live'; readonly what: 'stop' | 'restart' };

/** Lines that were typed are kept in these. */
export type HistoryName = 'filter' | 'search' | 'command' | 'target';

export type SendTarget =
  | { readonly type: 'udp'; readonly host: string; readonly port: number }
  | { readonly type: 'interface'; readonly name: string };
