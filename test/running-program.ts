import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

/** No program of a test runs longer, in milliseconds. */
const MOST = 60_000;
/** What is kept of its output at most, in bytes. */
const KEPT = 64 * 1024 * 1024;

/** How a process ended, and all that it said. */
export interface Run {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly out: Uint8Array;
  readonly err: string;
}

/** A running program of a test, with what it has said so far. */
export class RunningProgram {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #out: Uint8Array[] = [];
  readonly #ended: Promise<Run>;
  #size = 0;
  err = '';

  /**
   * @param command the program and its words
   * @param input what it reads; left out, its input stays open without a word
   */
  constructor([program = '', ...words]: readonly string[], input?: Uint8Array | string) {
    const child = spawn(program, words, { stdio: 'pipe', timeout: MOST });
    this.child = child;
    child.stdout.on('data', (bytes: Uint8Array) => {
      this.#size += bytes.length;
      if (this.#size <= KEPT) this.#out.push(bytes);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    // A program that ends early reads no more.
    child.stdin.on('error', () => {});
    if (input !== undefined) child.stdin.end(input);
    this.#ended = once(child, 'close').then(([status]) => ({ status, out: Buffer.concat(this.#out), err: this.err }));
    // Who never asks for the end need not hear that there was no such program.
    this.#ended.catch(() => {});
  }

  /** Waits until standard error has a line that matches, and returns the match. */
  async said(line: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = line.exec(this.err);
      if (found) return found;
      const more = await Promise.race([once(this.child.stderr, 'data'), this.#ended]);
      if ('status' in more && !line.test(this.err))
        throw new Error(`ended with ${more.status} before ${line}: ${more.err}`);
    }
  }

  /** Waits until it has written this many bytes, or this text; or has ended. */
  async wrote(what: number | string): Promise<void> {
    const has = () => (typeof what === 'number' ? this.#size >= what : Buffer.concat(this.#out).includes(what));
    while (!has()) {
      const more = await Promise.race([once(this.child.stdout, 'data'), this.#ended]);
      if ('status' in more) return;
    }
  }

  /** Waits for its end. */
  ended(): Promise<Run> {
    return this.#ended;
  }

  /** Ends it, if it has not ended yet. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Run> {
    this.child.kill(signal);
    return this.#ended;
  }
}

export const textOf = ({ out }: Run): string => new TextDecoder().decode(out);
