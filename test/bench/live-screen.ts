import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

const SIZE = { cols: 120, rows: 40 };
/** What is waited for comes within this time or never, in milliseconds. */
const MOST_MS = 20_000;

/** A program on a screen, and how long it takes to answer. */
export class LiveScreen {
  readonly #terminal = new Terminal({ ...SIZE, allowProposedApi: true });
  readonly #pty: IPty;
  readonly #over: Promise<void>;
  #onChange: () => void = () => {};

  constructor([program = '', ...words]: readonly string[]) {
    const { CI: _, ...env } = process.env;
    this.#pty = spawn(program, words, { ...SIZE, env: { ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' } });
    this.#pty.onData((data) => this.#terminal.write(data, () => this.#onChange()));
    this.#over = new Promise((resolve) => {
      this.#pty.onExit(() => resolve());
    });
  }

  /** All that stands on it. */
  get text(): string {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: SIZE.rows }, (_, row) => active.getLine(active.baseY + row));
    return rows.map((row) => row?.translateToString(true) ?? '').join('\n');
  }

  /** Waits until a text stands on it. @throws {Error} if it never does */
  shows(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`"${text}" is not shown:\n${this.text}`)), MOST_MS);
      this.#onChange = () => {
        if (!this.text.includes(text)) return;
        clearTimeout(deadline);
        this.#onChange = () => {};
        resolve();
      };
      this.#onChange();
    });
  }

  /** Presses a key; tells after how many milliseconds a text is there that was not. */
  async press(key: string, text: string): Promise<number> {
    if (this.text.includes(text)) throw new Error(`"${text}" is shown already:\n${this.text}`);
    const start = performance.now();
    this.#pty.write(key);
    await this.shows(text);
    return performance.now() - start;
  }

  async close(): Promise<void> {
    this.#pty.kill('SIGTERM');
    await this.#over;
    this.#terminal.dispose();
  }
}
