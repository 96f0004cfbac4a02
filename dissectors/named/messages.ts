import { startsWith, type Tells } from './first-bytes.js';

export const byteAt = (view: DataView, at: number, captured: number): number =>
  at < captured ? view.getUint8(at) : -1;

/** BER, with which SNMP, LDAP and Kerberos begin: a sequence, or an application tag. */
export const isSequence: Tells = (view, at, { captured }) => byteAt(view, at, captured) === 0x30;
export const isApplicationTag: Tells = (view, at, { captured }) => (byteAt(view, at, captured) & 0xe0) === 0x60;

/** A length in the message that is that of the datagram, or of what it says of itself. */
export const lengthIs =
  (offset: number): Tells =>
  (view, at, { captured, wire }) =>
    at + offset + 2 <= captured && view.getUint16(at + offset) <= wire - at && view.getUint16(at + offset) >= 20;

/** Source: RFC 2131, section 2; RFC 951, section 3. */
export const isDhcp: Tells = (view, at, { captured, wire }) => {
  const operation = byteAt(view, at, captured);
  return (operation === 1 || operation === 2) && wire - at >= 236;
};
const DHCP_COOKIE = 236;
const DHCP_OPTIONS = 240;
const DHCP_TYPE = 53;
const DHCP_NAMES = ['', 'Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NAK', 'Release', 'Inform'] as const;

/** Source: RFC 2132, section 9.6 "DHCP Message Type". */
export function dhcpNote(view: DataView, at: number, captured: number): string {
  let option = at + DHCP_OPTIONS;
  if (option > captured || view.getUint32(at + DHCP_COOKIE) !== 0x63825363) return 'Boot message';
  while (option + 2 < captured) {
    const code = view.getUint8(option);
    if (code === DHCP_TYPE) return `DHCP ${DHCP_NAMES[view.getUint8(option + 2)] ?? 'message'}`;
    if (code === 255) break;
    option += code === 0 ? 1 : 2 + view.getUint8(option + 1);
  }
  return 'DHCP message';
}

/** Source: RFC 9915, section 7.3. */
export const DHCPV6_NAMES = [
  '',
  'Solicit',
  'Advertise',
  'Request',
  'Confirm',
  'Renew',
  'Rebind',
  'Reply',
  'Release',
  'Decline',
  'Reconfigure',
  'Information-request',
  'Relay-forw',
  'Relay-reply',
] as const;

/** Source: RFC 5905, section 7.3. */
export const isNtp: Tells = (view, at, { captured, wire }) => {
  const version = (byteAt(view, at, captured) >> 3) & 7;
  return version >= 1 && version <= 4 && wire - at >= 12;
};
const NTP_MODES = ['', 'symmetric active', 'symmetric passive', 'client', 'server', 'broadcast', 'control', 'private'];
export const ntpNote = (view: DataView, at: number): string => {
  const first = view.getUint8(at);
  return `NTP Version ${(first >> 3) & 7}, ${NTP_MODES[first & 7]}`;
};

/** Source: RFC 1350, section 5; RFC 2347. */
export const isTftp: Tells = (view, at, { captured }) =>
  at + 4 <= captured && view.getUint8(at) === 0 && view.getUint8(at + 1) >= 1 && view.getUint8(at + 1) <= 6;
const TFTP_NAMES = ['', 'Read Request', 'Write Request', 'Data Packet', 'Acknowledgement', 'Error Code', 'Option ACK'];
export const tftpNote = (view: DataView, at: number, captured: number): string =>
  TFTP_NAMES[byteAt(view, at + 1, captured)] ?? '';

export const isSmb =
  (...marks: readonly number[]): Tells =>
  (view, at, { captured }) =>
    at + 8 <= captured && view.getUint8(at) === 0 && marks.includes(view.getUint32(at + 4));

/** What stands behind the length of NetBIOS in messages of both versions. */
export const SMB_MARK = 0xff53_4d42;
export const SMB2_MARK = 0xfe53_4d42;
export const SMB3_ENCRYPTED = 0xfd53_4d42;

/** Source: RFC 3376, section 4; RFC 2236, section 2. */
export function igmpLabel(view: DataView, at: number, end: number): string {
  switch (view.getUint8(at)) {
    case 0x11:
      return end - at >= 12 ? 'IGMPv3' : byteAt(view, at + 1, end) === 0 ? 'IGMPv1' : 'IGMPv2';
    case 0x12:
      return 'IGMPv1';
    case 0x16:
    case 0x17:
      return 'IGMPv2';
    case 0x22:
      return 'IGMPv3';
    default:
      return 'IGMP';
  }
}
export const IGMP_NAMES: Readonly<Record<number, string>> = {
  17: 'Membership Query',
  18: 'Membership Report',
  22: 'Membership Report',
  23: 'Leave Group',
  34: 'Membership Report',
};

const OSPF_NAMES = ['', 'Hello Packet', 'DB Description', 'LS Request', 'LS Update', 'LS Acknowledge'];
export const ospfNote = (view: DataView, at: number, captured: number): string =>
  OSPF_NAMES[byteAt(view, at + 1, captured)] ?? '';

/** Source: RFC 2453, section 4. */
export const isRip: Tells = (view, at, { captured, wire }) => {
  const version = byteAt(view, at + 1, captured);
  return wire - at >= 4 && (version === 1 || version === 2);
};

/** Over UDP: a call of version 2 or an answer. Source: RFC 5531, section 9. */
export const isRpc: Tells = (view, at, { captured }) =>
  at + 12 <= captured && view.getUint32(at + 4) <= 1 && (view.getUint32(at + 4) === 1 || view.getUint32(at + 8) === 2);

/** Source: RFC 4271, section 4.1: the marker of every message. */
const BGP_NAMES = ['', 'OPEN Message', 'UPDATE Message', 'NOTIFICATION Message', 'KEEPALIVE Message', 'ROUTE-REFRESH'];
export const bgpNote = (view: DataView, at: number, captured: number): string =>
  at + 19 <= captured && view.getUint32(at) === 0xffff_ffff ? (BGP_NAMES[view.getUint8(at + 18)] ?? '') : '';

/** Types of messages: a request, a response and an error of the two methods. */
const CLASSIC_STUN: readonly number[] = [0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112];
const STUN_HEADER = 20;
/** A message of STUN before it had a cookie, which fills its datagram. Source: RFC 3489, section 11.1. */
export const isClassicStun: Tells = (view, at, { captured, wire }) =>
  at + STUN_HEADER <= captured &&
  CLASSIC_STUN.includes(view.getUint16(at)) &&
  view.getUint16(at + 2) + STUN_HEADER === wire - at;

const MEDIA_TYPE = 'application/sdp';
/** Bytes of a message that are looked at for the type of its body. */
const MOST_HEAD = 4096;

/** A message of SIP that carries the description of a session is named after both. */
export function sipLabel(view: DataView, at: number, captured: number): string {
  const end = Math.min(captured, at + MOST_HEAD) - MEDIA_TYPE.length;
  for (let place = at; place <= end; place++) {
    if (startsWith(view, place, { captured, wire: captured }, MEDIA_TYPE)) return 'SIP/SDP';
  }
  return 'SIP';
}
