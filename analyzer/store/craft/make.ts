import { CraftError } from '../../../crafter/commands/craft-error.js';
import { BARE_LINK_TYPE, LAYERS, linkTypeOf } from '../../../crafter/commands/craft-layers.js';
import type { PacketArguments } from '../../../crafter/commands/craft-options.js';
import { type Crafted, craftPacket, type Roles } from '../../../crafter/commands/craft-packet.js';
import { faultNamed } from '../../../crafter/fault-names.js';
import { build } from '../../../crafter/part.js';
import { isHandshake } from '../../../dissectors/channel/dissect.js';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { bytesOf, viewOf } from '../../../dissectors/wire/view.js';
import type { BytesDraft, Draft, PacketDraft } from './draft.js';
import { type Verdict, verdictOf } from './verdict.js';

/** What a draft comes to. */
export interface Made {
  /** The frame; the channel packet alone where there are no layers. */
  readonly bytes: Uint8Array;
  /** What the frame begins with, as capture files number it; undefined where none begins so. */
  readonly linkType: number | undefined;
  /** Why no capture begins so. */
  readonly problem: string | undefined;
  /** What goes into a datagram, if there is something. */
  readonly payload: Uint8Array | undefined;
  /** Where the channel packet starts, and the same without its faults. For bytes that are only bytes, 0 and all. */
  readonly at: number;
  readonly clean: Uint8Array;
  readonly roles: Roles | undefined;
  readonly verdict: Verdict;
}

/** No frame is larger: an IP packet, and what is around it. */
export const MOST_BYTES = 0x1_0000;

/** @returns what the draft comes to, or in words why nothing can be made of it */
export function make(draft: Draft): Made | string {
  try {
    return draft.form === 'bytes' ? makeBytes(draft) : makePacket(draft);
  } catch (error) {
    if (error instanceof CraftError || error instanceof RangeError) return error.message.replace(/^--[a-z-]+: /, '');
    throw error;
  }
}

function makePacket(draft: PacketDraft): Made {
  const given = argumentsOf(draft);
  const crafted = craftPacket(given);
  const { size } = crafted.frame;
  if (size > MOST_BYTES) throw new RangeError(`the frame would have ${size} bytes; at most ${MOST_BYTES} can be made`);
  const bytes = build(crafted.frame);
  const payload = build(crafted.packet);
  const isClean = draft.faults.length === 0 && draft.frameFaults.length === 0;
  const clean = isClean ? payload : build(craftPacket({ ...given, faults: [], frameFaults: [] }).packet);
  const at = draft.layers.reduce((sum, { name }) => sum + LAYERS[name].layout.size, 0);
  const link = linkOf(crafted);
  const verdict = link.linkType === undefined ? verdictOf(payload, BARE_LINK_TYPE) : verdictOf(bytes, link.linkType);
  return { bytes, ...link, payload, at, clean, roles: crafted.roles, verdict };
}

function linkOf({ layers }: Crafted): Pick<Made, 'linkType' | 'problem'> {
  try {
    return { linkType: linkTypeOf(layers), problem: undefined };
  } catch (error) {
    if (error instanceof CraftError) return { linkType: undefined, problem: error.message.replace(/^--layer /, '') };
    throw error;
  }
}

function makeBytes({ bytes, linkType }: BytesDraft): Made {
  const verdict = verdictOf(bytes, linkType);
  const payload = payloadOf(bytes, linkType);
  return { bytes, linkType, problem: undefined, payload, at: 0, clean: bytes, roles: undefined, verdict };
}

/** What UDP carries in a frame, or its first channel packet where there is no UDP. */
function payloadOf(bytes: Uint8Array, linkType: number): Uint8Array | undefined {
  if (linkType === BARE_LINK_TYPE) return bytes;
  const view = viewOf(bytes);
  const limit = { captured: bytes.length, wire: bytes.length };
  const { layers, channels } = dissect(view, 0, limit, linkType, 1, liveReassembly());
  const udp = layers.find(({ name, quoted, stop }) => name === 'udp' && !quoted && !stop);
  if (udp && udp.source === 0) return bytes.subarray(Math.min(udp.at + LAYERS.udp.layout.size, udp.end), udp.end);
  const [packet] = channels;
  return packet && bytesOf(packet.view).subarray(packet.at, packet.end);
}

/** The draft as the crafter is told of one: as if all of it had been said on the command line. */
export function argumentsOf(draft: PacketDraft): PacketArguments {
  const id = channelOf(draft);
  const { dialect, role, layers, header, messages, padding, faults, frameFaults, secrets } = draft;
  return {
    dialect,
    ...(role !== undefined && { role }),
    messages,
    header: header.given,
    common: {},
    ...(id !== undefined && { id }),
    ...(padding !== undefined && { padding }),
    layers,
    bare: false,
    faults: faults.map(faultNamed),
    frameFaults: frameFaults.map(faultNamed),
    ...(secrets.initiator && { initiatorSecret: secrets.initiator }),
    ...(secrets.responder && { responderSecret: secrets.responder }),
    payload: [],
  };
}

/** The channel of the header is that of the messages, unless they open one. */
function channelOf({ header, messages }: PacketDraft): number | undefined {
  const { id } = header.given;
  const isOpening = messages.some(({ code }) => isHandshake(code));
  return typeof id === 'number' && !isOpening ? id : undefined;
}
