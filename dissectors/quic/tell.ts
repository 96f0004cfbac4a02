import type { Layer } from '../layer.js';
import type { Value } from '../wire/field.js';
import { type FieldSink, type Named, tellDerived } from '../wire/sink.js';
import { slice } from '../wire/view.js';
import { framesIn } from './frames.js';
import type { Opened } from './keys.js';
import { packetsAt, type QuicPacket, RETRY_TAG } from './packet.js';
import { tellFrame } from './tell-frame.js';
import { readVarint, varintSize } from './varint.js';
import { versionOf } from './versions.js';
import { TYPE_NAMES, WORDS } from './words.js';

/** Tells the fields of a datagram of QUIC, packet by packet. */
export function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, limit, source } = layer;
  const facts = layer.facts?.type === 'quic' ? layer.facts : undefined;
  sink.open('quic', sink.shows ? 'QUIC IETF' : '', at, limit.captured);
  const number = facts?.told.number;
  if (number !== undefined) tellDerived(sink, WORDS.number, number, at, at);
  const packets = facts?.packets ?? packetsAt(view, at, limit).packets;
  for (const [place, packet] of packets.entries()) {
    sink.source = source;
    sink.open('', sink.shows ? TYPE_NAMES[packet.type] : '', packet.at, packet.end);
    tellDerived(sink, WORDS.packetLength, packet.end - packet.at, packet.at, packet.end);
    if (packet.type === 'short') tellShort(view, packet, facts?.told.cidSize ?? 0, sink);
    else tellLong(view, packet, facts?.opened[place], facts?.told.retry, sink);
    const plain = facts?.opened[place];
    if (plain) tellFrames(plain, sink);
    sink.close();
  }
  sink.source = source;
  sink.close();
}

function tellFrames({ source, view }: { readonly source: number; readonly view: DataView }, sink: FieldSink): void {
  sink.source = source;
  const { frames, broken } = framesIn(view);
  for (const frame of frames) tellFrame(view, frame, sink);
  if (broken !== undefined) {
    sink.open(
      '',
      sink.shows ? 'Frame that an Initial may not hold, or that ends too early' : '',
      broken,
      view.byteLength,
    );
    sink.close();
  }
}

const bytes = (sink: FieldSink, field: Named, view: DataView, start: number, end: number): void => {
  if (sink.wants(field.path)) sink.value(field, slice(view, start, end), start, end);
};
const number = (sink: FieldSink, field: Named, value: Value, start: number, size = 1): void =>
  sink.value(field, value, start, start + size);

function tellShort(view: DataView, { at, end, dcid }: QuicPacket, size: number, sink: FieldSink): void {
  const first = view.getUint8(at);
  const idEnd = Math.min(end, dcid + size);
  sink.openValue(WORDS.short, true, at, end, 'Short header');
  number(sink, WORDS.form, 0, at);
  number(sink, WORDS.fixed, (first & 0x40) !== 0, at);
  number(sink, WORDS.spin, (first & 0x20) !== 0, at);
  if (idEnd > dcid) bytes(sink, WORDS.dcid, view, dcid, idEnd);
  sink.close();
  bytes(sink, WORDS.remaining, view, idEnd, end);
}

function tellLong(
  view: DataView,
  packet: QuicPacket,
  opened: Opened | undefined,
  retry: string | undefined,
  sink: FieldSink,
): void {
  const { type, version, at, end, dcid, dcidEnd, scid, scidEnd, token, tokenEnd, payload } = packet;
  const first = opened?.first ?? view.getUint8(at);
  number(sink, WORDS.form, 1, at);
  if (type === 'negotiation') number(sink, WORDS.unused, first & 0x7f, at);
  else tellFirst(packet, first, opened, sink);
  number(sink, WORDS.version, version, at + 1, 4);
  number(sink, WORDS.dcidSize, dcidEnd - dcid, dcid - 1);
  if (dcidEnd > dcid) bytes(sink, WORDS.dcid, view, dcid, dcidEnd);
  number(sink, WORDS.scidSize, scidEnd - scid, scid - 1);
  if (scidEnd > scid) bytes(sink, WORDS.scid, view, scid, scidEnd);
  if (type === 'negotiation') {
    for (let place = payload; place + 4 <= end; place += 4)
      number(sink, WORDS.supported, view.getUint32(place), place, 4);
  } else if (type === 'retry') tellRetry(view, packet, retry, sink);
  else if (payload > scidEnd) {
    if (type === 'initial') {
      const at = scidEnd;
      number(sink, WORDS.tokenSize, tokenEnd - token, at, token - at);
      if (tokenEnd > token) bytes(sink, WORDS.token, view, token, tokenEnd);
    }
    number(sink, WORDS.length, readVarint(view, tokenEnd), tokenEnd, varintSize(view, tokenEnd));
    tellPayload(view, packet, opened, sink);
  } else bytes(sink, WORDS.remaining, view, payload, end);
}

/** The bits of the first byte, those that are protected only where they were opened. */
function tellFirst(
  { type, version, at }: QuicPacket,
  first: number,
  opened: Opened | undefined,
  sink: FieldSink,
): void {
  if (type !== 'retry') number(sink, WORDS.fixed, (first & 0x40) !== 0, at);
  const isSecond = versionOf(version)?.label === 'quicv2';
  number(sink, isSecond ? WORDS.typeV2 : WORDS.type, (first >>> 4) & 3, at);
  if (!opened) return;
  number(sink, WORDS.reserved, (first >>> 2) & 3, at);
  number(sink, WORDS.numberSize, first & 3, at);
}

function tellPayload(view: DataView, { payload, end }: QuicPacket, opened: Opened | undefined, sink: FieldSink): void {
  if (!opened) return bytes(sink, WORDS.remaining, view, payload, end);
  const { number: value, numberSize } = opened;
  number(sink, WORDS.packetNumber, value, payload, numberSize);
  bytes(sink, WORDS.payload, view, payload + numberSize, end);
}

function tellRetry(
  view: DataView,
  { token, tokenEnd, end, isWhole }: QuicPacket,
  status: string | undefined,
  sink: FieldSink,
): void {
  bytes(sink, WORDS.retryToken, view, token, tokenEnd);
  if (!isWhole) return;
  bytes(sink, WORDS.retryTag, view, end - RETRY_TAG, end);
  if (status !== undefined) tellDerived(sink, WORDS.retryStatus, status, end - RETRY_TAG, end);
  if (status === 'invalid') tellDerived(sink, WORDS.badRetry, true, end - RETRY_TAG, end);
}
