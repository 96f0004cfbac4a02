import { DIALECTS, type Dialect } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { DEFAULT_CHANNEL, PAYLOAD } from '../../dissectors/channel/packet.js';
import { locate } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Statuses } from './cookie-statuses.js';
import { putDecimal, putHex, putHex16, putHex32 } from './digits.js';
import { writeMessageJson } from './json-message.js';
import { putWords, type Utf8Text, type Words, wordsOf } from './utf8-text.js';

const [QUOTE, COMMA, CLOSE_LIST, CLOSE] = [0x22, 0x2c, 0x5d, 0x7d];

/** Writes a channel packet as JSON. Source: the command line page, "`-T json`". */
export function writeChannelJson(packet: ChannelPacket, statuses: Statuses, into: Utf8Text): void {
  const { at, limit, messages, payloadSize } = packet;
  if (packet.id === undefined) writeCutHeader(packet, into);
  else writeEnvelope(packet, packet.id, into);
  if (payloadSize !== undefined && limit.captured >= at + PAYLOAD) {
    into.addWords(MESSAGES);
    for (let place = 0; place < messages.length; place++) {
      if (place > 0) into.addByte(COMMA);
      writeMessageJson(packet, messages[place] as Message, statuses, into);
    }
    into.addByte(CLOSE_LIST);
  }
  into.addByte(CLOSE);
}

/** Writes what was captured of a public header that is not whole. */
function writeCutHeader({ view, at, dialect, limit }: ChannelPacket, into: Utf8Text): void {
  into.add(`{"dialect":"${dialect.name}"`);
  for (const { field, start, end, value } of locate(dialect.header, view, at, limit).located) {
    if (field.kind === 'bytes') into.add(`,"${field.key}":"${hexOf(view, start, end)}"`);
    else if (field.kind === 'id') into.add(`,"${field.key}":"${plainText(field, value)}"`);
    else if (field.key === 'flags') into.add(`,"flags":${value}`);
  }
}

const HEADS: ReadonlyMap<Dialect, Words> = new Map(
  DIALECTS.map((dialect) => [dialect, wordsOf(`{"dialect":"${dialect.name}","protocol_id":"`)]),
);
const SENDER = wordsOf('","sender":"');
const RECIPIENT = wordsOf('","recipient":"');
const ID = wordsOf('","id":"');
const INITIATOR = wordsOf('","initiator":"');
const RESPONDER = wordsOf('","responder":"');
const DEFAULT = wordsOf('","default":true,"flags":');
const NO_DEFAULT = wordsOf('","default":false,"flags":');
const SIZE = wordsOf(',"size":');
const SEQUENCE = wordsOf(',"sequence":');
const PAYLOAD_SIZE = wordsOf(',"payload_size":');
const PADDING = wordsOf(',"padding":');
const CHECKSUM = wordsOf(',"checksum":"');
const STATUSES: Readonly<Record<NonNullable<ChannelPacket['checksumStatus']>, Words>> = {
  good: wordsOf(',"checksum_status":"good"'),
  bad: wordsOf(',"checksum_status":"bad"'),
  unverified: wordsOf(',"checksum_status":"unverified"'),
};
const MESSAGES = wordsOf(',"messages":[');

/** More bytes than headers and footer take. */
const ENVELOPE_ROOM = 640;

/** Writes the public header, which is whole, and what could be read of the private one and of the footer. */
function writeEnvelope(packet: ChannelPacket, id: number, into: Utf8Text): void {
  const { view, at, dialect, sequence, payloadSize, padding, checksum, checksumStatus } = packet;
  const { sender, recipient } = dialect.header.fields;
  into.reserve(ENVELOPE_ROOM);
  const { view: text } = into;
  const bytes = (to: number, start: number, size: number) => putHex(text, to, view, start, start + size);
  let to = putWords(text, into.length, HEADS.get(dialect) as Words);
  to = bytes(to, at, sender.offset);
  to = bytes(putWords(text, to, SENDER), at + sender.offset, sender.size as number);
  to = bytes(putWords(text, to, RECIPIENT), at + recipient.offset, recipient.size as number);
  to = putHex32(text, putWords(text, to, ID), id);
  to = putHex16(text, putWords(text, to, INITIATOR), id >>> 16);
  to = putHex16(text, putWords(text, to, RESPONDER), id);
  to = putDecimal(text, putWords(text, to, id === DEFAULT_CHANNEL ? DEFAULT : NO_DEFAULT), packet.flags ?? 0);
  to = putDecimal(text, putWords(text, to, SIZE), packet.size ?? 0);
  if (sequence !== undefined) to = putDecimal(text, putWords(text, to, SEQUENCE), sequence);
  if (payloadSize !== undefined) to = putDecimal(text, putWords(text, to, PAYLOAD_SIZE), payloadSize);
  if (padding !== undefined) to = putDecimal(text, putWords(text, to, PADDING), padding);
  if (checksum !== undefined) {
    to = putHex32(text, putWords(text, to, CHECKSUM), checksum);
    text.setUint8(to++, QUOTE);
  }
  if (checksumStatus !== undefined) to = putWords(text, to, STATUSES[checksumStatus]);
  into.length = to;
}
