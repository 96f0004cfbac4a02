import { expect, test } from 'vitest';
import { sctp } from '../../dissectors/sctp/dissect.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { hex } from '../hex.js';
import { all, context, found, layerOf, shown, told } from './dissecting.js';

const HEAD = '1388 1092 deadbeef 00000000'; // port 5000 to 4242
const DATA = '00 03 0015 000003e8 0001 0002 0000002e 68656c6c6f 000000';
const stop = (why: string, what: string, need: number, have: number, at = 0) => ({
  ok: false,
  why,
  what,
  at,
  need,
  have,
});

/** A packet of these chunks with its right checksum. */
function packet(...chunks: readonly string[]): DataView {
  const view = hex(`${HEAD} ${chunks.join('')}`);
  view.setUint32(8, crc32c(view, 0, view.byteLength), true);
  return view;
}

test('finds the message of a DATA chunk', () => {
  expect(found(sctp, packet(DATA))).toMatchObject({
    ok: true,
    at: 28,
    limit: { captured: 33, wire: 33 },
    table: 'payload',
    key: 46,
    facts: { type: 'checksum', status: 'good' },
    findings: undefined,
  });
});

test('finds the messages of several chunks, in order', () => {
  const sack = '03 00 0010 000003e8 00001388 0000 0000';
  const ordered = '40 03 0018 000003e9 0001 0000 00000005 00000007 aabbccdd';
  expect(found(sctp, packet(sack, DATA, ordered))).toMatchObject({
    at: 44,
    limit: { captured: 49, wire: 49 },
    more: [{ ok: true, at: 72, limit: { captured: 76, wire: 76 }, table: 'payload', key: 7 }],
  });
});

test.each([
  ['the first piece of a message', '00 02 0014 000003e8 0001 0002 00000000 01020304'],
  ['the last piece of a message', '00 01 0014 000003e8 0001 0002 00000000 01020304'],
  ['a chunk of control', '0b 00 0004'],
  ['no chunk at all', ''],
])('%s has no payload', (_, chunk) => {
  const view = packet(chunk);
  expect(found(sctp, view)).toMatchObject({ ok: true, at: view.byteLength, table: 'none' });
});

test.each([
  ['without its header', 11, 12, '', stop('truncated', 'sctp', 12, 11)],
  ['that the sender cut', 11, 11, '', stop('malformed', 'sctp', 12, 11)],
  ['with a chunk cut by the capture', 15, 16, '0b000004', stop('truncated', 'sctp.chunk', 4, 3, 12)],
  ['with a chunk cut by the sender', 15, 15, '0b000004', stop('malformed', 'sctp.chunk', 4, 3, 12)],
  ['with a chunk length below 4', 16, 16, '0b000003', stop('malformed', 'sctp.chunk_length', 4, 3, 12)],
  ['with a chunk length past the end', 16, 16, '0b000005', stop('malformed', 'sctp.chunk_length', 5, 4, 12)],
  [
    'with a DATA chunk too short',
    28,
    28,
    `0003000f${'00'.repeat(12)}`,
    stop('malformed', 'sctp.chunk_length', 16, 15, 12),
  ],
  ['with a DATA chunk cut in its head', 20, 40, DATA, stop('truncated', 'sctp.chunk', 16, 8, 12)],
])('stops at a packet %s', (_, captured, wire, chunks, expected) => {
  expect(sctp.dissect(hex(`${HEAD} ${chunks}`), 0, { captured, wire }, context())).toEqual(expected);
});

test('a message that the capture cut is found, and the rest is not told twice', () => {
  const view = packet(DATA, DATA);
  const cut = sctp.dissect(view, 0, { captured: 30, wire: view.byteLength }, context());
  const expected = { at: 28, limit: { captured: 30, wire: 33 }, facts: { status: 'unverified' }, findings: undefined };
  expect(cut).toMatchObject(expected);
});

test('damage behind a message is told beside it', () => {
  const dissected = found(sctp, packet(DATA, '0b000003'));
  expect(dissected).toMatchObject({ ok: true, at: 28 });
  expect(told(dissected)).toEqual(['sctp.chunk_length: needs 4 bytes, there are 3']);
});

test('a padding that the sender left out is no damage', () => {
  const view = packet(DATA.slice(0, -7));
  expect(found(sctp, view)).toMatchObject({ ok: true, at: 28, limit: { captured: 33, wire: 33 }, findings: undefined });
});

test('judges a checksum', () => {
  const view = packet(DATA);
  const right = view.getUint32(8);
  view.setUint32(8, right ^ 1);
  expect(found(sctp, view)).toMatchObject({ facts: { status: 'bad', expected: right } });
  expect(told(found(sctp, view))).toEqual([`SCTP checksum should be 0x${right.toString(16).padStart(8, '0')}`]);
  expect(found(sctp, view, { quoted: true })).toMatchObject({ findings: undefined });
});

test('shows the header and a DATA chunk', () => {
  const view = hex(`${HEAD} ${DATA}`);
  expect(shown(sctp, view)).toEqual({
    'sctp.srcport': '5000',
    'sctp.dstport': '4242',
    'sctp.verification_tag': '0xdeadbeef',
    'sctp.checksum': '0x00000000',
    'sctp.checksum.status': '0',
    'sctp.chunk_type': '0',
    'sctp.chunk_flags': '0x03',
    'sctp.data_i_bit': '0',
    'sctp.data_u_bit': '0',
    'sctp.data_b_bit': '1',
    'sctp.data_e_bit': '1',
    'sctp.chunk_length': '21',
    'sctp.data_tsn_raw': '1000',
    'sctp.data_sid': '0x0001',
    'sctp.data_ssn': '2',
    'sctp.data_payload_proto_id': '46',
  });
});

const INIT = '11223344 00010000 000a 0014 000003e8';

test.each([
  [
    'INIT',
    `01 00 0014 ${INIT}`,
    {
      'sctp.init_initiate_tag': '0x11223344',
      'sctp.init_credit': '65536',
      'sctp.init_nr_out_streams': '10',
      'sctp.init_nr_in_streams': '20',
      'sctp.init_initial_tsn': '1000',
    },
  ],
  [
    'INIT_ACK',
    `02 00 0020 ${INIT} 0007 0009 aabbccddee 000000`,
    {
      'sctp.initack_initiate_tag': '0x11223344',
      'sctp.parameter_type': '0x0007',
      'sctp.parameter_state_cookie': 'aabbccddee',
    },
  ],
  [
    'addresses',
    `01 00 0030 ${INIT} 0005 0008 01020304 0006 0014 ${'00'.repeat(15)}01`,
    { 'sctp.parameter_ipv4_address': '1.2.3.4', 'sctp.parameter_ipv6_address': '::1' },
  ],
  ['extensions', `01 00 001a ${INIT} 8008 0006 c180 0000`, { 'sctp.supported_chunk_type': '193,128' }],
  [
    'SACK',
    '03 00 001c 000003e8 00001388 0001 0002 0002 0003 00000007 00000008',
    {
      'sctp.sack_cumulative_tsn_ack_raw': '1000',
      'sctp.sack_gap_block_start_tsn': '1002',
      'sctp.sack_gap_block_end_tsn': '1003',
      'sctp.sack_number_of_tsns_gap_acked': '2',
      'sctp.sack_a_rwnd': '5000',
      'sctp.sack_gap_block_start': '2',
      'sctp.sack_gap_block_end': '3',
      'sctp.sack_duplicate_tsn': '7,8',
    },
  ],
  ['HEARTBEAT', '04 00 000c 0001 0008 62656174', { 'sctp.parameter_heartbeat_information': '62656174' }],
  [
    'ABORT',
    '06 01 000c 000c 0008 62796521',
    { 'sctp.abort_t_bit': '1', 'sctp.cause_code': '0x000c', 'sctp.cause_information': '62796521' },
  ],
  ['ERROR', '09 00 000c 0001 0008 0005 0000', { 'sctp.cause_stream_identifier': '5' }],
  ['SHUTDOWN', '07 00 0008 000003e8', { 'sctp.shutdown_cumulative_tsn_ack': '1000' }],
  ['COOKIE_ECHO', '0a 00 0007 aabbcc 00', { 'sctp.cookie': 'aabbcc' }],
  [
    'AUTH',
    '0f 00 000c 0001 0003 aabbccdd',
    { 'sctp.shared_key_id': '1', 'sctp.hmac_id': '3', 'sctp.hmac': 'aabbccdd' },
  ],
  [
    'ASCONF',
    'c1 00 0018 00000001 c001 0010 00000007 0005 0008 01020304',
    {
      'sctp.asconf_seq_nr_number': '0x00000001',
      'sctp.correlation_id': '0x00000007',
      'sctp.parameter_ipv4_address': '1.2.3.4',
    },
  ],
  [
    'RE_CONFIG',
    '82 00 0016 000d 0012 00000001 00000002 00000003 0004 0000',
    { 'sctp.parameter_senders_last_assigned_tsn': '3', 'sctp.parameter_reconfig_sid': '4' },
  ],
  [
    'FORWARD_TSN',
    'c0 00 000c 000003ed 0001 0002',
    { 'sctp.forward_tsn_tsn': '1005', 'sctp.forward_tsn_sid': '1', 'sctp.forward_tsn_ssn': '2' },
  ],
  [
    'a first I_DATA',
    '40 03 0015 000003e8 0001 0000 00000005 0000002e aa 000000',
    { 'sctp.data_mid': '5', 'sctp.data_payload_proto_id': '46' },
  ],
  [
    'a later I_DATA',
    '40 01 0015 000003e8 0001 0000 00000005 00000001 aa 000000',
    { 'sctp.data_mid': '5', 'sctp.data_fsn': '1' },
  ],
  ['an unknown chunk', '63 00 0007 aabbcc 00', { 'sctp.chunk_type': '99', 'sctp.chunk_value': 'aabbcc' }],
])('shows %s', (_, chunk, expected) => {
  expect(shown(sctp, packet(chunk))).toMatchObject(expected);
});

test('parameters inside parameters end at some depth', () => {
  let parameter = '';
  for (let depth = 0; depth < 20; depth++) {
    const length = (8 + parameter.length / 2).toString(16).padStart(4, '0');
    parameter = `c001${length}00000001${parameter}`;
  }
  const length = (4 + parameter.length / 2).toString(16).padStart(4, '0');
  const values = shown(sctp, packet(`0400${length}${parameter}`));
  expect(values['sctp.parameter_type']?.split(',')).toHaveLength(4);
});

test('names the chunks in one line', () => {
  const view = packet('0b 00 0004', DATA, '63 00 0004');
  const layer = layerOf('sctp', 0, all(view), found(sctp, view));
  expect(sctp.summary(view, layer)).toBe('5000 → 4242 COOKIE_ACK, DATA, chunk 99');
});
