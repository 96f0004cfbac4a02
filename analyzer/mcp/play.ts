import { Writable } from 'node:stream';
import type { Io } from '../commands/io.js';
import { Page, type PageRange, type Shape } from './page.js';

/** Runs a command of the program in this process, with these words. */
export type Play = (words: readonly string[], io: Io) => Promise<void>;

/** A page of what a command has printed, and what it said besides. */
export interface Played {
  readonly lines: readonly string[];
  readonly isFull: boolean;
  readonly remarks: readonly string[];
}

/** What a command may say besides what it prints, in lines. */
const MOST_REMARKS = 20;

/** Plays a command and keeps a page of what it prints. @throws what the command throws */
export async function playPage(
  play: Play,
  words: readonly string[],
  range: PageRange,
  signal: AbortSignal,
  shape: Shape = (line) => line,
): Promise<Played> {
  const enough = new AbortController();
  const page = new Page(range, shape, () => enough.abort());
  const remarks: string[] = [];
  await play(words, worldFor(page, AbortSignal.any([signal, enough.signal]), remarks));
  page.finish();
  return { lines: page.lines, isFull: page.isFull, remarks };
}

/** The world of a command that nobody sees: what it prints is kept, what it says is noted. */
export function worldFor(stdout: Writable, signal: AbortSignal, remarks: string[]): Io {
  const note = (text: string): void => {
    if (remarks.length < MOST_REMARKS && !remarks.includes(text)) remarks.push(text);
  };
  return {
    stdout,
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    isTerminal: false,
    columns: undefined,
    env: {},
    complain: note,
    remark: note,
    earn: () => {},
    progress: () => {},
    onRotate: () => {},
    interrupted: () => signal,
  };
}
