import { ETHERTYPE_BRIDGED, ETHERTYPE_MPLS } from '../dissectors/ethernet/ether-types.js';
import { geneveHeader } from '../dissectors/geneve/layout.js';
import { checksumPart, greHeader, keyPart, sequencePart } from '../dissectors/gre/layout.js';
import { gtpHeader, OPTIONAL_SIZE } from '../dissectors/gtp/layout.js';
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_GRE,
  PROTOCOL_MPLS,
  PROTOCOL_UDP_LITE,
} from '../dissectors/ipv4/protocols.js';
import { authenticationHeader } from '../dissectors/ipv6/layout.js';
import { labelEntry } from '../dissectors/mpls/layout.js';
import { udpLiteHeader } from '../dissectors/udplite/layout.js';
import { vxlanHeader } from '../dissectors/vxlan/layout.js';
import { internetChecksum, sum16 } from '../dissectors/wire/checksum.js';
import { encode, type Given } from '../dissectors/wire/message.js';
import { announced, fields, joined, nothing, type Part } from './part.js';

/** The optional parts of a GRE header: each is there when it is given. */
export interface GreOptions {
  readonly key?: number;
  readonly sequence?: number;
  readonly checksum?: true;
}

/** A packet in GRE, version 0. Source: RFC 2784, section 2; RFC 2890, section 2. */
export function gre(given: Given<typeof greHeader>, payload: Part, { key, sequence, checksum }: GreOptions = {}): Part {
  const flags = {
    'flags.checksum': checksum === true,
    'flags.key': key !== undefined,
    'flags.sequence_number': sequence !== undefined,
    proto: payload.etherType ?? 0,
  };
  const whole = joined([
    fields(greHeader, { ...flags, ...given }),
    checksum ? fields(checksumPart, {}) : nothing,
    key === undefined ? nothing : fields(keyPart, { key }),
    sequence === undefined ? nothing : fields(sequencePart, { sequence_number: sequence }),
    payload,
  ]);
  const write: Part['write'] = (view, at) => {
    whole.write(view, at);
    if (!checksum) return;
    const sum = internetChecksum(sum16(view, at, at + whole.size));
    checksumPart.fields.checksum.write(view, at + greHeader.size, sum);
  };
  return { size: whole.size, protocol: PROTOCOL_GRE, write };
}

/** An Ethernet frame as the payload of a tunnel: announced by the EtherType of bridged frames. */
export const bridged = (frame: Part): Part => announced({ etherType: ETHERTYPE_BRIDGED }, frame);

/** An Ethernet frame in VXLAN. Source: RFC 7348, section 5. */
export const vxlan = (given: Given<typeof vxlanHeader>, frame: Part): Part =>
  joined([fields(vxlanHeader, { flag_i: true, ...given }), frame]);

/** A packet in Geneve, with options, which fill whole words of 4 bytes. Source: RFC 8926, section 3.4. */
export const geneve = (given: Given<typeof geneveHeader>, payload: Part, options: Part = nothing): Part =>
  joined([
    fields(geneveHeader, { 'option.length': options.size, proto_type: payload.etherType ?? 0, ...given }),
    options,
    payload,
  ]);

/** A packet under labels, outermost first. Source: RFC 3032, section 2.1. */
export function mpls(labels: readonly Given<typeof labelEntry>[], payload: Part): Part {
  const entries = labels.map((given, place) =>
    fields(labelEntry, { ttl: 64, bottom: place === labels.length - 1 ? 1 : 0, ...given }),
  );
  return announced({ etherType: ETHERTYPE_MPLS, protocol: PROTOCOL_MPLS }, joined([...entries, payload]));
}

const USER_DATA = 255;

/** A packet in GTP, version 1; optional fields and extension headers as they are. Source: 3GPP TS 29.281, section 5.1. */
export function gtp(given: Given<typeof gtpHeader>, payload: Part, optional: Part = nothing): Part {
  const length = optional.size + payload.size;
  const header = { 'flags.version': 1, 'flags.payload': 1, message: USER_DATA, length, ...given };
  return joined([fields(gtpHeader, header), optional, payload]);
}

/** The optional fields of a GTP header, and extension headers behind them. */
export const gtpOptional = (sequence: number, next: number, extensions: Part = nothing): Part => ({
  size: OPTIONAL_SIZE + extensions.size,
  write: (view, at) => {
    view.setUint16(at, sequence);
    view.setUint8(at + OPTIONAL_SIZE - 1, next);
    extensions.write(view, at + OPTIONAL_SIZE);
  },
});

/** What the length of an authentication header counts, and what it leaves out. */
const WORD = 4;
const LEFT_OUT = 2;

/** A packet or a transport's header behind an authentication header. Source: RFC 4302, section 2. */
export function authenticated(given: Given<typeof authenticationHeader>, value: Part, payload: Part): Part {
  const length = (authenticationHeader.size + value.size) / WORD - LEFT_OUT;
  const header = fields(authenticationHeader, { next_header: payload.protocol ?? 0, length, ...given });
  return announced({ protocol: PROTOCOL_AUTHENTICATION }, joined([header, value, payload]));
}

/** A UDP-Lite datagram; its checksum covers all of it unless another coverage is given. Source: RFC 3828, section 3.1. */
export function udpLite(given: Given<typeof udpLiteHeader>, payload: Part): Part {
  const size = udpLiteHeader.size + payload.size;
  const covered = Math.min(given.checksum_coverage || size, size);
  return {
    size,
    protocol: PROTOCOL_UDP_LITE,
    write: (view, at, addressSum = 0) => {
      payload.write(view, encode(udpLiteHeader, given, view, at));
      if (given.checksum !== undefined) return;
      const sum = internetChecksum(addressSum + PROTOCOL_UDP_LITE + size + sum16(view, at, at + covered));
      udpLiteHeader.fields.checksum.write(view, at, sum || 0xffff);
    },
  };
}
