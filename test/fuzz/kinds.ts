import type { Conversation } from './frames.js';
import { type Corpus, fuzzPackets } from './packets.js';

/** What a case broke. */
export interface Failure {
  readonly message: string;
  readonly from: string;
  /** The conversation, where the case is one. */
  readonly frames?: Conversation;
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
];
