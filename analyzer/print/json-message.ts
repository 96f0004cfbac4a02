import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES, type MessageKind } from '../../dissectors/channel/messages.js';
import { readVarint } from '../../dissectors/wire/field.js';
import { locate } from '../../dissectors/wire/layout.js';
import type { Statuses } from './cookie-statuses.js';
import { type JsonField, jsonLayout, writeJsonFields } from './json-layout.js';
import { jsonSlot } from './json-slot.js';
import { writeJsonValue } from './json-value.js';
import { type Utf8Text, type Words, wordsOf } from './utf8-text.js';

/** Capabilities as JSON. Source: the command line page, "`-T json`". */
export const capabilitiesJson = (bits: number): string =>
  `{"bits":${bits},"resend":${(bits & 1) !== 0},"ordered":${(bits & 2) !== 0},"close_on_loss":${(bits & 4) !== 0},"mode":"${modeOf(bits)}"}`;

/** How a kind of message is written. */
interface Form {
  /** `{"type":"DATA_WINDOW","code":22` */
  readonly head: Words;
  /** The fields of a body of fixed size, without the bits of its capabilities. */
  readonly fields: readonly JsonField[];
  readonly most: number;
}

const FORMS: ReadonlyMap<MessageKind, Form> = new Map(
  DIALECTS.flatMap(({ messages }) => messages).map((kind) => [kind, formOf(kind)]),
);

function formOf({ name, code, body }: MessageKind): Form {
  const { fields, most } = jsonLayout(body);
  const head = wordsOf(`{"type":"${name}","code":${code}`);
  return { head, fields: fields.filter(({ field }) => !field.key.startsWith('caps.')), most };
}

const QUOTE = 0x22;
const CLOSE = 0x7d;

/** Writes a message as JSON. Source: the command line page, "`-T json`". */
export function writeMessageJson(packet: ChannelPacket, message: Message, statuses: Statuses, into: Utf8Text): void {
  const { view } = packet;
  const { kind, code, body, end, stop } = message;
  const form = kind && FORMS.get(kind);
  if (!kind || !form) {
    into.add(`{"type":"UNKNOWN","code":${code},"data":"`);
    into.addHex(view, body, Math.max(body, end));
    into.add('"}');
    return;
  }
  into.addWords(form.head);
  if (stop) writeCut(packet, message, kind, statuses, into);
  else if (code === CODES.DATA) writeData(packet, message, into);
  else writeFields(packet, body, form, statuses, into);
  into.addByte(CLOSE);
}

const LENGTH = wordsOf(',"length":');
const DATA = wordsOf(',"data":"');

/** DATA, which most packets are made of: the bytes end where the message does. */
function writeData({ view }: ChannelPacket, { body, end }: Message, into: Utf8Text): void {
  const length = readVarint(view, body);
  into.addWords(LENGTH);
  into.addNumber(length);
  into.addWords(DATA);
  into.addHex(view, end - length, end);
  into.addByte(QUOTE);
}

function writeFields(packet: ChannelPacket, body: number, form: Form, statuses: Statuses, into: Utf8Text): void {
  const { view } = packet;
  for (let place = 0; place < form.fields.length; place++) {
    const { field, key, offset, isBytes } = form.fields[place] as JsonField;
    if (field.key === 'caps') {
      into.addWords(key);
      into.add(capabilitiesJson(Number(field.read(view, body))));
      continue;
    }
    writeJsonFields(form, place, place + 1, view, body, into, NOWHERE, 0);
    if (isBytes) writeStatus(packet, field.key, body + offset, statuses, into);
  }
}

/** Where nobody looks for the starts of members. */
const NOWHERE = new Int32Array(1);

/** Writes the verdict on a cookie. */
function writeStatus(packet: ChannelPacket, key: string, start: number, statuses: Statuses, into: Utf8Text): void {
  if (key.startsWith('cookie')) into.add(`,"${key}_status":"${statuses(packet, start)}"`);
}

/** Writes the fields of a message that was cut off, as far as they could be read, and why. */
function writeCut(
  packet: ChannelPacket,
  { stop, body, end }: Message,
  kind: MessageKind,
  statuses: Statuses,
  into: Utf8Text,
): void {
  const { view } = packet;
  for (const { field, start, value } of locate(kind.body, view, body, { captured: end, wire: end }).located) {
    const { key, path } = field;
    const slot = jsonSlot(path);
    if (key.startsWith('caps.')) continue;
    into.addWords(slot.key);
    if (key === 'caps') into.add(capabilitiesJson(Number(value)));
    else writeJsonValue(field, value, into);
    writeStatus(packet, key, start, statuses, into);
  }
  // What is left of a message that was cut off: the start of its data, where that is what was cut.
  if (stop?.what === 'chan.data') {
    into.addWords(DATA);
    into.addHex(view, stop.at, Math.max(stop.at, end));
    into.addByte(QUOTE);
  }
  into.add(`,"stop":"${stop?.why}"`);
}
