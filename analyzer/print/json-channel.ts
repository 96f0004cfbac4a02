import { modeOf } from '../../dissectors/channel/capabilities.js';
import { type ChannelPacket, halfText, idText, type Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, PAYLOAD } from '../../dissectors/channel/packet.js';
import { locate } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import type { CookieStatus } from '../track/cookies.js';
import { hexDigits } from './json-text.js';

/** The status of the cookie at a place of a packet. */
export type Statuses = (packet: ChannelPacket, start: number) => CookieStatus;

/** Capabilities as JSON. Source: the command line page, "`-T json`". */
export const capabilitiesJson = (bits: number): string =>
  `{"bits":${bits},"resend":${(bits & 1) !== 0},"ordered":${(bits & 2) !== 0},"close_on_loss":${(bits & 4) !== 0},"mode":"${modeOf(bits)}"}`;

/** A channel packet as JSON. Source: the command line page, "`-T json`". */
export function channelJson(packet: ChannelPacket, statuses: Statuses): string {
  const { at, limit, sequence, payloadSize, padding, checksum, checksumStatus } = packet;
  let text = headerJson(packet);
  if (sequence !== undefined) text += `,"sequence":${sequence}`;
  if (payloadSize !== undefined) text += `,"payload_size":${payloadSize}`;
  if (padding !== undefined) text += `,"padding":${padding}`;
  if (checksum !== undefined) text += `,"checksum":"${idText(checksum)}"`;
  if (checksumStatus !== undefined) text += `,"checksum_status":"${checksumStatus}"`;
  if (payloadSize !== undefined && limit.captured >= at + PAYLOAD) {
    text += ',"messages":[';
    for (const [place, message] of packet.messages.entries()) {
      text += (place === 0 ? '' : ',') + messageJson(packet, message, statuses);
    }
    text += ']';
  }
  return `${text}}`;
}

/** The public header; field by field where it is not whole. */
function headerJson(packet: ChannelPacket): string {
  const { view, at, dialect, id, flags, size, limit } = packet;
  if (id !== undefined) {
    const { sender, recipient } = dialect.header.fields;
    const [from, to] = [at + sender.offset, at + recipient.offset];
    return `{"dialect":"${dialect.name}","protocol_id":"${idText(view.getUint32(at))}","sender":"${hexDigits(view, from, from + 16)}","recipient":"${hexDigits(view, to, to + 16)}","id":"${idText(id)}","initiator":"${halfText(id >>> 16)}","responder":"${halfText(id & 0xffff)}","default":${id === DEFAULT_CHANNEL},"flags":${flags},"size":${size}`;
  }
  let text = `{"dialect":"${dialect.name}"`;
  for (const { field, start, end, value } of locate(dialect.header, view, at, limit).located) {
    if (field.kind === 'bytes') text += `,"${field.key}":"${hexDigits(view, start, end)}"`;
    else if (field.kind === 'id') text += `,"${field.key}":"${plainText(field, value)}"`;
    else if (field.key === 'flags') text += `,"flags":${value}`;
  }
  return text;
}

function messageJson(packet: ChannelPacket, message: Message, statuses: Statuses): string {
  const { view } = packet;
  const { kind, code, body, end, stop } = message;
  if (!kind) return `{"type":"UNKNOWN","code":${code},"data":"${hexDigits(view, body, Math.max(body, end))}"}`;
  if (code === CODES.DATA && !stop) return dataJson(packet, message);
  let text = `{"type":"${kind.name}","code":${code}`;
  for (const { field, start, end: stopAt, value } of locate(kind.body, view, body, { captured: end, wire: end })
    .located) {
    const { key } = field;
    if (key.startsWith('caps.')) continue;
    if (key === 'caps') {
      text += `,"caps":${capabilitiesJson(Number(value))}`;
    } else if (field.kind === 'bytes') {
      text += `,"${key}":"${hexDigits(view, start, stopAt)}"`;
      if (key.startsWith('cookie')) text += `,"${key}_status":"${statuses(packet, start)}"`;
    } else {
      text += field.kind === 'id' ? `,"${key}":"${plainText(field, value)}"` : `,"${key}":${value}`;
    }
  }
  if (stop) {
    // What is left of a message that was cut off: the start of its data, where that is what was cut.
    if (stop.what === 'chan.data') text += `,"data":"${hexDigits(view, stop.at, Math.max(stop.at, end))}"`;
    text += `,"stop":"${stop.why}"`;
  }
  return `${text}}`;
}

/** DATA, which most packets are made of: the bytes end where the message does. */
function dataJson({ view }: ChannelPacket, { kind, code, body, end }: Message): string {
  const length = kind?.body.fields.length?.read(view, body);
  return `{"type":"DATA","code":${code},"length":${length},"data":"${hexDigits(view, end - Number(length), end)}"}`;
}
