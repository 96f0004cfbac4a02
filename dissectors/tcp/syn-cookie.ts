import { bit, over, part, u8, u24, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { type FieldSink, pathSet, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';

/**
 * A sequence number read as a SYN cookie of the classic form: five bits of time, three of the segment size, a hash.
 * Source: Bernstein, "SYN cookies"; Wireshark's preference `tcp.read_seq_as_syn_cookie`.
 */
export const sequenceCookie = layout('tcp', {
  'syncookie.time': over(part(u8('SYN cookie: time'), 0xf8)),
  'syncookie.mss': part(u8('SYN cookie: segment size'), 0x07),
  'syncookie.hash': u24('SYN cookie: hash', 'hex'),
});

const prefix = 'options.timestamp.tsval.syncookie';
/** A timestamp read as Linux makes those of SYN cookies: options of the client in its last bits. Source: syncookies.c. */
export const timestampCookie = layout('tcp', {
  [`${prefix}.timestamp`]: over(part(u32('SYN cookie: timestamp'), 0xffff_ffc0, 64)),
  [`${prefix}.ecn`]: over(bit(u32('SYN cookie: ECN'), 0x20)),
  [`${prefix}.sack`]: over(bit(u32('SYN cookie: SACK'), 0x10)),
  [`${prefix}.wscale`]: part(u32('SYN cookie: window scale'), 0x0f),
});

const SEQUENCE_PATHS = pathSet(sequenceCookie.list);
const TIMESTAMP_PATHS = pathSet(timestampCookie.list);
/** What nothing is named: who wants it wants all that there is. */
const NOTHING = '';

/** Tells readings of the sequence number whose place is `at`, to those who ask for them by name: most are no cookies. */
export function tellSequenceCookie(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  if (sink.wantsAny(SEQUENCE_PATHS) && !sink.wants(NOTHING)) tellLayout(sink, sequenceCookie, view, at, limit);
}

/** The same of the value of a timestamp. */
export function tellTimestampCookie(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  if (sink.wantsAny(TIMESTAMP_PATHS) && !sink.wants(NOTHING)) tellLayout(sink, timestampCookie, view, at, limit);
}
