import { bit, bytes, ipv4, ipv6, over, part, u8, u16, u32, u64 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { optionStart } from './option-start.js';

/** The subtypes of the option. Source: RFC 8684, section 8.1. */
export const SUBTYPES = {
  capable: 0,
  join: 1,
  signal: 2,
  addAddress: 3,
  removeAddress: 4,
  priority: 5,
  fail: 6,
  fastClose: 7,
  reset: 8,
};

const NAMES: Readonly<Record<number, string>> = {
  0: 'capable',
  1: 'join',
  2: 'data sequence signal',
  3: 'add address',
  4: 'remove address',
  5: 'change priority',
  6: 'fail',
  7: 'fast close',
  8: 'subflow reset',
};

const subtype = part(u8('Subtype', 'dec', NAMES), 0xf0);
const addressId = u8('Address id');
const flags = over(u8('Flags', 'hex'));
const reserved = part(u16('Reserved', 'hex'), 0x0fff);

/** What every multipath option starts with: 3 bytes, of which the last holds the subtype. */
export const multipathStart = layout('tcp', { ...optionStart, 'options.mptcp.subtype': subtype });

const capable = {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.version': part(u8('Version'), 0x0f),
  'options.mptcp.flags': flags,
  'options.mptcp.checksumreq.flags': over(bit(u8('Checksum required'), 0x80)),
  'options.mptcp.extensibility.flag': over(bit(u8('Extensibility'), 0x40)),
};
const sha256 = {
  ...capable,
  'options.mptcp.nomoresubflows.flag': over(bit(u8('No subflows to this address and port'), 0x20)),
  'options.mptcp.reserved.flag': over(part(u8('Reserved', 'hex'), 0x1e)),
  'options.mptcp.sha256.flag': bit(u8('HMAC-SHA256'), 0x01),
};
const sha1 = {
  ...capable,
  'options.mptcp.reserved.flag': over(part(u8('Reserved', 'hex'), 0x3e)),
  'options.mptcp.sha1.flag': bit(u8('HMAC-SHA1'), 0x01),
};
const senderKey = { 'options.mptcp.sendkey': u64("Sender's key") };
const keys = { ...senderKey, 'options.mptcp.recvkey': u64("Receiver's key") };
const dataLength = { 'options.mptcp.datalvllen': u16('Data-level length') };
const checksum = { 'options.mptcp.checksum': u16('Checksum', 'hex') };

const capableOf = (start: typeof sha256 | typeof sha1): readonly Layout[] => [
  layout('tcp', start),
  layout('tcp', { ...start, ...senderKey }),
  layout('tcp', { ...start, ...keys }),
  layout('tcp', { ...start, ...keys, ...dataLength }),
  layout('tcp', { ...start, ...keys, ...dataLength, ...checksum }),
];

/** MP_CAPABLE, from the shortest form on. Sources: RFC 8684, section 3.1; RFC 6824, section 3.1, for version 0. */
const CAPABLE = { first: capableOf(sha1), second: capableOf(sha256) };

const join = {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.flags': flags,
  'options.mptcp.backup.flag': bit(u8('Backup'), 0x01),
  'options.mptcp.addrid': addressId,
};
const random = { 'options.mptcp.sendrand': u32("Sender's random number") };

/** MP_JOIN of a SYN, 12 bytes; of a SYN-ACK, 16; of an ACK, 24. Source: RFC 8684, section 3.2. */
export const joinSyn = layout('tcp', { ...join, 'options.mptcp.recvtok': u32("Receiver's token"), ...random });
export const joinSynAck = layout('tcp', {
  ...join,
  'options.mptcp.sendtrunchmac': u64("Sender's truncated HMAC"),
  ...random,
});
export const joinAck = layout('tcp', {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.reserved': reserved,
  'options.mptcp.sendhmac': bytes("Sender's HMAC", 20),
});

const DATA_FIN = 0x10;
const LONG_SEQUENCE = 0x08;
const HAS_SEQUENCE = 0x04;
const LONG_ACKNOWLEDGEMENT = 0x02;
const HAS_ACKNOWLEDGEMENT = 0x01;
const SIGNAL_FORMS = 16;

const signal = {
  ...optionStart,
  'options.mptcp.subtype': subtype,
  'options.mptcp.flags': flags,
  'options.mptcp.datafin.flag': over(bit(u8('DATA_FIN'), DATA_FIN)),
  'options.mptcp.dseqn8.flag': over(bit(u8('Data sequence number has 8 bytes'), LONG_SEQUENCE)),
  'options.mptcp.dseqnpresent.flag': over(bit(u8('Mapping is present'), HAS_SEQUENCE)),
  'options.mptcp.dataack8.flag': over(bit(u8('Data acknowledgement has 8 bytes'), LONG_ACKNOWLEDGEMENT)),
  'options.mptcp.dataackpresent.flag': bit(u8('Data acknowledgement is present'), HAS_ACKNOWLEDGEMENT),
};

/** A data sequence signal with what its flags announce. Source: RFC 8684, section 3.3. */
function signalOf(form: number, hasChecksum: boolean): Layout {
  const wide = (label: string, mask: number) => (form & mask ? u64(label) : u32(label));
  const acknowledgement =
    form & HAS_ACKNOWLEDGEMENT
      ? { 'options.mptcp.rawdataack': wide('Data acknowledgement', LONG_ACKNOWLEDGEMENT) }
      : {};
  const mapping =
    form & HAS_SEQUENCE
      ? {
          'options.mptcp.rawdataseqno': wide('Data sequence number', LONG_SEQUENCE),
          'options.mptcp.subflowseqno': u32('Subflow sequence number'),
          ...dataLength,
          ...(hasChecksum && checksum),
        }
      : {};
  return layout('tcp', { ...signal, ...acknowledgement, ...mapping });
}

const SIGNALS = {
  bare: Array.from({ length: SIGNAL_FORMS }, (_, form) => signalOf(form, false)),
  checked: Array.from({ length: SIGNAL_FORMS }, (_, form) => signalOf(form, true)),
};

const address = { 'options.mptcp.addrid': addressId };
const echo = {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.echo': part(u8('Echo'), 0x01),
  ...address,
};
const version = {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.ipver': part(u8('IP version'), 0x0f),
  ...address,
};
const port = { 'options.mptcp.port': u16('Advertised port') };
const hmac = { 'options.mptcp.addaddrtrunchmac': u64('Truncated HMAC') };
const four = { 'options.mptcp.ipv4': ipv4('Advertised IPv4 address') };
const six = { 'options.mptcp.ipv6': ipv6('Advertised IPv6 address') };

const byLength = (start: typeof echo | typeof version): ReadonlyMap<number, Layout> =>
  new Map(
    [four, six]
      .flatMap((own) => [{ ...own }, { ...own, ...port }, { ...own, ...hmac }, { ...own, ...port, ...hmac }])
      .map((own) => layout('tcp', { ...start, ...own }))
      .map((one) => [one.size, one] as const),
  );

/** ADD_ADDR, by length. Sources: RFC 8684, section 3.4.1; RFC 6824, section 3.4.1, where the IP version stood. */
const ADDRESSES = { first: byLength(version), second: byLength(echo) };

const priority = {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.flags': flags,
  'options.mptcp.backup.flag': bit(u8('Backup'), 0x01),
};
/** MP_PRIO with and without an address id. Sources: RFC 8684, section 3.3.8; RFC 6824, section 3.3.8. */
const PRIORITY = [layout('tcp', priority), layout('tcp', { ...priority, ...address })] as const;

const low = { ...optionStart, 'options.mptcp.subtype': over(subtype), 'options.mptcp.reserved': reserved };
const fail = layout('tcp', { ...low, 'options.mptcp.rawdataseqno': u64('Data sequence number') });
const fastClose = layout('tcp', { ...low, 'options.mptcp.recvkey': u64("Receiver's key") });
/** Source: RFC 8684, section 3.6. */
const REASONS: Readonly<Record<number, string>> = {
  0: 'unspecified error',
  1: 'MPTCP-specific error',
  2: 'lack of resources',
  3: 'administratively prohibited',
  4: 'too much outstanding data',
  5: 'unacceptable performance',
  6: 'middlebox interference',
};
const reset = layout('tcp', {
  ...optionStart,
  'options.mptcp.subtype': over(subtype),
  'options.mptcp.flags': flags,
  'options.mptcp.flag_U.flag': over(bit(u8('Flag U'), 0x08)),
  'options.mptcp.flag_V.flag': over(bit(u8('Flag V'), 0x04)),
  'options.mptcp.flag_W.flag': over(bit(u8('Flag W'), 0x02)),
  'options.mptcp.flag_T.flag': bit(u8('Transient'), 0x01),
  'options.mptcp.rst_reason': u8('Reason', 'hex', REASONS),
});

const FIRST_VERSION = 0;

/**
 * The layout of the multipath option at `at`, of which at least 3 bytes are there; a length that its subtype does not
 * have takes the longest that fits.
 * @param length of the option, in bytes
 */
export function multipathLayout(view: DataView, at: number, length: number): Layout {
  switch (multipathStart.fields['options.mptcp.subtype'].read(view, at)) {
    case SUBTYPES.capable:
      return longest((view.getUint8(at + 2) & 0x0f) === FIRST_VERSION ? CAPABLE.first : CAPABLE.second, length);
    case SUBTYPES.join:
      return longest([joinSyn, joinSynAck, joinAck], length);
    case SUBTYPES.signal:
      return signalAt(view, at, length);
    case SUBTYPES.addAddress:
      return ((view.getUint8(at + 2) & 0x0f) > 1 ? ADDRESSES.first : ADDRESSES.second).get(length) ?? multipathStart;
    case SUBTYPES.priority:
      return longest(PRIORITY, length);
    case SUBTYPES.fail:
      return longest([fail], length);
    case SUBTYPES.fastClose:
      return longest([fastClose], length);
    case SUBTYPES.reset:
      return longest([reset], length);
    default:
      return multipathStart;
  }
}

function signalAt(view: DataView, at: number, length: number): Layout {
  if (length <= 3) return multipathStart;
  const form = view.getUint8(at + 3) & (SIGNAL_FORMS - 1);
  const checked = SIGNALS.checked[form] ?? multipathStart;
  return checked.size <= length ? checked : (SIGNALS.bare[form] ?? multipathStart);
}

/** One address of REMOVE_ADDR, of which each has a byte. Source: RFC 8684, section 3.4.2. */
export const removedAddress = layout('tcp', address);

/** Whether the option at `at`, of at least 3 bytes, is a list of addresses that follow its first 3 bytes. */
export const isRemoval = (view: DataView, at: number): boolean =>
  multipathStart.fields['options.mptcp.subtype'].read(view, at) === SUBTYPES.removeAddress;

/** The longest of some layouts that an option of this length has room for. */
const longest = (layouts: readonly Layout[], length: number): Layout =>
  layouts.findLast(({ size }) => size <= length) ?? multipathStart;

/** Every layout of the option. */
export const MULTIPATH_LAYOUTS: readonly Layout[] = [
  multipathStart,
  ...CAPABLE.first,
  ...CAPABLE.second,
  joinSyn,
  joinSynAck,
  joinAck,
  ...SIGNALS.checked,
  ...ADDRESSES.first.values(),
  ...ADDRESSES.second.values(),
  ...PRIORITY,
  fail,
  fastClose,
  reset,
  removedAddress,
];
