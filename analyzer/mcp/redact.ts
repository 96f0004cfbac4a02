import { toHex } from '../../dissectors/wire/view.js';
import { type Secret, secretName } from '../secrets/secrets.js';

/** Shorter secrets, in bytes, are in every text: nobody could be kept from guessing them anyway. */
const LEAST = 4;

/**
 * Keeps secrets out of what is answered, whoever put them there: wherever one stands, in hex or as text, its name does.
 */
export class Redactor {
  /** By how long they are as written, the names of secrets. */
  readonly #known = new Map<number, Map<string, string>>();

  constructor(secrets: readonly Secret[]) {
    for (const secret of secrets) {
      if (secret.bytes.length < LEAST) continue;
      const name = `[${secretName(secret)}]`;
      for (const text of [toHex(secret.bytes), textOf(secret.bytes)]) {
        if (text === undefined) continue;
        const alike = this.#known.get(text.length) ?? new Map<string, string>();
        this.#known.set(text.length, alike.set(text, name));
      }
    }
  }

  clean(text: string): string {
    let cleaned = text;
    for (const [length, secrets] of this.#known) {
      for (let at = 0; at + length <= cleaned.length; at++) {
        const piece = cleaned.slice(at, at + length);
        const name = secrets.get(piece) ?? secrets.get(piece.toLowerCase());
        if (name !== undefined) cleaned = `${cleaned.slice(0, at)}${name}${cleaned.slice(at + length)}`;
      }
    }
    return cleaned;
  }
}

/** Bytes as the text that they are, if they are one. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
