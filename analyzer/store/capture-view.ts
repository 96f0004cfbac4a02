import type { Severity } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';

/** One row of the packet list, as text that is already safe to draw. */
export interface Row {
  /** From 1. */
  readonly number: number;
  /** Seconds since the first packet, as the list shows it. */
  readonly time: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes on the wire. */
  readonly length: number;
  readonly info: string;
  /** The worst finding, if there is one. */
  readonly severity: Severity | 'none';
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
}

/** A capture as the views see it. It grows while the file loads; rows and details never change once they are there. */
export interface CaptureView {
  /** The file's name, safe to draw. */
  readonly title: string;
  /** Packets indexed so far. */
  readonly count: number;
  /** How much of the file has been read, 0 to 1; undefined where the end is not known (a pipe). */
  readonly progress: number | undefined;
  readonly done: boolean;
  /** What went wrong, in one line, if anything did: a damaged file, a worker that died. */
  readonly problem: string | undefined;
  /** The row of a packet, `number` from 1 to `count`. Cheap: called for the rows on screen only. */
  row(number: number): Row;
  detail(number: number): Detail;
  /** Calls the listener when there is more; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  close(): void;
}
