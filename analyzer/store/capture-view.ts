import type { Severity } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import type { ChannelSnapshot } from '../index/channel-row.js';
import type { HandshakeSnapshot } from '../index/handshake-row.js';
import type { Matches } from '../index/matches.js';
import type { Step } from '../print/ladder.js';
import type {
  Cancel,
  DataNews,
  FindNews,
  MatchNews,
  SaveNews,
  SaveTask,
  Search,
  StatisticsKind,
  StatisticsNews,
  Wanted,
} from '../query/news.js';
import type { Moment, Secret } from '../secrets/secrets.js';

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
  /** What is told once of many packets, a line each: as far as their rows have been looked at. */
  readonly remarks: readonly string[];
  /**
   * The row of a packet, `number` from `first` to `count`. Cheap: called for the rows on screen only.
   * @param fields names of fields whose values the row holds besides
   * @param rules filters, of which the row tells the first that passes it; always the same list while it is the same
   */
  row(number: number, fields?: readonly string[], rules?: readonly string[]): Row;
  detail(number: number): Detail;
  /** The messages of a packet as steps of a sequence diagram. */
  steps(number: number): readonly Step[];
  /** The numbers of the channels, or handshakes, that a packet touches. Cheap: reads no packet. */
  touched(number: number, list: 'channels' | 'handshakes'): readonly number[];
  /** The newest snapshot. */
  channels(): ChannelSnapshot;
  /** The same of handshakes of every protocol. */
  handshakes(): HandshakeSnapshot;
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
