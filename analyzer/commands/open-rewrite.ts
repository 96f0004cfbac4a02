import { rewriteFrom } from '../../crafter/commands/rewrite-options.js';
import { lineWords } from '../text/line-words.js';
import { rangesText } from '../text/ranges-text.js';
import type { Io } from './io.js';
import { rewrite } from './run-rewrite.js';

/**
 * Rewrites a capture as a line says, written as after `handshark rewrite`, into a new file.
 * @param packets those that are changed, by their numbers, while the others are copied; all where there are none
 * @throws {Error} in one line, if the words make no sense, or the file cannot be written
 */
export async function rewriteInto(
  output: string,
  path: string,
  words: string,
  packets: readonly number[],
  io: Io,
): Promise<void> {
  const options = rewriteFrom(lineWords(words));
  if (options.fromHex) throw new Error('--from-hex: not here: it reads a hex dump, not the capture that is open');
  const marked = packets.length === 0 ? [] : [`frame.number in {${rangesText(packets)}}`];
  const where = [...marked, ...(options.where ? [options.where] : [])].map((one) => `(${one})`).join(' && ');
  const problems: string[] = [];
  const quiet: Io = {
    ...io,
    complain: (problem) => problems.push(problem),
    remark: () => {},
    interrupted: () => new AbortController().signal,
  };
  await rewrite([path, output], { ...options, ...(where !== '' && { where }) }, quiet);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem);
}
