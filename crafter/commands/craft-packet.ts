import { type Dialect, dialectNamed, messageOf } from '../../dissectors/channel/dialects.js';
import { isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES, type MessageName } from '../../dissectors/channel/messages.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Value } from '../../dissectors/wire/field.js';
import {
  channelPacket,
  cookiesOf,
  leastSize,
  type MessageGiven,
  message,
  type PacketGiven,
  type Room,
  unknownMessage,
} from '../channel-part.js';
import { damaged, type Fault } from '../faults.js';
import { nothing, type Part } from '../part.js';
import { at, CraftError } from './craft-error.js';
import { type AnyLayer, type LayerPlan, wrapped } from './craft-layers.js';
import type { CraftArguments, MessagePlan, PacketArguments } from './craft-options.js';
import { payloadOf } from './craft-payload.js';
import { piecesOf } from './craft-pieces.js';

/** What a captured packet gives to start from. */
export interface Base {
  readonly dialect: Dialect;
  readonly messages: readonly MessagePlan[];
  readonly header: Readonly<Record<string, Value>>;
  readonly padding: number;
  readonly layers: readonly LayerPlan[];
}

/** What is to be sent: the channel packet alone, and the frame with its layers around it. */
export interface Crafted {
  readonly packet: Part;
  readonly frame: Part;
  readonly layers: readonly AnyLayer[];
  readonly roles: Roles;
}

/** Who is who, and with what they make their cookies. */
export interface Roles {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly initiatorSecret?: Uint8Array;
  readonly responderSecret?: Uint8Array;
}

/**
 * The packet that the arguments describe. Pure.
 * @throws {CraftError} if the dialect lacks a message, or a fault finds nothing to damage
 */
export function craftPacket(given: PacketArguments, base?: Base): Crafted {
  const dialect = given.dialect ?? base?.dialect ?? dialectNamed('hmac');
  const messages = [...(base?.messages ?? []), ...given.messages].map((plan) => ({
    ...plan,
    given: { ...pick(plan, given.common, dialect), ...changed(plan, given, base) },
  }));
  const header: PacketGiven = { ...base?.header, ...given.header };
  const id = channelOf(given, messages, base);
  const isResponder = isFromResponder(given, messages);
  const roles = rolesOf(given, isResponder, header);
  const known = derivedFields(given, dialect, roles, isResponder, id);
  const parts = messages.map((plan) => messagePart(dialect, { ...known(plan), ...plan.given }, plan));
  const onDefault = messages.length === 0 || messages.some(({ code }) => isHandshake(code));
  const whole = channelPacket(
    dialect,
    { ...(!onDefault && id !== undefined && { id }), ...header },
    parts,
    roomOf(given, dialect, messages, base),
  );
  const meant = given.payload.length > 0 ? payloadOf(given.payload) : saysNothing(given, base) ? nothing : whole;
  const packet = at('--fault', () => withFaults(meant, given.faults));
  const layers = layersOf(given, base);
  const frame = at('--frame-fault', () => withFaults(wrapped(layers, packet), given.frameFaults));
  return { packet, layers, frame, roles };
}

/** Whether layers are all that was asked for: what is in them is nothing then, not an empty channel packet. */
const saysNothing = (given: PacketArguments, base: Base | undefined): boolean =>
  !base &&
  given.layers.length > 0 &&
  given.messages.length === 0 &&
  given.faults.length === 0 &&
  Object.keys(given.header).length === 0 &&
  Object.keys(given.common).length === 0 &&
  [given.id, given.c2, given.dialect, given.padding, given.paddedTo].every((value) => value === undefined);

/** The frames that the packet is sent in: one, or its fragments and segments. */
export function framesOf(
  { pieces, frameFaults }: CraftArguments,
  { packet, layers, frame }: Crafted,
): readonly Frame[] {
  if (!pieces.fragments && !pieces.segments && !pieces.session) return [{ frame, layers }];
  return piecesOf(layers, packet, pieces).map((piece) => ({
    frame: at('--frame-fault', () => withFaults(wrapped(piece.layers, piece.inside), frameFaults)),
    layers: piece.layers,
  }));
}

/** A frame and the layers that it begins with. */
export type Frame = Pick<Crafted, 'frame' | 'layers'>;

const withFaults = (part: Part, faults: readonly Fault[]): Part =>
  faults.length > 0 ? damaged(part, ...faults) : part;

/** A field said of all messages goes to those that have it. */
function pick({ name }: MessagePlan, common: Readonly<Record<string, Value>>, dialect: Dialect): Record<string, Value> {
  const fields = name === undefined ? [] : (messageOf(dialect, name)?.body.list ?? []);
  return Object.fromEntries(fields.flatMap(({ key }) => (common[key] === undefined ? [] : [[key, common[key]]])));
}

/** What a message keeps of itself: of a captured one, what was not said anew for all. */
function changed(plan: MessagePlan, { common, id }: PacketArguments, base?: Base): Record<string, Value> {
  const captured = base?.messages.includes(plan) === true;
  const kept = Object.entries(plan.given).filter(([key]) => {
    if (!captured) return true;
    // Bits of a word that was said anew must not bring the old word back.
    if (key.startsWith('caps')) return !Object.keys(common).some((other) => other.startsWith('caps'));
    return common[key] === undefined && !(id !== undefined && (key === 'id' || key === 'c1'));
  });
  return Object.fromEntries(kept);
}

const numberIn = (given: Readonly<Record<string, Value>>, key: string): number | undefined => {
  const value = given[key];
  return typeof value === 'number' ? value : undefined;
};

/** The channel that the messages are about: what is given for it, or what one of them says. */
function channelOf(
  { id, c2, common }: PacketArguments,
  messages: readonly MessagePlan[],
  base?: Base,
): number | undefined {
  if (id !== undefined) return id;
  for (const { given } of messages) {
    const own = numberIn(given, 'id');
    if (own !== undefined) return own;
  }
  const c1 =
    numberIn(common, 'c1') ?? messages.map(({ given }) => numberIn(given, 'c1')).find((half) => half !== undefined);
  if (c1 === undefined) return base && numberIn(base.header, 'id');
  return ((c1 << 16) | (c2 ?? 0)) >>> 0;
}

/** Whether the sender is the responder: the one that sends ACKNOWLEDGE, unless said otherwise. */
function isFromResponder({ role }: PacketArguments, messages: readonly MessagePlan[]): boolean {
  const answers = messages.some(({ code }) => code === CODES.CHANNEL_ACKNOWLEDGE);
  return (role ?? (answers ? 'responder' : 'initiator')) === 'responder';
}

function rolesOf(given: PacketArguments, isResponder: boolean, header: PacketGiven): Roles {
  const none = new Uint8Array(16);
  const [sender, recipient] = [header.sender ?? none, header.recipient ?? none];
  const [initiator, responder] = isResponder ? [recipient, sender] : [sender, recipient];
  const initiatorSecret = given.initiatorSecret ?? given.secret;
  const responderSecret = given.responderSecret ?? given.secret;
  return {
    initiator,
    responder,
    ...(initiatorSecret && { initiatorSecret }),
    ...(responderSecret && { responderSecret }),
  };
}

/** What follows for each message from what is said about the channel and its secrets. */
function derivedFields(
  given: PacketArguments,
  dialect: Dialect,
  roles: Roles,
  isResponder: boolean,
  id: number | undefined,
): (plan: MessagePlan) => Record<string, Value> {
  return (plan) => {
    // Of several handshakes in one packet each has a channel of its own.
    const c1 = numberIn(plan.given, 'c1');
    const own = numberIn(plan.given, 'id') ?? (c1 === undefined ? id : ((c1 << 16) | ((id ?? 0) & 0xffff)) >>> 0);
    if (own === undefined) return {};
    const { cookie1, cookie2 } = cookiesOf(dialect, roles, own);
    const cookie = isResponder ? cookie1 : cookie2;
    const acknowledged = numberIn(given.common, plan.code === CODES.CHANNEL_ACKNOWLEDGE ? 's1' : 's2');
    return {
      id: own,
      c1: own >>> 16,
      ...(cookie1 && { cookie1 }),
      ...(cookie2 && { cookie2 }),
      ...(cookie && { cookie }),
      ...(acknowledged !== undefined && { ack: plus(acknowledged, 1) }),
    };
  };
}

function messagePart(dialect: Dialect, values: Record<string, Value>, { name, code, body }: MessagePlan): Part {
  if (name === undefined) return unknownMessage(code, body ?? new Uint8Array(0));
  if (!messageOf(dialect, name)) {
    throw new CraftError(
      `${wordOf(name)}: the dialect ${dialect.name} has no ${name}; "unknown ${code}" writes one all the same`,
    );
  }
  // The layout takes its own fields, and `valueFrom` has seen to their types.
  return message(dialect, name, values as MessageGiven);
}

const wordOf = (name: MessageName): string => name.toLowerCase().replace(/^(channel|data)_/, '');

function roomOf(
  { padding, paddedTo }: PacketArguments,
  dialect: Dialect,
  messages: readonly MessagePlan[],
  base?: Base,
): Room {
  if (padding !== undefined) return { padding };
  if (paddedTo !== undefined) return { paddedTo };
  if (base) return { padding: base.padding };
  const countOf = (wanted: number) => messages.filter(({ code }) => code === wanted).length;
  return { paddedTo: leastSize(dialect, countOf(CODES.CHANNEL_NEW), countOf(CODES.CHANNEL_FINALIZE)) };
}

/** The layers given, or those of the captured packet with what is given for them. */
function layersOf({ layers, bare }: PacketArguments, base?: Base): readonly AnyLayer[] {
  if (!base || bare || base.layers.length === 0) return layers;
  const fitting = layers.every(({ name }) => base.layers.some((layer) => layer.name === name));
  if (!fitting) return layers;
  return base.layers.map((layer) => ({
    ...layer,
    given: { ...layer.given, ...layers.find(({ name }) => name === layer.name)?.given },
  }));
}
