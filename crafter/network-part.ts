import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../dissectors/ethernet/ether-types.js';
import { ipv4Header } from '../dissectors/ipv4/layout.js';
import { PROTOCOL_IPV4, PROTOCOL_IPV6 } from '../dissectors/ipv4/protocols.js';
import { ipv6Header } from '../dissectors/ipv6/layout.js';
import { internetChecksum, sum16 } from '../dissectors/wire/checksum.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import { build, nothing, type Part, raw } from './part.js';

const DEFAULT_TTL = 64;

/** An IPv4 packet. Options should fill whole words of 4 bytes. */
export function ipv4(given: Given<typeof ipv4Header>, payload: Part, options: Part = nothing): Part {
  const length = ipv4Header.size + options.size;
  const size = length + payload.size;
  const { fields } = ipv4Header;
  const header = { version: 4, hdr_len: length, len: size, ttl: DEFAULT_TTL, proto: payload.protocol ?? 0, ...given };
  return {
    size,
    etherType: ETHERTYPE_IPV4,
    protocol: PROTOCOL_IPV4,
    write: (view, at) => {
      options.write(view, encode(ipv4Header, header, view, at));
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
  const header = {
    version: 6,
    plen: payload.size,
    nxt: payload.protocol ?? NO_NEXT_HEADER,
    hlim: DEFAULT_TTL,
    ...given,
  };
  return {
    size: size + payload.size,
    etherType: ETHERTYPE_IPV6,
    protocol: PROTOCOL_IPV6,
    write: (view, at) => {
      encode(ipv6Header, header, view, at);
      payload.write(view, at + size, sum16(view, at + fields.src.offset, at + size));
    },
  };
}

/** Source: RFC 8200, section 4.7. */
const NO_NEXT_HEADER = 59;
