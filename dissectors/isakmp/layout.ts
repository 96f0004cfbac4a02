import { bit, bytes, bytesBy, derived, named, over, part, rest, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import {
  CIPHERS,
  EXCHANGES,
  GROUPS,
  INTEGRITIES,
  NOTIFICATIONS_1,
  NOTIFICATIONS_2,
  PAYLOADS,
  PSEUDORANDOMS,
  TRANSFORM_TYPES,
} from './names.js';

const start = {
  ispi: bytes('Initiator SPI', 8),
  /** Zeros until the responder keeps state. */
  rspi: bytes('Responder SPI', 8),
  nextpayload: u8('Next payload', 'dec', PAYLOADS),
  version: over(u8('Version', 'hex')),
  mjver: over(part(u8('Major version', 'hex'), 0xf0)),
  mnver: part(u8('Minor version', 'hex'), 0x0f),
  exchangetype: u8('Exchange type', 'dec', EXCHANGES),
  flags: over(u8('Flags', 'hex')),
};

const end = {
  messageid: u32('Message id', 'hex'),
  /** Of the whole message, in bytes. */
  length: u32('Length'),
};

/** The header of IKE, version 2: 28 bytes, big-endian. Source: RFC 7296, section 3.1. */
export const isakmpHeader = layout('isakmp', {
  ...start,
  flag_i: over(bit(u8('Initiator'), 0x08)),
  flag_v: over(bit(u8('Higher version'), 0x10)),
  flag_r: bit(u8('Response'), 0x20),
  ...end,
});

/** That of version 1, of the same size. Source: RFC 2408, section 3.1. */
export const isakmpHeader1 = layout('isakmp', {
  ...start,
  flag_e: over(bit(u8('Encryption'), 0x01)),
  flag_c: over(bit(u8('Commit'), 0x02)),
  flag_a: bit(u8('Authentication'), 0x04),
  ...end,
});

/** Payloads that the code names. Source: IANA, "IKEv2 Payload Types". */
export const PAYLOAD_NONE = 0;
export const PAYLOAD_SA_1 = 1;
export const PAYLOAD_KE_1 = 4;
export const PAYLOAD_NONCE_1 = 10;
export const PAYLOAD_NOTIFICATION_1 = 11;
export const PAYLOAD_VENDOR_1 = 13;
export const PAYLOAD_SA = 33;
export const PAYLOAD_KE = 34;
export const PAYLOAD_NONCE = 40;
export const PAYLOAD_NOTIFY = 41;
export const PAYLOAD_VENDOR = 43;
export const PAYLOAD_ENCRYPTED = 46;
export const PAYLOAD_ENCRYPTED_FRAGMENT = 53;

/** The number of a payload, which stands in the header before it. */
export const TYPE_PAYLOAD = named('isakmp.typepayload', derived('Payload', 'uint', 'dec', PAYLOADS));

/** What every payload starts with: 4 bytes. Source: RFC 7296, section 3.2. */
export const payloadHead = layout('isakmp', {
  nextpayload: u8('Next payload', 'dec', PAYLOADS),
  criticalpayload: over(bit(u8('Critical'), 0x80)),
  reserved7: part(u8('Reserved', 'hex'), 0x7f),
  /** In bytes, with these 4. */
  payloadlength: u16('Payload length'),
});

/** The same in version 1, and of proposals and transforms in both. */
export const plainHead = layout('isakmp', {
  nextpayload: u8('Next payload', 'dec', PAYLOADS),
  reserved: bytes('Reserved', 1),
  payloadlength: u16('Payload length'),
});

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'IKE', 2: 'AH', 3: 'ESP' };

/** What follows the head of a proposal; its SPI comes behind. Source: RFC 7296, section 3.3.1. */
export const proposal = layout('isakmp', {
  'prop.number': u8('Proposal number'),
  'prop.protoid': u8('Protocol id', 'dec', PROTOCOLS),
  spisize: u8('SPI size'),
  'prop.transforms': u8('Proposal transforms'),
});
export const spi = layout('isakmp', { spi: rest('SPI') });

/** What follows the head of a transform, by its type. Source: RFC 7296, section 3.3.2. */
const transformOf = (key: string, label: string, names?: Readonly<Record<number, string>>): Layout =>
  layout('isakmp', {
    'tf.type': u8('Transform type', 'dec', TRANSFORM_TYPES),
    reserved: bytes('Reserved', 1),
    [key]: u16(label, 'dec', names),
  });
export const TRANSFORMS: ReadonlyMap<number, Layout> = new Map([
  [1, transformOf('tf.id.encr', 'Transform id (ENCR)', CIPHERS)],
  [2, transformOf('tf.id.prf', 'Transform id (PRF)', PSEUDORANDOMS)],
  [3, transformOf('tf.id.integ', 'Transform id (INTEG)', INTEGRITIES)],
  [4, transformOf('tf.id.dh', 'Transform id (D-H)', GROUPS)],
  [
    5,
    transformOf('tf.id.esn', 'Transform id (ESN)', {
      0: 'No extended sequence numbers',
      1: 'Extended sequence numbers',
    }),
  ],
]);
export const otherTransform = transformOf('tf.id', 'Transform id');

/** An attribute of a transform: type and value in 4 bytes, or a length and a value of that. */
export const attributeHead = layout('isakmp', {
  'ike2.attr.format': over(bit(u16('Format'), 0x8000)),
  'ike2.attr.type': part(u16('Type', 'dec', { 14: 'Key Length' }), 0x7fff),
});
export const attributeLength = layout('isakmp', { 'ike2.attr.length': u16('Length') });
export const attributeValue = layout('isakmp', { 'ike2.attr.value': rest('Value') });
export const KEY_LENGTH = named('isakmp.ike2.attr.key_length', derived('Key length'));

/** What the payloads of version 2 hold that are told field by field, and of version 1 where they are the same. */
export const keyExchange = layout('isakmp', {
  'key_exchange.dh_group': u16('DH group #', 'dec', GROUPS),
  reserved: bytes('Reserved', 2),
  'key_exchange.data': rest('Key exchange data'),
});
export const keyExchange1 = layout('isakmp', { 'key_exchange.data': rest('Key exchange data') });
export const nonce = layout('isakmp', { nonce: rest('Nonce data') });
export const vendor = layout('isakmp', { vid_bytes: rest('Vendor ID') });
export const encrypted = layout('isakmp', { 'enc.data': rest('Encrypted data') });
export const fragmentHead = layout('isakmp', {
  'frag.number': u16('Fragment number'),
  'frag.total': u16('Total fragments'),
});
/** Source: RFC 7296, section 3.10. */
export const notify = layout('isakmp', {
  'notify.protoid': u8('Protocol id', 'dec', PROTOCOLS),
  spisize: u8('SPI size'),
  'notify.msgtype': u16('Notify message type', 'dec', NOTIFICATIONS_2),
});
/** Source: RFC 2408, section 3.14. */
export const notification1 = layout('isakmp', {
  'notify.doi': u32('Domain of interpretation'),
  'notify.protoid': u8('Protocol id', 'dec', { 1: 'ISAKMP', 2: 'IPSEC_AH', 3: 'IPSEC_ESP', 4: 'IPCOMP' }),
  spisize: u8('SPI size'),
  'notify.msgtype': u16('Notify message type', 'dec', NOTIFICATIONS_1),
});
export const notifyData = layout('isakmp', { 'notify.data': rest('Notification data') });
export const security1 = layout('isakmp', {
  'sa.doi': u32('Domain of interpretation', 'dec', { 0: 'ISAKMP', 1: 'IPSEC', 2: 'GDOI' }),
  'sa.situation': bytes('Situation', 4),
});
/** What a payload holds that is not told field by field. */
export const opaque = layout('isakmp', { datapayload: rest('Data payload') });

/** The notification that asks for an address to be proven. Source: RFC 7296, section 2.6. */
export const NOTIFY_COOKIE = 16_390;
export const NOTIFY_INVALID_KE = 17;

/** One payload alone, for what is crafted: nothing follows it, whatever announced it. */
const last = { ...payloadHead.fields.nextpayload, ...u8('Next payload', 'dec', PAYLOADS), write: () => {} };
const lone = {
  nextpayload: last,
  criticalpayload: over(bit(u8('Critical'), 0x80)),
  reserved7: part(u8('Reserved', 'hex'), 0x7f),
  payloadlength: u16('Payload length'),
};
/** Messages of one payload, by the number that the header announces it with. */
export const LONE_PAYLOADS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    PAYLOAD_KE,
    layout('isakmp', {
      ...lone,
      'key_exchange.dh_group': u16('DH group #'),
      reserved: bytes('Reserved', 2),
      'key_exchange.data': rest('Key exchange data'),
    }),
  ],
  [PAYLOAD_NONCE, layout('isakmp', { ...lone, nonce: rest('Nonce data') })],
  [
    PAYLOAD_NOTIFY,
    layout('isakmp', {
      ...lone,
      'notify.protoid': u8('Protocol id'),
      spisize: u8('SPI size'),
      'notify.msgtype': u16('Notify message type', 'dec', NOTIFICATIONS_2),
      spi: bytesBy('SPI', 'spisize'),
      'notify.data': rest('Notification data'),
    }),
  ],
  [PAYLOAD_VENDOR, layout('isakmp', { ...lone, vid_bytes: rest('Vendor ID') })],
]);
