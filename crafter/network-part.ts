import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../dissectors/ethernet/ether-types.js';
import { ipv4Header } from '../dissectors/ipv4/layout.js';
import {
  PROTOCOL_DESTINATION,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  PROTOCOL_ROUTING,
} from '../dissectors/ipv4/protocols.js';
import {
  destinationHeader,
  fragmentHeader,
  hopByHopHeader,
  ipv6Header,
  routingHeader,
} from '../dissectors/ipv6/layout.js';
import { internetChecksum, sum16 } from '../dissectors/wire/checksum.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import { build, nothing, type Part, raw } from './part.js';

const DEFAULT_TTL = 64;

/** An IPv4 packet. Options should fill whole words of 4 bytes. */
export function ipv4(given: Given<typeof ipv4Header>, payload: Part, options: Part = nothing): Part {
  const length = ipv4Header.size + options.size;
  const size = length + payload.size;
  const { fields } = ipv4Header;
  const derived = { version: 4, hdr_len: length, len: size, ttl: DEFAULT_TTL, proto: payload.protocol ?? 0 };
  return {
    size,
    etherType: ETHERTYPE_IPV4,
    protocol: PROTOCOL_IPV4,
    write: (view, at) => {
      encode(ipv4Header, derived, view, at);
      options.write(view, encode(ipv4Header, given, view, at));
      const checksum = given.checksum ?? internetChecksum(sum16(view, at, at + length));
      fields.checksum.write(view, at, checksum);
      payload.write(view, at + length, sum16(view, at + fields.src.offset, at + ipv4Header.size));
    },
  };
}

/**
 * An IPv4 packet in fragments of `size` bytes of payload each, a multiple of 8 unless meant to be wrong. The payload's
 * checksums are those of the whole.
 */
export function ipv4Fragments(given: Given<typeof ipv4Header>, payload: Part, size: number): Part[] {
  const whole = build(ipv4(given, payload)).subarray(ipv4Header.size);
  const fragments: Part[] = [];
  for (let at = 0; at < whole.length; at += size) {
    const place = { frag_offset: at / FRAGMENT_UNIT, 'flags.mf': at + size < whole.length };
    fragments.push(ipv4({ proto: payload.protocol ?? 0, ...given, ...place }, raw(whole.subarray(at, at + size))));
  }
  return fragments;
}

const FRAGMENT_UNIT = 8;

/** An IPv6 packet; extension headers are parts of their own, around the payload proper. */
export function ipv6(given: Given<typeof ipv6Header>, payload: Part): Part {
  const { fields, size } = ipv6Header;
  const derived = { version: 6, plen: payload.size, nxt: payload.protocol ?? NO_NEXT_HEADER, hlim: DEFAULT_TTL };
  return {
    size: size + payload.size,
    etherType: ETHERTYPE_IPV6,
    protocol: PROTOCOL_IPV6,
    write: (view, at) => {
      encode(ipv6Header, derived, view, at);
      encode(ipv6Header, given, view, at);
      payload.write(view, at + size, sum16(view, at + fields.src.offset, at + size));
    },
  };
}

/** Source: RFC 8200, section 4.7. */
const NO_NEXT_HEADER = 59;

/** The words of 8 bytes that follow the first of an extension header. */
const wordsAfterFirst = (size: number): number => Math.ceil(size / 8) - 1;

/** An extension header: its fixed fields, its body padded to whole words of 8 bytes, and what follows it. */
function extension(protocol: number, head: number, write: Part['write'], body: Part, payload: Part): Part {
  const size = 8 * (1 + wordsAfterFirst(head + body.size));
  return {
    size: size + payload.size,
    protocol,
    write: (view, at, addressSum) => {
      write(view, at);
      body.write(view, at + head);
      const left = size - head - body.size;
      // PadN, or Pad1, which is zero.
      if (left > 1) new Uint8Array(view.buffer, view.byteOffset).set([1, left - 2], at + size - left);
      payload.write(view, at + size, addressSum);
    },
  };
}

/** Hop-by-hop options, which are padded, and the payload that follows them. */
export function hopByHop(given: Given<typeof hopByHopHeader>, options: Part, payload: Part): Part {
  const { size } = hopByHopHeader;
  const header = { nxt: payload.protocol ?? NO_NEXT_HEADER, len: wordsAfterFirst(size + options.size), ...given };
  const write = (view: DataView, at: number) => void encode(hopByHopHeader, header, view, at);
  return extension(PROTOCOL_HOP_BY_HOP, size, write, options, payload);
}

/** Destination options, which are padded, and the payload that follows them. */
export function destinationOptions(given: Given<typeof destinationHeader>, options: Part, payload: Part): Part {
  const { size } = destinationHeader;
  const header = { nxt: payload.protocol ?? NO_NEXT_HEADER, len: wordsAfterFirst(size + options.size), ...given };
  const write = (view: DataView, at: number) => void encode(destinationHeader, header, view, at);
  return extension(PROTOCOL_DESTINATION, size, write, options, payload);
}

/** A routing header; what comes after its first 4 bytes depends on its type and should fill whole words. */
export function routing(given: Given<typeof routingHeader>, body: Part, payload: Part): Part {
  const { size } = routingHeader;
  const header = { nxt: payload.protocol ?? NO_NEXT_HEADER, len: wordsAfterFirst(size + body.size), ...given };
  const write = (view: DataView, at: number) => void encode(routingHeader, header, view, at);
  return extension(PROTOCOL_ROUTING, size, write, body, payload);
}

/** A fragment header and the piece of the payload that follows it. */
export function fragment(given: Given<typeof fragmentHeader>, payload: Part): Part {
  const header = { nxt: payload.protocol ?? NO_NEXT_HEADER, ...given };
  return {
    size: fragmentHeader.size + payload.size,
    protocol: PROTOCOL_FRAGMENT,
    write: (view, at, addressSum) => {
      payload.write(view, encode(fragmentHeader, header, view, at), addressSum);
    },
  };
}

/** An IPv6 packet in fragments of `size` bytes each, a multiple of 8. The payload's checksums are those of the whole. */
export function ipv6Fragments(given: Given<typeof ipv6Header>, ident: number, payload: Part, size: number): Part[] {
  const whole = build(ipv6(given, payload)).subarray(ipv6Header.size);
  const fragments: Part[] = [];
  for (let at = 0; at < whole.length; at += size) {
    const place = {
      nxt: payload.protocol ?? NO_NEXT_HEADER,
      offset: at / FRAGMENT_UNIT,
      more: at + size < whole.length,
    };
    fragments.push(ipv6(given, fragment({ ...place, ident }, raw(whole.subarray(at, at + size)))));
  }
  return fragments;
}
