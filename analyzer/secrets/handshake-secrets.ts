import type { Secret, SecretWord } from './secrets.js';

/** The secrets of handshakes other than the channel's, by the first word of their lines. */
export class HandshakeSecrets {
  /** How often secrets were added: whoever has prepared keys from them looks again when this has changed. */
  changes = 0;
  private readonly byWord = new Map<SecretWord, Secret[]>();

  constructor(secrets: readonly Secret[]) {
    this.learn(secrets);
  }

  /** Takes more secrets; those of channels are left out. */
  learn(secrets: readonly Secret[]): void {
    for (const secret of secrets) {
      if (secret.word === undefined) continue;
      const known = this.byWord.get(secret.word);
      if (known) known.push(secret);
      else this.byWord.set(secret.word, [secret]);
      this.changes++;
    }
  }

  /** All secrets of a word, in the order of their lines. */
  of(word: SecretWord): readonly Secret[] {
    return this.byWord.get(word) ?? NONE;
  }

  /** Those of a word that one end may use: its own, then anybody's. @param owner as the lines write it: an address */
  for(word: SecretWord, owner: string): readonly Secret[] {
    const all = this.of(word);
    if (all.length === 0) return NONE;
    return [...all.filter((one) => one.peer === owner), ...all.filter((one) => one.peer === undefined)];
  }
}

const NONE: readonly Secret[] = [];
