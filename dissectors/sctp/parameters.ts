import { derived, ipv4, ipv6 as ipv6Address, named, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { CHUNK_NAMES, type Form, raw } from './form.js';

/** Says that packets may come with a checksum of zero. Source: RFC 9653, section 4. */
export const ZERO_CHECKSUM_ACCEPTABLE = 0x8001;

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

/** Source: RFC 9260, section 3.3.10; RFC 4895, section 4.2; RFC 5061, section 4.3. */
export const CAUSE_NAMES: Readonly<Record<number, string>> = {
  1: 'invalid stream identifier',
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
const causeHead = layout('sctp', cause);

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

/** All forms of parameters and causes. */
export const PARAMETER_FORMS: readonly Form[] = [
  unknownParameter,
  unknownCause,
  ...PARAMETERS.values(),
  ...CAUSES.values(),
];
