import { cookieKey } from '../../dissectors/channel/cookie.js';
import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { plus } from '../../dissectors/channel/sequence.js';
import { decode } from '../../dissectors/wire/message.js';
import { messageValue } from './actual.js';
import { ValueError } from './evaluate.js';
import type { Judge } from './match.js';
import type { Held, Scope } from './scope.js';
import type { Sender } from './sender.js';
import type { FieldValue } from './shape.js';
import type { Position } from './tree.js';

/** What is known while a script runs, or is made up while it is checked. */
export interface Situation {
  readonly dialect: Dialect;
  readonly role: 'initiator' | 'responder';
  readonly local: Uint8Array;
  readonly remote: Uint8Array | undefined;
  readonly secret: Uint8Array;
  readonly remoteSecret: Uint8Array | undefined;
  readonly variable: (name: string) => Held | undefined;
  readonly names: () => Iterable<string>;
  readonly random: (size: number) => Uint8Array;
  /** The number that the next numbered packet of a channel has. */
  readonly next: (id: number) => number;
  /** The first number of the own direction of a channel; undefined before its ACKNOWLEDGE. */
  readonly start: (id: number) => number | undefined;
  /** The start that an own CHANNEL_NEW of `seqno` told. */
  readonly told: (c1: number) => number | undefined;
}

type Side = 'local' | 'remote';

const NO_PEER = new Uint8Array(16);
const HALF = 0xffff;

export function scopeOf(situation: Situation, initiator: Side): Scope {
  const { dialect, local, remote = NO_PEER, variable, names, random } = situation;
  const [first, second] = initiator === 'local' ? [local, remote] : [remote, local];
  return { dialect, initiator: first, responder: second, variable, names, random };
}

export const ownSide = ({ role }: Situation): Side => (role === 'initiator' ? 'local' : 'remote');

/** What it takes to make packets in a situation. */
export function senderIn(situation: Situation): Sender {
  const { dialect, role, local, remote = NO_PEER, secret, next } = situation;
  return { dialect, role, local, remote, secret, next, scope: (initiator) => scopeOf(situation, initiator) };
}

/** What it takes to judge packets in a situation. */
export function judgeIn(situation: Situation): Judge {
  const { dialect, local, remote } = situation;
  return {
    dialect,
    local,
    remote,
    scope: (packet, message) => {
      const side = message ? initiatorOf(situation, message.code) : ownSide(situation);
      if (!packet || !message) return scopeOf(situation, side);
      const valid = (key: string, at: Position) => validValue(situation, packet, message, key, at);
      return { ...scopeOf(situation, side), valid };
    },
  };
}

/** The initiator of the channel that a received message is about. */
export function initiatorOf(situation: Situation, code: number): Side {
  if (code === CODES.CHANNEL_NEW || code === CODES.CHANNEL_FINALIZE) return 'remote';
  if (code === CODES.CHANNEL_ACKNOWLEDGE) return 'local';
  return ownSide(situation);
}

/** What the protocol asks for in a field of a message that came. Source: protocol page, section 3 "Cookies". */
function validValue(
  situation: Situation,
  packet: ChannelPacket,
  message: Message,
  key: string,
  at: Position,
): FieldValue | undefined {
  const { code } = message;
  const id = Number(messageValue(packet, message, 'id') ?? packet.id ?? 0);
  if (key === 'ack') return validAcknowledgement(situation, code, id);
  if (!key.startsWith('cookie')) return undefined;
  const { sender } = decode(packet.dialect.header, packet.view, packet.at);
  const { isFirst, secret } = cookieOf(situation, code, key, at);
  const [initiator, responder] =
    initiatorOf(situation, code) === 'local' ? [situation.local, sender] : [sender, situation.local];
  const c1 = Number(messageValue(packet, message, 'c1') ?? id >>> 16);
  const input = isFirst ? { initiator, responder, c1 } : { initiator, responder, c1, c2: id & HALF };
  return cookieKey(situation.dialect, secret)(input);
}

/**
 * Which cookie a field of a message that comes must hold, and the secret that makes it.
 * @throws {ValueError} if that secret is not known
 */
export function cookieOf(
  situation: Situation,
  code: number,
  key: string,
  at: Position,
): { readonly isFirst: boolean; readonly secret: Uint8Array } {
  const isInitiator = initiatorOf(situation, code) === 'local';
  // A COOKIE returns what its sender was given: cookie 2 if that is the initiator.
  const isFirst = key === 'cookie' ? isInitiator : key === 'cookie1';
  const secret = isFirst === isInitiator ? situation.secret : situation.remoteSecret;
  if (!secret) throw new ValueError(at, `who can say whether ${key} is valid? Set remote_secret`);
  return { isFirst, secret };
}

/** In `seqno`, the start that the other peer was told, and one. */
function validAcknowledgement({ told, start }: Situation, code: number, id: number): number | undefined {
  if (code === CODES.CHANNEL_FINALIZE) return start(id);
  const own = told(id >>> 16);
  return own === undefined ? undefined : plus(own, 1);
}
