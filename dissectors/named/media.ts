import type { Tells } from './first-bytes.js';

const HEADER = 12;
const VERSION = 2;

const isVersion2: Tells = (view, at, { captured }) => at + 2 <= captured && view.getUint8(at) >>> 6 === VERSION;

/** Types of RTCP, which no payload type of RTP may look like. Source: RFC 5761, section 4. */
const isReport = (type: number): boolean => type >= 192 && type <= 223;

/** A packet of RTP, where its flow was announced. Source: RFC 3550, section 5.1. */
export const isRtp: Tells = (view, at, limit) =>
  isVersion2(view, at, limit) && limit.wire - at >= HEADER && !isReport(view.getUint8(at + 1));

/** A packet of RTCP, where its flow was announced. Source: RFC 3550, section 6.4. */
export const isRtcp: Tells = (view, at, limit) =>
  isVersion2(view, at, limit) && limit.wire - at >= 8 && isReport(view.getUint8(at + 1));

/** Payload types that mean one thing always. Source: RFC 3551, section 6. */
const PAYLOADS: Readonly<Record<number, string>> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  8: 'PCMA',
  9: 'G722',
  13: 'Comfort noise',
  18: 'G729',
  26: 'JPEG',
  31: 'H261',
  34: 'H263',
};

/** What the list says of a packet of RTP. */
export function rtpNote(view: DataView, at: number, captured: number): string {
  if (at + HEADER > captured) return '';
  const type = view.getUint8(at + 1) & 0x7f;
  const mark = view.getUint8(at + 1) & 0x80 ? ', Mark' : '';
  const source = view
    .getUint32(at + 8)
    .toString(16)
    .toUpperCase();
  return `PT=${PAYLOADS[type] ?? type}, SSRC=0x${source}, Seq=${view.getUint16(at + 2)}, Time=${view.getUint32(at + 4)}${mark}`;
}

const REPORTS: Readonly<Record<number, string>> = {
  200: 'Sender Report',
  201: 'Receiver Report',
  202: 'Source description',
  203: 'Goodbye',
  204: 'Application specific',
  205: 'Generic RTP Feedback',
  206: 'Payload-specific Feedback',
  207: 'Extended report',
};

export const rtcpNote = (view: DataView, at: number, captured: number): string =>
  at + 2 <= captured ? (REPORTS[view.getUint8(at + 1)] ?? '') : '';
