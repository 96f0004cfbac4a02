import type { Layer } from '../../dissectors/layer.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { cookieOfFastOpen, MOST_SHIFT, OPTION, optionEnd } from '../../dissectors/tcp/option-start.js';

const { fields, size } = tcpHeader;

export const FIN = 0x001;
export const SYN = 0x002;
export const RESET = 0x004;
export const PUSH = 0x008;
export const ACK = 0x010;

/** What the analysis of a stream needs of a segment. */
export interface SegmentHeader {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  /** Of the payload, in bytes as sent. */
  readonly length: number;
  /** The shift of a window scale option; undefined without one. */
  readonly shift: number | undefined;
  /** Bytes that SACK options say have arrived. */
  readonly selected: number;
  /** What it says of fast open: `CARRIES_COOKIE`, `ASKS_FOR_COOKIE`, or 0. */
  readonly fastOpen: number;
}

/** A fast open option with a cookie, and one without, which asks for one. Source: RFC 7413, section 2. */
export const CARRIES_COOKIE = 1;
export const ASKS_FOR_COOKIE = 2;

/** The header of a TCP layer; undefined where the capture does not hold all of its fixed fields. */
export function segmentHeader(view: DataView, { at, limit }: Layer): SegmentHeader | undefined {
  if (at + size > limit.captured) return undefined;
  const header = fields.hdr_len.read(view, at);
  const options = header > size ? optionsOf(view, at + size, Math.min(at + header, limit.captured)) : NO_OPTIONS;
  return {
    sequence: fields.seq_raw.read(view, at),
    acknowledgement: fields.ack_raw.read(view, at),
    flags: fields.flags.read(view, at),
    window: fields.window_size_value.read(view, at),
    length: Math.max(0, limit.wire - at - header),
    ...options,
  };
}

const NO_OPTIONS = { shift: undefined, selected: 0, fastOpen: 0 };

/** What the options `[at, end)` say of windows, of what has arrived, and of fast open. Source: RFCs 7323, 2018, 7413. */
function optionsOf(view: DataView, at: number, end: number): Pick<SegmentHeader, 'shift' | 'selected' | 'fastOpen'> {
  let shift: number | undefined;
  let selected = 0;
  let fastOpen = 0;
  for (let start = at; start < end; ) {
    const next = optionEnd(view, start, end);
    if (next < 0) break;
    const kind = view.getUint8(start);
    if (kind === OPTION.windowScale && next === start + 3) shift = Math.min(MOST_SHIFT, view.getUint8(start + 2));
    for (let block = start + 2; kind === OPTION.sack && block + 8 <= next; block += 8) {
      selected += (view.getUint32(block + 4) - view.getUint32(block)) >>> 0;
    }
    const cookie = cookieOfFastOpen(view, start, next);
    if (cookie > 0) fastOpen = cookie < next ? CARRIES_COOKIE : ASKS_FOR_COOKIE;
    start = next;
  }
  return { shift, selected, fastOpen };
}
