import type { Layer } from '../../../dissectors/layer.js';
import { tcpHeader } from '../../../dissectors/tcp/layout.js';
import { cookieOfFastOpen, OPTION, optionEnd } from '../../../dissectors/tcp/option-start.js';

const { fields, size } = tcpHeader;

export const FIN = 0x001;
export const SYN = 0x002;
export const RST = 0x004;
export const ACK = 0x010;
/** ECE and CWR together ask for explicit congestion notification. Source: RFC 3168, section 6.1.1. */
export const ECN = 0x0c0;

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
      const next = optionEnd(view, start, end);
      if (next < 0) return;
      this.readOption(start, next);
      start = next;
    }
  }

  private readOption(at: number, end: number): void {
    const { view } = this;
    const length = end - at;
    switch (view.getUint8(at)) {
      case OPTION.noOperation:
        return;
      case OPTION.mss:
        if (length === 4) this.mss = view.getUint16(at + 2);
        return;
      case OPTION.windowScale:
        if (length === 3) this.scale = view.getUint8(at + 2);
        return;
      case OPTION.sackPermitted:
        this.hasSack = true;
        return;
      case OPTION.timestamps:
        if (length !== 10) return;
        this.timestamp = view.getUint32(at + 2);
        this.echo = view.getUint32(at + 6);
        return;
      case OPTION.multipath:
        if (length === 2) return;
        this.multipathAt = at;
        this.multipathLength = length;
        return;
    }
    const cookie = cookieOfFastOpen(view, at, end);
    if (cookie === 0) return;
    this.cookieAt = cookie;
    this.cookieLength = end - cookie;
  }
}
