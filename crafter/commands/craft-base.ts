import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { PAYLOAD } from '../../dissectors/channel/packet.js';
import { dissect } from '../../dissectors/dissect.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import type { Value } from '../../dissectors/wire/field.js';
import { decode } from '../../dissectors/wire/message.js';
import { slice, viewOf } from '../../dissectors/wire/view.js';
import { CraftError } from './craft-error.js';
import { isLayer, LAYERS, type LayerKey, type LayerPlan } from './craft-layers.js';
import type { MessagePlan } from './craft-options.js';
import type { Base } from './craft-packet.js';

/** A packet as a capture holds it. */
export interface CapturedPacket {
  readonly bytes: Uint8Array;
  readonly linkType: number;
}

const LINUX_SLL2 = 276;
const LOOP = 108;

/**
 * What to start from: the first channel packet of a captured one, and the layers around it as far as the crafter has
 * them. Lengths and checksums are left out: they are made anew. Pure.
 * @param keepsOptions whether options of IPv4 and TCP are among the layers: not for those who know fields only
 * @throws {CraftError} if there is no channel packet in it
 */
export function baseOf({ bytes, linkType }: CapturedPacket, where: string, keepsOptions = false): Base {
  const view = viewOf(bytes);
  const limit = { captured: bytes.length, wire: bytes.length };
  const { channels, quoted, layers } = dissect(view, 0, limit, linkType, 1, liveReassembly());
  const packet = channels[0] ?? quoted[0];
  if (!packet) throw new CraftError(`${where}: holds no channel packet`, 1);
  return {
    dialect: packet.dialect,
    messages: messagesOf(packet),
    header: headerOf(packet),
    padding: packet.padding ?? 0,
    layers: layersOf(view, layers, linkType, keepsOptions),
  };
}

function headerOf({ dialect, view, at, sequence }: ChannelPacket): Readonly<Record<string, Value>> {
  if (at + dialect.header.size > view.byteLength) return {};
  const { sender, recipient, id, flags } = decode(dialect.header, view, at);
  return { sender, recipient, id, flags, ...(sequence !== undefined && { sequence }) };
}

function messagesOf(packet: ChannelPacket): readonly MessagePlan[] {
  return packet.messages.map((message): MessagePlan => {
    const { kind, code, body, stop } = message;
    if (!kind || stop) return { code, given: {}, body: rest(packet, message) };
    return { code, name: kind.name, given: decode(kind.body, packet.view, body) };
  });
}

/** What follows the type of a message that cannot be read, to the end of the payload. */
function rest({ view, at, payloadSize = 0 }: ChannelPacket, { body }: Message): Uint8Array {
  const end = Math.min(at + PAYLOAD + payloadSize, view.byteLength);
  return new Uint8Array(view.buffer, view.byteOffset + body, Math.max(0, end - body));
}

/** The layers before the channel packet; none if one of them is beyond the crafter. */
function layersOf(
  view: DataView,
  layers: readonly Layer[],
  linkType: number,
  keepsOptions: boolean,
): readonly LayerPlan[] {
  const plans: LayerPlan[] = [];
  for (const { name, at, source, stop } of layers) {
    if (name === 'chan') return plans;
    const key = keyOf(name, linkType);
    if (key === undefined || source !== 0 || stop) return [];
    const derived: readonly string[] = LAYERS[key].derived;
    const values = Object.entries(decode(LAYERS[key].layout, view, at)).filter(([field]) => !derived.includes(field));
    const given = Object.fromEntries(values) as Record<string, Value>;
    const options = keepsOptions ? optionsOf(key, view, at) : undefined;
    plans.push({ name: key, given: { ...given, ...(options && { options }) } });
  }
  return [];
}

/** The options of a header, which its length tells. */
function optionsOf(key: LayerKey, view: DataView, at: number): Uint8Array | undefined {
  if (key !== 'ip' && key !== 'tcp') return undefined;
  const { size, fields } = key === 'ip' ? ipv4Header : tcpHeader;
  const length = fields.hdr_len.read(view, at);
  return length > size && at + length <= view.byteLength ? slice(view, at + size, at + length) : undefined;
}

function keyOf(name: string, linkType: number): LayerKey | undefined {
  if (name === 'sll') return linkType === LINUX_SLL2 ? 'sll2' : 'sll';
  if (name === 'null') return linkType === LOOP ? 'loop' : 'null';
  return isLayer(name) ? name : undefined;
}
