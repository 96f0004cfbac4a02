import { bit, derived, fixedText, ipv4, named, over, u8, u16, u16le, u32le, u64le } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { ELECTIONS, NODES, OPERATIONS, TAGS, TYPES } from './numbers.js';

/** What both sides begin with. Source: Ceph, src/include/msgr.h, `CEPH_BANNER`. */
export const BANNER = 'ceph v027';
export const bannerPart = layout('ceph', { ver: fixedText('Version', BANNER.length) });

/** An address as it stands behind the banner: 136 bytes, of which an IPv4 one fills the first. Source: `ceph_entity_addr`. */
export const ADDRESS_SIZE = 136;
export const addressPart = layout('ceph', {
  /** Of 32 bits, of which the lowest 8 are used. */
  node_type: { ...u8('Node type', 'hex', NODES), advance: 4 },
  node_nonce: u32le('Nonce', 'hex'),
  af: u16('Address family', 'hex', { 2: 'IPv4', 10: 'IPv6' }),
  'client.port': u16('Port'),
});
export const address4 = layout('ceph', { 'client.ip4': ipv4('IPv4 address') });

/** The connection's negotiation, without the authorizer behind it. Source: `ceph_msg_connect`. */
export const connectHead = layout('ceph', {
  'connect.features.low': u32le('Features', 'hex'),
  'connect.features.high': u32le('Features (higher bits)', 'hex'),
  'connect.host': u32le('Host type', 'hex', NODES),
  'connect.global_seq': u32le('Global sequence number'),
  'connect.seq': u32le('Sequence number'),
  'connect.ver': u32le('Protocol version'),
  'connect.auth.proto': u32le('Authentication protocol'),
  /** In bytes. */
  'connect.auth.size': u32le('Authentication size'),
  'connect.flags': over(u8('Flags', 'hex')),
  'flags.lossy': bit(u8('Lossy'), 0x01),
});

/** The answer to it. Source: `ceph_msg_connect_reply`. */
export const replyHead = layout('ceph', {
  tag: u8('Tag', 'hex', TAGS),
  'connect.features.low': u32le('Features', 'hex'),
  'connect.features.high': u32le('Features (higher bits)', 'hex'),
  'connect.global_seq': u32le('Global sequence number'),
  'connect.seq': u32le('Sequence number'),
  'connect.ver': u32le('Protocol version'),
  'connect.auth.size': u32le('Authentication size'),
  'connect.flags': over(u8('Flags', 'hex')),
  'flags.lossy': bit(u8('Lossy'), 0x01),
});
export const existingPart = layout('ceph', { seq_existing: u64le('Existing sequence number') });
export const newlyPart = layout('ceph', { seq_new: u64le('Newly acknowledged sequence number') });

/** The tag of a frame. */
export const tagPart = layout('ceph', { tag: u8('Tag', 'hex', TAGS) });
export const ackPart = layout('ceph', { ack: u64le('Acknowledgement') });

/** The header of a message, little-endian. The checksum is of what comes before it. Source: `ceph_msg_header`. */
export const messageHead = layout('ceph', {
  seq: u64le('Sequence number'),
  tid: u64le('Transaction id'),
  type: u16le('Type', 'hex', TYPES),
  priority: u16le('Priority'),
  head_version: u16le('Version'),
  /** In bytes, as the next two. */
  front_size: u32le('Front size'),
  middle_size: u32le('Middle size'),
  data_size: u32le('Data size'),
  data_off: u16le('Data offset'),
  node_type: u8('Source node type', 'hex', NODES),
  node_id: u64le('Source node'),
  compat_version: u16le('Compatibility version'),
  reserved: u16le('Reserved', 'hex'),
  crc: u32le('CRC', 'hex'),
});

/** What follows the parts of a message. Source: `ceph_msg_footer`. */
export const footerPart = layout('ceph', {
  'foot.front_crc': u32le('Front CRC', 'hex'),
  'foot.middle_crc': u32le('Middle CRC', 'hex'),
  'foot.data_crc': u32le('Data CRC', 'hex'),
  'foot.signature': u64le('Signature', 'hex'),
  'connect.flags': over(u8('Flags', 'hex')),
  'flags.lossy': bit(u8('Lossy'), 0x01),
});

/** A message of Paxos: what is in it before the latest value. Source: Ceph, src/messages/MMonPaxos.h. */
export const paxosHead = layout('ceph', {
  'msg.mon_paxos.epoch': u32le('Epoch'),
  'msg.mon_paxos.op': u32le('Op', 'dec', OPERATIONS),
  'msg.mon_paxos.first': u64le('First committed'),
  'msg.mon_paxos.last': u64le('Last committed'),
  'msg.mon_paxos.pnfrom': u64le('Greatest seen proposal number'),
  'msg.mon_paxos.pn': u64le('Proposal number'),
  'msg.mon_paxos.pnuncommitted': u64le('Previous proposal number'),
});
/** Two times of 8 bytes each: seconds since 1970, and nanoseconds. */
export const LEASE_TIME = named('ceph.msg.mon_paxos.lease', derived('Lease until', 'string'));
export const SENT_TIME = named('ceph.msg.mon_paxos.sent', derived('Sent', 'string'));
export const TIME_SIZE = 8;
export const latestPart = layout('ceph', {
  'msg.mon_paxos.latest_ver': u64le('Latest version'),
  /** In bytes. */
  'msg.mon_paxos.latest_val.size': u32le('Latest value size'),
});
export const valuePart = layout('ceph', {
  'msg.mon_paxos.ver': u64le('Version'),
  /** In bytes. */
  'msg.mon_paxos.val.size': u32le('Value size'),
});

/** An election: the identity of the cluster comes before this. Source: Ceph, src/messages/MMonElection.h. */
export const CLUSTER_SIZE = 16;
export const electionHead = layout('ceph', {
  'msg.mon_election.op': u32le('Op', 'dec', ELECTIONS),
  'msg.mon_election.epoch': u32le('Epoch'),
});

const mark = (path: string, label: string) => named(path, derived(label, 'bool'));
const data = (path: string, label: string) => named(path, derived(label, 'bytes'));

export const MARKS = {
  server: mark('ceph.server_info', "Server's identity"),
  client: mark('ceph.client_info', "Client's identity"),
  connect: mark('ceph.connect', 'Connection negotiation'),
  reply: mark('ceph.connect_reply', 'Connection negotiation reply'),
  head: mark('ceph.head', 'Message header'),
  foot: mark('ceph.foot', 'Message footer'),
  paxos: mark('ceph.msg.mon_paxos', 'Paxos'),
  value: mark('ceph.msg.mon_paxos.value', 'Proposal'),
  election: mark('ceph.msg.mon_election', 'Monitor election'),
};
export const BYTES = {
  auth: data('ceph.connect.auth', 'Authentication'),
  front: data('ceph.front', 'Front'),
  middle: data('ceph.mid', 'Middle'),
  data: data('ceph.data', 'Data'),
  latest: data('ceph.msg.mon_paxos.latest_val.data', 'Latest value'),
  value: data('ceph.msg.mon_paxos.val.data', 'Value'),
};
export const KEEPALIVE_TIME = named('ceph.keepalive.time', derived('Timestamp', 'string'));

export const LAYOUTS = [
  bannerPart,
  addressPart,
  address4,
  connectHead,
  replyHead,
  existingPart,
  newlyPart,
  tagPart,
  ackPart,
  messageHead,
  footerPart,
  paxosHead,
  latestPart,
  valuePart,
  electionHead,
];
