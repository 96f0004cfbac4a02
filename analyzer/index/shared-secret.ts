import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';

/** What stands before the bytes of a key of X25519 in its standard forms. Source: RFC 8410, sections 4 and 7. */
const PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');

/** The shared secret of two keys of X25519, by OpenSSL: thirty times as fast as JavaScript. Undefined where there is none. */
export function sharedSecretOf(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  try {
    return diffieHellman({
      privateKey: createPrivateKey({ key: Buffer.concat([PRIVATE, privateKey]), format: 'der', type: 'pkcs8' }),
      publicKey: createPublicKey({ key: Buffer.concat([PUBLIC, publicKey]), format: 'der', type: 'spki' }),
    });
  } catch {
    // Public keys of low order yield no secret, which OpenSSL tells by an error.
    return undefined;
  }
}
