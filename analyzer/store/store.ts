import { useSyncExternalStore } from 'react';
import { type Clock, REAL_CLOCK } from '../../crafter/io/clock.js';
import type { Step } from '../print/ladder.js';
import type { Cancel } from '../query/news.js';
import type { Action } from './action.js';
import { ask } from './ask.js';
import type { CaptureView } from './capture-view.js';
import type { LogLine } from './log.js';
import type { Order, WorldOrder } from './orders.js';
import { initialState, reduce, type Start } from './reduce.js';
import { tendChannels } from './screens/channels.js';
import { missingPair } from './screens/difference.js';
import { tendHandshakes } from './screens/handshakes.js';
import { refitLadder } from './screens/ladder.js';
import { missingSteps, tendLadder } from './screens/ladder-packets.js';
import { narrowedList, unlooked } from './screens/passing.js';
import { askStory, missingStory, missingStuck } from './screens/story.js';
import { fieldsOf, rowAbove, rulesOf, windowOf } from './select.js';
import { type CaptureState, newsOf } from './state/capture.js';
import type { AppState, Notice } from './state.js';

/** Least time between two frames that answer the user, and before one that only shows that the capture grows. */
export const USER_MS = 20;
export const LOADING_MS = 75;

/** How long a notice stays at most, in milliseconds: one that something went wrong, longer. */
const NOTICE_MS = 6000;
const WARNING_MS = 15_000;

/** Keys of orders that have nothing to do with a capture. */
const OUTSIDE: ReadonlySet<string> = new Set(['send', 'play', 'open', 'files']);

/** Keys of orders that tell what has left the machine, also when they are ended before they are through. */
const LAST_WORDS: ReadonlySet<string> = new Set(['send', 'play']);

/** What ends something that goes on. */
type Ending = 'user' | 'next order' | 'close';

/** Whether its answers still count then. A script's news would pass for those of the script that comes after it. */
const stillCounts = (key: string, why: Ending): boolean =>
  why === 'user' ? LAST_WORDS.has(key) : why === 'next order' && key === 'send';

/** Packets whose steps are asked for in one frame, and the milliseconds after which the rest waits for the next one. */
const MOST_STEPS = 512;
const STEPS_MS = 4;

/** Carries out the orders that the capture has nothing to do with. */
export interface World {
  /** @param dispatch takes what comes of it, at any time */
  take(order: WorldOrder, dispatch: (action: Action) => void): Cancel | undefined;
}

/** States as they are to be drawn. */
export interface Frames {
  /** The state as of the last frame. */
  readonly snapshot: () => AppState;
  /** Calls the listener at each frame; returns the way to call that off. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A world in which nothing happens. */
const NO_WORLD: World = { take: () => undefined };

/**
 * Holds the state outside of the views, and tells them of changes at most once per frame.
 * It is the only one that asks the capture: for the rows on screen, and for the packet whose details are shown.
 */
export class Store implements Frames {
  #capture: CaptureView;
  readonly #world: World;
  readonly #clock: Clock;
  /** When the program began, on the clock: the log counts from it. */
  readonly began: number;
  /** What goes on, by the keys of the orders. */
  readonly #running = new Map<string, (why: Ending) => void>();
  /** Remarks on the capture that have been noted. */
  #remarks = 0;
  #snapshotted: ReturnType<CaptureView['channels']> | undefined;
  #handshakes: ReturnType<CaptureView['handshakes']> | undefined;
  readonly #listeners = new Set<() => void>();
  #leaveCapture: () => void;
  /** What the state was told last of the capture. */
  #news: CaptureState;
  /** The fields of the rows that are there. */
  #fields: readonly string[] = [];
  #state: AppState;
  #published: AppState;
  #noticed: { readonly notice: Notice | undefined; readonly since: number } = { notice: undefined, since: 0 };
  /** The channel that was under the cursor in the last frame, if that showed the channels. */
  #rested: number | undefined;
  #lastFrame = Number.NEGATIVE_INFINITY;
  /** The last frame that answered the user. */
  #lastAnswer = Number.NEGATIVE_INFINITY;
  #due: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(
    capture: CaptureView,
    start: Start,
    clock: Clock = REAL_CLOCK,
    world: World = NO_WORLD,
    began = clock.now(),
  ) {
    this.#capture = capture;
    this.#world = world;
    this.#clock = clock;
    this.began = began;
    this.#news = newsOf(capture);
    this.#state = initialState(start, this.#news);
    this.#grow();
    this.#tend();
    this.#state = this.#complete();
    this.#published = this.#state;
    this.#obey();
    this.#leaveCapture = capture.subscribe(() => this.#plan(LOADING_MS));
  }

  readonly snapshot = (): AppState => this.#published;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (action: Action): void => {
    this.#grow();
    // Keys held down in the list pass many packets; the details are read for the one they stop at.
    if (action.type !== 'command' || this.#state.screen !== 'packets' || this.#state.focus !== 'list') this.#show();
    if (this.#state.screen === 'ladder') this.#tend();
    const { notice } = this.#state;
    if (action.type === 'read-again') this.#adopt(action.view);
    this.#state = reduce(this.#state, action);
    this.#noteOf(action);
    if (action.type !== 'told' && this.#state.notice !== notice) this.#noteAnswer(this.#state.notice);
    this.#obey();
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
    for (const end of this.#running.values()) end('close');
    this.#running.clear();
  }

  /** Has the orders of the state carried out. Their answers may come at once, and may hold orders again. */
  #obey(): void {
    while (this.#state.orders.length > 0) {
      const { orders } = this.#state;
      this.#state = { ...this.#state, orders: [] };
      for (const order of orders) this.#carryOut(order);
    }
  }

  #carryOut(order: Order): void {
    const key = 'key' in order ? order.key : undefined;
    if (key !== undefined) this.#end(key, order.type === 'cancel' ? 'user' : 'next order');
    if (order.type === 'cancel') return;
    // What was ended may still have an answer on its way.
    let isWanted = true;
    const take = (action: Action): void => {
      if (isWanted) this.#answer(action);
    };
    const cancel = ask(this.#capture, order, take) ?? this.#world.take(order as WorldOrder, take);
    if (key === undefined || cancel === undefined) return;
    this.#running.set(key, (why) => {
      isWanted &&= stillCounts(key, why);
      cancel();
    });
  }

  #end(key: string, why: Ending): void {
    this.#running.get(key)?.(why);
    // What may still tell of itself must be there to be silenced.
    if (why !== 'user' || !LAST_WORDS.has(key)) this.#running.delete(key);
  }

  /** Takes what an order came to: like a growing capture, it is drawn when there is time. */
  #answer(action: Action): void {
    if (action.type === 'restarted') this.#adopt(action.view);
    this.#state = reduce(this.#state, action);
    this.#noteOf(action);
    if (this.#state.orders.length > 0) queueMicrotask(() => this.#obey());
    this.#plan(LOADING_MS);
  }

  /** A key that could not do what it should: said in the line that goes away, and in the log that does not. */
  #noteAnswer(notice: Notice | undefined): void {
    if (notice?.severity === 'warn' || notice?.severity === 'error') this.#note(notice.severity, notice.text);
  }

  /** What went wrong goes into the log, and all that has left the machine. */
  #noteOf(action: Action): void {
    if (action.type === 'played' && action.news.done) {
      this.#note(action.news.severity, action.news.status);
      for (const line of action.news.lines) if (line.type === 'text') this.#note(line.severity, line.text);
    }
    if (action.type !== 'told' || !action.done) return;
    if (action.severity !== 'chat' || action.key === 'send') this.#note(action.severity, action.text);
  }

  /** Has to do with another capture from now on. */
  #adopt(capture: CaptureView): void {
    for (const key of [...this.#running.keys()]) if (!OUTSIDE.has(key)) this.#end(key, 'close');
    this.#leaveCapture();
    this.#capture = capture;
    this.#remarks = 0;
    this.#news = newsOf(capture);
    this.#snapshotted = undefined;
    this.#fields = [];
    this.#leaveCapture = capture.subscribe(() => this.#plan(LOADING_MS));
  }

  #note(severity: LogLine['severity'], text: string): void {
    const time = (this.#clock.now() - this.began) / 1000;
    this.#state = reduce(this.#state, { type: 'log', line: { time, severity, text } });
  }

  #plan(gap: number): void {
    const now = this.#clock.now();
    const isAnswer = gap === USER_MS;
    // Who presses a key does not wait because the capture has just grown.
    const at = Math.max(now, (isAnswer ? this.#lastAnswer : this.#lastFrame) + gap);
    if (this.#due !== undefined && this.#due.at <= at) return;
    this.#due?.cancel();
    const publish = () => {
      if (isAnswer) this.#lastAnswer = this.#clock.now();
      this.#publish();
    };
    this.#due = { at, cancel: this.#clock.after(at - now, publish) };
  }

  /** Takes away a notice that has been there long enough to be read: it hides what goes on. */
  #expire(): void {
    const { notice } = this.#state;
    const now = this.#clock.now();
    if (notice !== this.#noticed.notice) this.#noticed = { notice, since: now };
    if (notice === undefined) return;
    const most = notice.severity === 'warn' || notice.severity === 'error' ? WARNING_MS : NOTICE_MS;
    const left = this.#noticed.since + most - now;
    if (left <= 0) this.#state = { ...this.#state, notice: undefined };
    else this.#plan(left);
  }

  #publish(): void {
    this.#due = undefined;
    this.#lastFrame = this.#clock.now();
    this.#expire();
    this.#grow();
    this.#tend();
    this.#rest();
    this.#state = this.#complete();
    if (this.#published === this.#state) return;
    this.#published = this.#state;
    for (const listener of this.#listeners) listener();
  }

  #grow(): void {
    const news = newsOf(this.#capture);
    const { problem } = this.#news;
    if (!isSame(news, this.#news)) {
      this.#news = news;
      this.#state = reduce(this.#state, { type: 'grown', capture: news });
    }
    if (news.problem !== undefined && news.problem !== problem) this.#note('error', news.problem);
    for (const remark of this.#capture.remarks.slice(this.#remarks)) this.#note('chat', remark);
    this.#remarks = this.#capture.remarks.length;
    const snapshot = this.#capture.channels();
    if (snapshot !== this.#snapshotted) {
      this.#snapshotted = snapshot;
      this.#state = reduce(this.#state, { type: 'channels', snapshot });
    }
    const handshakes = this.#capture.handshakes();
    if (handshakes !== this.#handshakes) {
      this.#handshakes = handshakes;
      this.#state = reduce(this.#state, { type: 'handshakes', snapshot: handshakes });
    }
    this.#state = tendHandshakes(tendChannels(this.#state));
  }

  #show(): void {
    const { selected } = this.#state.list;
    if ((this.#state.shown?.detail.number ?? 0) === selected) return;
    const detail = selected === 0 ? undefined : this.#capture.detail(selected);
    this.#state = reduce(this.#state, { type: 'shown', detail });
  }

  /** Asks for what the screens of channels need: their packets, and the steps of those that can be seen. */
  #tend(): void {
    this.#sift();
    const { selected } = this.#state.channels;
    this.#state = tendLadder(this.#rested === selected ? askStory(this.#state) : this.#state);
    this.#obey();
    // What is collapsed turns out only when it is known, and makes room for more.
    const end = this.#clock.now() + STEPS_MS;
    for (let left = MOST_STEPS; left > 0; ) {
      const missing = [...missingStory(this.#state), ...missingSteps(this.#state)].slice(0, left);
      if (missing.length === 0) break;
      left -= missing.length;
      const { count, first } = this.#capture;
      const steps = new Map<number, readonly Step[]>();
      for (const number of missing) {
        // What was forgotten meanwhile has no steps any more.
        steps.set(number, number < first ? [] : this.#capture.steps(number));
        if (this.#clock.now() < end) continue;
        left = 0;
        break;
      }
      // The rest comes with the next frame.
      if (left === 0) this.#plan(USER_MS);
      const origin = count < first ? undefined : this.#capture.row(first);
      this.#state = refitLadder(reduce(this.#state, { type: 'steps', steps, origin }));
    }
    const stuck = missingStuck(this.#state);
    if (stuck >= this.#capture.first && stuck > 0) {
      this.#state = reduce(this.#state, { type: 'stuck', detail: this.#capture.detail(stuck) });
    }
    const pair = missingPair(this.#state);
    if (pair === undefined) return;
    const [left, right] = pair.map((number) => this.#capture.detail(number));
    if (left && right) this.#state = reduce(this.#state, { type: 'pair', left, right });
  }

  /**
   * The story of a channel is asked for in the frame after the one that shows it under the cursor: the screen comes first,
   * and a cursor held down passes many channels.
   */
  #rest(): void {
    const { screen, channels } = this.#state;
    const resting = screen === 'channels' ? channels.selected : undefined;
    if (this.#rested === resting) return;
    this.#rested = resting;
    if (resting !== undefined) this.#plan(LOADING_MS);
  }

  /** Finds out which rows of the list have packets that pass the display filter, some packets a frame. */
  #sift(): void {
    const packets = unlooked(this.#state);
    const list = narrowedList(this.#state);
    if (packets.length === 0 || list === undefined) return;
    const touched = new Set<number>();
    for (const packet of packets) for (const number of this.#capture.touched(packet, list)) touched.add(number);
    this.#state = reduce(this.#state, { type: 'touched', list, looked: packets.length, numbers: [...touched] });
    if (unlooked(this.#state).length > 0) this.#plan(USER_MS);
  }

  /** The state with the details and rows that it needs. */
  #complete(): AppState {
    this.#show();
    const wanted = windowOf(this.#state);
    const fields = fieldsOf(this.#state);
    const rules = rulesOf(this.#state);
    const { rows } = this.#state.rows;
    // Rows never change, so a window that is filled already needs no asking.
    const isThere =
      fields === this.#fields &&
      rows.length === wanted.length &&
      rows.every((row, place) => row.number === wanted[place]);
    if (isThere) return this.#state;
    this.#fields = fields;
    const above = this.#state.settings.time === 'd' ? rowAbove(this.#state) : 0;
    const before = above === 0 ? undefined : this.#capture.row(above);
    return reduce(this.#state, {
      type: 'rows',
      rows: wanted.map((number) => this.#capture.row(number, fields, rules)),
      before,
    });
  }
}

const isSame = (a: CaptureState, b: CaptureState): boolean =>
  a.count === b.count &&
  a.first === b.first &&
  a.live === b.live &&
  a.progress === b.progress &&
  a.done === b.done &&
  a.problem === b.problem &&
  a.title === b.title;

/** The state, for views. */
export const useFrames = ({ subscribe, snapshot }: Frames): AppState => useSyncExternalStore(subscribe, snapshot);
