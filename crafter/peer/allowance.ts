/** How much may be kept: bytes as they weigh in memory, and messages, as they cost work once they are read. */
export interface Bounds {
  readonly bytes: number;
  readonly messages: number;
}

/**
 * The part of every bound that packets behind a gap, and windows, may use. The rest is for packets whose turn has come:
 * a gap is closed by one of them, so what waits behind it can never keep it out.
 */
const BEHIND_GAPS = 0.75;
/** The part of what nobody was promised yet that one channel may be promised, beside what it has. */
const SHARE = 0.5;

/** What the largest packet may cost: its bytes and what keeping them takes, rounded up; and the DATA it may hold. */
const LARGEST = 66_560;
/** Messages that one packet may bring: the largest holds so many DATA of the smallest size. */
const MOST_DATA = 21_845;

/**
 * What received packets may keep in memory until they are read: of one channel, of all channels of a remote, or of all.
 * What one takes, those above it have less of.
 */
export class Allowance {
  readonly #bounds: Bounds;
  readonly #above: Allowance | undefined;
  /** What this one, or all below it together, have told the other peers they may send. */
  #promised = 0;
  bytes = 0;
  messages = 0;

  constructor(bounds: Bounds, above?: Allowance) {
    this.#bounds = bounds;
    this.#above = above;
  }

  /** Takes so much, if there is room on all levels; else it changes nothing. */
  take(bytes: number, messages: number, isBehindGap: boolean): boolean {
    const part = isBehindGap ? BEHIND_GAPS : 1;
    for (let level: Allowance | undefined = this; level; level = level.#above) {
      if (level.bytes + bytes > part * level.#bounds.bytes) return false;
      if (level.messages + messages > part * level.#bounds.messages) return false;
    }
    this.#add(bytes, messages);
    return true;
  }

  /** Gives back what was taken. */
  give(bytes: number, messages: number): void {
    this.#add(-bytes, -messages);
  }

  /**
   * How many packets of such a size a channel may promise room for: what its own bound leaves, and a fair part of what
   * the levels above have not promised to others. `least` of them at any rate, as long as there is room for those now:
   * nobody is kept from receiving by promises to others.
   */
  room(bytes: number, messages: number, least: number): number {
    let room = this.#packets(this.bytes, bytes, messages);
    for (let level = this.#above; level; level = level.#above) {
      const others = level.#promised - this.#promised;
      const share = Math.floor(SHARE * level.#packets(level.bytes + others, bytes, messages));
      room = Math.min(room, Math.max(share, Math.min(least, level.#packets(level.bytes, bytes, messages))));
    }
    return room;
  }

  /** Notes how many bytes a channel has promised room for now, in place of what it had before. */
  promise(bytes: number): void {
    const more = bytes - this.#promised;
    for (let level: Allowance | undefined = this; level; level = level.#above) level.#promised += more;
  }

  /** Whether there is no room left behind gaps for one more packet, however large. */
  get isCrowded(): boolean {
    const { bytes, messages } = this.#bounds;
    return this.bytes + LARGEST > BEHIND_GAPS * bytes || this.messages + MOST_DATA > BEHIND_GAPS * messages;
  }

  #packets(used: number, bytes: number, messages: number): number {
    const byBytes = (BEHIND_GAPS * this.#bounds.bytes - used) / bytes;
    const byMessages = (BEHIND_GAPS * this.#bounds.messages - this.messages) / messages;
    return Math.max(0, Math.floor(Math.min(byBytes, byMessages)));
  }

  #add(bytes: number, messages: number): void {
    for (let level: Allowance | undefined = this; level; level = level.#above) {
      level.bytes += bytes;
      level.messages += messages;
    }
  }
}
