import { blake2s } from '@noble/hashes/blake2.js';
import { slice } from '../wire/view.js';
import { WG_INITIATION, WG_RESPONSE, wgInitiation, wgResponse, wgStart } from './layout.js';

/** In bytes: of mac1, mac2 and a cookie. */
export const MAC_SIZE = 16;
const [MAC1_LABEL, COOKIE_LABEL] = ['mac1----', 'cookie--'];

function labelled(label: string, publicKey: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(label.length + publicKey.length);
  for (let at = 0; at < label.length; at++) bytes[at] = label.charCodeAt(at);
  bytes.set(publicKey, label.length);
  return blake2s(bytes);
}

/** The key of the first MAC of all messages to the owner of a public key. Source: WireGuard paper, section 5.4.4. */
export const mac1KeyOf = (publicKey: Uint8Array): Uint8Array => labelled(MAC1_LABEL, publicKey);

/** The key of all cookie replies from the owner of a public key. Source: WireGuard paper, section 5.4.7. */
export const cookieKeyOf = (publicKey: Uint8Array): Uint8Array => labelled(COOKIE_LABEL, publicKey);

/** The MAC of some bytes: of mac1 under the receiver's key, of mac2 under its cookie. */
export const macOf = (key: Uint8Array, bytes: Uint8Array): Uint8Array => blake2s(bytes, { key, dkLen: MAC_SIZE });

/** Where the two MACs of a message of a type stand, in bytes from its start; undefined where it has none. */
export function macPlaces(type: number): { readonly mac1: number; readonly mac2: number } | undefined {
  const body = type === WG_INITIATION ? wgInitiation : type === WG_RESPONSE ? wgResponse : undefined;
  if (!body) return undefined;
  return { mac1: wgStart.size + body.fields.mac1.offset, mac2: wgStart.size + body.fields.mac2.offset };
}

/** Whether a MAC of the message at `at`, `place` bytes into it, is what a key makes of all that stands before. */
export function isMac(view: DataView, at: number, place: number, key: Uint8Array): boolean {
  const made = macOf(key, slice(view, at, at + place));
  for (let byte = 0; byte < MAC_SIZE; byte++) if (made[byte] !== view.getUint8(at + place + byte)) return false;
  return true;
}
