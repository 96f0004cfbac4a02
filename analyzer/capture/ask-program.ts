import { execFile } from 'node:child_process';

/** A program that only tells something has this long, in milliseconds. */
const PATIENCE_MS = 10_000;
/** What the program may print, in bytes: a list of interfaces takes a few thousand. */
const MOST_WORDS = 1024 * 1024;

export interface Answer {
  readonly out: string;
  readonly said: string;
  /** Undefined if it did not end by itself. */
  readonly status: number | undefined;
}

/** Runs a program that tells something and ends; in plain English, whatever the locale. */
export const askProgram = (program: string, words: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const options = {
      timeout: PATIENCE_MS,
      maxBuffer: MOST_WORDS,
      env: { ...process.env, LC_ALL: 'C' },
    };
    const child = execFile(program, words, options, (error, out, said) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      resolve({ out, said: said === '' && error !== null && status === undefined ? error.message : said, status });
    });
    child.stdin?.end();
  });
