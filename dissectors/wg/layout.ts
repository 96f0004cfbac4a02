import { base64Of, bytesOfBase64 } from '../wire/base64.js';
import { bytes, type Field, rest, u8, u32le, u64le } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { put } from '../wire/view.js';

/** Types of messages. Source: WireGuard protocol page, "Protocol Overview". */
export const WG_INITIATION = 1;
export const WG_RESPONSE = 2;
export const WG_COOKIE = 3;
export const WG_DATA = 4;

const TYPES: Readonly<Record<number, string>> = {
  [WG_INITIATION]: 'Handshake Initiation',
  [WG_RESPONSE]: 'Handshake Response',
  [WG_COOKIE]: 'Cookie Reply',
  [WG_DATA]: 'Transport Data',
};

/** A public key of 32 bytes, which WireGuard's own tools write as base64. */
const KEY_SIZE = 32;
const key = (label: string): Field<string> => ({
  ...bytes(label, KEY_SIZE),
  kind: 'string',
  read: (view, at) => base64Of(view, at, at + KEY_SIZE),
  write: (view, at, value) => put(view, at, (bytesOfBase64(value) ?? new Uint8Array(0)).subarray(0, KEY_SIZE)),
});

/** What every message starts with: 4 bytes. All of WireGuard is little-endian. */
export const wgStart = layout('wg', {
  type: u8('Type', 'dec', TYPES),
  /** Zeros, but for what some providers put there, such as the client id of Cloudflare WARP. */
  reserved: bytes('Reserved', 3),
});

const macs = {
  /** Keyed with the public key of the receiver, over all that stands before it. */
  mac1: bytes('mac1', 16),
  /** Keyed with the cookie of the receiver; zeros where its sender has none. */
  mac2: bytes('mac2', 16),
};

/** Source: WireGuard protocol page, "First Message: Initiator to Responder". */
export const wgInitiation = layout('wg', {
  sender: u32le('Sender', 'hex'),
  ephemeral: key('Ephemeral'),
  encrypted_static: bytes('Encrypted static', 48),
  encrypted_timestamp: bytes('Encrypted timestamp', 28),
  ...macs,
});

/** Source: WireGuard protocol page, "Second Message: Responder to Initiator". */
export const wgResponse = layout('wg', {
  sender: u32le('Sender', 'hex'),
  receiver: u32le('Receiver', 'hex'),
  ephemeral: key('Ephemeral'),
  encrypted_empty: bytes('Encrypted empty', 16),
  ...macs,
});

/** Source: WireGuard protocol page, "Under Load: Cookie Reply Message". */
export const wgCookie = layout('wg', {
  receiver: u32le('Receiver', 'hex'),
  nonce: bytes('Nonce', 24),
  encrypted_cookie: bytes('Encrypted cookie', 32),
});

/** Source: WireGuard protocol page, "Subsequent Messages: Exchange of Data Packets". */
export const wgData = layout('wg', {
  receiver: u32le('Receiver', 'hex'),
  counter: u64le('Counter'),
  encrypted_packet: rest('Encrypted packet'),
});

/** What follows the type of a message. */
export const WG_BODIES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [WG_INITIATION, wgInitiation],
  [WG_RESPONSE, wgResponse],
  [WG_COOKIE, wgCookie],
  [WG_DATA, wgData],
]);
