import type { Dialect } from '../../dissectors/channel/dialects.js';
import { isHandshake, takesNumber } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { plus } from '../../dissectors/channel/sequence.js';
import {
  channelPacket,
  leastSize,
  type MessageGiven,
  message,
  type PacketGiven,
  type Room,
  unknownMessage,
} from '../channel-part.js';
import { build, type Part } from '../part.js';
import { derivedValue } from './derive.js';
import { evaluate, ValueError } from './evaluate.js';
import { protocolBytes } from './protocol.js';
import type { Scope } from './scope.js';
import type { FieldPlan, MessagePlan, PacketPlan, ProtocolPlan } from './script.js';
import type { Sender } from './sender.js';
import { bytesShape, type FieldValue, numberShape } from './shape.js';
import { channelIn } from './variables.js';

/** A packet that is ready to be sent. */
export interface Built {
  readonly bytes: Uint8Array;
  /** Without the faults: what its fields were meant to be. */
  readonly whole: Uint8Array;
  /** The channel whose next number it took, if it took one. */
  readonly numbered: number | undefined;
}

type Values = Record<string, FieldValue>;

/** The initiator of the channel that a sent message is about. */
export const initiatorOf = (code: number, role: 'initiator' | 'responder'): 'local' | 'remote' => {
  if (code === CODES.CHANNEL_NEW || code === CODES.CHANNEL_FINALIZE) return 'local';
  if (code === CODES.CHANNEL_ACKNOWLEDGE) return 'remote';
  return role === 'initiator' ? 'local' : 'remote';
};

/**
 * The bytes of a packet. What is left out is derived, what is given is sent as given.
 * @throws {ValueError} if a value cannot be had, or does not fit
 */
export function buildPacket(plan: PacketPlan, sender: Sender): Built {
  const scope = sender.scope(sender.role === 'initiator' ? 'local' : 'remote');
  if (plan.raw) {
    const bytes = evaluate(plan.raw, bytesShape('raw'), scope) as Uint8Array;
    return { bytes: damaged(plan, bytes.slice()), whole: bytes, numbered: undefined };
  }
  if (plan.protocol) return builtProtocol(plan, plan.protocol, scope);
  const messages = plan.messages.filter((one) => one !== '...');
  const parts = messages.map((one) => messagePart(one, sender));
  const given = valuesOf(plan.header, scope);
  const { padding, padded_to: paddedTo, ...header } = given;
  const id = channelOf(plan, messages, given, scope);
  const next = id === DEFAULT_CHANNEL || !sender.dialect.numbered ? 0 : sender.next(id);
  const sequence = Number(given.sequence ?? next);
  const values = { sender: sender.local, recipient: sender.remote, id, sequence, ...header } as PacketGiven;
  const room: Room = {
    ...(padding !== undefined && { padding: Number(padding) }),
    paddedTo: paddedTo === undefined ? leastOf(sender.dialect, messages) : Number(paddedTo),
  };
  const whole = build(channelPacket(sender.dialect, values, parts, room));
  const takes = messages.some(({ kind }) => kind !== undefined && takesNumber(kind.code));
  const isNumbered = takes && id !== DEFAULT_CHANNEL && sequence === next;
  return { bytes: damaged(plan, whole), whole, numbered: isNumbered ? id : undefined };
}

/** A message of another protocol. */
function builtProtocol(plan: PacketPlan, { form, fields, word }: ProtocolPlan, scope: Scope): Built {
  try {
    const whole = protocolBytes(form, valuesOf(fields, scope));
    return { bytes: damaged(plan, whole.slice()), whole, numbered: undefined };
  } catch (error) {
    if (error instanceof RangeError) throw new ValueError(plan.at, `${word}(…): ${error.message}`);
    throw error;
  }
}

function damaged({ faults, at }: PacketPlan, whole: Uint8Array): Uint8Array {
  try {
    return faults.reduce((bytes, fault) => fault(bytes), whole);
  } catch (error) {
    if (error instanceof RangeError) throw new ValueError(at, `this fault does not fit the packet: ${error.message}`);
    throw error;
  }
}

const leastOf = (dialect: Dialect, messages: readonly MessagePlan[]): number => {
  const countOf = (code: number) => messages.filter(({ kind }) => kind?.code === code).length;
  return leastSize(dialect, countOf(CODES.CHANNEL_NEW), countOf(CODES.CHANNEL_FINALIZE));
};

/** The values that fields are given. */
export function valuesOf(fields: readonly FieldPlan[], scope: Scope): Values {
  const values: Values = {};
  for (const { shape, pattern, at } of fields) {
    if (pattern.kind !== 'is') throw new ValueError(at, `${shape.key} must have one value where it is sent`);
    values[shape.key] = evaluate(pattern.value, shape, scope);
  }
  return values;
}

function messagePart(plan: MessagePlan, sender: Sender): Part {
  const { kind, fields } = plan;
  const scope = sender.scope(initiatorOf(kind?.code ?? CODES.DATA, sender.role));
  const given = valuesOf(fields, scope);
  if (!kind) {
    return unknownMessage(Number(given.code), given.body instanceof Uint8Array ? given.body : new Uint8Array(0));
  }
  const values: Values = {};
  for (const field of kind.body.list) {
    const value = given[field.key] ?? derivedValue(field, plan, { ...values, ...given }, sender, scope);
    if (value !== undefined) values[field.key] = value;
  }
  // The layout takes its own fields, and their shapes have seen to the types.
  return message(sender.dialect, kind.name, values as MessageGiven);
}

const ID = numberShape('id', 0xffff_ffff);

function channelOf(plan: PacketPlan, messages: readonly MessagePlan[], given: Values, scope: Scope): number {
  if (given.id !== undefined) return Number(given.id);
  const first = messages.find(({ kind }) => kind !== undefined)?.kind;
  if (!first || isHandshake(first.code)) return DEFAULT_CHANNEL;
  const id = channelIn(scope, ID, plan.at);
  if (id === undefined) throw new ValueError(plan.at, 'on which channel? Say chan(id=…), or keep the id of one: -> id');
  return id;
}

/** The number after one that was taken. */
export const numberAfter = (number: number): number => plus(number, 1);
