import { x25519 } from '@noble/curves/ed25519.js';
import { cookieKeyOf, mac1KeyOf } from '../../../dissectors/wg/macs.js';
import { base64Of } from '../../../dissectors/wire/base64.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import type { HandshakeSecrets } from '../../secrets/handshake-secrets.js';
import type { SharedSecret } from './noise.js';

/** Somebody whose public key is known. */
export interface WgPeer {
  readonly publicKey: Uint8Array;
  /** As the secrets file names it, or the start of its public key. */
  readonly name: string;
  /** What its mac1 and its cookies are made with. */
  readonly mac1Key: Uint8Array;
  readonly cookieKey: Uint8Array;
  readonly privateKey: Uint8Array | undefined;
}

/** Each initiation is judged by so many public keys at most: some 10 microseconds each. */
const MOST_PEERS = 256;
/** Ephemeral private keys that are kept, the newest lines first of all: one a handshake. */
const MOST_EPHEMERALS = 65_536;
const KEY_BYTES = 32;

/** The same in JavaScript, for those who bring nothing faster. */
export const slowSharedSecret: SharedSecret = (privateKey, publicKey) => {
  try {
    return x25519.getSharedSecret(privateKey, publicKey);
  } catch {
    // The library throws where the public key is of low order: no secret comes of it.
    return undefined;
  }
};

const keyText = (key: Uint8Array): string => base64Of(viewOf(key), 0, key.length);

/** A public key in short: what people tell keys apart by. */
export const keyName = (key: Uint8Array): string => `${keyText(key).slice(0, 8)}…`;

/** The WireGuard keys of the secrets, prepared. */
export class WgKeys {
  /** By their public keys in base64. */
  private readonly known = new Map<string, WgPeer>();
  private readonly ephemerals = new Map<string, Uint8Array>();
  private list: readonly WgPeer[] = [];
  private changes = -1;

  /** Those whose public keys are known, up to date with the secrets. */
  peers(secrets: HandshakeSecrets): readonly WgPeer[] {
    if (this.changes !== secrets.changes) this.prepare(secrets);
    return this.list;
  }

  /** The peer of a public key, if it is known. */
  peerOf(publicKey: Uint8Array): WgPeer | undefined {
    return this.known.get(keyText(publicKey));
  }

  /** The private key of an ephemeral public key, if it is known. */
  ephemeralOf(publicKey: Uint8Array): Uint8Array | undefined {
    return this.ephemerals.size === 0 ? undefined : this.ephemerals.get(keyText(publicKey));
  }

  private prepare(secrets: HandshakeSecrets): void {
    this.changes = secrets.changes;
    for (const { bytes } of secrets.of('LOCAL_STATIC_PRIVATE_KEY'))
      this.add(x25519.getPublicKey(bytes), undefined, bytes);
    for (const { bytes } of secrets.of('REMOTE_STATIC_PUBLIC_KEY')) this.add(bytes, undefined, undefined);
    for (const { bytes, name } of secrets.of('WG_PUBLIC_KEY')) this.add(bytes, name, undefined);
    for (const { bytes } of secrets.of('LOCAL_EPHEMERAL_PRIVATE_KEY').slice(-MOST_EPHEMERALS)) {
      this.ephemerals.set(keyText(x25519.getPublicKey(bytes)), bytes);
    }
    this.list = [...this.known.values()];
  }

  private add(publicKey: Uint8Array, name: string | undefined, privateKey: Uint8Array | undefined): void {
    const text = keyText(publicKey);
    const known = this.known.get(text);
    if (publicKey.length !== KEY_BYTES || (!known && this.known.size >= MOST_PEERS)) return;
    this.known.set(text, {
      publicKey,
      name: name ?? known?.name ?? keyName(publicKey),
      mac1Key: known?.mac1Key ?? mac1KeyOf(publicKey),
      cookieKey: known?.cookieKey ?? cookieKeyOf(publicKey),
      privateKey: privateKey ?? known?.privateKey,
    });
  }
}
