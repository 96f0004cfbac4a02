import type { Field } from '../wire/field.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';

import {
  attributeHead,
  attributeLength,
  attributeValue,
  encrypted,
  fragmentHead,
  KEY_LENGTH,
  keyExchange,
  keyExchange1,
  nonce,
  notification1,
  notify,
  notifyData,
  opaque,
  otherTransform,
  PAYLOAD_ENCRYPTED,
  PAYLOAD_ENCRYPTED_FRAGMENT,
  PAYLOAD_KE,
  PAYLOAD_KE_1,
  PAYLOAD_NONCE,
  PAYLOAD_NONCE_1,
  PAYLOAD_NOTIFICATION_1,
  PAYLOAD_NOTIFY,
  PAYLOAD_SA,
  PAYLOAD_SA_1,
  PAYLOAD_VENDOR,
  PAYLOAD_VENDOR_1,
  payloadHead,
  plainHead,
  proposal,
  security1,
  spi,
  TRANSFORMS,
  TYPE_PAYLOAD,
  vendor,
} from './layout.js';
import { NOTIFICATIONS_1, NOTIFICATIONS_2, PAYLOADS } from './names.js';
import { MOST_PAYLOADS, walkPayloads } from './payloads.js';

const upTo = (end: number): Limit => ({ captured: end, wire: end });

/** Layouts of payloads that are one each, told up to the end of the payload. */
const WHOLE: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [PAYLOAD_KE, keyExchange],
  [PAYLOAD_KE_1, keyExchange1],
  [PAYLOAD_NONCE, nonce],
  [PAYLOAD_NONCE_1, nonce],
  [PAYLOAD_VENDOR, vendor],
  [PAYLOAD_VENDOR_1, vendor],
  [PAYLOAD_ENCRYPTED, encrypted],
]);

/** Tells the payloads of a message, each in a group that its number heads. */
export function tellPayloads(
  view: DataView,
  start: number,
  end: number,
  first: number,
  isVersion1: boolean,
  sink: FieldSink,
): void {
  walkPayloads(view, start, end, first, (type, at, stop) => {
    const text = sink.shows ? `Payload: ${PAYLOADS[type] ?? 'unknown'} (${type})${noteOf(view, type, at, stop)}` : '';
    sink.openValue(TYPE_PAYLOAD, type, at, stop, text);
    tellLayout(sink, isVersion1 ? plainHead : payloadHead, view, at, upTo(stop));
    tellBody(view, at + payloadHead.size, stop, type, sink);
    sink.close();
    return false;
  });
}

/** What the heading of a payload adds: the type of a notification. */
function noteOf(view: DataView, type: number, at: number, end: number): string {
  const body = at + payloadHead.size;
  const [form, names] = type === PAYLOAD_NOTIFY ? [notify, NOTIFICATIONS_2] : [notification1, NOTIFICATIONS_1];
  if ((type !== PAYLOAD_NOTIFY && type !== PAYLOAD_NOTIFICATION_1) || body + form.size > end) return '';
  const number = form.fields['notify.msgtype'].read(view, body);
  return ` - ${names[number] ?? number}`;
}

function tellBody(view: DataView, at: number, end: number, type: number, sink: FieldSink): void {
  const limit = upTo(end);
  const whole = WHOLE.get(type);
  if (whole) tellLayout(sink, whole, view, at, limit);
  else if (type === PAYLOAD_NOTIFY) tellNotify(notify, view, at, end, sink);
  else if (type === PAYLOAD_NOTIFICATION_1) tellNotify(notification1, view, at, end, sink);
  else if (type === PAYLOAD_SA) tellProposals(view, at, end, sink, true);
  else if (type === PAYLOAD_SA_1) {
    if (tellLayout(sink, security1, view, at, limit)) tellProposals(view, at + security1.size, end, sink, false);
  } else if (type === PAYLOAD_ENCRYPTED_FRAGMENT) {
    if (tellLayout(sink, fragmentHead, view, at, limit))
      tellLayout(sink, encrypted, view, at + fragmentHead.size, limit);
  } else if (at < end) tellLayout(sink, opaque, view, at, limit);
}

type Notification = Layout<{ readonly spisize: Field<number> }>;

function tellNotify(form: Notification, view: DataView, at: number, end: number, sink: FieldSink): void {
  if (!tellLayout(sink, form, view, at, upTo(end))) return;
  const data = tellSpi(view, at + form.size, end, form.fields.spisize.read(view, at), sink);
  if (data < end) tellLayout(sink, notifyData, view, data, upTo(end));
}

/** Tells an SPI of so many bytes, as far as it fits; returns where it ends. */
function tellSpi(view: DataView, at: number, limit: number, size: number, sink: FieldSink): number {
  const end = Math.min(limit, at + size);
  if (end > at) tellLayout(sink, spi, view, at, upTo(end));
  return end;
}

/** Goes through payloads of one kind, proposals or transforms, each in a group. */
function tellList(
  view: DataView,
  start: number,
  end: number,
  type: number,
  sink: FieldSink,
  tell: (at: number, end: number) => void,
): void {
  let at = start;
  for (let count = 0; at + plainHead.size <= end && count < MOST_PAYLOADS; count++) {
    const length = plainHead.fields.payloadlength.read(view, at);
    if (length < plainHead.size || at + length > end) return;
    sink.openValue(TYPE_PAYLOAD, type, at, at + length, sink.shows ? `Payload: ${PAYLOADS[type]} (${type})` : '');
    tellLayout(sink, plainHead, view, at, upTo(at + length));
    tell(at + plainHead.size, at + length);
    sink.close();
    at += length;
  }
}

const PROPOSAL = 2;
const TRANSFORM = 3;

function tellProposals(view: DataView, start: number, end: number, sink: FieldSink, told: boolean): void {
  tellList(view, start, end, PROPOSAL, sink, (at, stop) => {
    if (!tellLayout(sink, proposal, view, at, upTo(stop))) return;
    const transforms = tellSpi(view, at + proposal.size, stop, proposal.fields.spisize.read(view, at), sink);
    // Those of version 1 are of another form.
    if (told)
      tellList(view, transforms, stop, TRANSFORM, sink, (place, last) => tellTransform(view, place, last, sink));
    else if (transforms < stop) tellLayout(sink, opaque, view, transforms, upTo(stop));
  });
}

function tellTransform(view: DataView, at: number, end: number, sink: FieldSink): void {
  const form = at < end ? (TRANSFORMS.get(view.getUint8(at)) ?? otherTransform) : otherTransform;
  if (!tellLayout(sink, form, view, at, upTo(end))) return;
  let place = at + form.size;
  for (let count = 0; place + attributeHead.size + attributeLength.size <= end && count < MOST_PAYLOADS; count++) {
    place = tellAttribute(view, place, end, sink);
  }
}

const KEY_LENGTH_TYPE = 14;

/** Tells an attribute; returns where the next one starts. Source: RFC 7296, section 3.3.5. */
function tellAttribute(view: DataView, at: number, limit: number, sink: FieldSink): number {
  const value = at + attributeHead.size;
  const type = attributeHead.fields['ike2.attr.type'].read(view, at);
  const isShort = attributeHead.fields['ike2.attr.format'].read(view, at);
  const length = isShort ? 2 : attributeLength.fields['ike2.attr.length'].read(view, value);
  const start = isShort ? value : value + attributeLength.size;
  const end = Math.min(limit, start + length);
  sink.open('', sink.shows ? `Transform attribute ${type}` : '', at, end);
  tellLayout(sink, attributeHead, view, at, upTo(end));
  if (!isShort) tellLayout(sink, attributeLength, view, value, upTo(end));
  if (end > start) tellLayout(sink, attributeValue, view, start, upTo(end));
  if (type === KEY_LENGTH_TYPE && end - start === 2) sink.value(KEY_LENGTH, view.getUint16(start), start, end);
  sink.close();
  return end;
}
