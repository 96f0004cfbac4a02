import type { Application, Context, Dissector, Layer, StreamApplication } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { toldReach } from '../wire/sliced.js';
import type { Limit } from '../wire/stop.js';
import { STUN_FORM } from './form.js';
import * as layouts from './layout.js';
import { FINGERPRINT } from './names.js';
import { endOf, isChannelData, isMessage, isStun, messageName, walkAttributes } from './read.js';
import { fingerprintOf, notesOf, tellAttributes } from './tell.js';

const { stunHeader, channelHead, attributeHead } = layouts;
const { length } = stunHeader.fields;

/** Source: IANA, "Service Name and Transport Protocol Port Number Registry". */
const PORT = 3478;
/** Bytes that may follow in a stream behind channel data, up to words of 4. Source: RFC 8656, section 12.5. */
const MOST_PADDING = 3;

const isKnownPort = ({ key, state }: Context): boolean => state !== undefined || key === PORT;

const dissect: Dissector['dissect'] = (view, at, limit, context) => {
  if (isChannelData(view, at, limit)) return channelData(view, at, limit, context);
  if (!isMessage(view, at, limit)) return undefined;
  // On other ports a message must fill its datagram.
  if (!isKnownPort(context) && !isStun(view, at, limit)) return undefined;
  const start = at + stunHeader.size;
  const reach = toldReach(length.path, at + length.offset, 2, start, length.read(view, at), limit, context);
  const findings = [...(reach.findings ?? []), ...brokenIn(view, at, reach.limit, context)];
  return payloadAt(context, reach.limit.captured, reach.limit, 'none', 0, context.state && pdu(context), findings);
};

const pdu = ({ state }: Context) => state && { type: 'pdu' as const, state };

/** Data of a channel, which no cookie tells: only where the port does, and its length fits. */
function channelData(view: DataView, at: number, limit: Limit, context: Context): ReturnType<Dissector['dissect']> {
  const end = endOf(view, at);
  if (!isKnownPort(context) || end > limit.wire || limit.wire - end > MOST_PADDING) return undefined;
  const inside = { captured: Math.min(end, limit.captured), wire: end };
  const start = at + channelHead.size;
  return payloadAt(context, start, inside, 'payload', 0, context.state && pdu(context));
}

/** The findings for an attribute that reaches beyond its message, and for a wrong fingerprint. */
function brokenIn(view: DataView, at: number, { captured, wire }: Limit, { source, quoted }: Context): Finding[] {
  if (captured < wire || quoted) return [];
  const found: Finding[] = [];
  const stop = walkAttributes(view, at + stunHeader.size, captured, (type, head, value, end) => {
    if (type !== FINGERPRINT || end - value !== layouts.fingerprint.size) return;
    const wanted = fingerprintOf(view, at, head);
    if (layouts.fingerprint.fields['att.crc32'].read(view, value) === wanted) return;
    found.push(finding('stun-fingerprint-bad', value, end, [wanted], source));
  });
  if (stop < captured) {
    const need = attributeHead.fields['att.length'].read(view, stop);
    const have = captured - stop - attributeHead.size;
    found.push(finding('malformed', stop, captured, [attributeHead.fields['att.length'].path, need, have], source));
  }
  return found;
}

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, limit, end } = layer;
  if (isChannelData(view, at, limit)) {
    sink.open('stun', sink.shows ? `${stun.title}, ChannelData TURN Message` : '', at, end);
    tellLayout(sink, channelHead, view, at, limit);
    return sink.close();
  }
  const isWhole = at + stunHeader.size <= limit.captured;
  sink.open('stun', sink.shows ? `${stun.title}${isWhole ? `, ${messageName(view, at)}` : ''}` : '', at, end);
  tellLayout(sink, stunHeader, view, at, limit);
  if (isWhole) tellAttributes(view, at, at + stunHeader.size, Math.min(limit.captured, endOf(view, at)), sink);
  sink.close();
}

function summary(view: DataView, { at, limit }: Layer): string {
  if (isChannelData(view, at, limit)) return 'ChannelData TURN Message';
  if (at + stunHeader.size > limit.captured) return 'STUN, cut off';
  return `${messageName(view, at)}${notesOf(view, at, Math.min(limit.captured, endOf(view, at)))}`;
}

const stun: Dissector = {
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  form: STUN_FORM,
  fields: [
    ...fieldsOf(
      stunHeader,
      channelHead,
      attributeHead,
      layouts.address4,
      layouts.address6,
      layouts.xored4,
      layouts.xored6,
      layouts.errorStart,
      ...layouts.FIXED.values(),
      layouts.passwordAlgorithm,
      layouts.unknownAttribute,
      layouts.anyValue,
    ),
    ...layouts.TEXTS.values(),
    layouts.ATTRIBUTE,
    layouts.PADDING,
    layouts.ERROR_REASON,
    layouts.FINGERPRINT_STATUS,
    layouts.PASSWORD_PARAMETERS,
  ],
  dissect,
  tell,
  summary,
};

const IN_STREAM: StreamApplication = {
  length: (view, at, limit) => {
    if (at + stunHeader.size > limit.captured && !isChannelData(view, at, limit)) return -stunHeader.size;
    if (isMessage(view, at, limit)) return endOf(view, at) - at;
    return isChannelData(view, at, limit) ? (endOf(view, at) - at + 3) & ~3 : undefined;
  },
  startsOnAnyPort: (view, at, limit) => isMessage(view, at, limit) && endOf(view, at) <= limit.captured,
};

/** STUN and TURN over UDP and TCP; its messages are known on every port. */
export const stunApplication: Application = {
  dissector: stun,
  udpPorts: [PORT],
  tcpPorts: [PORT],
  stream: IN_STREAM,
  onAnyUdpPort: true,
};
