import { capturesIn } from './captures-in-folder.js';
import type { MergedPart } from './merged-part.js';

/** How often files and folders are looked at, in milliseconds. */
const INTERVAL_MS = 200;
/** A file that is not the newest of its ring has been read to its end when it has not grown for so many looks. */
const QUIET_LOOKS = 3;
/** Files that are watched at a time, at most: those that have been quiet longest are let go. */
const MOST_WATCHED = 256;

/** What dumpcap calls the files of a ring: a name, a number and a time, or the time first. */
const OF_RING = /^(.*)_(?:\d{5}_\d{14}|\d{14}_\d{5})(\.[^/]*)?$/;

/** What files of one ring have in common; undefined for those of none. */
const ringOf = (path: string): string | undefined => {
  const [, name, ending = ''] = OF_RING.exec(path) ?? [];
  return name === undefined ? undefined : `${name}\n${ending}`;
};

/** A file at whose end more is awaited. */
interface Waiting {
  readonly part: MergedPart;
  readonly go: (more: boolean) => void;
}

/** For how many looks a file has not grown, and how far it was read then. */
interface Quiet {
  readonly position: number;
  readonly looks: number;
}

/** Captures that are still written, and folders in which more of them appear. */
export class GrowingFiles {
  readonly #folders: readonly string[];
  readonly #interval: number;
  /** Files that were found, and those that are no captures. */
  readonly #known: Set<string>;
  readonly #quiet = new Map<MergedPart, Quiet>();
  /** The newest file of each ring of which a packet was read. */
  readonly #newest = new Map<string, number>();
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param known the files of the folders that are there already */
  constructor(folders: readonly string[], known: readonly string[], interval = INTERVAL_MS) {
    this.#folders = folders;
    this.#known = new Set(known);
    this.#interval = interval;
  }

  /** Begins to look. @param found is given captures that have appeared */
  watch(found: (paths: readonly string[]) => void): void {
    this.#timer = setInterval(() => {
      const paths = this.#folders.flatMap((folder) => this.#newIn(folder));
      for (const path of paths) this.#known.add(path);
      if (paths.length > 0) found(paths);
      this.#look();
    }, this.#interval);
  }

  /** Waits until a file may have grown; false once all of it has been read. */
  growth(part: MergedPart): Promise<boolean> {
    const ring = ringOf(part.path);
    if (ring !== undefined && (part.capture?.packets ?? 0) > 0)
      this.#newest.set(ring, Math.max(part.order, this.#newest.get(ring) ?? 0));
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve(false);
      this.#waiting.push({ part, go: resolve });
    });
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const { go } of this.#waiting.splice(0)) go(false);
  }

  #newIn(folder: string): readonly string[] {
    try {
      return capturesIn(folder, this.#known);
    } catch {
      // It may be there again at the next look.
      return [];
    }
  }

  #look(): void {
    const waiting = this.#waiting.splice(0);
    for (const { part } of waiting) {
      const { position } = part;
      const before = this.#quiet.get(part);
      this.#quiet.set(part, { position, looks: before?.position === position ? before.looks + 1 : 0 });
    }
    const quietest = waiting.length > MOST_WATCHED ? this.#looksOfQuietest(waiting) : Number.POSITIVE_INFINITY;
    for (const { part, go } of waiting) {
      const looks = this.#quiet.get(part)?.looks ?? 0;
      const isOver = looks >= quietest || (looks >= QUIET_LOOKS && this.#isSuperseded(part));
      if (isOver) this.#quiet.delete(part);
      go(!isOver);
    }
  }

  /** For how many looks those files have been quiet at least that are too many. */
  #looksOfQuietest(waiting: readonly Waiting[]): number {
    const looks = waiting.map(({ part }) => this.#quiet.get(part)?.looks ?? 0).sort((one, other) => other - one);
    return Math.max(QUIET_LOOKS, looks[waiting.length - MOST_WATCHED - 1] ?? 0);
  }

  #isSuperseded({ path, order }: MergedPart): boolean {
    const ring = ringOf(path);
    return ring !== undefined && (this.#newest.get(ring) ?? order) > order;
  }
}
