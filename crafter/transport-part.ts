import { icmpHeader } from '../dissectors/icmp/layout.js';
import { icmpv6Header } from '../dissectors/icmp/layout-v6.js';
import {
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_SCTP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from '../dissectors/ipv4/protocols.js';
import { chunkForm, dataChunk, sctpHeader } from '../dissectors/sctp/layout.js';
import { tcpHeader } from '../dissectors/tcp/layout.js';
import { udpHeader } from '../dissectors/udp/layout.js';
import { crc32c, internetChecksum, sum16 } from '../dissectors/wire/checksum.js';
import type { Value } from '../dissectors/wire/field.js';
import type { Layout } from '../dissectors/wire/layout.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import { nothing, type Part, sizeOf, writeAll } from './part.js';

/** A UDP datagram. A field left out is derived; a field given is sent as given, however wrong. */
export function udp(given: Given<typeof udpHeader>, payload: Part): Part {
  const size = udpHeader.size + payload.size;
  return {
    size,
    protocol: PROTOCOL_UDP,
    write: (view, at, addressSum = 0) => {
      encode(udpHeader, { length: size, dstport: payload.port ?? 0 }, view, at);
      payload.write(view, encode(udpHeader, given, view, at));
      if (given.checksum !== undefined) return;
      // Zero would mean that there is none; its other form means the same sum.
      udpHeader.fields.checksum.write(view, at, checksumOf(view, at, size, addressSum, PROTOCOL_UDP) || 0xffff);
    },
  };
}

/** A TCP segment. Options should fill whole words of 4 bytes. */
export function tcp(given: Given<typeof tcpHeader>, payload: Part, options: Part = nothing): Part {
  const length = tcpHeader.size + options.size;
  const size = length + payload.size;
  const derived = { hdr_len: length, window_size_value: 0xffff, dstport: payload.port ?? 0 };
  return {
    size,
    protocol: PROTOCOL_TCP,
    write: (view, at, addressSum = 0) => {
      encode(tcpHeader, derived, view, at);
      options.write(view, encode(tcpHeader, given, view, at));
      payload.write(view, at + length);
      if (given.checksum !== undefined) return;
      tcpHeader.fields.checksum.write(view, at, checksumOf(view, at, size, addressSum, PROTOCOL_TCP));
    },
  };
}

/** An SCTP packet: its header and its chunks. */
export function sctp(given: Given<typeof sctpHeader>, chunks: readonly Part[]): Part {
  const size = sctpHeader.size + sizeOf(chunks);
  return {
    size,
    protocol: PROTOCOL_SCTP,
    write: (view, at) => {
      writeAll(chunks, view, encode(sctpHeader, given, view, at));
      if (given.checksum !== undefined) return;
      // Least significant byte first. Source: RFC 9260, appendix A.
      view.setUint32(at + sctpHeader.fields.checksum.offset, crc32c(view, at, at + size), true);
    },
  };
}

/** An SCTP chunk of any type, and what follows its fixed fields. */
export const sctpChunk = (type: number, given: Readonly<Record<string, Value>>, body: Part = nothing): Part =>
  chunk(chunkForm(type).layout, { chunk_type: type, ...given }, body);

const WHOLE_MESSAGE = { data_b_bit: true, data_e_bit: true };

/** An SCTP DATA chunk; with a whole message unless the bits for its first and last piece are given. */
export const sctpData = (given: Given<typeof dataChunk>, payload: Part): Part =>
  chunk(dataChunk, { ...WHOLE_MESSAGE, ...given }, payload);

const WORD = 4;

/** A chunk with its length, padded to whole words that the length does not count. */
function chunk(layout: Layout, given: Readonly<Record<string, Value>>, body: Part): Part {
  const length = layout.size + body.size;
  return {
    size: WORD * Math.ceil(length / WORD),
    write: (view, at) => {
      body.write(view, encode(layout, { chunk_length: length, ...given }, view, at));
    },
  };
}

/** An ICMP message: what follows its first word is the body's. */
export function icmp(given: Given<typeof icmpHeader>, body: Part): Part {
  const size = icmpHeader.size + body.size;
  return {
    size,
    protocol: PROTOCOL_ICMP,
    write: (view, at) => {
      body.write(view, encode(icmpHeader, given, view, at));
      if (given.checksum !== undefined) return;
      icmpHeader.fields.checksum.write(view, at, internetChecksum(sum16(view, at, at + size)));
    },
  };
}

/** An ICMPv6 message, whose checksum covers the pseudo-header too. */
export function icmpv6(given: Given<typeof icmpv6Header>, body: Part): Part {
  const size = icmpv6Header.size + body.size;
  return {
    size,
    protocol: PROTOCOL_ICMPV6,
    write: (view, at, addressSum = 0) => {
      body.write(view, encode(icmpv6Header, given, view, at));
      if (given.checksum !== undefined) return;
      icmpv6Header.fields.checksum.write(view, at, checksumOf(view, at, size, addressSum, PROTOCOL_ICMPV6));
    },
  };
}

/**
 * The checksum of a message with the pseudo-header of IP before it.
 * Source: RFC 9293, section 3.1 "Header Format"; RFC 8200, section 8.1 "Upper-Layer Checksums".
 */
const checksumOf = (view: DataView, at: number, size: number, addressSum: number, protocol: number): number =>
  internetChecksum(addressSum + protocol + size + sum16(view, at, at + size));
