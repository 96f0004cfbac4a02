import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { type IBufferCell, Terminal } from '@xterm/headless';
import { build } from 'esbuild';

/** Builds a program of these tests into a folder of its own. */
export async function buildEntry(
  file = 'ui-entry.ts',
  workers: Readonly<Record<string, string>> = {},
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'handshark-ui-'));
  await build({
    entryPoints: { ui: join('test/analyzer/ui', file), ...workers },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['react-devtools-core'],
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return { path: join(folder, 'ui.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** How long a screen may take to look as expected, in milliseconds, before a test gives up. */
const DEADLINE_MS = 50_000;

/** What begins and ends a frame that a terminal is to show at once (synchronized output, DEC private mode 2026). */
const FRAME_BEGINS = '\x1b[?2026h';
const FRAME_ENDS = '\x1b[?2026l';

/** A program in a terminal, which tests read cell by cell. */
export class PtySession {
  readonly terminal: Terminal;
  readonly #pty: IPty;
  /** All that the program has written. */
  raw = '';
  exit: { readonly exitCode: number; readonly signal?: number | undefined } | undefined;
  #onChange: () => void = () => {};
  /** Whether the screen holds part of a frame, whose rest has not come yet. */
  #isDrawing = false;

  constructor(command: string, given: readonly string[], columns: number, rows: number) {
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
    const { CI: _, NO_COLOR: __, ...env } = process.env;
    this.#pty = spawn(command, [...given], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      env: { ...env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      const isDrawing = this.raw.lastIndexOf(FRAME_BEGINS) > this.raw.lastIndexOf(FRAME_ENDS);
      this.terminal.write(data, () => {
        this.#isDrawing = isDrawing;
        this.#onChange();
      });
    });
    this.#pty.onExit((exit) => {
      this.exit = exit;
      // What was written last may come after the news of the end.
      this.terminal.write('', () => {
        this.#isDrawing = false;
        this.#onChange();
      });
    });
    // Answers of the terminal go back to the program, as they would.
    this.terminal.onData((data) => this.#pty.write(data));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  send(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal?: string): void {
    this.#pty.kill(signal);
  }

  /** The rows of the screen, without blanks at their ends. */
  rows(): readonly string[] {
    const buffer = this.terminal.buffer.active;
    return Array.from({ length: this.terminal.rows }, (_, row) =>
      (buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  cell(x: number, y: number): IBufferCell | undefined {
    const buffer = this.terminal.buffer.active;
    return buffer.getLine(buffer.baseY + y)?.getCell(x);
  }

  /** The text of the cells of a row that are drawn inverse. */
  inverse(y: number): string {
    return Array.from({ length: this.terminal.cols }, (_, x) => this.cell(x, y))
      .filter((cell) => cell?.isInverse())
      .map((cell) => cell?.getChars() || ' ')
      .join('');
  }

  /** Waits until the screen is as told, at the end of a frame: a frame may come in pieces. */
  until(what: string, isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#onChange = () => {};
        reject(new Error(`waited in vain until ${what}; the screen is\n${this.rows().join('\n')}`));
      }, DEADLINE_MS);
      this.#onChange = () => {
        if (this.#isDrawing || !isSo()) return;
        clearTimeout(deadline);
        this.#onChange = () => {};
        resolve();
      };
      this.#onChange();
    });
  }

  /** Waits until a text stands in a row, or anywhere. */
  untilShown(text: string, row?: number): Promise<void> {
    const isThere = () => (row === undefined ? this.rows().join('\n') : (this.rows()[row] ?? '')).includes(text);
    return this.until(`"${text}" is shown${row === undefined ? '' : ` in row ${row}`}`, isThere);
  }

  /** Waits until nothing has been written for a while: all that was asked for is drawn. */
  async untilQuiet(milliseconds = 400): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    let before: number;
    do {
      before = this.raw.length;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    } while (this.raw.length !== before && performance.now() < deadline);
  }

  untilExit(): Promise<void> {
    return this.until('the program ends', () => this.exit !== undefined);
  }
}
