import type { Secret } from '../../analyzer/secrets/secrets.js';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import type { Conversation } from './frames.js';
import { minimised } from './minimise.js';
import { mutated } from './mutate.js';
import { anatomy, Broken, check, checkTime } from './play.js';

/** Frames of one case: enough for a handshake and some data, in the middle of a capture or from its start. */
const MOST_PLAYED = 40;

/** What was found: the rule that was broken, and the shortest conversation that breaks it. */
export interface Found {
  readonly broken: Broken;
  readonly frames: Conversation;
  readonly from: string;
  readonly seed: number;
}

/** Conversations by name, and the secrets that go with each. */
export interface Corpus {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly secretsOf: (name: string) => readonly Secret[];
}

/** One case of a corpus: what its seed makes. */
export function caseOf(
  { conversations }: Corpus,
  seed: number,
): { readonly from: string; readonly frames: Conversation } {
  const chance = seeded(seed);
  const names = [...conversations.keys()];
  const nameOf = () => names[chance.integer(names.length)] ?? '';
  const from = nameOf();
  const others = conversations.get(nameOf()) ?? [];
  const frames = part(conversations.get(from) ?? [], chance);
  return { from, frames: mutated(frames, { chance, others, anatomyOf: anatomy }) };
}

function part(frames: Conversation, chance: Seeded): Conversation {
  const start = chance.chance(0.6) ? 0 : chance.integer(frames.length);
  return frames.slice(start, start + 1 + chance.integer(MOST_PLAYED));
}

/** Plays a case. @returns what it broke, made as short as can be */
export function fuzzPackets(corpus: Corpus, seed: number): { readonly packets: number; readonly found?: Found } {
  const { from, frames } = caseOf(corpus, seed);
  const secrets = corpus.secretsOf(from);
  const broken = brokenBy(frames, secrets);
  if (!broken) return { packets: frames.length };
  const least = minimised(frames, (some) => brokenBy(some, secrets)?.rule === broken.rule);
  return { packets: frames.length, found: { broken: brokenBy(least, secrets) ?? broken, frames: least, from, seed } };
}

/** The rule that a conversation breaks, if any. */
export function brokenBy(frames: Conversation, secrets: readonly Secret[]): Broken | undefined {
  try {
    check(frames, secrets);
    checkTime(frames, secrets);
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return error;
    throw error;
  }
}
