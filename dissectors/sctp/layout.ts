import { bit, derived, type Field, ipv4, ipv6 as ipv6Address, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/**
 * The SCTP common header: 12 bytes, big-endian.
 * Source: RFC 9260, section 3.1 "SCTP Common Header Format".
 */
export const sctpHeader = layout('sctp', {
  srcport: u16('Source port'),
  dstport: u16('Destination port'),
  verification_tag: u32('Verification tag', 'hex'),
  /** A CRC-32C, least significant byte first; its value here is that of the bytes as they stand. */
  checksum: u32('Checksum', 'hex'),
});

/** Source: IANA, "SCTP Parameters", "Chunk Types". */
export const CHUNK_NAMES: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT_ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT_ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN_ACK',
  9: 'ERROR',
  10: 'COOKIE_ECHO',
  11: 'COOKIE_ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN_COMPLETE',
  15: 'AUTH',
  16: 'NR_SACK',
  64: 'I_DATA',
  128: 'ASCONF_ACK',
  129: 'PKTDROP',
  130: 'RE_CONFIG',
  132: 'PAD',
  192: 'FORWARD_TSN',
  193: 'ASCONF',
  194: 'I_FORWARD_TSN',
};

type Named = Field & { readonly path: string };
/** What a chunk, parameter or cause holds: fixed fields, then more of one kind. */
export interface Form {
  readonly layout: Layout;
  /** Entries of one size that fill the rest. */
  readonly entries?: Layout;
  /** A field that is the rest. */
  readonly rest?: Named;
  /** Units with a length of their own that fill the rest. */
  readonly units?: 'parameters' | 'causes';
}

const type = u8('Chunk type', 'dec', CHUNK_NAMES);
const length = { chunk_length: u16('Chunk length') };
const head = { chunk_type: type, chunk_flags: u8('Chunk flags', 'hex'), ...length };

/** What every chunk starts with; its length counts the whole chunk without padding. Source: RFC 9260, section 3.2. */
export const chunkHead = layout('sctp', head);

const raw = (key: string, label: string): Named => named(`sctp.${key}`, derived(label, 'bytes', 'hex'));

const dataHead = {
  chunk_type: type,
  chunk_flags: over(u8('Chunk flags', 'hex')),
  data_i_bit: over(bit(u8('Immediate SACK'), 0x08)),
  data_u_bit: over(bit(u8('Unordered'), 0x04)),
  data_b_bit: over(bit(u8('First piece'), 0x02)),
  data_e_bit: bit(u8('Last piece'), 0x01),
  ...length,
  /** Not relative to the first one seen: a packet alone does not know it. */
  data_tsn: over(u32('Transmission sequence number')),
  data_tsn_raw: u32('Transmission sequence number (absolute)'),
  data_sid: u16('Stream', 'hex'),
};
const payloadProtocol = { data_payload_proto_id: u32('Payload protocol') };

/** A DATA chunk before its data: 16 bytes. Source: RFC 9260, section 3.3.1. */
export const dataChunk = layout('sctp', { ...dataHead, data_ssn: u16('Stream sequence number'), ...payloadProtocol });
const messageHead = { ...dataHead, data_reserved: u16('Reserved'), data_mid: u32('Message') };
/** The first I-DATA chunk of a message before its data: 20 bytes. Source: RFC 8260, section 2.1. */
export const messageChunk = layout('sctp', { ...messageHead, ...payloadProtocol });
/** A later I-DATA chunk of a message. */
export const messagePieceChunk = layout('sctp', { ...messageHead, data_fsn: u32('Piece') });

const init = (prefix: 'init' | 'initack') => ({
  [`${prefix}_initiate_tag`]: u32('Initiate tag', 'hex'),
  [`${prefix}_credit`]: u32('Receiver window'),
  [`${prefix}_nr_out_streams`]: u16('Outbound streams'),
  [`${prefix}_nr_in_streams`]: u16('Inbound streams'),
  [`${prefix}_initial_tsn`]: u32('Initial TSN'),
});

/** A SACK before its gap blocks. Source: RFC 9260, section 3.3.4. */
export const sackChunk = layout('sctp', {
  ...head,
  sack_cumulative_tsn_ack: over(u32('Cumulative TSN')),
  sack_cumulative_tsn_ack_raw: u32('Cumulative TSN (absolute)'),
  sack_a_rwnd: u32('Receiver window'),
  sack_number_of_gap_blocks: u16('Gap blocks'),
  sack_number_of_duplicated_tsns: u16('Duplicate TSNs'),
});
export const gapBlock = layout('sctp', { sack_gap_block_start: u16('Gap start'), sack_gap_block_end: u16('Gap end') });
export const duplicateTsn = layout('sctp', { sack_duplicate_tsn: u32('Duplicate TSN') });

/** Source: draft-tuexen-tsvwg-sctp-nr-sack. */
export const nrSackChunk = layout('sctp', {
  ...head,
  nr_sack_cumulative_tsn_ack: u32('Cumulative TSN'),
  nr_sack_a_rwnd: u32('Receiver window'),
  nr_sack_number_of_gap_blocks: u16('Gap blocks'),
  nr_sack_number_of_nr_gap_blocks: u16('Gap blocks kept'),
  nr_sack_number_of_duplicated_tsns: u16('Duplicate TSNs'),
  nr_sack_reserved: u16('Reserved', 'hex'),
});
export const nrGapBlock = layout('sctp', {
  nr_sack_gap_block_start: u16('Gap start'),
  nr_sack_gap_block_end: u16('Gap end'),
});
export const nrKeptBlock = layout('sctp', {
  nr_sack_nr_gap_block_start: u16('Gap start'),
  nr_sack_nr_gap_block_end: u16('Gap end'),
});
export const nrDuplicateTsn = layout('sctp', { nr_sack_duplicate_tsn: u32('Duplicate TSN') });

const reflected = (key: string) => ({
  chunk_type: type,
  chunk_flags: over(u8('Chunk flags', 'hex')),
  [key]: bit(u8('Tag reflected'), 0x01),
  ...length,
});
const unknownChunk: Form = { layout: chunkHead, rest: raw('chunk_value', 'Chunk value') };

/** What chunks hold, by type. Sources: RFC 9260, section 3.3; RFCs 3758, 4820, 4895, 5061, 6525, 8260. */
const CHUNKS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [0, { layout: dataChunk }],
  [1, { layout: layout('sctp', { ...head, ...init('init') }), units: 'parameters' }],
  [2, { layout: layout('sctp', { ...head, ...init('initack') }), units: 'parameters' }],
  [3, { layout: sackChunk }],
  [4, { layout: chunkHead, units: 'parameters' }],
  [5, { layout: chunkHead, units: 'parameters' }],
  [6, { layout: layout('sctp', reflected('abort_t_bit')), units: 'causes' }],
  [7, { layout: layout('sctp', { ...head, shutdown_cumulative_tsn_ack: u32('Cumulative TSN') }) }],
  [8, { layout: chunkHead }],
  [9, { layout: chunkHead, units: 'causes' }],
  [10, { layout: chunkHead, rest: raw('cookie', 'Cookie') }],
  [11, { layout: chunkHead }],
  [12, { layout: layout('sctp', { ...head, ecne_lowest_tsn: u32('Lowest TSN') }) }],
  [13, { layout: layout('sctp', { ...head, cwr_lowest_tsn: u32('Lowest TSN') }) }],
  [14, { layout: layout('sctp', reflected('shutdown_complete_t_bit')) }],
  [
    15,
    {
      layout: layout('sctp', { ...head, shared_key_id: u16('Shared key'), hmac_id: u16('HMAC identifier') }),
      rest: raw('hmac', 'HMAC'),
    },
  ],
  [16, { layout: nrSackChunk }],
  [64, { layout: messageChunk }],
  [
    128,
    {
      layout: layout('sctp', { ...head, asconf_ack_seq_nr_number: u32('Sequence number', 'hex') }),
      units: 'parameters',
    },
  ],
  [
    129,
    {
      layout: layout('sctp', {
        ...head,
        pktdrop_bandwidth: u32('Bandwidth'),
        pktdrop_queuesize: u32('Queue size'),
        pktdrop_truncated_length: u16('Truncated length'),
        pktdrop_reserved: u16('Reserved'),
      }),
      rest: raw('pktdrop_datafield', 'Data'),
    },
  ],
  [130, { layout: chunkHead, units: 'parameters' }],
  [132, { layout: chunkHead, rest: raw('padding_data', 'Padding') }],
  [
    192,
    {
      layout: layout('sctp', { ...head, forward_tsn_tsn: u32('New cumulative TSN') }),
      entries: layout('sctp', { forward_tsn_sid: u16('Stream'), forward_tsn_ssn: u16('Stream sequence number') }),
    },
  ],
  [
    193,
    { layout: layout('sctp', { ...head, asconf_seq_nr_number: u32('Sequence number', 'hex') }), units: 'parameters' },
  ],
  [
    194,
    {
      layout: layout('sctp', { ...head, i_forward_tsn_tsn: u32('New cumulative TSN') }),
      entries: layout('sctp', {
        i_forward_tsn_sid: u16('Stream'),
        i_forward_tsn_flags: over(u16('Flags', 'hex')),
        i_forward_tsn_res: over(part(u16('Reserved'), 0xfffe)),
        i_forward_tsn_u_bit: bit(u16('Unordered'), 0x0001),
        forward_tsn_mid: u32('Message'),
      }),
    },
  ],
]);

export const chunkForm = (chunk: number): Form => CHUNKS.get(chunk) ?? unknownChunk;

const PARAMETER_NAMES: Readonly<Record<number, string>> = {
  1: 'heartbeat information',
  5: 'IPv4 address',
  6: 'IPv6 address',
  7: 'state cookie',
  8: 'unrecognized parameters',
  9: 'cookie preservative',
  11: 'host name',
  12: 'supported address types',
  13: 'outgoing reset request',
  14: 'incoming reset request',
  15: 'association reset request',
  16: 'reconfiguration response',
  17: 'add outgoing streams',
  18: 'add incoming streams',
  32768: 'ECN',
  32769: 'zero checksum acceptable',
  32770: 'random',
  32771: 'chunks to authenticate',
  32772: 'HMAC algorithms',
  32773: 'padding',
  32776: 'supported extensions',
  49152: 'forward TSN supported',
  49153: 'add address',
  49154: 'delete address',
  49155: 'error cause indication',
  49156: 'set primary address',
  49157: 'success indication',
  49158: 'adaptation layer',
};

const parameter = {
  parameter_type: u16('Parameter type', 'hex', PARAMETER_NAMES),
  parameter_length: u16('Parameter length'),
};
/** What every parameter starts with; its length counts the whole parameter without padding. Source: RFC 9260, section 3.2.1. */
export const parameterHead = layout('sctp', parameter);

const unknownParameter: Form = { layout: parameterHead, rest: raw('parameter_value', 'Value') };
const request = { parameter_reconfig_request_sequence_number: u32('Request sequence number') };
const response = { parameter_reconfig_response_sequence_number: u32('Response sequence number') };
const streams = layout('sctp', { parameter_reconfig_sid: u16('Stream') });
const correlated = layout('sctp', { ...parameter, correlation_id: u32('Correlation', 'hex') });

const PARAMETERS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [0x0001, { layout: parameterHead, rest: raw('parameter_heartbeat_information', 'Information') }],
  [0x0005, { layout: layout('sctp', { ...parameter, parameter_ipv4_address: ipv4('Address') }) }],
  [0x0006, { layout: layout('sctp', { ...parameter, parameter_ipv6_address: ipv6Address('Address') }) }],
  [0x0007, { layout: parameterHead, rest: raw('parameter_state_cookie', 'State cookie') }],
  // In milliseconds.
  [0x0009, { layout: layout('sctp', { ...parameter, parameter_cookie_preservative_incr: u32('Increment') }) }],
  [0x000b, { layout: parameterHead, rest: named('sctp.parameter_hostname', derived('Host name', 'string')) }],
  [
    0x000c,
    { layout: parameterHead, entries: layout('sctp', { parameter_supported_address_type: u16('Address type') }) },
  ],
  [
    0x000d,
    {
      layout: layout('sctp', {
        ...parameter,
        ...request,
        ...response,
        parameter_senders_last_assigned_tsn: u32("Sender's last TSN"),
      }),
      entries: streams,
    },
  ],
  [0x000e, { layout: layout('sctp', { ...parameter, ...request }), entries: streams }],
  [0x000f, { layout: layout('sctp', { ...parameter, ...request }) }],
  [
    0x0010,
    {
      layout: layout('sctp', { ...parameter, ...response, parameter_reconfig_response_result: u32('Result') }),
      entries: layout('sctp', {
        parameter_senders_next_tsn: u32("Sender's next TSN"),
        parameter_receivers_next_tsn: u32("Receiver's next TSN"),
      }),
    },
  ],
  [
    0x0011,
    {
      layout: layout('sctp', {
        ...parameter,
        ...request,
        parameter_add_outgoing_streams_number: u16('Number of streams'),
        parameter_add_outgoing_streams_reserved: u16('Reserved'),
      }),
    },
  ],
  [
    0x0012,
    {
      layout: layout('sctp', {
        ...parameter,
        ...request,
        parameter_add_incoming_streams_number: u16('Number of streams'),
        parameter_add_incoming_streams_reserved: u16('Reserved'),
      }),
    },
  ],
  [0x8002, { layout: parameterHead, rest: raw('random_number', 'Random number') }],
  [
    0x8003,
    { layout: parameterHead, entries: layout('sctp', { chunk_type_to_auth: u8('Chunk type', 'dec', CHUNK_NAMES) }) },
  ],
  [0x8004, { layout: parameterHead, entries: layout('sctp', { hmac_id: u16('HMAC identifier') }) }],
  [
    0x8008,
    { layout: parameterHead, entries: layout('sctp', { supported_chunk_type: u8('Chunk type', 'dec', CHUNK_NAMES) }) },
  ],
  [0xc001, { layout: correlated, units: 'parameters' }],
  [0xc002, { layout: correlated, units: 'parameters' }],
  [0xc003, { layout: correlated, units: 'causes' }],
  [0xc004, { layout: correlated, units: 'parameters' }],
  [0xc005, { layout: correlated }],
  [0xc006, { layout: layout('sctp', { ...parameter, adaptation_layer_indication: u32('Indication', 'hex') }) }],
]);

const CAUSE_NAMES: Readonly<Record<number, string>> = {
  1: 'invalid stream',
  2: 'missing mandatory parameter',
  3: 'stale cookie',
  4: 'out of resource',
  5: 'unresolvable address',
  6: 'unrecognized chunk type',
  7: 'invalid mandatory parameter',
  8: 'unrecognized parameters',
  9: 'no user data',
  10: 'cookie received while shutting down',
  11: 'restart with new addresses',
  12: 'user-initiated abort',
  13: 'protocol violation',
  160: 'delete of last address',
  161: 'refused for lack of resources',
  162: 'delete of source address',
  163: 'illegal address change',
  164: 'unauthorized',
  261: 'unsupported HMAC',
};

const cause = { cause_code: u16('Cause code', 'hex', CAUSE_NAMES), cause_length: u16('Cause length') };
/** What every error cause starts with. Source: RFC 9260, section 3.3.10. */
export const causeHead = layout('sctp', cause);

const unknownCause: Form = { layout: causeHead, rest: raw('cause_information', 'Information') };

const CAUSES: ReadonlyMap<number, Form> = new Map<number, Form>([
  [
    1,
    { layout: layout('sctp', { ...cause, cause_stream_identifier: u16('Stream'), cause_reserved: u16('Reserved') }) },
  ],
  [
    2,
    {
      layout: layout('sctp', { ...cause, cause_nr_of_missing_parameters: u32('Missing parameters') }),
      entries: layout('sctp', { cause_missing_parameter_type: u16('Parameter type', 'hex', PARAMETER_NAMES) }),
    },
  ],
  // In microseconds.
  [3, { layout: layout('sctp', { ...cause, cause_measure_of_staleness: u32('Staleness') }) }],
  [8, { layout: causeHead, units: 'parameters' }],
  [9, { layout: layout('sctp', { ...cause, cause_tsn: u32('TSN') }) }],
  [11, { layout: causeHead, units: 'parameters' }],
]);

/** A kind of unit that stands in a list, each with a length. */
export interface Unit {
  readonly name: 'Parameter' | 'Cause';
  readonly head: Layout;
  readonly form: (code: number) => Form;
  readonly names: (code: number) => string | undefined;
}
export const UNITS: Readonly<Record<'parameters' | 'causes', Unit>> = {
  parameters: {
    name: 'Parameter',
    head: parameterHead,
    form: (code) => PARAMETERS.get(code) ?? unknownParameter,
    names: (code) => PARAMETER_NAMES[code],
  },
  causes: {
    name: 'Cause',
    head: causeHead,
    form: (code) => CAUSES.get(code) ?? unknownCause,
    names: (code) => CAUSE_NAMES[code],
  },
};

/** All forms there are, for the fields that a filter can name. */
export const FORMS: readonly Form[] = [
  unknownChunk,
  unknownParameter,
  unknownCause,
  { layout: messagePieceChunk },
  { layout: gapBlock },
  { layout: duplicateTsn },
  { layout: nrGapBlock },
  { layout: nrKeptBlock },
  { layout: nrDuplicateTsn },
  ...CHUNKS.values(),
  ...PARAMETERS.values(),
  ...CAUSES.values(),
];
