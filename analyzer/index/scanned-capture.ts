import { readSync } from 'node:fs';
import { type Dialect, type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import type { CaptureEvent } from '../../dissectors/file/events.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { fastBytes } from '../../dissectors/wire/checksum.js';
import type { Packet } from '../print/packet.js';
import type { Secret } from '../secrets/secrets.js';
import type { PacketLinks } from '../track/links.js';
import { type IndexNews, PacketIndex } from './packet-index.js';
import { type Replayable, replay } from './replay.js';

/** What the scan of a capture has found since it was told last. */
export interface CaptureNews {
  readonly index: IndexNews;
  /** Those that came since. */
  readonly interfaces: readonly CaptureInterface[];
  readonly comments: readonly (readonly [number, readonly string[]])[];
  /** Secrets by which cookies are judged. */
  readonly secrets: readonly Secret[];
  /** What the file has told besides. */
  readonly events: readonly CaptureEvent[];
}

/** How the packets of a scanned capture are read again. */
export interface Origin {
  /** A descriptor of the uncompressed bytes, valid in every thread while the scan worker lives. */
  readonly descriptor: number;
  readonly dialect: DialectName | undefined;
}

/** Bytes that are read at once where frames are asked for in order. */
const WINDOW = 1024 * 1024;

/** A capture that another thread scans: the columns are shared, the bytes stay in the file. */
export class ScannedCapture implements Replayable {
  readonly index = new PacketIndex();
  readonly interfaces: CaptureInterface[] = [];
  readonly comments = new Map<number, readonly string[]>();
  /** What the file tells besides its packets. */
  readonly events: CaptureEvent[] = [];
  readonly secrets: Secret[] = [];
  dialect: Dialect | undefined;
  ends: PacketLinks | undefined;
  origin: Origin = { descriptor: -1, dialect: undefined };
  /** Frames in order are read many at a time. */
  private readonly window: Uint8Array;
  private windowStart = 0;
  private windowEnd = 0;

  /** @param inOrder whether most packets will be asked for in order */
  constructor(inOrder: boolean) {
    this.window = inOrder ? fastBytes(WINDOW) : new Uint8Array(0);
  }

  /** Packets can be read from now on. */
  open({ descriptor, dialect }: Origin): void {
    this.origin = { descriptor, dialect };
    this.dialect = dialect && dialectNamed(dialect);
  }

  /** Takes over what the scan has found. */
  apply({ index, interfaces, comments, secrets, events }: CaptureNews): void {
    for (const one of interfaces) this.interfaces.push(one);
    for (const [number, texts] of comments) this.comments.set(number, texts);
    for (const secret of secrets) this.secrets.push(secret);
    for (const event of events) this.events.push(event);
    const { first } = this.index;
    this.index.apply(index);
    if (index.first === first) return;
    // They stand in the order of their packets.
    for (const number of this.comments.keys()) {
      if (number >= index.first) break;
      this.comments.delete(number);
    }
  }

  /** Everything, for a thread that knows nothing. */
  everything(): CaptureNews {
    const { index, interfaces, comments, secrets, events } = this;
    return { index: index.everything(), interfaces, comments: [...comments], secrets, events };
  }

  /** A packet again as it was when it was scanned. It is valid until the next is asked for. */
  packet(number: number): Packet {
    return replay(this, number);
  }

  readonly bytesAt = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    this.fill(bytes, offset);
    return bytes;
  };

  frameAt(offset: number, length: number): Uint8Array {
    if (length > this.window.length) return this.bytesAt(offset, length);
    if (offset < this.windowStart || offset + length > this.windowEnd) {
      // After an earlier frame the frames before it are asked for: the window is filled backwards.
      const back = offset < this.windowStart ? Math.max(0, offset + length - this.window.length) : offset;
      this.windowStart = back;
      this.windowEnd = back + this.fill(this.window, back);
      // The file has become shorter since it was scanned: what is gone reads as zeros, and its checksums say so.
      if (offset + length > this.windowEnd) return this.bytesAt(offset, length);
    }
    return this.window.subarray(offset - this.windowStart, offset - this.windowStart + length);
  }

  /** The same, if the file still has all of it: it may have become shorter since it was scanned. */
  wholeFrameAt(offset: number, length: number): Uint8Array | undefined {
    const frame = this.frameAt(offset, length);
    // Those that are read again alone are few, as long as the file is what it was.
    if (length <= this.window.length && offset >= this.windowStart && offset + length <= this.windowEnd) return frame;
    return this.fill(new Uint8Array(length), offset) === length ? frame : undefined;
  }

  /** @returns how many bytes there were */
  private fill(into: Uint8Array, offset: number): number {
    let filled = 0;
    while (filled < into.length) {
      const count = readSync(this.origin.descriptor, into, filled, into.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }
}
