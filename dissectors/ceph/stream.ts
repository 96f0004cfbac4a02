import { NOT_MINE, type PduState, type StreamApplication } from '../layer.js';
import { crc32c } from '../wire/checksum.js';
import {
  ADDRESS_SIZE,
  addressPart,
  BANNER,
  bannerPart,
  connectHead,
  footerPart,
  messageHead,
  replyHead,
  tagPart,
} from './layout.js';
import {
  TAG_ACK,
  TAG_CLOSE,
  TAG_KEEPALIVE,
  TAG_KEEPALIVE2,
  TAG_KEEPALIVE2_ACK,
  TAG_MESSAGE,
  TAG_READY,
  TAG_SEQ,
} from './numbers.js';

/** What a PDU of a connection can be. */
export type PduKind = 'server' | 'client' | 'connect' | 'reply' | 'sequence' | 'frame';

/** How far a direction has come: what comes next in it. */
const UNKNOWN = 0;
/** The side that was called: it greets, replies until it says READY or SEQ, and then sends frames. */
const REPLYING = 1;
const READY = 2;
const READY_WITH_SEQUENCE = 3;
/** The side that calls: it greets, asks to connect until it is told READY or SEQ, and then sends frames. */
const GREETED = 4;
const CONNECTING = 5;
const CALLING = 6;

/** A longer part of a message is none: of the largest OSD map not a tenth. In bytes. */
const MOST_PART = 64 * 1024 * 1024;
/** Longer authorizers are none, in bytes. */
const MOST_AUTHORIZER = 0x1_0000;
const SEQUENCE_SIZE = 8;
const NANOS = 1_000_000_000;
/** The first bytes of a greeting and of what follows its first address, by which its sides are told apart. */
const SERVER_GREETING = bannerPart.size + 2 * ADDRESS_SIZE;
const CLIENT_GREETING = bannerPart.size + ADDRESS_SIZE;

/** What the PDU at `at` is; a negative number where that takes so many bytes; undefined where it is nothing of Ceph's. */
export function kindAt(view: DataView, at: number, captured: number, state: PduState): PduKind | number | undefined {
  const { own, other } = state;
  if (isBanner(view, at, captured)) return greetingAt(view, at, captured);
  switch (own) {
    case REPLYING:
      return 'reply';
    case GREETED:
      return 'connect';
    case CONNECTING:
      if (other === READY_WITH_SEQUENCE) return 'sequence';
      return other === READY || looksLikeFrame(view, at, captured) ? 'frame' : 'connect';
    case UNKNOWN:
      return looksLikeFrame(view, at, captured) ? 'frame' : needsMore(view, at, captured);
    default:
      return 'frame';
  }
}

/** What the PDU `[at, end)` is, as far as it was captured; a length that tells of more is not waited for. */
export function kindOf(view: DataView, at: number, end: number, state: PduState): PduKind {
  if (isBanner(view, at, end)) return end - at > CLIENT_GREETING ? 'server' : 'client';
  const kind = at < end ? kindAt(view, at, end, state) : 'frame';
  return typeof kind === 'string' ? kind : 'frame';
}

/** Whether the bytes at hand are those of the banner, as far as they go. */
function isBanner(view: DataView, at: number, captured: number): boolean {
  const end = Math.min(at + BANNER.length, captured);
  for (let place = at; place < end; place++) {
    if (view.getUint8(place) !== BANNER.charCodeAt(place - at)) return false;
  }
  return end > at;
}

/** The side that was called sends two addresses; the other one sends its own, and goes on with its features. */
function greetingAt(view: DataView, at: number, captured: number): PduKind | number {
  const second = at + CLIENT_GREETING;
  if (second + addressPart.size > captured) return -(CLIENT_GREETING + addressPart.size);
  const type = addressPart.fields.node_type.read(view, second);
  const family = addressPart.fields.af.read(view, second);
  return type <= 3 && (family === 2 || family === 10) ? 'server' : 'client';
}

/** Whether a frame begins at `at`, for directions of which the beginning is not known: a message proves itself. */
function looksLikeFrame(view: DataView, at: number, captured: number): boolean {
  const start = at + tagPart.size;
  switch (view.getUint8(at)) {
    case TAG_MESSAGE:
      return start + messageHead.size <= captured && isMessageHead(view, start);
    case TAG_ACK:
      return start + 8 <= captured && view.getUint32(start + 4, true) === 0 && view.getUint32(start, true) !== 0;
    case TAG_KEEPALIVE2:
    case TAG_KEEPALIVE2_ACK:
      return start + 8 <= captured && view.getUint32(start + 4, true) < NANOS && view.getUint32(start, true) > NANOS;
    default:
      return false;
  }
}

/** The checksum of a header begins with 0, and is not inverted. */
const isMessageHead = (view: DataView, at: number): boolean =>
  headCrc(view, at) === messageHead.fields.crc.read(view, at);

/** The checksum of the message header at `at`, of what comes before it. Source: Ceph, src/include/crc32c.h. */
export const headCrc = (view: DataView, at: number): number => plainCrc(view, at, at + messageHead.fields.crc.offset);

/** CRC-32C as Ceph has it: it begins with 0 and is not inverted. */
export const plainCrc = (view: DataView, at: number, end: number): number => ~crc32c(view, at, end, 0xffff_ffff) >>> 0;

function needsMore(view: DataView, at: number, captured: number): number | undefined {
  const need = view.getUint8(at) === TAG_MESSAGE ? tagPart.size + messageHead.size : tagPart.size + 8;
  return at + need > captured && isTag(view.getUint8(at)) ? -need : undefined;
}

const isTag = (tag: number): boolean =>
  tag === TAG_MESSAGE || tag === TAG_ACK || tag === TAG_KEEPALIVE2 || tag === TAG_KEEPALIVE2_ACK;

/** The bytes of a PDU; a negative number where it takes so many to tell; undefined where it is nothing of Ceph's. */
function sizeOf(kind: PduKind, view: DataView, at: number, captured: number): number | undefined {
  switch (kind) {
    case 'server':
      return SERVER_GREETING;
    case 'client':
      return CLIENT_GREETING;
    case 'sequence':
      return SEQUENCE_SIZE;
    case 'connect':
      return withAuthorizer(connectHead.size, connectHead.fields['connect.auth.size'].offset, view, at, captured);
    case 'reply': {
      const size = withAuthorizer(replyHead.size, replyHead.fields['connect.auth.size'].offset, view, at, captured);
      return size !== undefined && size > 0 && view.getUint8(at) === TAG_SEQ ? size + SEQUENCE_SIZE : size;
    }
    case 'frame':
      return frameSize(view, at, captured);
  }
}

function withAuthorizer(size: number, place: number, view: DataView, at: number, captured: number): number | undefined {
  if (at + size > captured) return -size;
  const more = view.getUint32(at + place, true);
  return more > MOST_AUTHORIZER ? undefined : size + more;
}

function frameSize(view: DataView, at: number, captured: number): number | undefined {
  switch (view.getUint8(at)) {
    case TAG_MESSAGE:
      return messageSize(view, at, captured);
    case TAG_ACK:
    case TAG_KEEPALIVE2:
    case TAG_KEEPALIVE2_ACK:
      return tagPart.size + 8;
    case TAG_KEEPALIVE:
    case TAG_CLOSE:
      return tagPart.size;
    default:
      return undefined;
  }
}

function messageSize(view: DataView, at: number, captured: number): number | undefined {
  const start = at + tagPart.size;
  if (start + messageHead.size > captured) return -(tagPart.size + messageHead.size);
  const { front_size, middle_size, data_size, crc } = messageHead.fields;
  // Behind a gap anything may begin with the same byte. Without checksums there are zeros in their place.
  if (crc.read(view, start) !== 0 && !isMessageHead(view, start)) return undefined;
  const sizes = [front_size, middle_size, data_size].map((field) => field.read(view, start));
  if (sizes.some((size) => size > MOST_PART)) return undefined;
  return tagPart.size + messageHead.size + sizes.reduce((sum, size) => sum + size, 0) + footerPart.size;
}

/** Messages of Ceph's messenger, version 1. Source: Ceph, doc/dev/network-protocol; src/msg/async/ProtocolV1.cc. */
export const IN_STREAM: StreamApplication = {
  length: (view, at, { captured }, state) => {
    if (at >= captured) return -1;
    const kind = kindAt(view, at, captured, state);
    if (typeof kind !== 'string') return kind ?? NOT_MINE;
    return sizeOf(kind, view, at, captured) ?? NOT_MINE;
  },
  learn: (view, at, end, state) => {
    switch (kindOf(view, at, end, state)) {
      case 'server':
        return REPLYING;
      case 'client':
        return GREETED;
      case 'connect':
        return CONNECTING;
      case 'reply':
        return learnReply(view.getUint8(at));
      case 'sequence':
        return CALLING;
      default:
        return state.own === CONNECTING || state.own === UNKNOWN ? CALLING : state.own;
    }
  },
};

const learnReply = (tag: number): number =>
  tag === TAG_READY ? READY : tag === TAG_SEQ ? READY_WITH_SEQUENCE : REPLYING;
