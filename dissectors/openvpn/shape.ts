import type { Limit } from '../wire/stop.js';
import {
  ACK_V1,
  AUTH_PARTS,
  ackCount,
  ackElement,
  CONTROL_V1,
  CONTROL_WKC_V1,
  cryptPart,
  DATA_V1,
  DATA_V2,
  HARD_RESET_CLIENT_V3,
  messagePart,
  openvpnStart,
  remotePart,
  sessionPart,
} from './layout.js';

/** How control packets are protected. */
export type Wrapping = 'none' | 'tls-auth' | 'tls-crypt';

/** What protects a control packet, and where that ends: acknowledgements follow, or what is encrypted. */
export interface Shape {
  readonly wrapping: Wrapping;
  /** Bytes of the digest of `tls-auth`; 0 for the others. */
  readonly digest: number;
  readonly end: number;
}

/** Acknowledgements that fit a packet. Source: OpenVPN, src/openvpn/reliable.h, `RELIABLE_ACK_SIZE`. */
const MOST_ACKS = 8;
/**
 * When a sender began to count, in seconds since 1970: from 2004, when this form of packets came, to 2045. Other numbers
 * make it likely that this is no time.
 */
const EARLIEST = 0x40000000;
const LATEST = 0x8e000000;
/** Packets that a session sends on its control channel, at most: it is only busy when keys are changed. */
const MOST_PACKETS = 1 << 20;
/** Clients of 2.6 begin to count here. Source: OpenVPN, src/openvpn/ssl_pkt.h, `EARLY_NEG_START`. */
const EARLY_START = 0x0f000000;

const { opcode } = openvpnStart.fields;

/** Whether the 8 bytes at `at` may be the number and time of an authenticated packet. */
function isReplay(view: DataView, at: number): boolean {
  const number = view.getUint32(at);
  const time = view.getUint32(at + 4);
  const counted = number >= EARLY_START ? number - EARLY_START : number;
  return number > 0 && counted < MOST_PACKETS && time >= EARLIEST && time < LATEST;
}

/** Where the acknowledgements at `at` end, behind the session they name; 0 where there cannot be so many. */
export function acksEnd(view: DataView, at: number, end: number): number {
  if (at + ackCount.size > end) return 0;
  const count = view.getUint8(at);
  if (count > MOST_ACKS) return 0;
  const stop = at + ackCount.size + count * ackElement.size + (count > 0 ? remotePart.size : 0);
  return stop <= end ? stop : 0;
}

/** Whether a packet of a kind may hold acknowledgements at `at` and what follows them, up to `wire`. */
function isPlain(view: DataView, of: number, at: number, { captured, wire }: Limit): boolean {
  const acks = acksEnd(view, at, captured);
  if (acks === 0) return false;
  if (of === ACK_V1) return acks === wire && view.getUint8(at) > 0;
  const message = acks + messagePart.size;
  if (message > captured || view.getUint32(acks) >= MOST_PACKETS) return false;
  return of === CONTROL_V1 || of === CONTROL_WKC_V1 ? message < wire : message === wire;
}

const hasSession = (of: number): boolean => of !== DATA_V1 && of !== DATA_V2;

/** Whether a number is that of a kind of packets. */
export const isOpcode = (of: number): boolean => opcode.names(of) !== undefined;

/** Whether packets of a kind are of the control channel: they name their session. */
export const isControl = (of: number): boolean => isOpcode(of) && hasSession(of);

/** How the control packet at `at` is protected; undefined where it can be none, or too little of it was captured. */
export function shapeOf(view: DataView, at: number, limit: Limit): Shape | undefined {
  const of = opcode.read(view, at);
  const start = at + openvpnStart.size + sessionPart.size;
  const { captured } = limit;
  if (start + cryptPart.size < captured && isReplay(view, start)) {
    return { wrapping: 'tls-crypt', digest: 0, end: start + cryptPart.size };
  }
  for (const [digest, { size }] of AUTH_PARTS) {
    const end = start + size;
    if (end < captured && isReplay(view, start + digest) && (isWrapped(of) || isPlain(view, of, end, limit))) {
      return { wrapping: 'tls-auth', digest, end };
    }
  }
  return isPlain(view, of, start, limit) ? { wrapping: 'none', digest: 0, end: start } : undefined;
}

/** Whether packets of a kind end in the key of a client. */
export const isWrapped = (of: number): boolean => of === HARD_RESET_CLIENT_V3 || of === CONTROL_WKC_V1;

/** What a session on an unknown port has sent at most when it is recognized, and the years 2014 to 2040 for its time. */
const FIRST_PACKETS = 4096;
const LIKELY_FROM = 0x52000000;
const LIKELY_UNTIL = 0x84000000;
const TLS_TYPES = [0x14, 0x15, 0x16, 0x17];
const TLS_MAJOR = 3;

/** Whether the shape of a packet is none that bytes of another protocol have by chance. */
export function isCertain(view: DataView, at: number, limit: Limit, { wrapping, end }: Shape): boolean {
  const of = opcode.read(view, at);
  const isReset = of !== CONTROL_V1 && of !== ACK_V1 && of !== CONTROL_WKC_V1;
  if (isReset && openvpnStart.fields.keyid.read(view, at) !== 0) return false;
  if (wrapping !== 'none') return isFirst(view, wrapping === 'tls-crypt' ? end - cryptPart.size : end - REPLAY);
  const acks = acksEnd(view, end, limit.captured);
  if (of === ACK_V1) return view.getUint32(end + ackCount.size) < FIRST_PACKETS;
  if (isReset) return view.getUint32(acks) === 0 && view.getUint8(end) <= 1;
  const data = acks + messagePart.size;
  return data + 2 <= limit.captured && TLS_TYPES.includes(view.getUint8(data)) && view.getUint8(data + 1) === TLS_MAJOR;
}

/** In bytes: number and time. */
const REPLAY = 8;

function isFirst(view: DataView, at: number): boolean {
  const number = view.getUint32(at);
  const time = view.getUint32(at + 4);
  const counted = number >= EARLY_START ? number - EARLY_START : number;
  return counted < FIRST_PACKETS && time >= LIKELY_FROM && time < LIKELY_UNTIL;
}
