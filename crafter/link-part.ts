import { ETHERTYPE_VLAN } from '../dissectors/ethernet/ether-types.js';
import { ethernetHeader } from '../dissectors/ethernet/layout.js';
import { vlanTag } from '../dissectors/vlan/layout.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import type { Part } from './part.js';

/** The least bytes of an Ethernet frame without its check sequence: shorter ones are padded on the wire. */
export const SHORTEST_FRAME = 60;

/** An Ethernet II frame without its check sequence; shorter ones than `paddedTo` end in zeros. */
export function ethernet(given: Given<typeof ethernetHeader>, payload: Part, paddedTo = 0): Part {
  const header = { type: payload.etherType ?? 0, ...given };
  return {
    size: Math.max(ethernetHeader.size + payload.size, paddedTo),
    write: (view, at) => {
      payload.write(view, encode(ethernetHeader, header, view, at));
    },
  };
}

/** A VLAN tag; tags nest, the outer one of two as `announced({ etherType: 0x88a8 }, vlan(…))`. */
export function vlan(given: Given<typeof vlanTag>, payload: Part): Part {
  const tag = { etype: payload.etherType ?? 0, ...given };
  return {
    size: vlanTag.size + payload.size,
    etherType: ETHERTYPE_VLAN,
    write: (view, at) => {
      payload.write(view, encode(vlanTag, tag, view, at));
    },
  };
}
