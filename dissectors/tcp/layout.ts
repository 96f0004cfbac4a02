import { bit, bytes, derived, named, over, part, u8, u16, u24, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { optionKind, optionStart } from './option-start.js';

const flag = (label: string, mask: number) => bit(u16(label), mask);

/**
 * The TCP header without its options: 20 bytes, big-endian.
 * Source: RFC 9293, section 3.1 "Header Format"; draft-ietf-tcpm-accurate-ecn for the flag AE, once NS.
 */
export const tcpHeader = layout('tcp', {
  srcport: u16('Source port'),
  dstport: u16('Destination port'),
  seq_raw: u32('Sequence number (raw)'),
  ack_raw: u32('Acknowledgement number (raw)'),
  /** In bytes, though the wire counts words of 4; never below 20. */
  hdr_len: over(part(u8('Header length'), 0xf0, 4)),
  flags: over(part(u16('Flags', 'hex'), 0x0fff)),
  'flags.res': over(flag('Reserved', 0x0e00)),
  'flags.ae': over(flag('Accurate ECN', 0x0100)),
  'flags.cwr': over(flag('Congestion window reduced', 0x0080)),
  'flags.ece': over(flag('ECN echo', 0x0040)),
  'flags.urg': over(flag('Urgent', 0x0020)),
  'flags.ack': over(flag('Acknowledgement', 0x0010)),
  'flags.push': over(flag('Push', 0x0008)),
  'flags.reset': over(flag('Reset', 0x0004)),
  'flags.syn': over(flag('Syn', 0x0002)),
  'flags.fin': flag('Fin', 0x0001),
  window_size_value: u16('Window'),
  checksum: u16('Checksum', 'hex'),
  urgent_pointer: u16('Urgent pointer'),
});

/** What the segment's place in its stream tells, and what follows from its limits. */
export const DERIVED = {
  stream: named('tcp.stream', derived('Stream')),
  length: named('tcp.len', derived('Segment length')),
  sequence: named('tcp.seq', derived('Sequence number (relative)')),
  next: named('tcp.nxtseq', derived('Next sequence number (relative)')),
  acknowledgement: named('tcp.ack', derived('Acknowledgement number (relative)')),
  flags: named('tcp.flags.str', derived('Flags', 'string')),
  options: named('tcp.options', derived('Options', 'bytes', 'hex')),
  sackPermitted: named('tcp.options.sack_perm', derived('SACK permitted', 'bool')),
  blocks: named('tcp.options.sack.count', derived('SACK blocks')),
  multiplier: named('tcp.options.wscale.multiplier', derived('Multiplier')),
};

/** An option of one byte: end of options, no operation. */
export const bareOption = layout('tcp', { option_kind: optionKind });
/** What every longer option starts with; its length counts the whole option. */
export const optionHead = layout('tcp', optionStart);

/** The edges of one block of a SACK option. Source: RFC 2018, section 3. */
export const sackBlock = layout('tcp', {
  'options.sack_le': u32('SACK left edge'),
  'options.sack_re': u32('SACK right edge'),
});

const echo = layout('tcp', { ...optionStart, 'options.echo_value': u32('Echo') });
const connectionCount = layout('tcp', { ...optionStart, 'options.cc_value': u32('Connection count') });
const experiment = layout('tcp', { ...optionStart, 'options.experimental.exid': u16('Experiment', 'hex') });

/** Options of a fixed start, by kind; what is left of them is shown as bytes. Sources: RFCs 7323, 1072, 1644, 2385, 4782, 5482, 5925, 7413, 8684. */
export const FIXED_OPTIONS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [2, layout('tcp', { ...optionStart, 'options.mss_val': u16('MSS') })],
  [3, layout('tcp', { ...optionStart, 'options.wscale.shift': u8('Shift') })],
  [6, echo],
  [7, echo],
  [
    8,
    layout('tcp', {
      ...optionStart,
      'options.timestamp.tsval': u32('Timestamp value'),
      'options.timestamp.tsecr': u32('Timestamp echo reply'),
    }),
  ],
  [11, connectionCount],
  [12, connectionCount],
  [13, connectionCount],
  [19, layout('tcp', { ...optionStart, 'options.md5.digest': bytes('MD5 digest', 16) })],
  [
    27,
    layout('tcp', {
      ...optionStart,
      'options.qs.rate': part(u8('QS rate'), 0x0f),
      'options.qs.ttl_diff': u8('QS TTL difference'),
    }),
  ],
  [
    28,
    layout('tcp', {
      ...optionStart,
      'options.user_to_granularity': over(bit(u16('Minutes, not seconds'), 0x8000)),
      'options.user_to_val': part(u16('User timeout'), 0x7fff),
    }),
  ],
  [29, layout('tcp', { ...optionStart, 'options.ao.keyid': u8('Key id'), 'options.ao.rnextkeyid': u8('Next key id') })],
  [
    172,
    layout('tcp', {
      ...optionStart,
      'options.acc_ecn.ee0b': u24('ECT(0) bytes'),
      'options.acc_ecn.eceb': u24('CE bytes'),
      'options.acc_ecn.ee1b': u24('ECT(1) bytes'),
    }),
  ],
  [
    174,
    layout('tcp', {
      ...optionStart,
      'options.acc_ecn.ee1b': u24('ECT(1) bytes'),
      'options.acc_ecn.eceb': u24('CE bytes'),
      'options.acc_ecn.ee0b': u24('ECT(0) bytes'),
    }),
  ],
  [253, experiment],
  [254, experiment],
]);

export const fastOpenCookie = named('tcp.options.tfo.cookie', derived('Fast open cookie', 'bytes', 'hex'));
/** An option of fast open without a cookie. Source: RFC 7413, section 2. */
export const fastOpenRequest = named('tcp.options.tfo.request', derived('Fast open cookie request', 'bool'));

/** What is left of an option, by kind, where it has a name of its own. */
export const REST = new Map([
  [29, named('tcp.options.ao.mac', derived('MAC', 'bytes', 'hex'))],
  [34, fastOpenCookie],
  [253, named('tcp.options.experimental.data', derived('Data', 'bytes', 'hex'))],
  [254, named('tcp.options.experimental.data', derived('Data', 'bytes', 'hex'))],
]);
export const unknownRest = named('tcp.options.unknown.payload', derived('Payload', 'bytes', 'hex'));
