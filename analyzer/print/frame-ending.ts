import { isLength } from '../../dissectors/ethernet/ether-types.js';
import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { vlanTag } from '../../dissectors/vlan/layout.js';
import type { Field } from '../../dissectors/wire/field.js';
import type { Line } from '../../dissectors/wire/line.js';
import { slice } from '../../dissectors/wire/view.js';
import type { Packet } from './packet.js';
import { workedOutLine } from './worked-out-line.js';

/** The shortest frame without its check sequence, and with it. Source: IEEE 802.3, "minFrameSize". */
const LEAST = 60;
const LEAST_WITH_CHECK = 64;
const CHECK_SIZE = 4;

/** What follows the payload of a frame, as ends of the parts, in their order. */
interface Ending {
  readonly start: number;
  readonly padding: number;
  readonly trailer: number;
  readonly check: number;
}

/**
 * The lines of what follows the payload of an Ethernet frame: zeros that fill it up to 60 bytes are padding; of the rest
 * the last four bytes are taken for the check sequence if the frame has 64 or more; what is left is a trailer, which
 * belongs to the VLAN tag if there is one. As in Wireshark, which guesses the same way.
 */
export function endingLines(
  packet: Packet,
  layer: Layer,
  view: DataView,
  fields: Readonly<Record<string, Field>>,
): readonly Line[] {
  const { layers } = packet.dissection;
  const place = layers.indexOf(layer);
  const isTag = layer.name === 'vlan';
  const eth = isTag ? layers[place - 1] : layer;
  if (eth?.name !== 'eth') return [];
  const ending = endingOf(layers.slice(layers.indexOf(eth)), view);
  if (!ending) return [];
  const { start, padding, trailer, check } = ending;
  const { captured } = eth.limit;
  const hasTag = layers[layers.indexOf(eth) + 1]?.name === 'vlan';
  const line = (path: string, from: number, to: number) => {
    const end = Math.min(to, captured);
    return from >= end ? [] : [workedOutLine(path, fields[path], slice(view, from, end), layer.source, from, end)];
  };
  // Behind a tag Wireshark looks for no check sequence.
  if (isTag) return line('vlan.trailer', padding, check);
  const rest = hasTag ? [] : line('eth.trailer', padding, trailer);
  const hasCheck = !hasTag && check - trailer === CHECK_SIZE && check <= captured;
  const sum = hasCheck
    ? [workedOutLine('eth.fcs', fields['eth.fcs'], view.getUint32(trailer), layer.source, trailer, check)]
    : [];
  return [...line('eth.padding', start, padding), ...rest, ...sum];
}

/** What follows the payload of a frame; undefined where nothing does, or nothing tells where the payload ends. */
function endingOf([eth, ...inside]: readonly Layer[], view: DataView): Ending | undefined {
  if (!eth) return undefined;
  const start = payloadEnd(eth, inside, view);
  const { wire, captured } = eth.limit;
  if (start === undefined || start >= wire) return undefined;
  const length = wire - eth.at;
  const filled = eth.at + LEAST;
  const isPadded = length >= LEAST && start < filled && isZero(view, start, Math.min(filled, captured));
  const padding = isPadded ? filled : start;
  const hasCheck = length >= LEAST_WITH_CHECK && wire - padding >= CHECK_SIZE;
  return { start, padding, trailer: hasCheck ? wire - CHECK_SIZE : wire, check: wire };
}

/** Where the payload of a frame ends, by the lengths of the layers in it. */
function payloadEnd(eth: Layer, inside: readonly Layer[], view: DataView): number | undefined {
  const { type } = ethernetHeader.fields;
  if (eth.stop || eth.at + ethernetHeader.size > eth.limit.captured) return undefined;
  const length = type.read(view, eth.at);
  if (isLength(length)) return eth.at + ethernetHeader.size + length;
  for (const { name, at, end, limit, source, stop, facts } of inside) {
    if (source !== eth.source || stop) return undefined;
    if (name === 'vlan') {
      const own = vlanTag.fields.etype.read(view, at);
      if (isLength(own)) return at + vlanTag.size + own;
    } else if (name === 'arp') {
      return end;
    } else if (name === 'ip') {
      const total = facts?.type === 'network' ? ipv4Header.fields.len.read(view, at) : 0;
      return total === 0 ? limit.wire : at + total;
    } else if (name === 'ipv6') {
      const plen = facts?.type === 'network' ? ipv6Header.fields.plen.read(view, at) : 0;
      return plen === 0 ? limit.wire : at + ipv6Header.size + plen;
    } else return undefined;
  }
  return undefined;
}

function isZero(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (view.getUint8(at) !== 0) return false;
  return true;
}
