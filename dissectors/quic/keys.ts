import { ecb, gcm } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { slice } from '../wire/view.js';
import { type QuicPacket, RETRY_TAG } from './packet.js';
import type { Version } from './versions.js';

/** What protects the Initial packets of one direction. */
export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Of the header's protection. */
  readonly header: Uint8Array;
}

/** A packet without its protection. */
export interface Opened {
  /** The whole packet number. */
  readonly number: number;
  /** The first byte as it was before it was protected. */
  readonly first: number;
  /** The bytes of the packet number, where it stands in the datagram. */
  readonly numberAt: number;
  readonly numberSize: number;
  /** The frames. */
  readonly view: DataView;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The input of HKDF-Expand for a label without a context. Source: RFC 8446, section 7.1. */
function labelBytes(label: string, length: number): Uint8Array {
  const name = ascii(`tls13 ${label}`);
  return Uint8Array.of(length >>> 8, length & 0xff, name.length, ...name, 0);
}

const LABELS = new Map<string, Uint8Array>();
for (const label of ['client in', 'server in']) LABELS.set(label, labelBytes(label, 32));
for (const version of ['quic', 'quicv2']) {
  for (const [what, length] of [
    ['key', 16],
    ['iv', 12],
    ['hp', 16],
  ] as const) {
    LABELS.set(`${version} ${what}`, labelBytes(`${version} ${what}`, length));
  }
}

const derive = (secret: Uint8Array, label: string, length: number): Uint8Array =>
  expand(sha256, secret, LABELS.get(label), length);

/**
 * The keys of the Initial packets that one side sends.
 * @param cid the connection id that the client chose for the server first, or that the Retry gave it
 * Source: RFC 9001, section 5.2.
 */
export function initialKeys({ salt, label }: Version, cid: Uint8Array, fromServer: boolean): InitialKeys {
  const initial = extract(sha256, cid, salt);
  const secret = derive(initial, fromServer ? 'server in' : 'client in', 32);
  return {
    key: derive(secret, `${label} key`, 16),
    iv: derive(secret, `${label} iv`, 12),
    header: derive(secret, `${label} hp`, 16),
  };
}

/** Keys that a ring keeps: packets of a connection come together. */
const MOST_KEYS = 64;

/** Keys at hand: those that were made last are found, not made again. */
export class KeyRing {
  private readonly keys = new Map<string, InitialKeys>();

  /** The keys that a connection id makes for one direction. */
  keysFor(version: Version, id: Uint8Array, fromServer: boolean): InitialKeys {
    const name = `${version.name} ${version.number} ${fromServer} ${String.fromCharCode(...id)}`;
    const known = this.keys.get(name);
    if (known) return known;
    const made = initialKeys(version, id, fromServer);
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    this.keys.set(name, made);
    return made;
  }
}

const SAMPLE = 16;
const TAG = 16;
/** The longest packet number; the sample of the header's protection is taken behind it. */
const MOST_NUMBER = 4;

/**
 * Opens a protected packet with a long header; undefined where it was not captured whole, or the keys are others.
 * @param largest the largest packet number that its sender is known to have used, −1 for none
 * Source: RFC 9001, sections 5.3 and 5.4.
 */
export function openPacket(
  view: DataView,
  { at, payload, end, isWhole }: QuicPacket,
  keys: InitialKeys,
  largest: number,
): Opened | undefined {
  if (!isWhole || payload + MOST_NUMBER + SAMPLE > end) return undefined;
  const sample = slice(view, payload + MOST_NUMBER, payload + MOST_NUMBER + SAMPLE);
  const mask = ecb(keys.header, { disablePadding: true }).encrypt(sample);
  const first = view.getUint8(at) ^ ((mask[0] ?? 0) & 0x0f);
  const numberSize = (first & 3) + 1;
  const head = slice(view, at, payload + numberSize).slice();
  head[0] = first;
  let short = 0;
  for (let place = 0; place < numberSize; place++) {
    const byte = view.getUint8(payload + place) ^ (mask[1 + place] ?? 0);
    head[payload - at + place] = byte;
    short = short * 256 + byte;
  }
  const number = wholeNumber(short, numberSize, largest);
  try {
    const plain = gcm(keys.key, nonceOf(keys.iv, number), head).decrypt(slice(view, payload + numberSize, end));
    const bytes = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
    return { number, first, numberAt: payload, numberSize, view: bytes };
  } catch {
    // The library throws where the tag is wrong: the packet is protected with other keys.
    return undefined;
  }
}

/** Source: RFC 9000, section A.3 "Sample Packet Number Decoding Algorithm". */
function wholeNumber(short: number, size: number, largest: number): number {
  const window = 256 ** size;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + short;
  if (candidate <= expected - window / 2 && candidate + window < 2 ** 53) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}

/** Source: RFC 9001, section 5.3. */
function nonceOf(iv: Uint8Array, number: number): Uint8Array {
  const nonce = iv.slice();
  let rest = number;
  for (let place = nonce.length - 1; rest > 0 && place >= 4; place--) {
    nonce[place] = (nonce[place] ?? 0) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** Seals frames into a packet, the way back: for packets that are made here. @param head with its packet number, unprotected */
export function sealPacket(
  head: Uint8Array,
  numberSize: number,
  number: number,
  frames: Uint8Array,
  keys: InitialKeys,
) {
  const sealed = gcm(keys.key, nonceOf(keys.iv, number), head).encrypt(frames);
  const packet = new Uint8Array(head.length + sealed.length);
  packet.set(head);
  packet.set(sealed, head.length);
  const start = head.length - numberSize;
  const sample = packet.subarray(start + MOST_NUMBER, start + MOST_NUMBER + SAMPLE);
  const mask = ecb(keys.header, { disablePadding: true }).encrypt(sample);
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let place = 0; place < numberSize; place++) {
    packet[start + place] = (packet[start + place] ?? 0) ^ (mask[1 + place] ?? 0);
  }
  return packet;
}

/** What protects what is sealed, in bytes. */
export const SEAL = TAG;

/**
 * The integrity tag of a Retry.
 * @param original the connection id of the client's first Initial
 * @param retry the packet without its tag
 * Source: RFC 9001, section 5.8.
 */
export function retryTag(version: Version, original: Uint8Array, retry: Uint8Array): Uint8Array | undefined {
  if (!version.retry) return undefined;
  const pseudo = new Uint8Array(1 + original.length + retry.length);
  pseudo[0] = original.length;
  pseudo.set(original, 1);
  pseudo.set(retry, 1 + original.length);
  return gcm(version.retry.key, version.retry.nonce, pseudo).encrypt(new Uint8Array(0));
}

/** Whether the tag of a Retry is that which the client's first connection id makes; undefined where nobody can say. */
export function judgeRetry(
  view: DataView,
  packet: QuicPacket,
  version: Version,
  original: Uint8Array,
): 'valid' | 'invalid' | 'unknown' {
  if (!packet.isWhole) return 'unknown';
  const expected = retryTag(version, original, slice(view, packet.at, packet.end - RETRY_TAG));
  if (!expected) return 'unknown';
  return expected.every((byte, place) => byte === view.getUint8(packet.end - RETRY_TAG + place)) ? 'valid' : 'invalid';
}
