import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { blake2s } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { concatenated } from '../../../dissectors/wire/view.js';

/** The shared secret of a private and a public key of Curve25519, 32 bytes each; undefined for keys that yield none. */
export type SharedSecret = (privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array | undefined;

/** What a handshake is hashed from at first. Source: WireGuard paper, section 5.4. */
const CONSTRUCTION = 'Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s';
const IDENTIFIER = 'WireGuard v1 zx2c4 Jason@zx2c4.com';

/** The number of what is encrypted, which is always 0 here, in bytes. */

const NONCE = 12;

const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));

const mac = (key: Uint8Array, bytes: Uint8Array): Uint8Array => hmac(blake2s, key, bytes);
const FIRST = Uint8Array.of(1);

/** So many keys from a chaining key and more secret bytes. Source: WireGuard paper, section 5.4, `KDF`. */
function derive(chain: Uint8Array, input: Uint8Array, count: number): readonly Uint8Array[] {
  const secret = mac(chain, input);
  const keys = [mac(secret, FIRST)];
  for (let place = 2; place <= count; place++)
    keys.push(mac(secret, concatenated([keys.at(-1) ?? FIRST, Uint8Array.of(place)])));
  return keys;
}

/** What the messages of a handshake have come to so far. */
export interface NoiseState {
  readonly chain: Uint8Array;
  readonly hash: Uint8Array;
}

const CHAIN_AT_FIRST = blake2s(text(CONSTRUCTION));
const HASH_AT_FIRST = blake2s(concatenated([CHAIN_AT_FIRST, text(IDENTIFIER)]));

const mix = ({ chain, hash }: NoiseState, bytes: Uint8Array): NoiseState => ({
  chain,
  hash: blake2s(concatenated([hash, bytes])),
});

/** Opens what is encrypted under a key with the number 0; undefined where it is not authentic. */
function open(key: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array | undefined {
  try {
    return chacha20poly1305(key, new Uint8Array(NONCE), associated).decrypt(sealed);
  } catch {
    // The library throws where the tag is wrong: the answer that was asked for.
    return undefined;
  }
}

/** What an initiation says to who can open it. */
export interface OpenedInitiation {
  /** The public key of the initiator. */
  readonly staticKey: Uint8Array;
  /** When the initiator says that it is: TAI64N, 12 bytes. */
  readonly timestamp: Uint8Array;
  readonly state: NoiseState;
}

/** The encrypted parts of an initiation. */
export interface SealedInitiation {
  readonly ephemeral: Uint8Array;
  readonly sealedStatic: Uint8Array;
  readonly sealedTimestamp: Uint8Array;
}

/** Whose side of the secrets is known: the responder's private key, or both private keys of the initiator. */
export interface InitiationSecrets {
  /** Of the ephemeral key and the responder's key. */
  readonly ephemeral: Uint8Array | undefined;
  /** Of the initiator's key, once it is read, and the responder's. */
  readonly statics: (staticKey: Uint8Array) => Uint8Array | undefined;
}

/**
 * Opens an initiation to the owner of `responder`, a public key.
 * @returns undefined where the secrets do not open it
 *
 * Source: WireGuard paper, section 5.4.2.
 */
export function openInitiation(
  { ephemeral, sealedStatic, sealedTimestamp }: SealedInitiation,
  responder: Uint8Array,
  secrets: InitiationSecrets,
): OpenedInitiation | undefined {
  if (!secrets.ephemeral) return undefined;
  const begun = mix({ chain: CHAIN_AT_FIRST, hash: HASH_AT_FIRST }, responder);
  const hashed = mix(begun, ephemeral);
  const [chain = FIRST] = derive(hashed.chain, ephemeral, 1);
  const [chain2 = FIRST, key = FIRST] = derive(chain, secrets.ephemeral, 2);
  const staticKey = open(key, sealedStatic, hashed.hash);
  const shared = staticKey && secrets.statics(staticKey);
  if (!staticKey || !shared) return undefined;
  const { hash } = mix({ chain: chain2, hash: hashed.hash }, sealedStatic);
  const [chain3 = FIRST, key2 = FIRST] = derive(chain2, shared, 2);
  const timestamp = open(key2, sealedTimestamp, hash);
  return timestamp && { staticKey, timestamp, state: mix({ chain: chain3, hash }, sealedTimestamp) };
}

/**
 * Opens a cookie reply. @param associated mac1 of the message that provoked it; @returns the cookie, 16 bytes
 *
 * Source: WireGuard paper, section 5.4.7.
 */
export function openCookie(
  cookieKey: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  try {
    return xchacha20poly1305(cookieKey, nonce, associated).decrypt(sealed);
  } catch {
    return undefined;
  }
}

/** Leap seconds and the epoch: TAI64 counts seconds since 1970 from here, 10 s ahead. Source: the page "TAI64, TAI64N, and TAI64NA". */
const TAI64_EPOCH = 0x4000_0000_0000_000an;

/**
 * The time of a TAI64N label of 12 bytes, in seconds since 1970 and nanoseconds; WireGuard rounds the latter. Undefined
 * for a label that is before 1970 or more than 2^53 seconds later.
 */
export function momentOfTai64n(label: Uint8Array): { readonly seconds: number; readonly nanos: number } | undefined {
  if (label.length < 12) return undefined;
  const view = new DataView(label.buffer, label.byteOffset, label.byteLength);
  const seconds = Number(view.getBigUint64(0) - TAI64_EPOCH);
  return seconds < 0 || !Number.isSafeInteger(seconds) ? undefined : { seconds, nanos: view.getUint32(8) };
}
