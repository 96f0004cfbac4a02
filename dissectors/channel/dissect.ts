import { crc32c } from '../wire/checksum.js';
import { readVarint, VARINT_MAX, varintSize } from '../wire/field.js';
import { type Finding, type FindingCode, finding } from '../wire/finding.js';
import { endOf, locate } from '../wire/layout.js';
import { type Limit, malformed, type Stop, shortOf, within } from '../wire/stop.js';
import { hex16, hex32 } from '../wire/view.js';
import { RESERVED_CAPABILITIES } from './capabilities.js';
import { type Dialect, dialectOf } from './dialects.js';
import { CODES, type MessageKind } from './messages.js';
import {
  DEFAULT_CHANNEL,
  ENCRYPTED,
  ENVELOPE,
  footer,
  PAYLOAD,
  privateHeader,
  RESERVED_FLAGS,
  RESERVED_HALF,
} from './packet.js';

/** One message of a packet: where it is. Its values are read from its kind's layout when they are wanted. */
export interface Message {
  /** Left out for a type that the dialect lacks. */
  readonly kind: MessageKind | undefined;
  /** The type as written. */
  readonly code: number;
  /** Where the type starts, where the body starts, and where the message ends. */
  readonly at: number;
  readonly body: number;
  readonly end: number;
  /** Why the body could not be read whole. */
  readonly stop: Stop | undefined;
}

/** A channel packet: its envelope and the places of its messages. What could not be read is left out. */
export interface ChannelPacket {
  readonly dialect: Dialect;
  readonly view: DataView;
  /** Which of the byte sources of its frame `view` is. */
  readonly source: number;
  readonly at: number;
  /** Where the packet ends by its own size, or where its bytes end if that is sooner. */
  readonly end: number;
  /** How far its bytes may be read. */
  readonly limit: Limit;
  /** The channel id, `c1 ‖ c2`; present whenever the public header is whole, as are flags and size. */
  readonly id: number | undefined;
  readonly flags: number | undefined;
  readonly size: number | undefined;
  readonly sequence: number | undefined;
  readonly payloadSize: number | undefined;
  /** In bytes, between the payload and the checksum. */
  readonly padding: number | undefined;
  /** The checksum as written, where it is captured. */
  readonly checksum: number | undefined;
  readonly checksumStatus: 'good' | 'bad' | 'unverified' | undefined;
  readonly messages: readonly Message[];
  /** Why the envelope could not be read whole. */
  readonly stop: Stop | undefined;
  readonly findings: readonly Finding[];
}

/** A packet while it is being read: every property there from the start, so that all packets have one shape. */
type Draft = { -readonly [K in keyof ChannelPacket]: ChannelPacket[K] } & { findings: Finding[] };

/** What packets without findings share. */
const NO_FINDINGS: Finding[] = [];

/** Adds a finding about the bytes `[start, end)` of a packet. */
function note(
  packet: Draft,
  code: FindingCode,
  start: number,
  end: number,
  given: readonly (number | string)[] = [],
): void {
  const found = finding(code, start, end, given, packet.source);
  if (packet.findings === NO_FINDINGS) packet.findings = [found];
  else packet.findings.push(found);
}

/** The bytes of the public header. */
const PUBLIC = PAYLOAD - privateHeader.size;

/** Where the checksum of a packet of `size` bytes starts. */
const footerAt = (at: number, size: number): number => at + size - footer.size;

/**
 * Whether the bytes at `at` are a channel packet: a known protocol id, and enough sense in what follows that chance
 * does not count. Broken packets must pass: a bad checksum, size or flag alone is damage worth showing.
 */
export function isChannelPacket(view: DataView, at: number, limit: Limit, forced?: Dialect): boolean {
  if (at + 4 > limit.captured) return false;
  const dialect = dialectOf(view.getUint32(at));
  // A protocol id of its own is what a new version of the protocol has: its packets prove themselves.
  if (!dialect) return forced !== undefined && provenSize(view, at, limit.captured, forced) > 0;
  if (at + PUBLIC > limit.captured) return true;
  const { flags, size } = dialect.header.fields;
  if ((flags.read(view, at) & RESERVED_FLAGS) === 0) return true;
  // Reserved flags are sent 0. Where they are set, the size must make sense of the rest.
  const length = size.read(view, at);
  return length >= ENVELOPE && at + length <= limit.wire;
}

/** The size of the packet at `at` if it is captured whole before `end` and its checksum is good, else 0. */
export function provenSize(view: DataView, at: number, end: number, dialect: Dialect): number {
  if (at + ENVELOPE > end) return 0;
  const size = dialect.header.fields.size.read(view, at);
  if (size < ENVELOPE || at + size > end) return 0;
  return crc32c(view, at, footerAt(at, size)) === view.getUint32(footerAt(at, size)) ? size : 0;
}

/**
 * Dissects the packet at `at`, where `isChannelPacket` has found a known protocol id. Total: every input gives a
 * packet, with what could be read and a stop where reading ended.
 * Source: protocol page, section 2 "Packet".
 * @param proven whether `provenSize` has found its checksum good, which costs more than all the rest
 */
export function dissectChannel(
  view: DataView,
  at: number,
  limit: Limit,
  source = 0,
  dialect: Dialect = dialectOf(view.getUint32(at)) as Dialect,
  proven = false,
): ChannelPacket {
  const packet: Draft = {
    dialect,
    view,
    source,
    at,
    end: limit.captured,
    limit,
    id: undefined,
    flags: undefined,
    size: undefined,
    sequence: undefined,
    payloadSize: undefined,
    padding: undefined,
    checksum: undefined,
    checksumStatus: undefined,
    messages: NO_MESSAGES,
    stop: undefined,
    findings: NO_FINDINGS,
  };
  if (at + PUBLIC > limit.captured) {
    packet.stop = shortOf('chan', at, PUBLIC, limit);
    return packet;
  }
  const { fields } = dialect.header;
  const id = fields.id.read(view, at);
  const flags = fields.flags.read(view, at);
  const size = fields.size.read(view, at);
  packet.id = id;
  packet.flags = flags;
  packet.size = size;
  noteHeader(packet, id, flags);

  if (size < ENVELOPE || at + size > limit.wire) {
    const have = size < ENVELOPE ? size : limit.wire - at;
    packet.stop = malformed('chan.size', at, Math.max(size, ENVELOPE), have);
    readPrivate(packet, limit);
    return packet;
  }
  const whole = at + size === limit.wire ? limit : within(at, size, limit);
  packet.end = whole.captured;
  if (at + size < limit.wire) {
    // The capture may have kept none of them.
    const start = Math.min(at + size, limit.captured);
    note(packet, 'trailing-bytes', start, limit.captured, [limit.wire - at - size]);
  }
  judgeChecksum(packet, size, whole, proven);
  readPrivate(packet, whole);
  return packet;
}

const NO_MESSAGES: readonly Message[] = [];

/** Source: protocol page, section 8. */
const LEFTOVER = 'the reference writes no sequence numbers: this one is left over from an earlier packet';

function noteHeader(packet: Draft, id: number, flags: number): void {
  const { view, at } = packet;
  if (flags & RESERVED_FLAGS) {
    const bits = `0x${(flags & RESERVED_FLAGS).toString(16).padStart(4, '0')}`;
    note(packet, 'flags-reserved', at + 40, at + 42, [bits]);
  }
  if (id !== DEFAULT_CHANNEL && (id >>> 16 === RESERVED_HALF || (id & 0xffff) === RESERVED_HALF)) {
    note(packet, 'half-reserved', at + 36, at + 40, [`channel ${idText(id)}`]);
  }
  if (
    view.getUint32(at + 4) === view.getUint32(at + 20) &&
    view.getUint32(at + 8) === view.getUint32(at + 24) &&
    view.getUint32(at + 12) === view.getUint32(at + 28) &&
    view.getUint32(at + 16) === view.getUint32(at + 32)
  ) {
    note(packet, 'sent-to-self', at + 4, at + 36);
  }
}

/** The text of a channel id: `c1 ‖ c2`, 8 hex digits. */
export const idText = (id: number): string => hex32(id);
/** The text of one half of a channel id. */
export const halfText = (half: number): string => hex16(half);

function judgeChecksum(packet: Draft, size: number, whole: Limit, proven: boolean): void {
  const { view, at } = packet;
  const place = footerAt(at, size);
  if (at + size > whole.captured) {
    packet.checksumStatus = 'unverified';
    return;
  }
  const checksum = footer.fields.checksum.read(view, place);
  const expected = proven ? checksum : crc32c(view, at, place);
  packet.checksum = checksum;
  packet.checksumStatus = checksum === expected ? 'good' : 'bad';
  if (checksum !== expected) note(packet, 'checksum-bad', place, place + 4, [idText(expected)]);
}

/** Reads what the private header says, and the messages. */
function readPrivate(packet: Draft, whole: Limit): void {
  const { view, at, size = 0, flags = 0 } = packet;
  if (flags & ENCRYPTED) {
    note(packet, 'encrypted', at + PUBLIC, Math.max(at + PUBLIC, whole.captured));
    return;
  }
  if (at + PAYLOAD > whole.captured) {
    packet.stop ??= shortOf('chan.sequence', at + PUBLIC, privateHeader.size, whole);
    return;
  }
  const payloadSize = privateHeader.fields.payload_size.read(view, at + PUBLIC);
  packet.sequence = privateHeader.fields.sequence.read(view, at + PUBLIC);
  packet.payloadSize = payloadSize;
  // A packet whose size is broken has no payload that could be trusted: its messages are not read.
  if (packet.stop) return;
  if (payloadSize > size - ENVELOPE) {
    packet.stop = malformed('chan.payload_size', at + PUBLIC + 2, payloadSize, size - ENVELOPE);
    return;
  }
  packet.padding = size - ENVELOPE - payloadSize;
  if (!packet.dialect.numbered && packet.sequence !== 0) {
    const number = at + PUBLIC;
    note(packet, 'reference-habit', number, number + 2, [LEFTOVER]);
  }
  const start = at + PAYLOAD;
  readMessages(packet, start, within(start, payloadSize, whole));
  notePayload(packet);
}

function readMessages(packet: Draft, start: number, payload: Limit): void {
  const { view, dialect } = packet;
  let messages: Message[] | undefined;
  for (let at = start; at < payload.wire; ) {
    const message = readMessage(view, at, payload, dialect);
    const isBroken = message.kind === undefined || message.stop !== undefined;
    if (isBroken) noteBroken(packet, message, payload);
    if (message.code >= 0) {
      // Most packets have one: a list made of it takes no more room than that.
      if (messages) messages.push(message);
      else {
        messages = [message];
        packet.messages = messages;
      }
    }
    if (isBroken) return;
    at = message.end;
  }
}

/** Reads one message; a type that could not be read at all has the code −1. */
function readMessage(view: DataView, at: number, payload: Limit, dialect: Dialect): Message {
  const { captured } = payload;
  const typeSize = varintSize(view, at, captured);
  if (typeSize === 0) {
    return { kind: undefined, code: -1, at, body: at, end: captured, stop: varintStop('chan.msg.type', at, payload) };
  }
  const code = readVarint(view, at);
  const body = at + typeSize;
  const kind = dialect.byCode[code];
  if (!kind) return { kind, code, at, body, end: captured, stop: undefined };
  if (kind.body.fixed) {
    const end = body + kind.body.size;
    if (end <= captured) return { kind, code, at, body, end, stop: undefined };
    return { kind, code, at, body, end: captured, stop: shortOf(kind.name, body, kind.body.size, payload) };
  }
  const end = endOf(kind.body, view, body, captured);
  if (end > 0) return { kind, code, at, body, end, stop: undefined };
  return { kind, code, at, body, end: captured, stop: locate(kind.body, view, body, payload).stop };
}

/** The stop for a varint at `at` that does not end in time: cut by the capture, or broken. */
function varintStop(what: string, at: number, payload: Limit): Stop {
  const have = payload.captured - at;
  const cut = have < VARINT_MAX && payload.captured < payload.wire;
  return { ok: false, why: cut ? 'truncated' : 'malformed', what, at, need: Math.min(have + 1, VARINT_MAX), have };
}

function noteBroken(packet: Draft, message: Message, payload: Limit): void {
  const { kind, stop, at, body, end, code } = message;
  if (!stop) {
    note(packet, 'message-unknown', at, end, [code, Math.max(0, payload.wire - body)]);
  } else if (stop.why === 'truncated') {
    note(packet, 'truncated', at, end, [kind?.name ?? stop.what, stop.need, stop.have]);
  } else if (stop.what === 'chan.msg.type' || stop.what === 'chan.length') {
    note(packet, 'varint-bad', at, end, [kind?.name ?? 'message type']);
  } else {
    note(packet, 'message-cut', at, end, [kind?.name ?? stop.what, stop.need, stop.have]);
  }
}

/** Whether a message counts on the default channel rather than on others. Source: protocol page, section 4. */
export const isHandshake = (code: number): boolean => code >= CODES.CHANNEL_NEW && code <= CODES.CHANNEL_FINALIZE;

/** Whether a message makes its packet take a number. Source: protocol page, section 5 "Numbers". */
export const takesNumber = (code: number): boolean =>
  code === CODES.DATA || code === CODES.CHANNEL_CLOSE || code === CODES.CHANNEL_COOKIE;

function notePayload(packet: Draft): void {
  const { id, messages } = packet;
  const onDefault = id === DEFAULT_CHANNEL;
  let numbered = false;
  let control: Message | undefined;
  for (let place = 0; place < messages.length; place++) {
    const message = messages[place] as Message;
    const { kind, code, at, body, end, stop } = message;
    if (!kind || stop) continue;
    if (code <= CODES.CHANNEL_COOKIE) noteValues(packet, kind, body, end);
    if (isHandshake(code) !== onDefault) {
      const where = onDefault ? 'on the default channel' : 'off the default channel';
      note(packet, 'message-misplaced', at, end, [kind.name, where]);
    }
    if (code === CODES.CHANNEL_COOKIE && place > 0) note(packet, 'cookie-not-first', at, end);
    numbered ||= takesNumber(code);
    if (code === CODES.DATA_PROGRESS || code === CODES.DATA_WINDOW) control ??= message;
  }
  if (numbered && control) note(packet, 'numbered-control', control.at, control.end);
  if (onDefault) noteAmplification(packet);
}

/** Notes values of a whole message that peers ignore or drop. */
function noteValues(packet: Draft, kind: MessageKind, body: number, end: number): void {
  const { view } = packet;
  for (const field of kind.body.list) {
    if (field.key === 'caps') {
      const reserved = Number(field.read(view, body)) & RESERVED_CAPABILITIES;
      const at = body + field.offset;
      if (reserved) note(packet, 'caps-reserved', at, at + 2, [`0x${halfText(reserved)}`]);
    } else if (field.key === 'c1') {
      if (field.read(view, body) === RESERVED_HALF) {
        note(packet, 'half-reserved', body, body + 2, [`c1 ${halfText(RESERVED_HALF)}`]);
      }
    } else if (field.key === 'id') {
      const id = Number(field.read(view, body));
      if (id >>> 16 === RESERVED_HALF || (id & 0xffff) === RESERVED_HALF) {
        note(packet, 'half-reserved', body, Math.min(end, body + 4), [`channel ${idText(id)}`]);
      }
    }
  }
}

/** The size of a packet that holds nothing but one DATA_WINDOW: what confirms a FINALIZE. */
const CONFIRMATION = ENVELOPE + 3;

/** Notes a packet too small for the answer it asks for. Source: protocol page, section 4 "No amplification". */
function noteAmplification(packet: Draft): void {
  const { dialect, at, end, size = 0, messages } = packet;
  let news = 0;
  let finals = 0;
  for (const { code, kind, stop } of messages) {
    if (!kind || stop) continue;
    if (code === CODES.CHANNEL_NEW) news++;
    if (code === CODES.CHANNEL_FINALIZE) finals++;
  }
  if (news + finals === 0) return;
  const acknowledge = 1 + (dialect.byCode[CODES.CHANNEL_ACKNOWLEDGE]?.body.size ?? 0);
  const confirms = dialect.capabilitiesIn === 'CHANNEL_FINALIZE' && dialect.numbered ? finals : 0;
  const least = Math.max(news > 0 ? ENVELOPE + acknowledge * news : 0, CONFIRMATION * confirms);
  if (size < least) note(packet, 'new-unpadded', at, end, [size, least]);
}
