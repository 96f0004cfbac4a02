import { derived, readVarint, varintSize } from '../wire/field.js';
import { locate } from '../wire/layout.js';
import { derivedLine, explain, heading, type Line, lineOf } from '../wire/line.js';
import { modeOf } from './capabilities.js';
import { type ChannelPacket, halfText, idText, type Message } from './dissect.js';
import { CLOSE_REASONS, CODES, messageType } from './messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED, footer, PAYLOAD, privateHeader } from './packet.js';

/** Fields of a channel packet that are worked out rather than read. */
export const channelDerived = {
  dialect: derived('Dialect', 'string'),
  default: derived('Default channel', 'bool'),
  padding: derived('Padding', 'uint'),
  'checksum.status': derived('Checksum status', 'string'),
  'cookie1.status': derived('Cookie 1', 'string'),
  'cookie2.status': derived('Cookie 2', 'string'),
  'cookie.status': derived('Cookie', 'string'),
  'caps.mode': derived('Mode', 'string'),
};

/** Lines to hang beneath the field of this path whose bytes start here: what only the conversation shows. */
export type Annotate = (path: string, start: number) => readonly Line[];

/** Where the checksum stands, when it is captured. */
const checksumAt = ({ at, size = 0 }: ChannelPacket): number => at + size - footer.size;

/** The tree of a channel packet: one heading, with the envelope, a heading a message, padding and checksum beneath. */
export function explainChannel(packet: ChannelPacket, source: number, annotate: Annotate = () => []): Line {
  const { view, at, end, dialect, limit } = packet;
  const header = explain(dialect.header, view, at, limit, source).lines;
  const lines: Line[] = [
    derivedLine('chan.dialect', channelDerived.dialect, dialect.name, source, at, at + 4),
    ...header,
  ];
  if (packet.id === DEFAULT_CHANNEL) {
    lines.push(derivedLine('chan.default', channelDerived.default, true, source, at + 36, at + 40));
  }
  const opaque = ((packet.flags ?? 0) & ENCRYPTED) !== 0 && packet.size !== undefined;
  if (opaque)
    lines.push(heading('', 'Encrypted private header, payload and padding', source, at + 44, opaqueEnd(packet)));
  if (packet.sequence !== undefined) {
    lines.push(...explain(privateHeader, view, at + PAYLOAD - privateHeader.size, limit, source).lines);
  }
  for (const message of packet.messages) lines.push(explainMessage(packet, message, source, annotate));
  if (packet.padding !== undefined && packet.padding > 0) {
    const place = at + PAYLOAD + (packet.payloadSize ?? 0);
    // The capture may have cut the packet before its padding.
    const start = Math.min(place, limit.captured);
    const stop = Math.min(place + packet.padding, limit.captured);
    lines.push({
      ...derivedLine('chan.padding', channelDerived.padding, packet.padding, source, start, stop),
      text: `Padding: ${packet.padding} byte${packet.padding === 1 ? '' : 's'}`,
    });
  }
  if (packet.checksum !== undefined) lines.push(checksumLine(packet, source));
  const name = packet.id === undefined ? '' : `, Channel: ${idText(packet.id)}`;
  return heading('chan', `Channel Protocol (${dialect.name})${name}`, source, at, Math.max(at, end), lines);
}

const opaqueEnd = (packet: ChannelPacket): number =>
  packet.checksum === undefined ? Math.max(packet.at + 44, packet.end) : checksumAt(packet);

function checksumLine(packet: ChannelPacket, source: number): Line {
  const start = checksumAt(packet);
  const line = explain(footer, packet.view, start, packet.limit, source).lines[0] as Line;
  const status = packet.checksumStatus ?? 'unverified';
  const judged = derivedLine(
    'chan.checksum.status',
    channelDerived['checksum.status'],
    status,
    source,
    start,
    start + 4,
  );
  return { ...line, text: `${line.text} [${status}]`, children: [judged] };
}

function explainMessage(packet: ChannelPacket, message: Message, source: number, annotate: Annotate): Line {
  const { view } = packet;
  const { kind, code, at, body, end } = message;
  const type = lineOf({ field: messageType.fields['msg.type'], start: at, end: body, value: code }, source);
  const named: Line = { ...type, text: `Message type: ${kind?.name ?? 'unknown'} (${code})` };
  if (!kind) {
    const rest = heading('', `Undissected: ${Math.max(0, end - body)} bytes`, source, body, Math.max(body, end));
    return heading('', `Unknown message, type ${code}`, source, at, Math.max(at, end), [named, rest]);
  }
  const { lines } = explain(kind.body, view, body, messageLimit(message), source);
  const children = lines.map((line) => {
    const mode = line.path === 'chan.caps' ? [modeLine(line)] : [];
    const extra = [...mode, ...annotate(line.path, line.start)];
    return extra.length === 0 ? line : { ...line, children: [...line.children, ...extra] };
  });
  const cut = message.stop ? [heading('', 'Cut off here', source, Math.min(body, end), end)] : [];
  return heading('', messageText(packet, message), source, at, end, [named, ...children, ...cut]);
}

const messageLimit = ({ end }: Message) => ({ captured: end, wire: end });

const modeLine = ({ value, source, start, end }: Line): Line =>
  derivedLine('chan.caps.mode', channelDerived['caps.mode'], modeOf(Number(value)), source, start, end);

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
