import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { isatty } from 'node:tty';
import { CaptureError } from '../capture/capture-error.js';
import { capturesIn } from '../capture/captures-in-folder.js';
import { type NamedCaptures, oneCapture } from '../capture/named-captures.js';
import { statsOf } from '../capture/stats-of.js';
import { isLive, pipeNamed, refuseLiveOptions } from './live-options.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/**
 * The captures that a command line names: files, pipes, patterns of names, folders; standard input where it names none and
 * something is sent there, and for live traffic, which comes in a pipe too.
 */
export async function capturesNamed(files: readonly string[], options: ReadingOptions): Promise<NamedCaptures> {
  const { read } = options;
  const [first] = files;
  if (isLive(options)) {
    const [tap] = options.interface;
    const named = first ?? read;
    if (named !== undefined) throw new UsageError(`-i: ${tap?.value}: goes without a capture, but ${named} is named`);
    return oneCapture(pipeNamed(options) ?? '-');
  }
  refuseLiveOptions(options);
  if (read !== undefined && files.some((file) => file !== read)) {
    throw new UsageError(
      `two captures: ${files.join(', ')}: ${read} is named by -r as well; a display filter goes with -Y`,
    );
  }
  const words = first === undefined && read !== undefined ? [read] : files;
  if (words.length === 0) {
    if (isatty(0)) throw new UsageError('no capture: name a file: or send a capture to standard input');
    return oneCapture('-');
  }
  return namedBy(words, options);
}

async function namedBy(words: readonly string[], options: ReadingOptions): Promise<NamedCaptures> {
  const [only = ''] = words;
  if (words.length === 1 && !isFolder(only) && !isPattern(only) && !asksForFile(options)) return oneCapture(only);
  if (words.length > 1) await refuseFilters(words);
  if (words.filter((word) => word === '-').length > 1) throw new UsageError('-: standard input can be read only once');
  const folders = words.filter(isFolder);
  const paths = (await Promise.all(words.map(pathsOf))).flat();
  if (paths.length === 0 && !options.follow)
    throw new CaptureError('cannot read', folders.join(', '), 'no capture is in it');
  return { paths, areSeveral: true, folders, title: titleOf(words, paths) };
}

/** What several captures are called together. */
function titleOf(words: readonly string[], paths: readonly string[]): string {
  const [word = ''] = words;
  if (words.length === 1 && paths.length === 1) return paths[0] ?? word;
  if (words.length === 1) return isFolder(word) ? word : `${word} (${paths.length} captures)`;
  const names = paths.map((path) => (path === '-' ? 'standard input' : basename(path)));
  return paths.length === 2 ? names.join(', ') : `${names[0]} and ${paths.length - 1} more`;
}

async function pathsOf(word: string): Promise<readonly string[]> {
  if (isFolder(word)) return capturesIn(word);
  if (!isPattern(word)) return [word];
  const { globSync } = await import('tinyglobby');
  const found = globSync(word, { expandDirectories: false, absolute: isAbsolute(word) });
  // A pattern that fits nothing is missing, as a file that is not there.
  return found.length === 0 ? [word] : found.sort((one, other) => (one < other ? -1 : 1));
}

const isFolder = (word: string): boolean => word !== '-' && (statsOf(word)?.isDirectory() ?? false);

/** Whether a word stands for the names of files; one that is a file's name stands for that. */
const isPattern = (word: string): boolean => /[*?[\]{}]/.test(word) && !existsSync(word);

/** Whether the file of each packet is asked for, also of a single one. */
const asksForFile = ({ filter = '', field = [], column = [] }: ReadingOptions): boolean =>
  [filter, ...field, ...column].some((text) => /\bframe\.file\b/.test(text));

/** Words that are no files may be meant for something else. @throws {UsageError} for a display filter among captures */
async function refuseFilters(words: readonly string[]): Promise<void> {
  const absent = words.filter((word) => word !== '-' && !isPattern(word) && !existsSync(word));
  if (absent.length === 0) return;
  const { compileFilter } = await import('../filter/compile.js');
  for (const word of absent) {
    let isFilter = true;
    try {
      compileFilter(word);
    } catch {
      isFilter = false;
    }
    if (isFilter) throw new UsageError(`no such file: ${word}: a display filter goes with -Y`);
  }
}
