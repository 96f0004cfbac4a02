import { bytesOfBase64 } from '../../dissectors/wire/base64.js';

/** The words of WireGuard's key log, as Wireshark reads it. Source: Wireshark, "WireGuard", "Key log file". */
export const KEY_LOG_WORDS = [
  'LOCAL_STATIC_PRIVATE_KEY',
  'REMOTE_STATIC_PUBLIC_KEY',
  'LOCAL_EPHEMERAL_PRIVATE_KEY',
  'PRESHARED_KEY',
] as const;
export type KeyLogWord = (typeof KEY_LOG_WORDS)[number];

const KEY_LOG = new RegExp(`^[ \\t]*(${KEY_LOG_WORDS.join('|')})[ \\t]*=[ \\t]*([^ \\t#]*)`);

/** The word and the key of a line of WireGuard's key log; undefined for other lines. */
export function keyLogEntry(line: string): { readonly word: KeyLogWord; readonly key: string } | undefined {
  const found = KEY_LOG.exec(line);
  const word = found && KEY_LOG_WORDS.find((one) => one === found[1]);
  return word ? { word, key: found[2] ?? '' } : undefined;
}

/** In bytes: of a key of Curve25519. */
const KEY = 32;

/** A key as WireGuard's tools write it; undefined where it is none. */
export function wireguardKey(text: string): Uint8Array | undefined {
  const bytes = bytesOfBase64(text);
  return bytes?.length === KEY ? bytes : undefined;
}

/** In bytes: of a static key of OpenVPN. */
export const STATIC_KEY = 256;

/** Takes the lines of static keys of OpenVPN, which may stand in a secrets file as they are. */
export class StaticKeyLines {
  private digits: string[] | undefined;
  /** The line that the key begins on. */
  begun = 0;

  /** Whether a key has begun and not ended. */
  get isOpen(): boolean {
    return this.digits !== undefined;
  }

  /**
   * Takes a line.
   * @returns the hex digits of a key that ends with it; true for a line of a key that goes on; false for any other line
   */
  take(line: string, number: number): string | boolean {
    const text = line.trim();
    if (/^-----BEGIN OpenVPN Static key V1-----$/.test(text)) {
      this.digits = [];
      this.begun = number;
      return true;
    }
    if (!this.digits) return false;
    if (/^-----END OpenVPN Static key V1-----$/.test(text)) {
      const digits = this.digits.join('');
      this.digits = undefined;
      return digits;
    }
    // What is no key does not pile up.
    if (this.digits.length <= STATIC_KEY) this.digits.push(text);
    return true;
  }
}
