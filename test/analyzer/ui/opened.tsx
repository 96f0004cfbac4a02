import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import type { Start } from '../../../analyzer/store/reduce.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { Store, type World } from '../../../analyzer/store/store.js';
import { Screen } from '../../../analyzer/ui/App.js';
import { renderToString } from '../../../analyzer/ui/ink.js';
import { themeOf } from '../../../analyzer/ui/theme.js';
import type { Clock } from '../../../crafter/io/clock.js';
import { FakeCapture, type FakeOptions } from './fake-capture.js';

export interface Given extends FakeOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly ascii?: boolean;
  readonly colour?: boolean;
  readonly start?: Omit<Start, 'size'>;
  readonly world?: World;
  /** Frames that one step may take. */
  readonly frames?: number;
}

/** A capture that was opened in a terminal of some size, and what a user reads there. */
export class Opened {
  readonly capture: FakeCapture;
  readonly store: Store;
  readonly #given: Given;
  #due: (() => void) | undefined;

  constructor(given: Given = {}) {
    const { columns = 80, rows = 23, start, world } = given;
    // Everything is due as soon as it is asked.
    const after: Clock['after'] = (delay, callback) => {
      // But for what only comes once nothing happens any more.
      if (delay >= 1000) return () => {};
      this.#due = callback;
      return () => {
        this.#due = undefined;
      };
    };
    this.#given = given;
    this.capture = new FakeCapture({ count: 200, ...given });
    this.store = new Store(this.capture, { ...start, size: { columns, rows } }, { now: () => 0, after }, world);
  }

  /** Plays commands and actions, each in frames of its own. */
  play(...steps: readonly (Command | Action)[]): this {
    for (const step of steps) {
      this.store.dispatch(typeof step === 'string' ? { type: 'command', command: step } : step);
      this.#draw();
    }
    return this;
  }

  /** Lets the capture grow, and a frame be drawn. */
  grow(count: number): this {
    this.capture.grow(count);
    this.#draw();
    return this;
  }

  /** Draws frames until nothing is left to be done. */
  #draw(): void {
    const { frames = 20 } = this.#given;
    for (let frame = 0; frame < frames && this.#due !== undefined; frame++) {
      const due = this.#due;
      this.#due = undefined;
      due();
    }
  }

  get state(): AppState {
    return this.store.snapshot();
  }

  /** The frame as the terminal gets it. */
  frame(): string {
    const { columns = 80, ascii = false, colour = false } = this.#given;
    return renderToString(<Screen state={this.state} theme={themeOf(ascii, colour)} />, { columns });
  }

  /** The rows, without looks and blanks at their ends. */
  rows(): readonly string[] {
    return this.frame()
      .replaceAll(/\x1b\[[0-9;]*m/g, '')
      .split('\n')
      .map((row) => row.trimEnd());
  }
}
