import type { Layer, Tell } from '../layer.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, type Named, tellLayout } from '../wire/sink.js';
import { slice } from '../wire/view.js';
import {
  ADDRESS_SIZE,
  ackPart,
  address4,
  addressPart,
  BYTES,
  bannerPart,
  CLUSTER_SIZE,
  connectHead,
  electionHead,
  existingPart,
  footerPart,
  KEEPALIVE_TIME,
  MARKS,
  messageHead,
  newlyPart,
  replyHead,
  tagPart,
} from './layout.js';
import {
  TAG_ACK,
  TAG_KEEPALIVE2,
  TAG_KEEPALIVE2_ACK,
  TAG_MESSAGE,
  TAG_SEQ,
  TYPE_ELECTION,
  TYPE_PAXOS,
} from './numbers.js';
import { tellPaxos, timeText } from './paxos.js';
import type { PduKind } from './stream.js';

/** A PDU while it is told. */
interface Told {
  readonly sink: FieldSink;
  readonly view: DataView;
  readonly end: number;
}

/** What tells a PDU of what `kindOf` says it is, under a heading that says so in words. */
export const tellPdu =
  (kindOf: (view: DataView, layer: Layer) => PduKind, words: (view: DataView, layer: Layer) => string): Tell =>
  (view, layer, sink) => {
    const { at, limit } = layer;
    const told: Told = { sink, view, end: limit.captured };
    sink.open('ceph', sink.shows ? `Ceph, ${words(view, layer)}` : '', at, limit.captured);
    tellKind(told, kindOf(view, layer), at);
    sink.close();
  };

function tellKind(told: Told, kind: PduKind, at: number): void {
  switch (kind) {
    case 'server':
    case 'client':
      return tellGreeting(told, kind, at);
    case 'connect':
      told.sink.openValue(MARKS.connect, true, at, told.end, MARKS.connect.label);
      tellAuthorized(told, connectHead, connectHead.fields['connect.auth.size'].offset, at);
      return told.sink.close();
    case 'reply':
      return tellReply(told, at);
    case 'sequence':
      part(told, newlyPart, at);
      return;
    case 'frame':
      return tellFrame(told, at);
  }
}

const part = ({ sink, view, end }: Told, layout: Layout, at: number): boolean =>
  tellLayout(sink, layout, view, at, { captured: end, wire: end });

/** Tells bytes as far as they were captured. @returns where they end */
function rawBytes({ sink, view, end }: Told, field: Named, at: number, size: number): number {
  const last = Math.min(at + size, end);
  if (last > at && sink.wants(field.path)) sink.value(field, slice(view, at, last), at, last);
  return Math.max(at, last);
}

function tellGreeting(told: Told, kind: 'server' | 'client', at: number): void {
  part(told, bannerPart, at);
  const first = at + bannerPart.size;
  if (kind === 'server') {
    tellAddress(told, MARKS.server, first);
    tellAddress(told, MARKS.client, first + ADDRESS_SIZE);
  } else tellAddress(told, MARKS.client, first);
}

function tellAddress(told: Told, mark: Named, at: number): void {
  const { sink, view, end } = told;
  if (at >= end) return;
  sink.openValue(mark, true, at, Math.min(at + ADDRESS_SIZE, end), mark.label);
  if (part(told, addressPart, at) && addressPart.fields.af.read(view, at) === 2)
    part(told, address4, at + addressPart.size);
  sink.close();
}

/** Tells a negotiation, and the authorizer behind it. @returns where that ends */
function tellAuthorized(told: Told, head: Layout, sizeAt: number, at: number): number {
  if (!part(told, head, at)) return told.end;
  return rawBytes(told, BYTES.auth, at + head.size, told.view.getUint32(at + sizeAt, true));
}

function tellReply(told: Told, at: number): void {
  told.sink.openValue(MARKS.reply, true, at, told.end, MARKS.reply.label);
  const end = tellAuthorized(told, replyHead, replyHead.fields['connect.auth.size'].offset, at);
  if (told.view.getUint8(at) === TAG_SEQ) part(told, existingPart, end);
  told.sink.close();
}

function tellFrame(told: Told, at: number): void {
  const { sink, view, end } = told;
  if (at >= end || !part(told, tagPart, at)) return;
  const start = at + tagPart.size;
  switch (view.getUint8(at)) {
    case TAG_ACK:
      part(told, ackPart, start);
      return;
    case TAG_KEEPALIVE2:
    case TAG_KEEPALIVE2_ACK:
      if (start + 8 <= end) sink.value(KEEPALIVE_TIME, timeText(view, start), start, start + 8);
      return;
    case TAG_MESSAGE:
      return tellMessage(told, start);
    default:
      return;
  }
}

function tellMessage(told: Told, at: number): void {
  const { sink, view, end } = told;
  sink.openValue(MARKS.head, true, at, Math.min(at + messageHead.size, end), MARKS.head.label);
  const isWhole = part(told, messageHead, at);
  sink.close();
  if (!isWhole) return;
  const { type, front_size, middle_size, data_size } = messageHead.fields;
  const front = at + messageHead.size;
  const middle = Math.min(end, front + front_size.read(view, at));
  tellFront(told, type.read(view, at), front, middle);
  const data = rawBytes(told, BYTES.middle, middle, middle_size.read(view, at));
  const foot = rawBytes(told, BYTES.data, data, data_size.read(view, at));
  if (foot >= end) return;
  sink.openValue(MARKS.foot, true, foot, end, MARKS.foot.label);
  part(told, footerPart, foot);
  sink.close();
}

function tellFront(told: Told, type: number, at: number, end: number): void {
  const { sink, view } = told;
  if (at >= end) return;
  if (type === TYPE_PAXOS) return tellPaxos(sink, view, at, end);
  if (type === TYPE_ELECTION && at + CLUSTER_SIZE + electionHead.size <= end) {
    sink.openValue(MARKS.election, true, at, end, MARKS.election.label);
    part(told, electionHead, at + CLUSTER_SIZE);
    sink.close();
  }
  rawBytes(told, BYTES.front, at, end - at);
}
