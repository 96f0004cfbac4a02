import type { CaptureEvents } from './events.js';

/** Rows a batch grows to; a reader that fills them stops there, and is called again. */
const MOST_ROWS = 1 << 18;

/** The longest record or block that a reader waits for; a longer one is damage. */
export const LONGEST_RECORD = 256 * 1024 * 1024;

/** Packets found in a piece of a capture file, a column per property. Reused: a reader starts each call at row 0. */
export class RecordBatch {
  /** Only the first `count` rows count. Columns are replaced when they grow, so read them afresh after every `read`. */
  count = 0;
  /** Where the packet's bytes start in the view that was read. */
  at = new Uint32Array(0);
  captured = new Uint32Array(0);
  wire = new Uint32Array(0);
  /** Since 1970-01-01T00:00:00Z; negative or huge where an interface's time offset makes it so. */
  seconds = new Float64Array(0);
  /** Below a thousand million, always. */
  nanos = new Uint32Array(0);
  /** Place in the reader's `interfaces`. */
  interfaceId = new Uint16Array(0);
  /** Rows whose packets the file gives no time; theirs reads as 0. */
  readonly timeless = new Set<number>();
  /** Rows whose records told a fraction of a second or more: the seconds that were carried over. */
  readonly carried = new Map<number, number>();

  constructor(rows = 4096) {
    this.#resize(rows);
  }

  get capacity(): number {
    return this.at.length;
  }

  /** Makes room for more rows; false when it has as many as it may have. */
  grow(): boolean {
    if (this.capacity >= MOST_ROWS) return false;
    this.#resize(Math.min(MOST_ROWS, 4 * this.capacity));
    return true;
  }

  #resize(rows: number): void {
    const { at, captured, wire, seconds, nanos, interfaceId } = this;
    this.at = new Uint32Array(rows);
    this.captured = new Uint32Array(rows);
    this.wire = new Uint32Array(rows);
    this.seconds = new Float64Array(rows);
    this.nanos = new Uint32Array(rows);
    this.interfaceId = new Uint16Array(rows);
    this.at.set(at);
    this.captured.set(captured);
    this.wire.set(wire);
    this.seconds.set(seconds);
    this.nanos.set(nanos);
    this.interfaceId.set(interfaceId);
  }
}

/** The place that blocks have among a file's interfaces where they are counted as packets: no interface is there. */
export const NO_INTERFACE = 0xffff;

/** What one unit of a timestamp is: `base` to the power of minus `exponent` seconds. */
export interface Resolution {
  readonly base: 2 | 10;
  readonly exponent: number;
}

/** Where packets were captured, as the file tells it. */
export interface CaptureInterface {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** Bytes kept of a packet; 0 where there is no limit. */
  readonly snapLength: number;
  readonly resolution: Resolution;
  /** Seconds that are added to every timestamp. */
  readonly offset: number;
  /** Its place in its section, from 0; a pcap file does not number its only one. */
  readonly id?: number;
  /** From 0; always 0 in a pcap file. */
  readonly section: number;
  /** Bytes of frame check sequence at the end of each packet, where the file tells. */
  readonly fcsLength?: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly hardware?: string;
  readonly os?: string;
  readonly comments?: readonly string[];
  /** The capture that it is in, where several are read as one. */
  readonly file?: string;
}

/** Why reading ends before the end of the file. Data, not an error. */
export interface Damage {
  /** `cut`: the file ends inside a packet or block. `corrupt`: it contradicts itself, and the rest cannot be found. */
  readonly kind: 'cut' | 'corrupt';
  /** In bytes from the start of the (uncompressed) file. */
  readonly at: number;
  readonly why: string;
}

/** What one call has read. */
export interface ReadResult {
  /**
   * How far records were read: the offset in the view to go on from. It may lie beyond `end`: the bytes between are part
   * of a record that is passed over, and need not be read into memory.
   */
  readonly consumed: number;
  /**
   * Bytes wanted from `consumed` on: at least what the next record is known to need. 0 when the batch is full, and the
   * same bytes may be read on at once.
   */
  readonly need: number;
  /** Nothing more will be read. The packets of the batch came before it. */
  readonly damage?: Damage;
}

/** Reads a capture file piece by piece. Total: any bytes give records, a wish for more, or damage. */
export interface CaptureReader {
  readonly format: 'pcap' | 'pcapng';
  /** What the file tells besides its packets. */
  readonly log: CaptureEvents;
  /** Of all sections; grows while reading. A pcap file has one, once its header was read. */
  readonly interfaces: readonly CaptureInterface[];
  /** Whether the file header, or the first section's, was read and understood. */
  readonly opened: boolean;
  /** Packets read so far. */
  readonly packets: number;
  /**
   * Reads the records that lie whole in `[start, end)` of a view into the batch. Calls follow on each other: `start` is
   * the byte that the last result's `consumed` pointed to, wherever it lies now.
   */
  read(view: DataView, start: number, end: number, batch: RecordBatch): ReadResult;
  /** What is wrong with a file that ends here, with `left` bytes beyond the last `consumed`; undefined if nothing is. */
  end(left: number): Damage | undefined;
}

/**
 * The most bytes a packet may have before its record is taken for nonsense: what libpcap and Wireshark accept.
 * Source: libpcap, pcap-common.c, `max_snaplen_for_dlt`; Wireshark, wiretap/wtap.h, `WTAP_MAX_PACKET_SIZE_*`.
 */
export function longestPacket(linkType: number): number {
  switch (linkType) {
    case 189: // USB_LINUX
    case 220: // USB_LINUX_MMAPPED
    case 231: // DBUS
    case 249: // USBPCAP
    case 266: // USB_DARWIN
      return 128 * 1024 * 1024;
    case 279: // EBHSCR
      return 32 * 1024 * 1024;
    default:
      return 262_144;
  }
}
