/** An address and the names that the capture gives it. */
export interface NameRecord {
  readonly kind: 'ipv4' | 'ipv6' | 'eui48' | 'eui64';
  readonly address: Uint8Array;
  readonly names: readonly string[];
}

/** What an interface had counted at a time. */
export interface InterfaceStatistics {
  /** Place among the interfaces of the reader, or of the section that is written. */
  readonly interfaceId: number;
  /** When they were counted. */
  readonly seconds: number;
  readonly nanos: number;
  /** Packets that the interface saw, and that were lost for lack of room; absent where unknown. */
  readonly received?: number;
  readonly dropped?: number;
  readonly accepted?: number;
  readonly droppedByOs?: number;
  readonly delivered?: number;
  readonly comments?: readonly string[];
}

/** What a pcapng file tells besides its packets, in the order of the file. */
export type CaptureEvent =
  | {
      readonly type: 'section';
      /** From 0. */
      readonly section: number;
      readonly littleEndian: boolean;
      readonly version: string;
      readonly hardware?: string;
      readonly os?: string;
      readonly application?: string;
      readonly comments?: readonly string[];
    }
  | ({ readonly type: 'name' } & NameRecord)
  | ({ readonly type: 'statistics' } & InterfaceStatistics)
  | {
      readonly type: 'secrets';
      /** `PSEC` as a number for channel secrets; others belong to other programs. */
      readonly kind: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: 'custom';
      /** Private Enterprise Number of whose block it is. */
      readonly enterprise: number;
      /** Whether a program that does not know it may copy it to another file. */
      readonly copy: boolean;
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: 'fault';
      /** A block that contradicts itself and was passed over; the blocks after it could be found. */
      readonly at: number;
      readonly why: string;
      /** Packets that came before it. */
      readonly packets: number;
    };

export type FaultEvent = Extract<CaptureEvent, { type: 'fault' }>;

/** What a reader has collected besides packets. Bounded: what is too much is counted, not kept. */
export interface CaptureEvents {
  readonly events: readonly CaptureEvent[];
  /** Comments on packets, by number from 1. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
  /** Blocks passed over, by block type; those of too many types are counted as type -1. */
  readonly skipped: ReadonlyMap<number, number>;
  /** Events, comments and texts of interfaces that were not kept, because there were too many. */
  readonly left: number;
  /** The first fault, kept however many events there are. */
  readonly fault: FaultEvent | undefined;
  readonly faults: number;
  /** Lets go of the comments on the packets before this one. */
  forgetComments(before: number): void;
}

/** Entries of the log of a file, such as interfaces that begin; the rest is counted. */
const MOST_EVENTS = 1 << 18;
/** Packets whose comments are kept; the rest is counted. */
const MOST_COMMENTS = 1 << 20;
/** Of all events and comments, in characters or bytes. */
const MOST_KEPT = 64 * 1024 * 1024;
/** Types of blocks that are counted one by one; the rest is counted together. */
const MOST_TYPES = 256;

/** The growing side of `CaptureEvents`. */
export class EventLog implements CaptureEvents {
  readonly events: CaptureEvent[] = [];
  readonly comments = new Map<number, readonly string[]>();
  readonly skipped = new Map<number, number>();
  left = 0;
  fault: FaultEvent | undefined;
  faults = 0;
  #kept = 0;

  /**
   * @param size roughly what the event keeps alive, in bytes
   * @param make called only if there is room for it
   */
  add(size: number, make: () => CaptureEvent): void {
    if (this.#takes(size, this.events.length < MOST_EVENTS)) this.events.push(make());
  }

  comment(packet: number, texts: readonly string[]): void {
    if (this.#takes(sizeOf(texts), this.comments.size < MOST_COMMENTS)) this.comments.set(packet, texts);
  }

  forgetComments(before: number): void {
    // They stand in the order of their packets.
    for (const [packet, texts] of this.comments) {
      if (packet >= before) return;
      this.comments.delete(packet);
      this.#kept -= sizeOf(texts);
    }
  }

  skip(blockType: number): void {
    const key = this.skipped.has(blockType) || this.skipped.size < MOST_TYPES ? blockType : -1;
    this.skipped.set(key, (this.skipped.get(key) ?? 0) + 1);
  }

  problem(at: number, why: string, packets: number): void {
    const event: FaultEvent = { type: 'fault', at, why, packets };
    this.fault ??= event;
    this.faults++;
    this.add(why.length, () => event);
  }

  /** Counts something that is not kept, for lack of room. */
  leave(): void {
    this.left++;
  }

  #takes(size: number, room: boolean): boolean {
    const takes = room && this.#kept + size <= MOST_KEPT;
    if (takes) this.#kept += size;
    else this.leave();
    return takes;
  }
}

const sizeOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
