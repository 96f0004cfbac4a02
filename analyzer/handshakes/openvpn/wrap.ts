import { ctr } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { openvpnStart, sessionPart } from '../../../dissectors/openvpn/layout.js';
import type { OpenvpnControl } from '../../../dissectors/openvpn/read.js';
import { concatenated, slice } from '../../../dissectors/wire/view.js';
import type { ProofStatus } from '../handshake.js';

/** The hash of each size of digest that `--auth` gives. */
const HASHES = new Map([
  [16, md5],
  [20, sha1],
  [28, sha224],
  [32, sha256],
  [48, sha384],
  [64, sha512],
] as const);

/** Where the two keys of a static key begin, and the parts of each, in bytes. Source: OpenVPN, src/openvpn/crypto.h. */
const DIRECTIONS = [0, 128] as const;
const CIPHER = { at: 0, size: 32 };
const HMAC_AT = 64;
/** In bytes: of the number and time against repeats, of a tag of tls-crypt, and of the start of a packet. */
const REPLAY = 8;
const TAG = 32;
const IV = 16;
const START = openvpnStart.size + sessionPart.size;

/** What the protection of a control packet is worth under the static keys that are known. */
export interface JudgedWrap {
  readonly status: ProofStatus;
  /** Which of two keys it was: 0 is the server's, 1 the client's, unless they were given the other way round. */
  readonly direction: number | undefined;
  readonly key: Uint8Array | undefined;
  /** What tls-crypt had encrypted. */
  readonly plain: Uint8Array | undefined;
}

const UNKNOWN: JudgedWrap = { status: 'unknown', direction: undefined, key: undefined, plain: undefined };
const INVALID: JudgedWrap = { ...UNKNOWN, status: 'invalid' };

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, place) => byte === other[place]);

/**
 * Judges the HMAC of a control packet `[at, end)`, captured whole, by static keys of 256 bytes: of `--tls-auth` over number
 * and time, the first byte, the session and the rest; of `--tls-crypt` over the start of the packet and what it decrypts to.
 * `unknown` without keys, and where nothing protects the packet.
 *
 * Source: OpenVPN, src/openvpn/ssl_pkt.c `swap_hmac`, and doc/tls-crypt-v2.txt.
 */
export function judgeWrap(
  view: DataView,
  at: number,
  end: number,
  { shape }: OpenvpnControl,
  keys: readonly Uint8Array[],
): JudgedWrap {
  if (shape.wrapping === 'none' || keys.length === 0) return UNKNOWN;
  for (const key of keys) {
    for (const [direction, start] of DIRECTIONS.entries()) {
      const half = key.subarray(start, start + 128);
      if (shape.wrapping === 'tls-auth') {
        if (isAuthentic(view, at, end, shape.digest, half)) return { ...UNKNOWN, status: 'valid', direction, key };
      } else {
        const plain = decrypt(view, at, end, half);
        if (plain) return { status: 'valid', direction, key, plain };
      }
    }
  }
  return INVALID;
}

function isAuthentic(view: DataView, at: number, end: number, digest: number, half: Uint8Array): boolean {
  const hash = HASHES.get(digest as 16);
  if (!hash) return false;
  const replay = at + START + digest;
  const bytes = concatenated([
    slice(view, replay, replay + REPLAY),
    slice(view, at, at + START),
    slice(view, replay + REPLAY, end),
  ]);
  const made = hmac(hash, half.subarray(HMAC_AT, HMAC_AT + digest), bytes);
  return isSame(made, slice(view, at + START, at + START + digest));
}

/** What tls-crypt had encrypted, if its tag is right. */
function decrypt(view: DataView, at: number, end: number, half: Uint8Array): Uint8Array | undefined {
  const tagAt = at + START + REPLAY;
  const tag = slice(view, tagAt, tagAt + TAG);
  const key = half.subarray(CIPHER.at, CIPHER.at + CIPHER.size);
  const plain = ctr(key, tag.slice(0, IV)).decrypt(slice(view, tagAt + TAG, end));
  const made = hmac(sha256, half.subarray(HMAC_AT, HMAC_AT + TAG), concatenated([slice(view, at, tagAt), plain]));
  return isSame(made, tag) ? plain : undefined;
}
