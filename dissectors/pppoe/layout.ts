import { bit, derived, named, over, part, rest, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

const CODE_NAMES: Readonly<Record<number, string>> = {
  0: 'Session data',
  7: 'Offer (PADO)',
  9: 'Initiation (PADI)',
  10: 'Session grant (PADG)',
  11: 'Session credit response (PADC)',
  12: 'Quality (PADQ)',
  25: 'Request (PADR)',
  101: 'Session confirmation (PADS)',
  167: 'Terminate (PADT)',
};

/**
 * The header of PPP over Ethernet: 6 bytes, big-endian.
 * Source: RFC 2516, "Payloads".
 */
export const pppoeHeader = layout('pppoe', {
  version: over(part(u8('Version'), 0xf0)),
  type: part(u8('Type'), 0x0f),
  code: u8('Code', 'hex', CODE_NAMES),
  session_id: u16('Session id', 'hex'),
  payload_length: u16('Payload length'),
});

const TAG_NAMES: Readonly<Record<number, string>> = {
  0: 'End of list',
  257: 'Service name',
  258: 'Access concentrator name',
  259: 'Host-Uniq',
  260: 'Access concentrator cookie',
  261: 'Vendor',
  262: 'Credits',
  263: 'Metrics',
  264: 'Sequence number',
  265: 'Credit scale factor',
  272: 'Relay session id',
  273: 'HURL',
  274: 'MOTM',
  288: 'PPP-Max-Payload',
  289: 'IP route add',
  513: 'Service name error',
  514: 'System error of the access concentrator',
  515: 'Generic error',
};

/**
 * The start of a tag of the discovery stage.
 * Source: RFC 2516, "TAG_TYPES and TAG_VALUES".
 */
export const tagHead = layout('pppoed', { tag: u16('Tag', 'hex', TAG_NAMES), tag_length: u16('Tag length') });

/** A tag whose value is text. */
export const TEXT_TAGS: ReadonlyMap<number, ReturnType<typeof text>> = new Map([
  [257, text('service_name', 'Service name')],
  [258, text('ac_name', 'Access concentrator name')],
  [513, text('service_name_error', 'Service name error')],
  [514, text('ac_system_error', 'System error of the access concentrator')],
  [515, text('generic_error', 'Generic error')],
]);

/** The values of tags that are bytes. */
export const VALUE_TAGS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [259, layout('pppoed', { 'tags.host_uniq': rest('Host-Uniq') })],
  [260, layout('pppoed', { 'tags.ac_cookie': rest('Access concentrator cookie') })],
  [272, layout('pppoed', { 'tags.relay_session_id': rest('Relay session id') })],
  [273, layout('pppoed', { 'tags.hurl': rest('HURL') })],
  [274, layout('pppoed', { 'tags.motm': rest('MOTM') })],
  [288, layout('pppoed', { 'tags.max_payload': rest('PPP-Max-Payload') })],
  [289, layout('pppoed', { 'tags.ip_route_add': rest('IP route add') })],
]);

const UNITS: Readonly<Record<number, string>> = { 0: 'kbit/s', 1: 'Mbit/s', 2: 'Gbit/s', 3: 'Tbit/s' };

/**
 * The values of tags for radio links that are of a fixed size. Source: RFC 5578, sections 2.1 to 2.4.
 */
export const FIXED_TAGS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [262, layout('pppoed', { 'tags.credits.fcn': u16('Forward credits'), 'tags.credits.bcn': u16('Backward credits') })],
  [
    263,
    layout('pppoed', {
      'tags.metrics.mdr_units': over(part(u16('Units of the maximum rate', 'hex', UNITS), 0x0018)),
      'tags.metrics.cdr_units': over(part(u16('Units of the current rate', 'hex', UNITS), 0x0006)),
      'tags.metrics.r': bit(u16('Receive only'), 0x0001),
      'tags.metrics.rlq': u8('Relative link quality'),
      'tags.metrics.resource': u8('Resource'),
      'tags.metrics.latency': u16('Latency'),
      'tags.metrics.curr_drate': u16('Current data rate'),
      'tags.metrics.max_drate': u16('Maximum data rate'),
    }),
  ],
  [264, layout('pppoed', { 'tags.seq_num': u16('Sequence number', 'hex') })],
  [265, layout('pppoed', { 'tags.credit_scale': u16('Credit scale factor') })],
]);

/** The same where they are of another size. */
export const ODD_TAGS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [262, layout('pppoed', { 'tags.credits': rest('Credits') })],
  [263, layout('pppoed', { 'tags.metrics': rest('Metrics') })],
]);

/** The vendor whose tags tell of subscriber lines: the Broadband Forum. Source: TR-101, appendix A. */
export const VENDOR_BROADBAND_FORUM = 3561;
export const vendorId = layout('pppoed', { 'tags.vendor_id': u32('Vendor id') });
export const vendorData = layout('pppoed', { 'tags.vendor_unspecified': rest('Vendor data') });
export const vendorTagHead = layout('pppoed', {
  'tags.vendorspecific.tag': u8('Tag', 'hex'),
  tag_length_8: u8('Tag length'),
});
export const VENDOR_TEXTS: ReadonlyMap<number, ReturnType<typeof text>> = new Map([
  [1, text('circuit_id', 'Circuit id')],
  [2, text('remote_id', 'Remote id')],
]);
const number = (key: string, label: string): Layout => layout('pppoed', { [`tags.${key}`]: u32(label) });
/** Rates are in kbit/s, delays in milliseconds. */
export const VENDOR_VALUES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x81, number('act_data_rate_up', 'Actual data rate upstream')],
  [0x82, number('act_data_rate_down', 'Actual data rate downstream')],
  [0x83, number('min_data_rate_up', 'Minimum data rate upstream')],
  [0x84, number('min_data_rate_down', 'Minimum data rate downstream')],
  [0x85, number('attainable_data_rate_up', 'Attainable data rate upstream')],
  [0x86, number('attainable_data_rate_down', 'Attainable data rate downstream')],
  [0x87, number('max_data_rate_up', 'Maximum data rate upstream')],
  [0x88, number('max_data_rate_down', 'Maximum data rate downstream')],
  [0x89, number('min_data_rate_up_lp', 'Minimum data rate upstream at low power')],
  [0x8a, number('min_data_rate_down_lp', 'Minimum data rate downstream at low power')],
  [0x8b, number('max_int_delay_up', 'Maximum interleaving delay upstream')],
  [0x8c, number('act_int_delay_up', 'Actual interleaving delay upstream')],
  [0x8d, number('max_int_delay_down', 'Maximum interleaving delay downstream')],
  [0x8e, number('act_int_delay_down', 'Actual interleaving delay downstream')],
  [
    0x90,
    layout('pppoed', {
      'tags.access_loop_encap.data_link': u8('Data link', 'hex', { 0: 'AAL5', 1: 'Ethernet' }),
      'tags.access_loop_encap.encap_1': u8('First encapsulation', 'hex'),
      'tags.access_loop_encap.encap_2': u8('Second encapsulation', 'hex'),
    }),
  ],
]);

/** The value of any other tag. */
export const unknownTag = layout('pppoed', { 'tag.unknown_data': rest('Unknown data') });

function text(key: string, label: string) {
  return named(`pppoed.tags.${key}`, derived(label, 'string'));
}
