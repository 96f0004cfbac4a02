import type { Severity } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import type { Step } from '../print/ladder.js';
import type { Sheet } from '../stats/sheet.js';
import type { State } from '../track/channel.js';
import type { CookieStatus } from '../track/cookies.js';
import type { Moment, Secret } from '../track/secrets.js';

/** One row of the packet list, as text that is already safe to draw. */
export interface Row {
  /** From 1. */
  readonly number: number;
  /** Seconds since the first packet, as the list shows it. */
  readonly time: string;
  /** When it was captured: seconds since 1970-01-01T00:00:00Z, and nanoseconds on top. */
  readonly seconds: number;
  readonly nanos: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes on the wire. */
  readonly length: number;
  readonly info: string;
  /** The worst finding, if there is one. */
  readonly severity: Severity | 'none';
  /** The values of the fields that were asked for, in that order; several of one field with commas between. */
  readonly fields: readonly string[];
  /** The place of the first of the filters that were given which passes it; -1 if none does. */
  readonly rule: number;
}

/** The bytes of one packet that the hex pane can show: the frame, or what was put together from several. */
export interface Bytes {
  readonly name: string;
  readonly view: DataView;
}

/** Everything about one packet: the tree, and the bytes its lines point into (`Line.source` is the index). */
export interface Detail {
  readonly number: number;
  readonly lines: readonly Line[];
  readonly sources: readonly Bytes[];
  /** The numbers of the channels that it touches. */
  readonly channels: readonly number[];
  /** What its frame begins with, as capture files number it; -1 if that is not known. */
  readonly linkType: number;
  /** When it was captured, and the secrets that are known. */
  readonly moment: Moment;
  readonly secrets: readonly Secret[];
}

/** What went one way on a channel. */
export interface ChannelCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly dataPackets: number;
  readonly dataBytes: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly reordered: number;
  readonly resent: number;
}

/** A channel as the list shows it. Texts are safe to draw. */
export interface ChannelRow {
  /** From 1, in the order of appearance. */
  readonly number: number;
  /** `c1 ‖ c2` in hex, or `c1` alone while the other half is not known. */
  readonly id: string;
  readonly dialect: string;
  /** Peer ids, 32 hex digits, and where each was seen last (`10.0.0.1:4242`), empty if that is not known. */
  readonly initiator: string;
  readonly responder: string;
  readonly initiatorAddress: string;
  readonly responderAddress: string;
  readonly state: State;
  /** The reason of its CLOSE, if one was seen. */
  readonly reason: number | undefined;
  readonly mode: string | undefined;
  readonly cookie1: CookieStatus | undefined;
  readonly cookie2: CookieStatus | undefined;
  /** Round trips in seconds. */
  readonly rttNewAcknowledge: number | undefined;
  readonly rttAcknowledgeFinalize: number | undefined;
  /** Numbers of packets. */
  readonly first: number;
  readonly last: number;
  /** Times of those, in seconds since the first packet of the capture. */
  readonly begun: number;
  readonly ended: number;
  readonly fromInitiator: ChannelCounts;
  readonly fromResponder: ChannelCounts;
  /** Findings above `chat` in its packets, and the worst. */
  readonly findings: number;
  readonly severity: Severity | 'none';
}

/** What the list of channels can be sorted by. */
export type ChannelKey =
  | 'number'
  | 'id'
  | 'begun'
  | 'initiator'
  | 'responder'
  | 'dialect'
  | 'state'
  | 'mode'
  | 'cookie1'
  | 'cookie2'
  | 'rtt'
  | 'packets'
  | 'bytes'
  | 'lost'
  | 'resent'
  | 'findings';

/** The channels as they stood when it was made. Never changes: there is a new one when there is news. */
export interface ChannelSnapshot {
  readonly count: number;
  /** Channels dropped to stay within bounds. */
  readonly forgotten: number;
  /** @param place from 0, in the order of numbers */
  at(place: number): ChannelRow;
  /** The place of a channel, -1 if it is not there. */
  placeOf(number: number): number;
  /**
   * The places in some order, of the channels whose words (ids, addresses, state, mode, statuses, dialect) contain all
   * the given ones; of each list one is enough.
   */
  order(key: ChannelKey, descending: boolean, words: readonly (readonly string[])[]): Uint32Array;
}

/** Packets that something applies to, in order. Grows while the capture does; what is there stays. */
export interface Matches {
  readonly count: number;
  /** The number of a packet. @param place from 0 */
  at(place: number): number;
  /** The place of the first packet whose number is not smaller; `count` if there is none. */
  placeOf(number: number): number;
}

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

/** The kinds of statistics, and `rtt`: the round trips of handshakes in classes, for a histogram. */
export type StatisticsKind = 'hierarchy' | 'endpoints' | 'conversations' | 'io' | 'handshakes' | 'rtt' | 'expert';

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

/** How capturing goes, where packets come from an interface. */
export interface LiveState {
  /** Such as `dumpcap on eth0`. */
  readonly source: string;
  /** Packets that came, lost ones among them where the engine counts those. */
  readonly received: number;
  /** Undefined where nobody counts them. */
  readonly dropped: number | undefined;
  readonly running: boolean;
  /** Why it ended, if it did on its own account. */
  readonly ended: string | undefined;
  /** The file that packets are written to as they come, if there is one. */
  readonly file: string | undefined;
}

/** A capture as the views see it. It grows while the file loads; rows and details never change once they are there. */
export interface CaptureView {
  /** The file's name, safe to draw. */
  readonly title: string;
  /** The number of the newest packet. */
  readonly count: number;
  /** The number of the oldest packet that is kept: above 1 when older ones were forgotten to stay within bounds. */
  readonly first: number;
  /** How much of the file has been read, 0 to 1; undefined where the end is not known (a pipe). */
  readonly progress: number | undefined;
  readonly done: boolean;
  /** What went wrong, in one line, if anything did: a damaged file, a worker that died. */
  readonly problem: string | undefined;
  readonly live: LiveState | undefined;
  /**
   * The row of a packet, `number` from `first` to `count`. Cheap: called for the rows on screen only.
   * @param fields names of fields whose values the row holds besides
   * @param rules filters, of which the row tells the first that passes it; always the same list while it is the same
   */
  row(number: number, fields?: readonly string[], rules?: readonly string[]): Row;
  detail(number: number): Detail;
  /** The messages of a packet as steps of a sequence diagram. */
  steps(number: number): readonly Step[];
  /** The numbers of the channels that a packet touches. Cheap: reads no packet. */
  touched(number: number): readonly number[];
  /** The newest snapshot. */
  channels(): ChannelSnapshot;
  /** The packets that something applies to: told at once, again as more are found, and on as the capture grows. */
  match(wanted: Wanted, listener: (news: MatchNews) => void): Cancel;
  /** The next packet from one on, in a direction, that a search finds; of some packets only, if those are given. */
  find(
    search: Search,
    from: number,
    backwards: boolean,
    within: Matches | undefined,
    listener: (news: FindNews) => void,
  ): Cancel;
  /** @param filter counts only what passes; empty for all packets */
  statistics(kind: StatisticsKind, filter: string, listener: (news: StatisticsNews) => void): Cancel;
  /** What a channel carried, both ways, in capture order; what was sent again is there once. */
  data(channel: number, listener: (news: DataNews) => void): Cancel;
  save(task: SaveTask, listener: (news: SaveNews) => void): Cancel;
  /** Calls the listener when there is more; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  close(): void;
}
