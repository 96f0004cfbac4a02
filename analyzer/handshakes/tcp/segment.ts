import type { Layer } from '../../../dissectors/layer.js';
import { tcpHeader } from '../../../dissectors/tcp/layout.js';
import { FAST_OPEN_MAGIC } from '../../../dissectors/tcp/option-start.js';

const { fields, size } = tcpHeader;

export const FIN = 0x001;
export const SYN = 0x002;
export const RST = 0x004;
export const ACK = 0x010;
/** ECE and CWR together ask for explicit congestion notification. Source: RFC 3168, section 6.1.1. */
export const ECN = 0x0c0;

const END = 0;
const NO_OPERATION = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const TIMESTAMPS = 8;
const MULTIPATH = 30;
const FAST_OPEN = 34;
const EXPERIMENT = 254;

/** Nothing of its kind: an option that is not there. */
export const NONE = -1;

/** A TCP segment as its handshake sees it. One object is used again for every packet. */
export class Segment {
  view: DataView = new DataView(new ArrayBuffer(0));
  source = 0;
  target = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  /** Of the payload, in bytes as sent. */
  length = 0;
  /** Options: values, or `NONE`. */
  mss = NONE;
  scale = NONE;
  hasSack = false;
  timestamp = NONE;
  echo = NONE;
  /** Where the cookie of fast open starts, and its bytes: 0 where one is asked for. `NONE` without the option. */
  cookieAt = NONE;
  cookieLength = 0;
  /** Where the multipath option starts, and its bytes. */
  multipathAt = NONE;
  multipathLength = 0;

  /** Reads the fixed header. @returns whether it was captured */
  read(view: DataView, { at, limit }: Layer): boolean {
    if (at + size > limit.captured) return false;
    this.view = view;
    this.source = fields.srcport.read(view, at);
    this.target = fields.dstport.read(view, at);
    this.sequence = fields.seq_raw.read(view, at);
    this.acknowledgement = fields.ack_raw.read(view, at);
    this.flags = fields.flags.read(view, at);
    this.length = Math.max(0, limit.wire - at - fields.hdr_len.read(view, at));
    return true;
  }

  /** Reads the options, as far as they were captured; what is malformed ends them. */
  readOptions({ at, limit }: Layer): void {
    const { view } = this;
    this.mss = NONE;
    this.scale = NONE;
    this.hasSack = false;
    this.timestamp = NONE;
    this.echo = NONE;
    this.cookieAt = NONE;
    this.cookieLength = 0;
    this.multipathAt = NONE;
    this.multipathLength = 0;
    const end = Math.min(at + fields.hdr_len.read(view, at), limit.captured);
    for (let start = at + size; start < end; ) {
      const kind = view.getUint8(start);
      if (kind === END) return;
      if (kind === NO_OPERATION) {
        start++;
        continue;
      }
      const length = start + 1 < end ? view.getUint8(start + 1) : 0;
      if (length < 2 || start + length > end) return;
      this.readOption(kind, start, length);
      start += length;
    }
  }

  private readOption(kind: number, at: number, length: number): void {
    const { view } = this;
    if (kind === MSS && length === 4) this.mss = view.getUint16(at + 2);
    else if (kind === WINDOW_SCALE && length === 3) this.scale = view.getUint8(at + 2);
    else if (kind === SACK_PERMITTED) this.hasSack = true;
    else if (kind === TIMESTAMPS && length === 10) {
      this.timestamp = view.getUint32(at + 2);
      this.echo = view.getUint32(at + 6);
    } else if (kind === MULTIPATH && length > 2) {
      this.multipathAt = at;
      this.multipathLength = length;
    } else if (kind === FAST_OPEN) {
      this.cookieAt = at + 2;
      this.cookieLength = length - 2;
    } else if (kind === EXPERIMENT && length >= 4 && view.getUint16(at + 2) === FAST_OPEN_MAGIC) {
      this.cookieAt = at + 4;
      this.cookieLength = length - 4;
    }
  }
}
