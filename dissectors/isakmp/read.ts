import type { Layer } from '../layer.js';
import { hexOf } from '../wire/view.js';
import {
  isakmpHeader,
  NOTIFY_COOKIE,
  PAYLOAD_KE,
  PAYLOAD_NONCE,
  PAYLOAD_NOTIFY,
  PAYLOAD_SA,
  payloadHead,
} from './layout.js';
import { notifyDataAt, notifyTypeAt, walkPayloads } from './payloads.js';

/** Exchanges of version 2. Source: RFC 7296, section 3.1. */
export const EXCHANGE_SA_INIT = 34;
export const EXCHANGE_AUTH = 35;

/** A run of bytes of a view. */
export interface Run {
  readonly at: number;
  readonly end: number;
}

/** What handshakes are told by: the header of a message of version 2, and what of its payloads is not encrypted. */
export interface IkeMessage {
  readonly exchange: number;
  /** SPIs as 16 hex digits. */
  readonly initiator: string;
  readonly responder: string;
  readonly isResponse: boolean;
  readonly id: number;
  readonly cookie: Run | undefined;
  /** Whether the cookie is the first payload. */
  readonly isCookieFirst: boolean;
  readonly hasSa: boolean;
  readonly keyExchange: Run | undefined;
  readonly nonce: Run | undefined;
  /** The types of its notifications, in their order, cookies left out. */
  readonly notifications: readonly number[];
}

const NO_SPI = '0'.repeat(16);
/** Notifications of a message that are kept. */
const MOST_NOTIFICATIONS = 32;

/** Whether a responder has chosen its SPI: it keeps state then. */
export const hasSpi = (spi: string): boolean => spi !== NO_SPI;

const { ispi, rspi, mjver, exchangetype, flag_r, messageid, nextpayload } = isakmpHeader.fields;

/** Reads a layer of IKE; undefined for version 1, and for a header that was cut. */
export function readIke(view: DataView, { at, limit }: Layer): IkeMessage | undefined {
  const start = at + isakmpHeader.size;
  if (start > limit.captured || mjver.read(view, at) !== 2) return undefined;
  const notifications: number[] = [];
  let cookie: Run | undefined;
  let keyExchange: Run | undefined;
  let nonce: Run | undefined;
  let isCookieFirst = false;
  let hasSa = false;
  walkPayloads(view, start, limit.captured, nextpayload.read(view, at), (type, place, end) => {
    if (type === PAYLOAD_SA) hasSa = true;
    else if (type === PAYLOAD_KE) keyExchange = { at: place + payloadHead.size, end };
    else if (type === PAYLOAD_NONCE) nonce = { at: place + payloadHead.size, end };
    if (type !== PAYLOAD_NOTIFY) return false;
    const number = notifyTypeAt(view, place, end);
    if (number === NOTIFY_COOKIE) {
      cookie ??= { at: notifyDataAt(view, place, end), end };
      if (place === start) isCookieFirst = true;
    } else if (notifications.length < MOST_NOTIFICATIONS) notifications.push(number);
    return false;
  });
  return {
    exchange: exchangetype.read(view, at),
    initiator: hexOf(view, at + ispi.offset, at + ispi.offset + 8),
    responder: hexOf(view, at + rspi.offset, at + rspi.offset + 8),
    isResponse: flag_r.read(view, at),
    id: messageid.read(view, at),
    cookie,
    isCookieFirst,
    hasSa,
    keyExchange,
    nonce,
    notifications,
  };
}
