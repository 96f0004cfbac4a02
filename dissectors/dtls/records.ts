import { APPLICATION_DATA, CHANGE_CIPHER_SPEC, dtlsHandshake, dtlsRecord, HANDSHAKE } from '../tls/layout.js';
import type { Limit } from '../wire/stop.js';

export const HEAD = dtlsRecord.size;
export const MESSAGE_HEAD = dtlsHandshake.size;
/** The last content type: acknowledgements of DTLS 1.3. Source: RFC 9147, section 4.1. */
const LAST_TYPE = 26;
/** The most bytes that a record may hold. Source: RFC 6347, section 4.1. */
const MOST_RECORD = 16_384 + 2048;
/** DTLS 1.0, 1.2, and 1.0 of OpenSSL before 0.9.8f. */
const VERSIONS: readonly number[] = [0xfeff, 0xfefd, 0x0100];

/** The bits of the first byte of a unified header. Source: RFC 9147, section 4. */
const UNIFIED_MASK = 0xe0;
const UNIFIED = 0x20;
export const HAS_CONNECTION_ID = 0x10;
export const HAS_LONG_SEQUENCE = 0x08;
export const HAS_LENGTH = 0x04;

/** A record: plain, or with the header that is encrypted for the most part. */
export interface DtlsRecord {
  readonly isUnified: boolean;
  readonly at: number;
  /** Where its contents start, and where it ends, as far as it is captured. */
  readonly body: number;
  readonly end: number;
  /** Where it ends as sent. */
  readonly wire: number;
  /** 0 where it is encrypted. */
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
}

/** Whether a plain record starts at `at` that fits the datagram: seven types, three versions, and a length. */
export function isRecord(view: DataView, at: number, { captured, wire }: Limit): boolean {
  if (at + HEAD > captured) return false;
  const type = view.getUint8(at);
  if (type < CHANGE_CIPHER_SPEC || type > LAST_TYPE || !VERSIONS.includes(view.getUint16(at + 1))) return false;
  const length = view.getUint16(at + HEAD - 2);
  if (length > MOST_RECORD || (length === 0 && type !== APPLICATION_DATA)) return false;
  return at + HEAD + length <= wire;
}

/** Whether a byte is the first of a unified header. */
export const isUnified = (first: number): boolean => (first & UNIFIED_MASK) === UNIFIED;

/** The records of a datagram, in their order, as far as there are any. */
export function recordsIn(view: DataView, at: number, limit: Limit): readonly DtlsRecord[] {
  const records: DtlsRecord[] = [];
  for (let start = at; start < limit.captured && records.length < MOST_RECORDS; ) {
    const record = isRecord(view, start, limit) ? plainAt(view, start, limit) : unifiedAt(view, start, limit);
    if (!record) break;
    records.push(record);
    start = record.wire;
  }
  return records;
}

/** Records of a datagram that are read: of the smallest more would fit. */
const MOST_RECORDS = 1024;

function plainAt(view: DataView, at: number, { captured }: Limit): DtlsRecord {
  const wire = at + HEAD + view.getUint16(at + HEAD - 2);
  return {
    isUnified: false,
    at,
    body: at + HEAD,
    end: Math.min(wire, captured),
    wire,
    type: view.getUint8(at),
    version: view.getUint16(at + 1),
    epoch: view.getUint16(at + 3),
  };
}

/** Without a length a record goes on to the end of the datagram, and so it does here with a connection id: nobody tells how long that is. */
function unifiedAt(view: DataView, at: number, { captured, wire }: Limit): DtlsRecord | undefined {
  const flags = view.getUint8(at);
  if (!isUnified(flags)) return undefined;
  const place = at + 1 + (flags & HAS_LONG_SEQUENCE ? 2 : 1);
  const isSized = (flags & HAS_LENGTH) !== 0 && (flags & HAS_CONNECTION_ID) === 0;
  const body = isSized ? place + 2 : place;
  if (body > captured) return undefined;
  const end = isSized ? body + view.getUint16(place) : wire;
  if (end > wire) return undefined;
  return { isUnified: true, at, body, end: Math.min(end, captured), wire: end, type: 0, version: 0, epoch: flags & 3 };
}

/** Whether what a record holds is in the clear: in the first epoch. */
export const isPlain = ({ isUnified: unified, epoch }: DtlsRecord): boolean => !unified && epoch === 0;

/** A fragment of a handshake message, often all of it. */
export interface MessageFragment {
  readonly type: number;
  /** Of the whole message, without its head. */
  readonly length: number;
  readonly sequence: number;
  readonly offset: number;
  /** Where its head and its bytes start, and where it ends, as far as it is captured and as sent. */
  readonly at: number;
  readonly body: number;
  readonly end: number;
  readonly wire: number;
  /** Whether the fragment is the whole message. */
  readonly isAll: boolean;
}

/** The fragments in a record of handshake messages, in their order. Source: RFC 6347, section 4.2.2. */
export function fragmentsIn(view: DataView, record: DtlsRecord): readonly MessageFragment[] {
  const fragments: MessageFragment[] = [];
  if (record.type !== HANDSHAKE || !isPlain(record)) return fragments;
  for (let at = record.body; at + MESSAGE_HEAD <= record.end; ) {
    const { fields } = dtlsHandshake;
    const length = fields['handshake.length'].read(view, at);
    const offset = fields['handshake.fragment_offset'].read(view, at);
    const size = fields['handshake.fragment_length'].read(view, at);
    const body = at + MESSAGE_HEAD;
    const wire = body + size;
    if (wire > record.wire || offset + size > length) break;
    fragments.push({
      type: view.getUint8(at),
      length,
      sequence: fields['handshake.message_seq'].read(view, at),
      offset,
      at,
      body,
      end: Math.min(wire, record.end),
      wire,
      isAll: size === length,
    });
    at = wire;
  }
  return fragments;
}
