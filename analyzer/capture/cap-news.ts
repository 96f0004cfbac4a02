/** What the process that captures with the library `cap` is asked, as JSON in its one argument. */
export interface CapTask {
  readonly interface: string;
  readonly filter: string;
  /** In bytes. */
  readonly bufferSize: number;
  /** Bytes kept of a packet. */
  readonly snapLength: number;
  /** Only see whether it could be done. */
  readonly check: boolean;
}

/** What it tells on standard error, an object a line. */
export type CapNews =
  /** The interface is open; its link type, as the library names it. */
  | { readonly type: 'open'; readonly linkType: string }
  /** The library cannot be loaded. */
  | { readonly type: 'missing'; readonly why: string }
  /** The interface cannot be opened, or the filter is wrong. */
  | { readonly type: 'refused'; readonly why: string }
  /** Packets so far. */
  | { readonly type: 'received'; readonly packets: number };

/** The news in a line; undefined for what else is said there: warnings of the library. */
export function newsIn(line: string): CapNews | undefined {
  if (!line.startsWith('{"type":')) return undefined;
  // The lines are those of our own script.
  return JSON.parse(line) as CapNews;
}
