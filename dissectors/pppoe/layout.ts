import { derived, named, over, part, rest, u8, u16, u32 } from '../wire/field.js';
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
  [261, layout('pppoed', { 'tags.vendor_id': u32('Vendor id') })],
  [272, layout('pppoed', { 'tags.relay_session_id': rest('Relay session id') })],
  [273, layout('pppoed', { 'tags.hurl': rest('HURL') })],
  [274, layout('pppoed', { 'tags.motm': rest('MOTM') })],
  [288, layout('pppoed', { 'tags.max_payload': rest('PPP-Max-Payload') })],
  [289, layout('pppoed', { 'tags.ip_route_add': rest('IP route add') })],
]);

/** The value of any other tag. */
export const unknownTag = layout('pppoed', { 'tag.unknown_data': rest('Unknown data') });

function text(key: string, label: string) {
  return named(`pppoed.tags.${key}`, derived(label, 'string'));
}
