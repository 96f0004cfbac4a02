import { bit, ether, type Field, over, part, u8, u16, u16le, u32le } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { DS_NAMES, PRIORITY_NAMES, SUBTYPE_NAMES, TYPE_NAMES } from './names.js';

export const MANAGEMENT = 0;
export const CONTROL = 1;
export const DATA = 2;

/** Type and subtype as one number, the type above: the names of the subtypes are by it. */
const typeAndSubtype: Field<number> = {
  ...u16('Type and subtype', 'hex', SUBTYPE_NAMES),
  read: (view, at) => ((view.getUint8(at) & 0x0c) << 2) | (view.getUint8(at) >>> 4),
  write: (view, at, value) =>
    view.setUint8(at, (view.getUint8(at) & 0x03) | ((value & 0x0f) << 4) | ((value >>> 2) & 0x0c)),
};

/**
 * What every frame of IEEE 802.11 starts with: 2 bytes.
 * Source: IEEE 802.11, "Frame Control field".
 */
export const frameControl = layout('wlan', {
  'fc.type_subtype': over(typeAndSubtype),
  fc: over(u16('Frame control', 'hex')),
  'fc.version': over(part(u8('Version'), 0x03)),
  'fc.type': over(part(u8('Type', 'dec', TYPE_NAMES), 0x0c)),
  'fc.subtype': part(u8('Subtype'), 0xf0),
  flags: over(u8('Flags', 'hex')),
  'fc.ds': over(part(u8('To and from the distribution system', 'hex', DS_NAMES), 0x03)),
  'fc.tods': over(bit(u8('To the distribution system'), 0x01)),
  'fc.fromds': over(bit(u8('From the distribution system'), 0x02)),
  'fc.frag': over(bit(u8('More fragments'), 0x04)),
  'fc.retry': over(bit(u8('Retry'), 0x08)),
  'fc.pwrmgt': over(bit(u8('Power management'), 0x10)),
  'fc.moredata': over(bit(u8('More data'), 0x20)),
  'fc.protected': over(bit(u8('Protected'), 0x40)),
  'fc.order': bit(u8('HT control or order'), 0x80),
});

/** How long the medium is taken, in microseconds; little-endian, as all numbers below. */
export const durationPart = layout('wlan', { duration: part(u16le('Duration'), 0x7fff) });
/** The station that asks for its frames, in the place of the duration. */
export const aidPart = layout('wlan', { aid: part(u16le('Association id'), 0x3fff) });

const ra = ether('Receiver');
const ta = ether('Transmitter');
const da = ether('Destination');
const sa = ether('Source');
const bssid = ether('BSS id');
const staa = ether('Station');

/**
 * The addresses of data frames, by the bits "to" and "from the distribution system"; those of aggregates, whose frames
 * have addresses of their own, stand behind the others.
 * Source: IEEE 802.11, "Address field contents for Data frames".
 */
export const DATA_ADDRESSES: readonly Layout[] = [
  layout('wlan', { ra: over(ra), da, ta: over(ta), sa, bssid }),
  layout('wlan', { ra: over(ra), bssid, ta: over(ta), sa: over(sa), staa, da }),
  layout('wlan', { ra: over(ra), da: over(da), staa, ta: over(ta), bssid, sa }),
  layout('wlan', { ra, ta, da }),
];
/** Over the third address of an aggregate, which is that of the BSS once more. */
const withThird = <V>(field: Field<V>): Field<V> => ({ ...field, advance: 12 });
export const AGGREGATE_ADDRESSES: readonly Layout[] = [
  layout('wlan', { ra: over(ra), da, ta: over(ta), sa, bssid }),
  layout('wlan', { ra: over(ra), bssid, ta: over(ta), sa: over(sa), staa: withThird(staa) }),
  layout('wlan', { ra: over(ra), da: over(da), staa, ta: over(ta), bssid: withThird(bssid) }),
  layout('wlan', { ra, ta: withThird(ta) }),
];

/** The addresses of management frames. */
export const managementAddresses = layout('wlan', { ra: over(ra), da, ta: over(ta), sa, bssid });

/** The addresses of control frames, which have one or two. */
export const receiver = layout('wlan', { ra });
export const receiverAndTransmitter = layout('wlan', { ra, ta });
export const pollAddresses = layout('wlan', { ra: over(ra), bssid, ta });
export const endAddresses = layout('wlan', { ra, bssid });

export const sequencePart = layout('wlan', {
  frag: over(part(u16le('Fragment number'), 0x000f)),
  seq: part(u16le('Sequence number'), 0xfff0),
});

/** The source of a frame between access points. */
export const fourthAddress = layout('wlan', { sa });

/** QoS control. Source: IEEE 802.11, "QoS Control field". */
const qualityPart = (fourth: Record<string, Field>, isNull: boolean): Layout =>
  layout('wlan', {
    qos: over(u16le('QoS control', 'hex')),
    'qos.tid': over(part(u16le('Traffic id'), 0x000f)),
    'qos.priority': over(part(u16le('Priority', 'dec', PRIORITY_NAMES), 0x0007)),
    ...fourth,
    ...(isNull ? { 'qos.ack': ackPolicy } : { 'qos.ack': over(ackPolicy), 'qos.amsdupresent': isAggregate }),
  });

const ackPolicy = part(u16le('Acknowledgement policy', 'hex'), 0x0060);
const isAggregate = bit(u16le('Aggregate'), 0x0080);
const fromStation = { 'qos.bit4': over(bit(u16le('Queue size'), 0x0010)) };
const fromAccessPoint = { 'qos.eosp': over(bit(u16le('End of service period'), 0x0010)) };

/** The same of frames from stations, from access points, and of frames of both without a payload. */
export const QUALITIES = {
  station: qualityPart(fromStation, false),
  accessPoint: qualityPart(fromAccessPoint, false),
  stationNull: qualityPart(fromStation, true),
  accessPointNull: qualityPart(fromAccessPoint, true),
} as const;

/** Whether the payload of a frame with QoS control is an aggregate. */
export const aggregateBit = layout('wlan', { 'qos.amsdupresent': isAggregate });

export const htControl = layout('wlan', { htc: u32le('HT control', 'hex') });

/** The check sequence, at the end of the frame. */
export const checkSequence = layout('wlan', { fcs: u32le('Frame check sequence', 'hex') });

/** Every part there is. */
export const PARTS: readonly Layout[] = [
  frameControl,
  durationPart,
  aidPart,
  ...DATA_ADDRESSES,
  receiver,
  receiverAndTransmitter,
  pollAddresses,
  endAddresses,
  sequencePart,
  ...Object.values(QUALITIES),
  htControl,
  checkSequence,
];

/** The header of a frame in an aggregate. Source: IEEE 802.11, "A-MSDU format". */
export const subframeHeader = layout('wlan', { da, sa });
export const subframeLength = layout('wlan_aggregate', { 'a_mdsu.length': u16('Length') });
