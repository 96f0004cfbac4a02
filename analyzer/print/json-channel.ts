import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS, type Dialect } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, PAYLOAD } from '../../dissectors/channel/packet.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import { locate, type Placed } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import { cookiesOf } from '../track/cookie-fields.js';
import type { CookieStatus } from '../track/cookies.js';
import { hexDigits } from './json-text.js';
import type { Packet } from './packet.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

/** The status of the cookie at a place of a packet. */
export type Statuses = (packet: ChannelPacket, start: number) => CookieStatus;

const UNJUDGED: Statuses = () => 'unknown';

/** The statuses of a packet's cookies, by the packet and place where they stand. */
export function statusesOf({ dissection, facts }: Packet): Statuses {
  if (facts.verdicts.length === 0) return UNJUDGED;
  const cookies = cookiesOf(dissection);
  return (packet, start) => {
    const place = cookies.findIndex((cookie) => cookie.packet === packet && cookie.start === start);
    return facts.verdicts[place]?.status ?? 'unknown';
  };
}

/** Capabilities as JSON. Source: the command line page, "`-T json`". */
export const capabilitiesJson = (bits: number): string =>
  `{"bits":${bits},"resend":${(bits & 1) !== 0},"ordered":${(bits & 2) !== 0},"close_on_loss":${(bits & 4) !== 0},"mode":"${modeOf(bits)}"}`;

const SEQUENCE = utf8(',"sequence":');
const PAYLOAD_SIZE = utf8(',"payload_size":');
const PADDING = utf8(',"padding":');
const CHECKSUM = utf8(',"checksum":"');
const CHECKSUM_STATUS = utf8(',"checksum_status":"');
const MESSAGES = utf8(',"messages":[');

/** Writes a channel packet as JSON. Source: the command line page, "`-T json`". */
export function writeChannelJson(packet: ChannelPacket, statuses: Statuses, into: Utf8Text): void {
  const { at, limit, sequence, payloadSize, padding, checksum, checksumStatus } = packet;
  writeHeader(packet, into);
  if (sequence !== undefined) writeNumber(SEQUENCE, sequence, into);
  if (payloadSize !== undefined) writeNumber(PAYLOAD_SIZE, payloadSize, into);
  if (padding !== undefined) writeNumber(PADDING, padding, into);
  if (checksum !== undefined) {
    into.addBytes(CHECKSUM);
    into.addHex32(checksum);
    into.add('"');
  }
  if (checksumStatus !== undefined) {
    into.addBytes(CHECKSUM_STATUS);
    into.add(checksumStatus);
    into.add('"');
  }
  if (payloadSize !== undefined && limit.captured >= at + PAYLOAD) {
    into.addBytes(MESSAGES);
    writeMessages(packet, 0, statuses, into);
    into.add(']');
  }
  into.add('}');
}

/** Writes the messages of a packet from one on. */
export function writeMessages(packet: ChannelPacket, from: number, statuses: Statuses, into: Utf8Text): void {
  for (let place = from; place < packet.messages.length; place++) {
    if (place > 0) into.add(',');
    writeMessage(packet, packet.messages[place] as Message, statuses, into);
  }
}

function writeNumber(key: Uint8Array, value: number, into: Utf8Text): void {
  into.addBytes(key);
  into.addNumber(value);
}

const HEADS: ReadonlyMap<Dialect, Uint8Array> = new Map(
  DIALECTS.map((dialect) => [dialect, utf8(`{"dialect":"${dialect.name}","protocol_id":"`)]),
);
const SENDER = utf8('","sender":"');
const RECIPIENT = utf8('","recipient":"');
const ID = utf8('","id":"');
const INITIATOR = utf8('","initiator":"');
const RESPONDER = utf8('","responder":"');
const DEFAULT = utf8('","default":');
const FLAGS = utf8(',"flags":');
const SIZE = utf8(',"size":');

/** The public header; field by field where it is not whole. */
function writeHeader(packet: ChannelPacket, into: Utf8Text): void {
  const { view, at, dialect, id, flags = 0, size = 0, limit } = packet;
  if (id === undefined) {
    into.add(`{"dialect":"${dialect.name}"`);
    for (const { field, start, end, value } of locate(dialect.header, view, at, limit).located) {
      if (field.kind === 'bytes') into.add(`,"${field.key}":"${hexDigits(view, start, end)}"`);
      else if (field.kind === 'id') into.add(`,"${field.key}":"${plainText(field, value)}"`);
      else if (field.key === 'flags') into.add(`,"flags":${value}`);
    }
    return;
  }
  const { sender, recipient } = dialect.header.fields;
  const [from, to] = [at + sender.offset, at + recipient.offset];
  into.addBytes(HEADS.get(dialect) as Uint8Array);
  into.addHex(view, at, at + 4);
  into.addBytes(SENDER);
  into.addHex(view, from, from + 16);
  into.addBytes(RECIPIENT);
  into.addHex(view, to, to + 16);
  into.addBytes(ID);
  into.addHex32(id);
  into.addBytes(INITIATOR);
  into.addHex16(id >>> 16);
  into.addBytes(RESPONDER);
  into.addHex16(id & 0xffff);
  into.addBytes(DEFAULT);
  into.add(id === DEFAULT_CHANNEL ? 'true' : 'false');
  writeNumber(FLAGS, flags, into);
  writeNumber(SIZE, size, into);
}

function writeMessage(packet: ChannelPacket, message: Message, statuses: Statuses, into: Utf8Text): void {
  const { view } = packet;
  const { kind, code, body, end, stop } = message;
  if (!kind) {
    into.add(`{"type":"UNKNOWN","code":${code},"data":"`);
    into.addHex(view, body, Math.max(body, end));
    into.add('"}');
    return;
  }
  if (code === CODES.DATA && !stop) return writeData(packet, message, into);
  into.add(`{"type":"${kind.name}","code":${code}`);
  if (kind.body.fixed && !stop) {
    for (const field of kind.body.list)
      writeField(packet, field, body + field.offset, field.read(view, body), statuses, into);
  } else {
    const { located } = locate(kind.body, view, body, { captured: end, wire: end });
    for (const { field, start, value } of located) writeField(packet, field, start, value, statuses, into);
  }
  if (stop) {
    // What is left of a message that was cut off: the start of its data, where that is what was cut.
    if (stop.what === 'chan.data') {
      into.add(',"data":"');
      into.addHex(view, stop.at, Math.max(stop.at, end));
      into.add('"');
    }
    into.add(`,"stop":"${stop.why}"`);
  }
  into.add('}');
}

function writeField(
  packet: ChannelPacket,
  field: Placed<Field>,
  start: number,
  value: Value,
  statuses: Statuses,
  into: Utf8Text,
): void {
  const { key, kind } = field;
  if (key.startsWith('caps.')) return;
  into.add(`,"${key}":`);
  if (key === 'caps') {
    into.add(capabilitiesJson(Number(value)));
  } else if (value instanceof Uint8Array) {
    into.add('"');
    into.addHex(packet.view, start, start + value.length);
    into.add('"');
    if (key.startsWith('cookie')) into.add(`,"${key}_status":"${statuses(packet, start)}"`);
  } else {
    into.add(kind === 'id' ? `"${plainText(field, value)}"` : `${value}`);
  }
}

const DATA = utf8(`{"type":"DATA","code":${CODES.DATA},"length":`);
const BYTES = utf8(',"data":"');

/** DATA, which most packets are made of: the bytes end where the message does. */
function writeData({ view }: ChannelPacket, { kind, body, end }: Message, into: Utf8Text): void {
  const length = Number(kind?.body.fields.length?.read(view, body));
  into.addBytes(DATA);
  into.addNumber(length);
  into.addBytes(BYTES);
  into.addHex(view, end - length, end);
  into.add('"}');
}
