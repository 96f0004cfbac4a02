import * as z from 'zod';
import { craft } from '../../crafter/commands/craft.js';
import { CraftError } from '../../crafter/commands/craft-error.js';
import type { CraftIo } from '../../crafter/commands/craft-world.js';
import { readPacket } from '../commands/read-packet.js';
import { UsageError } from '../commands/usage-error.js';
import { LINES, MOST_TEXT } from './page.js';
import type { Answer, Asked, Tool } from './tools.js';

/** Words of an agent, each no longer than a packet in hex. */
export const WORDS = z.array(z.string().max(200_000)).max(200);

/** Ends a series of packets that is longer than an answer. */
class Enough extends Error {}

/** `craft`, to hex only: no file is written or read but the captures that were named, and nothing is sent. */
export const CRAFT_TOOL: Tool = {
  title: 'Craft',
  about:
    'Builds packets, right or wrong on purpose, and gives their bytes as hex; nothing is sent or written. The words are those of `handshark craft`, such as ["new", "--from", "alice", "--to", "bob", "--c1", "1a2b"]; ["--help"] tells all.',
  shape: { words: WORDS },
  answer: async (given, asked) => {
    const { words } = given as { readonly words: readonly string[] };
    return crafted(words, asked);
  },
};

/** What `craft` prints for some words. @throws {UsageError} for what it refuses */
export async function crafted(words: readonly string[], { captures }: Asked): Promise<Answer> {
  const file = words.find((word) => /^--[a-z-]*secret-file\b/.test(word));
  if (file !== undefined) throw new UsageError(`craft: ${file}: no file is read for an agent`);
  const lines: string[] = [];
  let size = 0;
  const problems: string[] = [];
  const refuse = (what: string) => async (): Promise<never> => {
    throw new CraftError(`${what}: an agent gets the bytes as hex, and nothing else`);
  };
  const io: CraftIo = {
    print: (text) => {
      for (const line of text.replace(/\n$/, '').split('\n')) {
        size += line.length + 1;
        if (lines.length >= LINES.most || size > MOST_TEXT) throw new Enough();
        lines.push(line);
      }
    },
    complain: (problem) => void problems.push(problem),
    now: () => ({ seconds: Math.floor(Date.now() / 1000), nanos: 0 }),
    readPacket: (name, number) => readPacket(captures.named(name).path, number),
    readFile: refuse('a file of bytes'),
    headOf: refuse('-w'),
    appendFile: refuse('--append'),
    saveFile: refuse('-w'),
    openPort: refuse('a port'),
    send: refuse('sending'),
  };
  const status = await craft(words, io).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
    problems.push(`there is more: an answer has at most ${LINES.most} packets and ${MOST_TEXT} characters`);
    return 0;
  });
  if (status !== 0) throw new UsageError(problems.join('; ') || 'craft: it failed');
  return { lines, notes: problems };
}
