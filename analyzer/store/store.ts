import { useSyncExternalStore } from 'react';
import type { CaptureView } from './capture-view.js';
import { windowOf } from './select.js';
import { type Action, type AppState, type CaptureState, initialState, reduce, type Start } from './state.js';

/** Least time between two frames: while the user acts, and while only the capture grows. */
export const USER_MS = 33;
export const LOADING_MS = 75;

/** Time as the store sees it, so that tests need not wait. */
export interface Clock {
  /** In milliseconds. */
  now(): number;
  /** Calls back after so many milliseconds; returns the way to call it off. */
  after(delay: number, callback: () => void): () => void;
}

/** The time of the machine. */
export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

/**
 * Holds the state outside of the views, and tells them of changes at most once per frame.
 * It is the only one that asks the capture: for the rows on screen, and for the packet whose details are shown.
 */
export class Store {
  readonly #capture: CaptureView;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #leaveCapture: () => void;
  #state: AppState;
  #published: AppState;
  #lastFrame = Number.NEGATIVE_INFINITY;
  #due: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(capture: CaptureView, start: Start, clock: Clock = REAL_CLOCK) {
    this.#capture = capture;
    this.#clock = clock;
    this.#state = initialState(start, newsOf(capture));
    this.#state = this.#complete();
    this.#published = this.#state;
    this.#leaveCapture = capture.subscribe(() => this.#plan(LOADING_MS));
  }

  /** The state as of the last frame. */
  readonly snapshot = (): AppState => this.#published;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (action: Action): void => {
    this.#grow();
    // Keys held down in the list pass many packets; the details are read for the one they stop at.
    if (action.type !== 'command' || this.#state.focus !== 'list') this.#show();
    this.#state = reduce(this.#state, action);
    this.#plan(USER_MS);
  };

  /** The state after all that was dispatched, drawn or not: what the next key acts on. */
  current(): AppState {
    return this.#state;
  }

  close(): void {
    this.#leaveCapture();
    this.#due?.cancel();
    this.#due = undefined;
    this.#listeners.clear();
  }

  #plan(gap: number): void {
    const now = this.#clock.now();
    const at = Math.max(now, this.#lastFrame + gap);
    if (this.#due !== undefined && this.#due.at <= at) return;
    this.#due?.cancel();
    this.#due = { at, cancel: this.#clock.after(at - now, () => this.#publish()) };
  }

  #publish(): void {
    this.#due = undefined;
    this.#lastFrame = this.#clock.now();
    this.#grow();
    this.#state = this.#complete();
    if (this.#published === this.#state) return;
    this.#published = this.#state;
    for (const listener of this.#listeners) listener();
  }

  #grow(): void {
    const news = newsOf(this.#capture);
    if (!isSame(news, this.#state.capture)) this.#state = reduce(this.#state, { type: 'grown', capture: news });
  }

  #show(): void {
    const { selected } = this.#state.list;
    if ((this.#state.shown?.detail.number ?? 0) === selected) return;
    const detail = selected === 0 ? undefined : this.#capture.detail(selected);
    this.#state = reduce(this.#state, { type: 'shown', detail });
  }

  /** The state with the details and rows that it needs. */
  #complete(): AppState {
    this.#show();
    const { first, last } = windowOf(this.#state);
    const { top, rows } = this.#state.rows;
    // Rows never change, so a window that is filled already needs no asking.
    if (top === first - 1 && rows.length === Math.max(0, last - first + 1)) return this.#state;
    const fresh = Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => this.#capture.row(first + place));
    return reduce(this.#state, { type: 'rows', top: first - 1, rows: fresh });
  }
}

const newsOf = ({ title, count, progress, done, problem }: CaptureView): CaptureState => ({
  title,
  count,
  progress,
  done,
  problem,
});

const isSame = (a: CaptureState, b: CaptureState): boolean =>
  a.count === b.count &&
  a.progress === b.progress &&
  a.done === b.done &&
  a.problem === b.problem &&
  a.title === b.title;

/** The state, for views. */
export const useStore = (store: Store): AppState => useSyncExternalStore(store.subscribe, store.snapshot);
