import { PROTOCOL_TCP, PROTOCOL_UDP } from '../dissectors/ipv4/protocols.js';
import { tcpHeader } from '../dissectors/tcp/layout.js';
import { udpHeader } from '../dissectors/udp/layout.js';
import { internetChecksum, sum16 } from '../dissectors/wire/checksum.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import { nothing, type Part } from './part.js';

/** A UDP datagram. A field left out is derived; a field given is sent as given, however wrong. */
export function udp(given: Given<typeof udpHeader>, payload: Part): Part {
  const size = udpHeader.size + payload.size;
  const header = { length: size, ...given };
  return {
    size,
    protocol: PROTOCOL_UDP,
    write: (view, at, addressSum = 0) => {
      payload.write(view, encode(udpHeader, header, view, at));
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
  const header = { hdr_len: length, window_size_value: 0xffff, ...given };
  return {
    size,
    protocol: PROTOCOL_TCP,
    write: (view, at, addressSum = 0) => {
      options.write(view, encode(tcpHeader, header, view, at));
      payload.write(view, at + length);
      if (given.checksum !== undefined) return;
      tcpHeader.fields.checksum.write(view, at, checksumOf(view, at, size, addressSum, PROTOCOL_TCP));
    },
  };
}

/**
 * The checksum of a message with the pseudo-header of IP before it.
 * Source: RFC 9293, section 3.1 "Header Format"; RFC 8200, section 8.1 "Upper-Layer Checksums".
 */
const checksumOf = (view: DataView, at: number, size: number, addressSum: number, protocol: number): number =>
  internetChecksum(addressSum + protocol + size + sum16(view, at, at + size));
