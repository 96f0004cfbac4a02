import { derived, type Field, named, readVarint, varintSize } from '../wire/field.js';
import { bytesText } from '../wire/finding.js';
import { type Layout, locate, type Placed } from '../wire/layout.js';
import { heading, type Line, valueText } from '../wire/line.js';
import { type FieldSink, type Named, pathSet, tellDerived, tellLayout } from '../wire/sink.js';
import { TreeSink } from '../wire/tree-sink.js';
import { modeOf } from './capabilities.js';
import { DIALECTS } from './dialects.js';
import { type ChannelPacket, halfText, idText, type Message } from './dissect.js';
import { CLOSE_REASONS, CODES, messageType } from './messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED, footer, PAYLOAD, privateHeader } from './packet.js';
import { plus } from './sequence.js';

const own = (key: string, field: Field): Named => named(`chan.${key}`, field);

/** Fields of a channel packet that are worked out rather than read. */
export const channelDerived = {
  dialect: own('dialect', derived('Dialect', 'string')),
  default: own('default', derived('Default channel', 'bool')),
  'sequence.start': own('sequence.start', derived('First number of this direction', 'uint')),
  'sequence.relative': own('sequence.relative', derived('Sequence number (relative)', 'uint')),
  padding: own('padding', derived('Padding', 'uint')),
  'checksum.status': own('checksum.status', derived('Checksum status', 'string')),
  'cookie1.status': own('cookie1.status', derived('Cookie 1', 'string')),
  'cookie2.status': own('cookie2.status', derived('Cookie 2', 'string')),
  'cookie.status': own('cookie.status', derived('Cookie', 'string')),
  'caps.mode': own('caps.mode', derived('Mode', 'string')),
};

const RELATIVE_FIELDS = pathSet([channelDerived['sequence.start'], channelDerived['sequence.relative']]);

/** The fields of messages, in any dialect. */
const MESSAGE_FIELDS = pathSet([
  ...DIALECTS.flatMap(({ messages }) => messages.flatMap(({ body }) => body.list)),
  ...messageType.list,
  ...Object.values(channelDerived),
]);

/** Tells what only the conversation shows of the cookie of this key whose bytes are `[start, end)`. */
export type TellCookie = (sink: FieldSink, key: string, start: number, end: number) => void;

/** The tree of a channel packet: one heading, with the envelope, a heading a message, padding and checksum beneath. */
export function explainChannel(packet: ChannelPacket, source: number): Line {
  const tree = new TreeSink(source);
  tellChannel(packet, tree);
  return tree.made[0] ?? heading('chan', '', source, packet.at, packet.end);
}

const PRIVATE = PAYLOAD - privateHeader.size;
/** Where the channel id stands in a packet. */
const ID = 36;
const ID_END = 40;

/** What only the conversation shows of a packet. */
export interface ConversationFacts {
  readonly tellCookie?: TellCookie | undefined;
  /** Where the numbers of its direction start. */
  readonly start?: number | undefined;
}

/** Tells a channel packet: the envelope, a group a message, padding and checksum. */
export function tellChannel(packet: ChannelPacket, sink: FieldSink, known: ConversationFacts = {}): void {
  const { tellCookie, start } = known;
  const { view, at, end, dialect, limit, id } = packet;
  const name = id === undefined || !sink.shows ? '' : `, Channel: ${idText(id)}`;
  sink.open('chan', sink.shows ? `Channel Protocol (${dialect.name})${name}` : '', at, Math.max(at, end));
  tellDerived(sink, channelDerived.dialect, dialect.name, at, at + 4);
  tellLayout(sink, dialect.header, view, at, limit);
  if (id === DEFAULT_CHANNEL) tellDerived(sink, channelDerived.default, true, at + ID, at + ID_END);
  if (((packet.flags ?? 0) & ENCRYPTED) !== 0 && packet.size !== undefined) {
    sink.open('', 'Encrypted private header, payload and padding', at + PRIVATE, opaqueEnd(packet));
    sink.close();
  }
  if (packet.sequence !== undefined) tellPrivate(packet, packet.sequence, start, sink);
  if (packet.messages.length > 0 && sink.wantsAny(MESSAGE_FIELDS)) {
    for (const message of packet.messages) tellMessage(packet, message, sink, tellCookie);
  }
  tellPadding(packet, sink);
  tellChecksum(packet, sink);
  sink.close();
}

/** Tells the private header, and what its number is relative to. */
function tellPrivate(
  { view, at, dialect, limit, id }: ChannelPacket,
  sequence: number,
  start: number | undefined,
  sink: FieldSink,
): void {
  if (start === undefined || !dialect.numbered || id === DEFAULT_CHANNEL) {
    tellLayout(sink, privateHeader, view, at + PRIVATE, limit);
    return;
  }
  tellLayout(sink, privateHeader, view, at + PRIVATE, limit, 0, 1);
  if (sink.wantsAny(RELATIVE_FIELDS)) {
    const [from, end] = [at + PRIVATE, at + PRIVATE + 2];
    tellDerived(sink, channelDerived['sequence.start'], start, from, end);
    tellDerived(sink, channelDerived['sequence.relative'], plus(sequence, -start), from, end);
  }
  tellLayout(sink, privateHeader, view, at + PRIVATE, limit, 1);
}

function tellPadding({ at, padding = 0, payloadSize = 0, limit }: ChannelPacket, sink: FieldSink): void {
  if (padding === 0) return;
  const place = at + PAYLOAD + payloadSize;
  // The capture may have cut the packet before its padding.
  const start = Math.min(place, limit.captured);
  const end = Math.min(place + padding, limit.captured);
  const text = sink.shows ? `Padding: ${bytesText(padding)}` : '';
  sink.value(channelDerived.padding, padding, start, end, text);
}

/** Where the checksum stands, when it is captured. */
const checksumAt = ({ at, size = 0 }: ChannelPacket): number => at + size - footer.size;

const opaqueEnd = (packet: ChannelPacket): number =>
  packet.checksum === undefined ? Math.max(packet.at + PRIVATE, packet.end) : checksumAt(packet);

function tellChecksum(packet: ChannelPacket, sink: FieldSink): void {
  const { checksum, checksumStatus: status = 'unverified' } = packet;
  if (checksum === undefined) return;
  const start = checksumAt(packet);
  const field = footer.fields.checksum;
  const text = sink.shows ? `${field.label}: ${valueText(field, checksum)} [${status}]` : '';
  sink.value(field, checksum, start, start + footer.size, text);
  tellDerived(sink, channelDerived['checksum.status'], status, start, start + footer.size);
}

function tellMessage(packet: ChannelPacket, message: Message, sink: FieldSink, tellCookie?: TellCookie): void {
  const { kind, code, at, body, end, stop } = message;
  const last = kind ? end : Math.max(at, end);
  sink.open('', sink.shows ? headText(packet, message) : '', at, last);
  const type = sink.shows ? `Message type: ${kind?.name ?? 'unknown'} (${code})` : '';
  sink.value(messageType.fields['msg.type'], code, at, body, type);
  if (kind) tellBody(packet.view, message, kind.body, sink, tellCookie);
  if (!kind || stop) {
    const start = kind ? Math.min(body, end) : body;
    const missing = kind ? 'Cut off here' : `Undissected: ${Math.max(0, end - body)} bytes`;
    sink.open('', sink.shows ? missing : '', start, kind ? end : Math.max(body, end));
    sink.close();
  }
  sink.close();
}

const headText = (packet: ChannelPacket, message: Message): string =>
  message.kind ? messageText(packet, message) : `Unknown message, type ${message.code}`;

/** Tells the fields of a message as far as they could be read. */
function tellBody(
  view: DataView,
  { body, end }: Message,
  layout: Layout,
  sink: FieldSink,
  tellCookie: TellCookie | undefined,
): void {
  const limit = { captured: end, wire: end };
  if (!layout.fixed) {
    tellLayout(sink, layout, view, body, limit);
    return;
  }
  let caps = -1;
  for (let place = 0; place < layout.list.length; place++) {
    if (!tellLayout(sink, layout, view, body, limit, place, place + 1)) break;
    const { key, offset, size } = layout.list[place] as Placed<Field>;
    const start = body + offset;
    if (key === 'caps') caps = start;
    else if (tellCookie && key.startsWith('cookie')) tellCookie(sink, key, start, start + Number(size));
  }
  // It stands beneath the field, after its bits.
  if (caps >= 0 && sink.wants(channelDerived['caps.mode'].path))
    tellDerived(sink, channelDerived['caps.mode'], modeOf(view.getUint16(caps)), caps, caps + 2);
}

const messageLimit = ({ end }: Message) => ({ captured: end, wire: end });

/** The values of a message that could be read, by field name. */
export function messageValues(packet: ChannelPacket, message: Message): ReadonlyMap<string, number | Uint8Array> {
  const values = new Map<string, number | Uint8Array>();
  if (!message.kind) return values;
  for (const { field, value } of locate(message.kind.body, packet.view, message.body, messageLimit(message)).located) {
    if (typeof value === 'number' || value instanceof Uint8Array) values.set(field.key, value);
  }
  return values;
}

/**
 * A number in a message, if it could be read. Straight from its layout: rows of a list are made by the million.
 * @returns −1 where the message has no such field, or was cut off before it
 */
export function numberOf({ view }: ChannelPacket, { kind, body, end, stop }: Message, key: string): number {
  const field = kind?.body.fields[key];
  if (!kind || !field) return -1;
  if (field.size === 'varint') return varintSize(view, body, end) > 0 ? readVarint(view, body) : -1;
  if (stop && (typeof field.size !== 'number' || body + field.offset + field.size > end)) return -1;
  const value = field.read(view, body);
  return typeof value === 'number' ? value : -1;
}

/** Takes text piece by piece: rows by the million are bytes at once. */
export interface TextSink {
  /** Adds text, as it is. */
  add(text: string): void;
  /** Adds the decimal digits of a whole number. */
  addNumber(value: number): void;
  /** Adds the four, or the eight, hex digits of a number of 16, or 32, bits. */
  addHex16(value: number): void;
  addHex32(value: number): void;
}

/** Makes one string of the pieces. */
class StringSink implements TextSink {
  text = '';

  add(text: string): void {
    this.text += text;
  }

  addNumber(value: number): void {
    this.text += value;
  }

  addHex16(value: number): void {
    this.text += halfText(value);
  }

  addHex32(value: number): void {
    this.text += idText(value);
  }
}

/** One message in a few words, for the list and for headings: `NEW 1a2b`, `DATA 1180`. */
export function messageText(packet: ChannelPacket, message: Message): string {
  const sink = new StringSink();
  writeMessageText(packet, message, sink);
  return sink.text;
}

function writeMessageText(packet: ChannelPacket, message: Message, into: TextSink): void {
  const { kind, code, stop } = message;
  if (!kind) {
    into.add(`unknown(${code})`);
    return;
  }
  writeWords(packet, message, kind.code, into);
  if (stop) into.add(' [cut off]');
}

function writeWords(packet: ChannelPacket, message: Message, code: number, into: TextSink): void {
  const number = (key: string): number => numberOf(packet, message, key);
  switch (code) {
    case CODES.DATA:
      // Most messages by far, and a whole one has its length.
      writeWord('DATA', message.stop ? number('length') : readVarint(packet.view, message.body), into);
      break;
    case CODES.DATA_PROGRESS: {
      const received = number('received');
      writeWord('PROGRESS', number('next'), into);
      if (received > 0) into.add(`+0x${received.toString(16)}`);
      break;
    }
    case CODES.DATA_WINDOW:
      writeWord('WINDOW', number('window'), into);
      break;
    case CODES.CHANNEL_CLOSE: {
      const reason = number('reason');
      into.add(reason < 0 ? 'CLOSE' : `CLOSE ${CLOSE_REASONS[reason] ?? reason}`);
      break;
    }
    case CODES.CHANNEL_NEW: {
      const c1 = number('c1');
      into.add(c1 < 0 ? 'NEW' : 'NEW ');
      if (c1 >= 0) into.addHex16(c1);
      writeMode(number('caps'), into);
      break;
    }
    case CODES.CHANNEL_ACKNOWLEDGE:
      writeOfChannel('ACKNOWLEDGE', number('id'), into);
      break;
    case CODES.CHANNEL_FINALIZE:
      writeOfChannel('FINALIZE', number('id'), into);
      writeMode(number('caps'), into);
      break;
    default:
      into.add('COOKIE');
      writeMode(number('caps'), into);
  }
}

function writeWord(word: string, value: number, into: TextSink): void {
  into.add(word);
  if (value < 0) return;
  into.add(' ');
  into.addNumber(value);
}

function writeMode(caps: number, into: TextSink): void {
  if (caps >= 0) into.add(` ${modeOf(caps)}`);
}

function writeOfChannel(word: string, id: number, into: TextSink): void {
  into.add(word);
  if (id < 0) return;
  into.add(' ');
  into.addHex32(id);
}

/** The most messages that a summary names. */
const NAMED = 6;

/** A packet in one line, for the list: `1a2b3c4d seq 17538 DATA 1180, WINDOW 64`. */
export function summarizeChannel(packet: ChannelPacket): string {
  const sink = new StringSink();
  writeSummary(packet, sink);
  return sink.text;
}

/** The same with what the packet says before where it belongs, for rows that may be cut: `DATA 44  da5b0a4d seq 17483`. */
export function messagesBeforeId(packet: ChannelPacket): string {
  const { id, sequence, messages, stop, flags = 0 } = packet;
  const text = summarizeChannel(packet);
  const isPlain = id !== undefined && id !== DEFAULT_CHANNEL && messages.length > 0 && (flags & ENCRYPTED) === 0;
  if (!isPlain || stop) return text;
  const sink = new StringSink();
  sink.addHex32(id);
  if (sequence !== undefined) writeWord(' seq', sequence, sink);
  return text.startsWith(`${sink.text} `) ? `${text.slice(sink.text.length + 1)}  ${sink.text}` : text;
}

/** Writes what `summarizeChannel` gives: plain ASCII, whatever the packet holds. */
export function writeSummary(packet: ChannelPacket, into: TextSink): void {
  const { id, sequence, messages, stop, flags = 0, checksumStatus } = packet;
  if (id === undefined) {
    into.add(`[${stop?.why ?? 'cut'}]`);
    return;
  }
  const isEncrypted = (flags & ENCRYPTED) !== 0;
  // Handshakes travel on the default channel: naming it in every row would say nothing.
  const isNamed = id !== DEFAULT_CHANNEL || messages.length === 0;
  if (isNamed) into.addHex32(id);
  if (isEncrypted) into.add(' encrypted');
  else if (sequence !== undefined && id !== DEFAULT_CHANNEL) writeWord(' seq', sequence, into);
  for (let place = 0; place < messages.length && place < NAMED; place++) {
    if (place > 0) into.add(', ');
    else if (isNamed || isEncrypted) into.add(' ');
    writeMessageText(packet, messages[place] as Message, into);
  }
  if (messages.length > NAMED) into.add(` and ${messages.length - NAMED} more`);
  if (messages.length === 0 && !stop && !isEncrypted) into.add(' no messages');
  if (checksumStatus === 'bad') into.add(' [bad checksum]');
  if (stop) into.add(` [${stop.why}]`);
}
