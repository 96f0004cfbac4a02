import type { Application, Dissector, Form, Layer } from '../layer.js';
import { payloadAt } from '../payload.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellDerived, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import {
  ACK_V1,
  AUTH_PARTS,
  ackCount,
  ackElement,
  cryptPart,
  DATA_V1,
  DATA_V2,
  dataPart,
  lengthPrefix,
  messagePart,
  openvpnStart,
  peerPart,
  remotePart,
  sessionPart,
  WRAPPING,
  wrappedKey,
  wrappedLength,
} from './layout.js';
import { acksEnd, isCertain, isControl, isOpcode, isWrapped, shapeOf } from './shape.js';
import { IN_STREAM, packetAt } from './stream.js';

/** Source: IANA, "Service Name and Transport Protocol Port Number Registry". */
export const PORT_OPENVPN = 1194;

const { opcode } = openvpnStart.fields;
const { size } = openvpnStart;

/** Data is opaque, and known by its port alone; control packets have a form, which on other ports must leave no doubt. */
const dissect: Dissector['dissect'] = (view, at, limit, context) => {
  const { state } = context;
  const start = state ? at + lengthPrefix.size : at;
  if (start + size > limit.captured) return undefined;
  const of = opcode.read(view, start);
  if (!isOpcode(of)) return undefined;
  const isKnown = state !== undefined || context.key === PORT_OPENVPN;
  const isOurs = isControl(of) ? isSession(view, start, limit, isKnown) : isKnown && start + size < limit.wire;
  if (!isOurs) return undefined;
  return payloadAt(context, limit.captured, limit, 'none', 0, state && { type: 'pdu', state });
};

function isSession(view: DataView, at: number, limit: Limit, isKnown: boolean): boolean {
  const shape = shapeOf(view, at, limit);
  return shape !== undefined && (isKnown || isCertain(view, at, limit, shape));
}

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { limit, end } = layer;
  const at = packetAt(layer);
  const title = sink.shows ? `${openvpn.title}${limit.captured > at ? `, ${nameOf(view, at)}` : ''}` : '';
  sink.open('openvpn', title, layer.at, end);
  if (at > layer.at) tellLayout(sink, lengthPrefix, view, layer.at, limit);
  const start = at + size;
  if (tellLayout(sink, openvpnStart, view, at, limit)) {
    const of = opcode.read(view, at);
    if (isControl(of)) tellControl(view, at, of, limit, sink);
    else if (of === DATA_V1) tellLayout(sink, dataPart, view, start, limit);
    else if (of === DATA_V2 && tellLayout(sink, peerPart, view, start, limit)) {
      tellLayout(sink, dataPart, view, start + peerPart.size, limit);
    }
  }
  sink.close();
}

function tellControl(view: DataView, at: number, of: number, limit: Limit, sink: FieldSink): void {
  const start = at + size;
  const shape = shapeOf(view, at, limit);
  if (!tellLayout(sink, sessionPart, view, start, limit) || !shape) return;
  const { wrapping, digest, end } = shape;
  if (sink.wants(WRAPPING.path)) tellDerived(sink, WRAPPING, wrapping, start + sessionPart.size, end);
  const part = wrapping === 'tls-crypt' ? cryptPart : AUTH_PARTS.get(digest);
  if (part) tellLayout(sink, part, view, start + sessionPart.size, limit);
  const stop = isWrapped(of) ? keyStart(view, end, limit) : limit.captured;
  const inside = { captured: stop, wire: stop };
  if (wrapping === 'tls-crypt') tellLayout(sink, dataPart, view, end, inside);
  else tellPlain(view, end, of, inside, sink);
  if (stop < limit.captured) {
    const length = limit.captured - wrappedLength.size;
    tellLayout(sink, wrappedKey, view, stop, { captured: length, wire: length });
    tellLayout(sink, wrappedLength, view, length, limit);
  }
}

/** Where the client's key at the end of a packet begins, or its end where none fits. */
function keyStart(view: DataView, least: number, { captured, wire }: Limit): number {
  if (captured < wire || captured - wrappedLength.size < least) return captured;
  const length = wrappedLength.fields.wkc_len.read(view, captured - wrappedLength.size);
  return length > wrappedLength.size && captured - length >= least ? captured - length : captured;
}

/** Tells acknowledgements, the number of the packet, and what it carries. */
function tellPlain(view: DataView, at: number, of: number, limit: Limit, sink: FieldSink): void {
  const end = acksEnd(view, at, limit.captured);
  if (end === 0 || !tellLayout(sink, ackCount, view, at, limit)) return;
  const count = view.getUint8(at);
  for (let place = 0; place < count; place++) {
    tellLayout(sink, ackElement, view, at + ackCount.size + place * ackElement.size, limit);
  }
  if (count > 0) tellLayout(sink, remotePart, view, end - remotePart.size, limit);
  if (of === ACK_V1 || !tellLayout(sink, messagePart, view, end, limit)) return;
  const data = end + messagePart.size;
  if (data < limit.captured) tellLayout(sink, dataPart, view, data, limit);
}

const nameOf = (view: DataView, at: number): string => {
  const of = opcode.read(view, at);
  return opcode.names(of) ?? `opcode ${of}`;
};

/** A control packet, plain or with what `--tls-auth` adds where an HMAC is given, or a packet of data. */
function layoutsOf(given: Parameters<Form['layoutsOf']>[0]): readonly Layout[] {
  const { opcode: of = 0, hmac } = given;
  if (of === DATA_V1) return [openvpnStart, dataPart];
  if (of === DATA_V2) return [openvpnStart, peerPart, dataPart];
  const auth = hmac instanceof Uint8Array ? AUTH_PARTS.get(hmac.length) : undefined;
  const acks = 'rsessionid' in given ? [ackCount, ackElement, remotePart] : [ackCount];
  const message = of === ACK_V1 ? [] : [messagePart, dataPart];
  return [openvpnStart, sessionPart, ...(auth ? [auth] : []), ...acks, ...message];
}

const PARTS: readonly Layout[] = [
  openvpnStart,
  peerPart,
  sessionPart,
  ...AUTH_PARTS.values(),
  cryptPart,
  ackCount,
  ackElement,
  remotePart,
  messagePart,
  dataPart,
];

const openvpn: Dissector = {
  name: 'openvpn',
  title: 'OpenVPN Protocol',
  label: 'OpenVPN',
  form: { layouts: PARTS, layoutsOf, filled: () => ({}) },
  fields: [...fieldsOf(lengthPrefix, ...PARTS, wrappedKey, wrappedLength), WRAPPING],
  dissect,
  tell,
  summary: (view, layer) => {
    const at = packetAt(layer);
    return at + size > layer.limit.captured ? 'OpenVPN, cut off' : `OpenVPN ${nameOf(view, at)}`;
  },
};

/** OpenVPN over UDP and TCP. */
export const openvpnProtocol: Application = {
  dissector: openvpn,
  udpPorts: [PORT_OPENVPN],
  tcpPorts: [PORT_OPENVPN],
  stream: IN_STREAM,
  onAnyUdpPort: true,
};
