import {
  type Application,
  type Context,
  type Dissector,
  type Facts,
  type Layer,
  NOT_MINE,
  type Payload,
} from '../layer.js';
import { isStun } from '../stun/read.js';
import { messagesIn } from '../tls/records.js';
import { messageText } from '../tls/summary.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import type { Limit, Stop } from '../wire/stop.js';
import { slice, toHex } from '../wire/view.js';
import { CONNECTION_CLOSE, FRAME_NAMES, type Frame, firstNumber, framesIn } from './frames.js';
import { payloadPart, quicForm } from './layout.js';
import { isQuic, packetsAt, type QuicPacket, versionsIn } from './packet.js';
import { tell } from './tell.js';
import type { QuicTold } from './told.js';
import { errorName, TYPE_NAMES, WORDS } from './words.js';

/**
 * Finds the QUIC packets of the datagram at `at`. What is in them the connection tells: its state is kept where packets
 * are put together.
 * Source: RFC 9000, section 12.2 "Coalescing Packets"; RFC 8999.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop | typeof NOT_MINE {
  if (at >= limit.captured) return NOT_MINE;
  if (!context.expected && !isQuic(view, at, limit)) return NOT_MINE;
  // What checks the path may share it. Source: RFC 9443, section 3.
  if (context.expected && isStun(view, at, limit)) return NOT_MINE;
  const { packets, stop } = packetsAt(view, at, limit);
  if (packets.length === 0) return context.expected ? NOT_MINE : stop;
  const findings = findingsOf(at, limit, stop, context);
  return { ok: true, at: limit.captured, limit, table: 'none', key: 0, findings, packets };
}

function findingsOf(
  at: number,
  { captured, wire }: Limit,
  stop: Stop | undefined,
  context: Context,
): readonly Finding[] | undefined {
  if (context.quoted) return undefined;
  if (captured < wire)
    return [finding('truncated', captured, captured, ['quic', wire - at, captured - at], context.source)];
  if (!stop) return undefined;
  const { why, what, need, have } = stop;
  return [finding(why, Math.min(stop.at, captured), captured, [what, need, have], context.source)];
}

/** What is known of the connection of a layer. */
export const factsOf = (facts: Facts | undefined) => (facts?.type === 'quic' ? facts : undefined);

/** The most packets that a summary names. */
const MOST_NAMED = 6;

function summary(view: DataView, layer: Layer): string {
  const facts = factsOf(layer.facts);
  const packets = facts?.packets ?? packetsAt(view, layer.at, layer.limit).packets;
  const texts = packets.slice(0, MOST_NAMED).map((packet, place) => {
    const isFirst = place === 0;
    return `${TYPE_NAMES[packet.type]}${isFirst ? idsText(view, packet, facts?.told) : ''}${restText(view, packet, place, layer)}`;
  });
  const hellos =
    facts?.messages.flatMap((message) =>
      messagesIn({ view: message, at: 0, end: message.byteLength }).map((one) => messageText(message, one)),
    ) ?? [];
  return [...texts, ...hellos].join(', ');
}

function idsText(
  view: DataView,
  { type, dcid, dcidEnd, scid, scidEnd, end }: QuicPacket,
  told: QuicTold | undefined,
): string {
  if (type === 'short') {
    const id = slice(view, dcid, Math.min(end, dcid + (told?.cidSize ?? 0)));
    return id.length > 0 ? `, DCID=${toHex(id)}` : '';
  }
  const [to, from] = [toHex(slice(view, dcid, dcidEnd)), toHex(slice(view, scid, scidEnd))];
  return `${to && `, DCID=${to}`}${from && `, SCID=${from}`}`;
}

/** What follows the ids: the packet number and the frames of what was opened, the verdict on a Retry. */
function restText(view: DataView, packet: QuicPacket, place: number, { facts }: Layer): string {
  const known = factsOf(facts);
  if (packet.type === 'negotiation') return `, ${versionsIn(view, packet).length} versions`;
  if (packet.type === 'retry') return known?.told.retry === 'invalid' ? ' [tag invalid]' : '';
  const opened = known?.opened[place];
  if (!opened) return '';
  const names = framesIn(opened.view).frames.map((frame) => frameText(opened.view, frame));
  return `, PKN: ${opened.number}${[...new Set(names)].map((name) => `, ${name}`).join('')}`;
}

/** The name of a frame, and why it closes the connection. */
function frameText(view: DataView, frame: Frame): string {
  const name = FRAME_NAMES[frame.type] ?? `frame ${frame.type}`;
  if (frame.type !== CONNECTION_CLOSE) return name;
  const code = firstNumber(view, frame);
  return `${name} (${errorName(code) ?? code})`;
}

export const quic: Dissector = {
  name: 'quic',
  title: 'QUIC IETF',
  label: 'QUIC',
  form: quicForm,
  fields: [...Object.values(WORDS), ...fieldsOf(payloadPart).filter(({ key }) => key === 'protected_payload')],
  dissect,
  tell,
  summary,
};

export const quicApplication: Application = { dissector: quic, onAnyUdpPort: true };
