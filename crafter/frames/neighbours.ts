import { optionHead } from '../../dissectors/icmp/layout-options.js';
import { neighbourAdvertisement, neighbourSolicitation } from '../../dissectors/icmp/layout-v6.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { arp } from '../link-part.js';
import { ipv6 } from '../network-part.js';
import { fields, joined, type Part, raw } from '../part.js';
import { icmpv6 } from '../transport-part.js';
import { type ForgedEnd, isIpv6 } from './forged-end.js';

/** Who wants to know which Ethernet address has the forged address. */
export interface Asker {
  readonly mac: Uint8Array;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
}

const REPLY = 2;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
/** Options with an Ethernet address. Source: RFC 4861, section 4.6.1. */
const SOURCE_MAC = 1;
const TARGET_MAC = 2;
/** What routers have passed on is not believed. Source: RFC 4861, section 7.1. */
const NOT_PASSED_ON = 255;
const EVERYBODY = new Uint8Array(6).fill(0xff);

/** A frame that asks which Ethernet address the other end has: an ARP request, or a neighbour solicitation. */
export function question(end: ForgedEnd, mac: Uint8Array): Part {
  const { localAddress, remoteAddress } = end;
  if (!isIpv6(end)) {
    const addresses = {
      'src.hw_mac': mac,
      'src.proto_ipv4': word(localAddress),
      'dst.proto_ipv4': word(remoteAddress),
    };
    return end.onLink(arp(addresses), { src: mac, dst: EVERYBODY });
  }
  const body = joined([
    fields(neighbourSolicitation, { 'nd.ns.target_address': remoteAddress }),
    option(SOURCE_MAC, mac),
  ]);
  const tail = remoteAddress.subarray(-3);
  const dst = Uint8Array.of(0x33, 0x33, 0xff, ...tail);
  return end.onLink(discovery(localAddress, solicitedNode(tail), SOLICITATION, body), { src: mac, dst });
}

/** A frame that says to who asked: the forged address is at this Ethernet address. */
export function answer(end: ForgedEnd, mac: Uint8Array, asker: Asker): Part {
  const { localAddress } = end;
  const macs = { src: mac, dst: asker.mac };
  if (!isIpv6(end)) {
    const own = { 'src.hw_mac': mac, 'src.proto_ipv4': word(localAddress) };
    const others = { 'dst.hw_mac': asker.mac, 'dst.proto_ipv4': word(asker.address) };
    return end.onLink(arp({ opcode: REPLY, ...own, ...others }), macs);
  }
  const flags = { 'nd.na.flag.s': true, 'nd.na.flag.o': true };
  const told = fields(neighbourAdvertisement, { ...flags, 'nd.na.target_address': localAddress });
  const body = joined([told, option(TARGET_MAC, mac)]);
  return end.onLink(discovery(localAddress, asker.address, ADVERTISEMENT, body), macs);
}

const discovery = (src: Uint8Array, dst: Uint8Array, type: number, body: Part): Part =>
  ipv6({ src, dst, hlim: NOT_PASSED_ON }, icmpv6({ type }, body));

/** An option of 8 bytes, which is its length of 1. */
const option = (type: number, mac: Uint8Array): Part =>
  joined([fields(optionHead, { 'opt.type': type, 'opt.length': 1 }), raw(mac)]);

/** The group that every address with this end listens to. Source: RFC 4291, section 2.7.1. */
const solicitedNode = (tail: Uint8Array): Uint8Array =>
  Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xff, ...tail);

/** An IPv4 address as a number. */
const word = (address: Uint8Array): number => viewOf(address).getUint32(0);
