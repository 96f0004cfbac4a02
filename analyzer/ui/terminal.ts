import { StringDecoder } from 'node:string_decoder';
import { type InputEvent, InputReader } from './input.js';

/** What the terminal reports. */
export interface TerminalEvents {
  readonly onInput: (event: InputEvent) => void;
  readonly onResize: () => void;
  /** The terminal takes more output. */
  readonly onDrain: () => void;
  /** The screen is ours again, and blank: after the start, and after the program was stopped and continued. */
  readonly onEnter: () => void;
  /** The screen is no longer ours. */
  readonly onLeave: () => void;
  /** The user, or whoever asked by signal, wants us to end; also when the terminal itself has gone. */
  readonly onQuit: () => void;
}

/** How long Esc may be the start of a sequence; long enough for ssh, short enough for fingers. */
const ESCAPE_MS = 50;

const IGNORED = (): void => {};

const ENTER = '\x1b[?1049h\x1b[0m\x1b[2J\x1b[H\x1b[?25l\x1b[?7l\x1b[?2004h';
const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
const MOUSE_ON = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
const MOUSE_OFF = '\x1b[?1006l\x1b[?1002l\x1b[?1000l';

/**
 * Takes the terminal over (alternate screen, no cursor, no line wrap, raw keys, mouse, bracketed paste), and leaves it
 * as it was found on every way out: `close`, exit, an exception, SIGINT, SIGTERM, SIGHUP, and around SIGTSTP.
 */
export class Terminal {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #events: TerminalEvents;
  readonly #reader = new InputReader();
  readonly #decoder = new StringDecoder('utf8');
  #escape: NodeJS.Timeout | undefined;
  #isOurs = false;
  #isClosed = false;
  #isEnding = false;
  #mouse = false;
  #release: () => void = () => {};

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, events: TerminalEvents) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#events = events;
  }

  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#stdout.columns || 80, rows: this.#stdout.rows || 24 };
  }

  open(mouse: boolean): void {
    this.#mouse = mouse;
    this.#listen();
    this.#enter();
  }

  /** Writes if the screen is ours. */
  readonly write = (text: string): boolean => !this.#isOurs || this.#stdout.write(text);

  /** Listens to the mouse, or leaves it to the terminal. */
  setMouse(on: boolean): void {
    if (on === this.#mouse) return;
    this.#mouse = on;
    this.write(on ? MOUSE_ON : MOUSE_OFF);
  }

  /** Gives the terminal back to the shell until the user continues the program. */
  suspend(): void {
    if (process.platform === 'win32' || this.#isClosed) return;
    this.#leave();
    process.off('SIGTSTP', this.#onStop);
    // The whole job, as the terminal itself would: a wrapper such as npm must stop too.
    process.kill(0, 'SIGTSTP');
    // Here again: continued, or never stopped because there is no shell to go back to.
    process.on('SIGTSTP', this.#onStop);
    setTimeout(() => this.#isOurs || this.#onContinue(), 0);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#leave();
    this.#isClosed = true;
    this.#release();
  }

  #enter(): void {
    if (this.#isClosed) return;
    this.#isOurs = true;
    if (this.#stdin.isTTY) {
      // Off first: node believes in the mode it set last, but the shell may have set another since.
      this.#stdin.setRawMode(false);
      this.#stdin.setRawMode(true);
    }
    this.#stdin.resume();
    this.#stdout.write(ENTER + (this.#mouse ? MOUSE_ON : ''));
    this.#events.onEnter();
  }

  readonly #leave = (): void => {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    this.#events.onLeave();
    clearTimeout(this.#escape);
    try {
      this.#stdout.write(MOUSE_OFF + LEAVE);
      if (this.#stdin.isTTY) this.#stdin.setRawMode(false);
    } catch {
      // The terminal has gone, so there is nothing to restore.
    }
    this.#stdin.pause();
  };

  /**
   * The terminal has gone: a window was closed, a connection lost. On any other way out than by a signal node wants to
   * restore the modes of a terminal that is no more, and aborts.
   */
  readonly #onGone = (): void => this.#endBy('SIGHUP');

  /** Does all that quitting does, so that nothing is left lying; then the program ends by the signal, as without us. */
  #endBy(signal: NodeJS.Signals): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    // A terminal that has gone says so in several ways, and more than once; what is being saved must not be cut off.
    if (signal === 'SIGHUP') process.on('SIGHUP', IGNORED);
    process.once('exit', () => {
      process.off('SIGHUP', IGNORED);
      process.kill(process.pid, signal);
    });
    this.#events.onQuit();
  }

  readonly #onStop = (): void => this.suspend();

  readonly #onContinue = (): void => {
    if (this.#isClosed) return;
    // A window tells only the job in its foreground that it has another size. Node reads the size anew when told so.
    if (process.platform !== 'win32') process.emit('SIGWINCH', 'SIGWINCH');
    // Also when somebody else stopped us: the shell has changed the terminal's modes since.
    this.#enter();
  };

  #listen(): void {
    const { onQuit, onResize, onDrain } = this.#events;
    const listeners: readonly (readonly [NodeJS.EventEmitter, string, (given?: unknown) => void])[] = [
      [this.#stdin, 'data', this.#onData],
      [this.#stdin, 'end', this.#onGone],
      [this.#stdin, 'error', this.#onGone],
      [this.#stdout, 'error', this.#onGone],
      [this.#stdout, 'resize', onResize],
      [this.#stdout, 'drain', onDrain],
      [process, 'SIGINT', onQuit],
      [process, 'SIGTERM', () => this.#endBy('SIGTERM')],
      [process, 'SIGHUP', () => this.#endBy('SIGHUP')],
      [process, 'exit', this.#leave],
      [process, 'uncaughtExceptionMonitor', this.#leave],
      ...(process.platform === 'win32'
        ? []
        : ([
            [process, 'SIGTSTP', this.#onStop],
            [process, 'SIGCONT', this.#onContinue],
          ] as const)),
    ];
    for (const [emitter, name, listener] of listeners) emitter.on(name, listener);
    this.#release = () => {
      for (const [emitter, name, listener] of listeners) emitter.off(name, listener);
    };
  }

  readonly #onData = (chunk: unknown): void => {
    clearTimeout(this.#escape);
    this.#emit(this.#reader.push(Buffer.isBuffer(chunk) ? this.#decoder.write(chunk) : `${chunk}`));
    if (this.#reader.isWaiting) {
      this.#escape = setTimeout(() => this.#emit(this.#reader.flush()), ESCAPE_MS);
    }
  };

  #emit(events: readonly InputEvent[]): void {
    for (const event of events) {
      // A key may have closed us; those after it are for the shell, or nobody.
      if (this.#isClosed) return;
      this.#events.onInput(event);
    }
  }
}
