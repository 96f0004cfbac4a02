import type { Dialect } from '../../dissectors/channel/dialects.js';
import {
  type ChannelPacket,
  dissectChannel,
  isChannelPacket,
  isHandshake,
  type Message,
} from '../../dissectors/channel/dissect.js';
import { messageText } from '../../dissectors/channel/explain.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import type { Value } from '../../dissectors/wire/field.js';
import { textOf } from '../../dissectors/wire/finding.js';
import { decode } from '../../dissectors/wire/message.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { headerValue, messageValue } from './actual.js';
import { align } from './align.js';
import { type Difference, differs } from './differs.js';
import { evaluate } from './evaluate.js';
import { readProtocol } from './protocol.js';
import type { Scope } from './scope.js';
import type { FieldPlan, MessagePlan, PacketPlan, ProtocolPlan } from './script.js';
import { bytesShape, bytesText, type FieldValue, numberShape, peerShape, sameBytes } from './shape.js';
import { channelIn } from './variables.js';

/** Where a packet is not the one that was expected. */
export interface Mismatch extends Difference {
  /** What differs: `cookie1 of CHANNEL_ACKNOWLEDGE`. */
  readonly field: string;
}

/** What it takes to judge packets that came. */
export interface Judge {
  readonly dialect: Dialect;
  readonly local: Uint8Array;
  /** Unknown until the first packet, where a script listens to anyone. */
  readonly remote: Uint8Array | undefined;
  /** What expected values may ask for; of one message, or of the packet around them. */
  readonly scope: (packet?: ChannelPacket, message?: Message) => Scope;
}

/** The packet that bytes are, in whatever dialect; undefined if they are none. */
export function packetIn(bytes: Uint8Array): ChannelPacket | undefined {
  const [view, limit] = [viewOf(bytes), { captured: bytes.length, wire: bytes.length }];
  return isChannelPacket(view, 0, limit) ? dissectChannel(view, 0, limit) : undefined;
}

/**
 * Compares a packet with the one that is expected; undefined if it is that one.
 * @throws {ValueError} if an expected value cannot be had
 */
export function mismatch(plan: PacketPlan, bytes: Uint8Array, judge: Judge): Mismatch | undefined {
  if (plan.raw) {
    const wanted = evaluate(plan.raw, bytesShape('raw'), judge.scope()) as Uint8Array;
    if (sameBytes(wanted, bytes)) return undefined;
    return { field: 'bytes', expected: bytesText(wanted), actual: bytesText(bytes) };
  }
  if (plan.protocol) return wrongProtocol(plan.protocol, bytes, judge.scope());
  const packet = packetIn(bytes);
  if (!packet) return { field: 'packet', expected: `a packet of ${judge.dialect.name}`, actual: bytesText(bytes) };
  return wrongInItself(plan, packet) ?? wrongHeader(plan, packet, judge) ?? wrongMessages(plan, packet, judge);
}

/** Compares a message of another protocol: what tells it, and the fields that the script names. */
function wrongProtocol({ form, word, fields }: ProtocolPlan, bytes: Uint8Array, scope: Scope): Mismatch | undefined {
  const read = readProtocol(form.layer, bytes);
  if ('wrong' in read)
    return { field: 'packet', expected: `a message ${word}`, actual: `${read.wrong}: ${bytesText(bytes)}` };
  for (const [key, wanted] of Object.entries(form.marks)) {
    const shape = form.shapes.find((one) => one.key === key);
    if (!shape || fields.some((field) => field.shape.key === key)) continue;
    const actual = read.value(key);
    if (actual !== undefined && isSame(wanted, actual)) continue;
    const text = typeof wanted === 'string' || typeof wanted === 'bigint' ? `${wanted}` : shape.text(wanted);
    return { field: `${key} of ${word}`, expected: text, actual: actual === undefined ? 'none' : shape.text(actual) };
  }
  return wrongField(fields, word, read.value, scope);
}

const isSame = (wanted: Value, actual: FieldValue): boolean =>
  wanted instanceof Uint8Array && actual instanceof Uint8Array ? sameBytes(wanted, actual) : wanted === actual;

/** What a peer must never send, whatever the script expects. */
function wrongInItself({ header }: PacketPlan, { stop, findings }: ChannelPacket): Mismatch | undefined {
  if (header.some(({ shape }) => shape.key === 'findings')) return undefined;
  const expected = 'a packet without faults';
  if (stop) return { field: 'packet', expected, actual: `${stop.why}: ${stop.what}` };
  return findings[0] && { field: 'packet', expected, actual: textOf(findings[0]) };
}

function wrongHeader(plan: PacketPlan, packet: ChannelPacket, judge: Judge): Mismatch | undefined {
  const scope = judge.scope(packet);
  const wrong = wrongUnlessGiven(plan, packet, judge, scope);
  return wrong ?? wrongField(plan.header, 'the packet', (key) => headerValue(packet, key), scope);
}

const ID = numberShape('id', 0xffff_ffff);

/** What every packet must be, unless the script says otherwise. */
function wrongUnlessGiven(plan: PacketPlan, packet: ChannelPacket, judge: Judge, scope: Scope): Mismatch | undefined {
  const isGiven = (key: string): boolean => plan.header.some(({ shape }) => shape.key === key);
  const { dialect, id, view, at } = packet;
  if (!isGiven('protocol_id') && dialect !== judge.dialect) {
    return { field: 'dialect', expected: judge.dialect.name, actual: dialect.name };
  }
  if (id === undefined) return undefined;
  const { sender, recipient } = decode(dialect.header, view, at);
  const peers = [
    ['sender', sender, judge.remote],
    ['recipient', recipient, judge.local],
  ] as const;
  for (const [key, actual, wanted] of peers) {
    if (isGiven(key) || wanted === undefined || sameBytes(actual, wanted)) continue;
    return { field: key, expected: peerShape(key).text(wanted), actual: peerShape(key).text(actual) };
  }
  if (isGiven('id') || isGiven('initiator') || isGiven('responder')) return undefined;
  const wanted = isHandshakePacket(packet) ? DEFAULT_CHANNEL : channelIn(scope, ID, plan.at);
  if (wanted === undefined || wanted === id) return undefined;
  return { field: 'channel', expected: idText(wanted), actual: idText(id) };
}

const idText = (id: number): string => id.toString(16).padStart(8, '0');

/** Whether a packet belongs on the default channel, by its first message that is known. */
function isHandshakePacket({ messages }: ChannelPacket): boolean {
  const first = messages.find(({ kind }) => kind !== undefined);
  return first !== undefined && isHandshake(first.code);
}

function wrongMessages(plan: PacketPlan, packet: ChannelPacket, judge: Judge): Mismatch | undefined {
  let nearest: Mismatch | undefined;
  for (const way of align(plan.messages, packet.messages)) {
    const wrong = firstOf(way, ([message, place]) => wrongMessage(message, packet, place, judge));
    if (!wrong) return undefined;
    nearest ??= wrong;
  }
  return nearest ?? { field: 'messages', expected: planText(plan), actual: messagesText(packet) };
}

function firstOf<T, R>(list: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongMessage(plan: MessagePlan, packet: ChannelPacket, place: number, judge: Judge): Mismatch | undefined {
  const message = packet.messages[place];
  if (!message) return undefined;
  const name = plan.kind?.name ?? `the unknown message`;
  const owner = packet.messages.length > 1 ? `${name}, message ${place + 1}` : name;
  return wrongField(plan.fields, owner, (key) => messageValue(packet, message, key), judge.scope(packet, message));
}

function wrongField(
  fields: readonly FieldPlan[],
  owner: string,
  actual: (key: string) => FieldValue | undefined,
  scope: Scope,
): Mismatch | undefined {
  return firstOf(fields, (field) => {
    const difference = differs(field, actual(field.shape.key), scope);
    return difference && { field: `${field.shape.key} of ${owner}`, ...difference };
  });
}

const planText = ({ messages }: PacketPlan): string => {
  if (messages.length === 0) return 'no messages';
  return messages.map((one) => (one === '...' ? one : (one.kind?.name ?? 'an unknown message'))).join(', ');
};

const messagesText = (packet: ChannelPacket): string => {
  if (packet.messages.length === 0) return 'no messages';
  return packet.messages.map((message) => message.kind?.name ?? messageText(packet, message)).join(', ');
};
