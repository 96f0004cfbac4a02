import { arpEthernetIpv4 } from '../dissectors/arp/layout.js';
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_VLAN } from '../dissectors/ethernet/ether-types.js';
import { ethernetHeader } from '../dissectors/ethernet/layout.js';
import { FAMILY_IPV4, loopHeader, nullHeader } from '../dissectors/loopback/layout.js';
import { sll2Header, sllHeader } from '../dissectors/sll/layout.js';
import { vlanTag } from '../dissectors/vlan/layout.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import type { Part } from './part.js';

/** The least bytes of an Ethernet frame without its check sequence: shorter ones are padded on the wire. */
export const SHORTEST_FRAME = 60;

/** An Ethernet II frame without its check sequence; shorter ones than `paddedTo` end in zeros. */
export function ethernet(given: Given<typeof ethernetHeader>, payload: Part, paddedTo = 0): Part {
  return {
    size: Math.max(ethernetHeader.size + payload.size, paddedTo),
    write: (view, at) => {
      encode(ethernetHeader, { type: payload.etherType ?? 0 }, view, at);
      payload.write(view, encode(ethernetHeader, given, view, at));
    },
  };
}

/** A VLAN tag; tags nest, the outer one of two as `announced({ etherType: 0x88a8 }, vlan(…))`. */
export function vlan(given: Given<typeof vlanTag>, payload: Part): Part {
  return {
    size: vlanTag.size + payload.size,
    etherType: ETHERTYPE_VLAN,
    write: (view, at) => {
      encode(vlanTag, { etype: payload.etherType ?? 0 }, view, at);
      payload.write(view, encode(vlanTag, given, view, at));
    },
  };
}

const HARDWARE_ETHERNET = 1;
/** Bytes of an Ethernet address. */
const MAC_SIZE = 6;

/** Linux's first cooked form, with an Ethernet address. */
export function sll(given: Given<typeof sllHeader>, payload: Part): Part {
  const header = { hatype: HARDWARE_ETHERNET, halen: MAC_SIZE, etype: payload.etherType ?? 0, ...given };
  return {
    size: sllHeader.size + payload.size,
    write: (view, at) => {
      payload.write(view, encode(sllHeader, header, view, at));
    },
  };
}

/** Linux's second cooked form, with an Ethernet address. */
export function sll2(given: Given<typeof sll2Header>, payload: Part): Part {
  const header = { hatype: HARDWARE_ETHERNET, halen: MAC_SIZE, etype: payload.etherType ?? 0, ...given };
  return {
    size: sll2Header.size + payload.size,
    write: (view, at) => {
      payload.write(view, encode(sll2Header, header, view, at));
    },
  };
}

/** The family of macOS for IPv6; other systems have other numbers. */
const FAMILY_IPV6_MACOS = 30;

const familyOf = (payload: Part): number =>
  payload.etherType === ETHERTYPE_IPV4 ? FAMILY_IPV4 : payload.etherType === ETHERTYPE_IPV6 ? FAMILY_IPV6_MACOS : 0;

/** The header of a BSD loopback, in the byte order of a little-endian host. */
export const loopback = (given: Given<typeof nullHeader>, payload: Part): Part => ({
  size: nullHeader.size + payload.size,
  write: (view, at) => {
    payload.write(view, encode(nullHeader, { family: familyOf(payload), ...given }, view, at));
  },
});

/** The header of OpenBSD's loopback, big-endian. */
export const loop = (given: Given<typeof loopHeader>, payload: Part): Part => ({
  size: loopHeader.size + payload.size,
  write: (view, at) => {
    payload.write(view, encode(loopHeader, { family: familyOf(payload), ...given }, view, at));
  },
});

const REQUEST = 1;
/** Bytes of an IPv4 address. */
const IPV4_SIZE = 4;

/** ARP for IPv4 over Ethernet; a request unless another opcode is given. */
export function arp(given: Given<typeof arpEthernetIpv4>): Part {
  const values = {
    'hw.type': HARDWARE_ETHERNET,
    'proto.type': ETHERTYPE_IPV4,
    'hw.size': MAC_SIZE,
    'proto.size': IPV4_SIZE,
    opcode: REQUEST,
    ...given,
  };
  return {
    size: arpEthernetIpv4.size,
    etherType: ETHERTYPE_ARP,
    write: (view, at) => {
      encode(arpEthernetIpv4, values, view, at);
    },
  };
}
