import { baseOf } from '../../../crafter/commands/craft-base.js';
import { CraftError } from '../../../crafter/commands/craft-error.js';
import { type Fields, LAYERS, type LayerKey } from '../../../crafter/commands/craft-layers.js';
import type { MessagePlan } from '../../../crafter/commands/craft-options.js';
import { type Dialect, dialectNamed, messageOf } from '../../../dissectors/channel/dialects.js';
import { CODES, type MessageName } from '../../../dissectors/channel/messages.js';
import { ENCRYPTED } from '../../../dissectors/channel/packet.js';
import type { Layout } from '../../../dissectors/wire/layout.js';
import type { Captured, Draft, LayerDraft, MessageDraft, Origin, PacketDraft, Piece } from './draft.js';
import { withKnownSecrets } from './secrets.js';
import { withoutParts } from './shared-bits.js';

/** The fields of a captured packet, or only its bytes where the crafter cannot make what is in it. */
export function draftOf(captured: Captured): Draft {
  const { title, bytes, linkType } = captured;
  const origin: Origin = { title, bytes, linkType };
  const packet = packetIn(origin);
  if (packet === undefined) return { form: 'bytes', origin, bytes, linkType };
  return withKnownSecrets(packet, captured.secrets, captured.moment);
}

/** The channel packet of a frame, field by field; undefined where there is none that could be made again. */
export function packetIn(origin: Origin): PacketDraft | undefined {
  try {
    const { dialect, messages, header, padding, layers } = baseOf(origin, origin.title);
    // What is encrypted has no fields.
    if (typeof header.flags === 'number' && (header.flags & ENCRYPTED) !== 0) return undefined;
    return {
      form: 'packet',
      origin,
      dialect,
      layers: layers.map(({ name, given }) => ({ name, ...piece(withoutParts(LAYERS[name].layout, given)) })),
      header: piece(header),
      messages: messages.map((plan) => messageDraft(plan, dialect)),
      padding,
      originalPadding: padding,
      faults: [],
      frameFaults: [],
      secrets: {},
    };
  } catch (error) {
    if (error instanceof CraftError) return undefined;
    throw error;
  }
}

const NO_BYTES = new Uint8Array(0);

/** A packet with one message, about which nothing is said yet. */
export const newDraft = (name: MessageName): PacketDraft => ({
  form: 'packet',
  origin: { title: `new ${name}`, bytes: NO_BYTES, linkType: 0 },
  dialect: dialectNamed('hmac'),
  layers: [],
  header: piece({}),
  messages: [newMessage(name)],
  padding: undefined,
  originalPadding: undefined,
  faults: [],
  frameFaults: [],
  secrets: {},
});

export const newMessage = (name: MessageName): MessageDraft => ({ code: CODES[name], name, ...piece({}) });

export const newLayer = (name: LayerKey): LayerDraft => ({ name, ...piece({}) });

const piece = (given: Fields): Piece => ({ given, original: given });

function messageDraft({ code, name, given, body }: MessagePlan, dialect: Dialect): MessageDraft {
  const layout: Layout | undefined = name && messageOf(dialect, name)?.body;
  const kept = layout === undefined ? given : withoutParts(layout, given);
  return {
    code,
    ...(name !== undefined && { name }),
    ...(body !== undefined && { body: body.slice() }),
    // The bytes of data say how long they are.
    ...piece(name === 'DATA' && kept.data !== undefined ? { data: kept.data } : kept),
  };
}
