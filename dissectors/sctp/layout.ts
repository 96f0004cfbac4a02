import { bit, over, part, u8, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { CHUNK_NAMES, type Form, raw } from './form.js';
import { PARAMETER_FORMS } from './parameters.js';

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

const type = u8('Chunk type', 'dec', CHUNK_NAMES);
const length = { chunk_length: u16('Chunk length') };
const head = { chunk_type: type, chunk_flags: u8('Chunk flags', 'hex'), ...length };

/** What every chunk starts with; its length counts the whole chunk without padding. Source: RFC 9260, section 3.2. */
export const chunkHead = layout('sctp', head);

const dataHead = {
  chunk_type: type,
  chunk_flags: over(u8('Chunk flags', 'hex')),
  data_i_bit: over(bit(u8('Immediate SACK'), 0x08)),
  data_u_bit: over(bit(u8('Unordered'), 0x04)),
  data_b_bit: over(bit(u8('First piece'), 0x02)),
  data_e_bit: bit(u8('Last piece'), 0x01),
  ...length,
  /** Shown relative to the first one seen in its direction. */
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

/** An INIT before its parameters; an INIT ACK has the same fields in the same places. Source: RFC 9260, section 3.3.2. */
export const initChunk = layout('sctp', {
  ...head,
  init_initiate_tag: u32('Initiate tag', 'hex'),
  init_credit: u32('Receiver window'),
  init_nr_out_streams: u16('Outbound streams'),
  init_nr_in_streams: u16('Inbound streams'),
  init_initial_tsn: u32('Initial TSN'),
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
  [1, { layout: initChunk, units: 'parameters' }],
  [
    2,
    {
      layout: layout('sctp', {
        ...head,
        initack_initiate_tag: u32('Initiate tag', 'hex'),
        initack_credit: u32('Receiver window'),
        initack_nr_out_streams: u16('Outbound streams'),
        initack_nr_in_streams: u16('Inbound streams'),
        initack_initial_tsn: u32('Initial TSN'),
      }),
      units: 'parameters',
    },
  ],
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

/** All forms there are, for the fields that a filter can name. */
export const FORMS: readonly Form[] = [
  unknownChunk,
  { layout: messagePieceChunk },
  { layout: gapBlock },
  { layout: duplicateTsn },
  { layout: nrGapBlock },
  { layout: nrKeptBlock },
  { layout: nrDuplicateTsn },
  ...CHUNKS.values(),
  ...PARAMETER_FORMS,
];
