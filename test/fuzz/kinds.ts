import { checkFile, fileCase } from './files.js';
import type { Conversation } from './frames.js';
import { type Corpus, fuzzPackets } from './packets.js';
import { attackPeers } from './peers.js';
import { Broken } from './play.js';
import { checkText, type TextKind, textCase } from './texts.js';

/** What a case broke. */
export interface Failure {
  readonly message: string;
  readonly from: string;
  /** The conversation, where the case is one. */
  readonly frames?: Conversation;
  /** The file, where it is one. */
  readonly bytes?: Uint8Array;
}

/** A kind of input that is changed by chance. */
export interface FuzzKind {
  readonly name: string;
  /** Plays the case of a seed; `tried` counts what was played: packets, files, texts. */
  readonly run: (
    corpus: Corpus,
    seed: number,
  ) => Promise<{ readonly tried: number; readonly found?: Failure | undefined }>;
}

/** A kind of texts, tried on some packets. */
const texts = (name: TextKind): FuzzKind => ({
  name,
  run: async ({ conversations }, seed) => {
    const text = textCase(name, seed);
    const packets = [...conversations.values()][seed % conversations.size]?.slice(0, 4) ?? [];
    const broken = checkText(name, text, packets);
    return {
      tried: 1,
      ...(broken && { found: { message: broken.message, from: JSON.stringify(text.slice(0, 200)) } }),
    };
  },
});

export const KINDS: readonly FuzzKind[] = [
  {
    name: 'packets',
    run: async (corpus, seed) => {
      const { packets, found } = fuzzPackets(corpus, seed);
      if (!found) return { tried: packets };
      const { broken, frames, from } = found;
      return { tried: packets, found: { message: broken.message, from, frames } };
    },
  },
  {
    name: 'files',
    run: async (_, seed) => {
      const { from, bytes } = fileCase(seed);
      const broken = await checkFile(bytes);
      return { tried: 1, ...(broken && { found: { message: broken.message, from, bytes } }) };
    },
  },
  {
    name: 'peers',
    run: async (_, seed) => {
      try {
        return { tried: attackPeers(seed) };
      } catch (error) {
        const message = error instanceof Broken ? error.message : `nothing throws: ${error}`;
        return { tried: 0, found: { message, from: 'two peers and an attacker' } };
      }
    },
  },
  texts('filters'),
  texts('secrets'),
  texts('scripts'),
];
