import type { Value } from '../dissectors/wire/field.js';
import { fromHex } from '../dissectors/wire/view.js';

type Given = Readonly<Record<string, Value>>;

/** A protocol whose messages have words: what its header is called among layers, and what each message has. */
interface Protocol {
  readonly layer: string;
  /** What tells a message from others, by its word. */
  readonly messages: Readonly<Record<string, Given>>;
  /** What a message has besides, unless something else is given. */
  readonly filled?: Readonly<Record<string, Given>>;
  /** Other names that people know it by. */
  readonly also?: string;
}

/** The random bytes of a ServerHello that is a HelloRetryRequest. Source: RFC 8446, section 4.1.3. */
const RETRY_RANDOM = fromHex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
const HELLO = { 'handshake.random': new Uint8Array(32) };
/** Suites and the one compression that a ClientHello cannot do without: the three of TLS 1.3. */
const OFFER = {
  ...HELLO,
  'handshake.ciphersuites': fromHex('130113021303'),
  'handshake.comp_methods': fromHex('00'),
};
/** What messages of TLS and DTLS have besides. */
const FILLED = {
  'client-hello': OFFER,
  'server-hello': HELLO,
  alert: { 'alert_message.level': 2, 'alert_message.desc': 40 },
  data: { app_data: new Uint8Array(0) },
};
const [IKE_NOTIFY, IKE_COOKIE] = [41, 16_390];

/** Messages by words: handshakes next door, as the handshake page names them. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  tcp: {
    layer: 'tcp',
    messages: {
      syn: { flags: 0x02 },
      'syn-ack': { flags: 0x12 },
      ack: { flags: 0x10 },
      data: { flags: 0x18 },
      fin: { flags: 0x11 },
      rst: { flags: 0x04 },
    },
  },
  tls: {
    layer: 'tls',
    messages: {
      'client-hello': { 'handshake.type': 1 },
      'server-hello': { 'handshake.type': 2 },
      'hello-retry-request': { 'handshake.type': 2, 'handshake.random': RETRY_RANDOM },
      alert: { 'record.content_type': 21 },
      data: { 'record.content_type': 23 },
    },
    filled: FILLED,
  },
  dtls: {
    layer: 'dtls',
    messages: {
      'client-hello': { 'handshake.type': 1 },
      'hello-verify-request': { 'handshake.type': 3 },
      'server-hello': { 'handshake.type': 2 },
      'hello-retry-request': { 'handshake.type': 2, 'handshake.random': RETRY_RANDOM },
      alert: { 'record.content_type': 21 },
      data: { 'record.content_type': 23 },
    },
    filled: FILLED,
  },
  quic: {
    layer: 'quic',
    messages: {
      initial: { version: 1, 'long.packet_type': 0 },
      handshake: { version: 1, 'long.packet_type': 2 },
      retry: { version: 1, 'long.packet_type': 3 },
      'version-negotiation': { version: 0 },
    },
    filled: { retry: { retry_token: new Uint8Array(0) }, 'version-negotiation': { supported_version: 1 } },
  },
  wg: {
    layer: 'wg',
    also: 'wireguard',
    messages: { initiation: { type: 1 }, response: { type: 2 }, cookie: { type: 3 }, data: { type: 4 } },
    // A keep-alive: the tag of nothing.
    filled: { data: { encrypted_packet: new Uint8Array(16) } },
  },
  dns: {
    layer: 'dns',
    messages: {
      query: { 'flags.response': false },
      answer: { 'flags.response': true },
      badcookie: { 'flags.response': true, 'flags.rcode': 7, 'resp.ext_rcode': 1 },
    },
    // Of the root, unless another name is given.
    filled: { query: { 'qry.name': '', 'qry.type': 1 } },
  },
  isakmp: {
    layer: 'isakmp',
    also: 'ikev2',
    messages: {
      init: { exchangetype: 34 },
      cookie: { exchangetype: 34, nextpayload: IKE_NOTIFY, 'notify.msgtype': IKE_COOKIE },
      auth: { exchangetype: 35 },
    },
    filled: {
      init: { nextpayload: 40 },
      cookie: { flags: 0x20, 'notify.data': new Uint8Array(8) },
      auth: { messageid: 1 },
    },
  },
  pppoed: {
    layer: 'pppoed',
    also: 'pppoe',
    messages: {
      padi: { code: 0x09 },
      pado: { code: 0x07 },
      padr: { code: 0x19 },
      pads: { code: 0x65 },
      padt: { code: 0xa7 },
    },
    filled: { pads: { session_id: 1 }, padt: { session_id: 1 } },
  },
  openvpn: {
    layer: 'openvpn',
    messages: {
      'client-reset': { opcode: 7 },
      'server-reset': { opcode: 8 },
      control: { opcode: 4 },
      ack: { opcode: 5 },
      data: { opcode: 9 },
    },
    filled: {
      control: { data: fromHex('1603010000') },
      ack: { mpidarraylength: 1, mpidarrayelement: 0, rsessionid: 0n },
    },
  },
  ceph: {
    layer: 'ceph',
    also: 'paxos',
    messages: Object.fromEntries(
      ['collect', 'last', 'begin', 'accept', 'commit', 'lease', 'lease-ack'].map((word, place) => [
        word,
        { 'msg.mon_paxos.op': place + 1 },
      ]),
    ),
  },
  stun: {
    layer: 'stun',
    messages: {
      binding: { type: 0x0001 },
      allocate: { type: 0x0003 },
      challenge: { type: 0x0113, 'att.error.class': 4, 'att.error': 1 },
      success: { type: 0x0103 },
    },
  },
  hip: {
    layer: 'hip',
    messages: { i1: { packet_type: 1 }, r1: { packet_type: 2 }, i2: { packet_type: 3 }, r2: { packet_type: 4 } },
  },
};

/** The chunks of SCTP that open an association are layers of their own. */
const CHUNKS: Readonly<Record<string, string>> = {
  init: 'sctp-init',
  'init-ack': 'sctp-init-ack',
  'cookie-echo': 'sctp-cookie-echo',
  'cookie-ack': 'sctp-cookie-ack',
  data: 'sctp-data',
};

/** A message by its words. */
export interface ProtocolMessage {
  /** The header that it is. */
  readonly layer: string;
  /** What tells it from other messages. */
  readonly marks: Given;
  /** What it has unless something else is given: its marks, and what it cannot do without. */
  readonly given: Given;
}

const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(PROTOCOLS).flatMap(([name, { also }]) => (also === undefined ? [] : [[also, name]])),
);

/** The words for the messages of a protocol; undefined where it has none. */
export function messageWordsOf(protocol: string): readonly string[] | undefined {
  if (protocol === 'sctp') return Object.keys(CHUNKS);
  const name = OTHER_NAMES.get(protocol) ?? protocol;
  const known = Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
  return known && Object.keys(known.messages);
}

/** The message that two words stand for, such as `wg initiation`. */
export function protocolMessage(protocol: string, word: string): ProtocolMessage | undefined {
  if (protocol === 'sctp') {
    const layer = Object.hasOwn(CHUNKS, word) ? CHUNKS[word] : undefined;
    return layer === undefined ? undefined : { layer, marks: {}, given: {} };
  }
  const name = OTHER_NAMES.get(protocol) ?? protocol;
  const known = Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
  const marks = known && Object.hasOwn(known.messages, word) ? known.messages[word] : undefined;
  return known && marks && { layer: known.layer, marks, given: { ...known.filled?.[word], ...marks } };
}

/** The protocols that have words for their messages, each with its names. */
export const MESSAGE_PROTOCOLS: readonly string[] = ['sctp', ...Object.keys(PROTOCOLS)].sort();
