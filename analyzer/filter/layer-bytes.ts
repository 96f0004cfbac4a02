import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { vlanTag } from '../../dissectors/vlan/layout.js';
import { slice } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { inLayers } from './access.js';
import { isChosen } from './ranges.js';
import { NO_VIEW, type Reader, viewOfLayer } from './reader.js';
import type { Range } from './tree.js';

/**
 * Reads the bytes of a layer: as Wireshark has it, its header for slices and comparisons, and with all that it carries
 * for `contains` and `matches`.
 */
export function layerBytes(name: string, whole: boolean, chosen?: readonly Range[]): Reader {
  if (name === 'frame') {
    return (packet, visit) => (!chosen || isChosen(chosen, 1, 1)) && visit(frameBytes(packet));
  }
  return inLayers(
    new Set([name]),
    (packet, layer, visit) => {
      if (layer.facts?.type === 'extension') return false;
      const view = viewOfLayer(packet, layer);
      return visit(slice(view, layer.at, whole ? reachOf(view, layer) : endOf(layer)));
    },
    chosen,
  );
}

function frameBytes({ dissection, captured }: Packet): Uint8Array {
  const { start, sources } = dissection;
  return slice(sources[0]?.view ?? NO_VIEW, start, start + captured);
}

/** Where the header ends; of segments, SCTP packets and ICMP messages, which count with what they carry, where that ends. */
function endOf({ name, at, end, limit }: Layer): number {
  switch (name) {
    case 'eth':
      return Math.min(at + ethernetHeader.size, end);
    case 'vlan':
      return Math.min(at + vlanTag.size, end);
    case 'ipv6':
      return Math.min(at + ipv6Header.size, end);
    case 'udp':
      return Math.min(at + udpHeader.size, end);
    case 'tcp':
    case 'sctp':
    case 'icmp':
    case 'icmpv6':
      return limit.captured;
    default:
      return end;
  }
}

/** Where what the layer carries ends: padding is not part of it. */
function reachOf(view: DataView, { name, at, end, limit, stop }: Layer): number {
  if (name === 'chan' || name === 'data') return end;
  if (stop) return limit.captured;
  if (name === 'ip') {
    const length = ipv4Header.fields.len.read(view, at);
    return length === 0 ? limit.captured : Math.min(at + length, limit.captured);
  }
  if (name === 'ipv6') {
    const length = ipv6Header.fields.plen.read(view, at);
    return length === 0 ? limit.captured : Math.min(at + ipv6Header.size + length, limit.captured);
  }
  return limit.captured;
}
