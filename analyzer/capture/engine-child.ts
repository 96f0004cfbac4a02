import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable } from 'node:stream';

/** What is kept of what a child says: its last words tell why it ended. */
const MOST_WORDS = 16 * 1024;
/** A child that was asked to end has this long, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Runs a program under a guard that ends it when we are gone, however we went: a child that waits for packets would
 * otherwise stay for ever. The guard waits for a word or the end of its input; the program has our child's number.
 */
const GUARD = '(read -r over <&3 || kill -TERM $$) >/dev/null 2>&1 & exec 3<&-; exec "$@" </dev/null';

/** Lets a process run before others, if we may: one that must wait for its turn loses packets. */
function goFirst(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_HIGH);
  } catch {
    // Only root may do this; without it the child captures as well.
  }
}

/** A program that captures, while it runs. */
export class EngineChild {
  /** What it says on standard error, the last of it. */
  said = '';
  readonly stdout: Readable;
  readonly #program: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #asked = false;
  #startError: string | undefined;
  #onLine: (line: string) => void = () => {};
  #onWords: () => void = () => {};
  #line = '';

  constructor(program: string, words: readonly string[]) {
    this.#program = program;
    const child = spawn('/bin/sh', ['-c', `exec 3<&0; ${GUARD}`, 'sh', program, ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C is for us: we end it in order.
      detached: true,
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.#child = child;
    goFirst(child.pid);
    this.stdout = child.stdout;
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    child.once('exit', () => child.stdin.end('over\n'));
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#startError = error.message;
        resolve();
      });
      child.once('close', () => resolve());
    });
  }

  /** Tells each whole line of standard error. */
  onLine(listener: (line: string) => void): void {
    this.#onLine = listener;
  }

  /** Waits until it has said something, has ended, or the patience of milliseconds is over. */
  heard(words: RegExp, patience: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        this.#onWords = () => {};
        resolve();
      };
      const timer = setTimeout(over, patience);
      this.#onWords = () => {
        if (words.test(this.said)) over();
      };
      this.#onWords();
      void this.#ended.then(over);
    });
  }

  /** Waits until it has ended and everything that it said was heard. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** How it ended, if not in order: `dumpcap was killed (SIGKILL)`. */
  get failure(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    if (this.#startError !== undefined) return this.#startError;
    if (signalCode !== null) return this.#asked ? undefined : `${this.#name} was killed (${signalCode})`;
    if (exitCode !== 0 && exitCode !== null) return `${this.#name} ended with status ${exitCode}`;
    return undefined;
  }

  get wasAsked(): boolean {
    return this.#asked;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.isOver) this.#child.kill(signal);
  }

  /** Asks it to end; if it does not, it is ended. */
  stop(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), PATIENCE_MS);
    void this.#ended.then(() => clearTimeout(timer));
  }

  get #name(): string {
    return this.#program.split('/').at(-1) ?? this.#program;
  }

  #hear(text: string): void {
    this.said = (this.said + text).slice(-MOST_WORDS);
    this.#onWords();
    const lines = (this.#line + text).slice(-MOST_WORDS).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}
