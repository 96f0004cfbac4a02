import type { Clock } from '../../crafter/io/clock.js';
import type { Action } from '../store/action.js';
import type { CaptureView } from '../store/capture-view.js';
import { unsaved } from '../store/live.js';
import type { WorldOrder } from '../store/orders.js';
import type { Start } from '../store/reduce.js';
import type { AppState } from '../store/state.js';
import { type Frames, Store, type World } from '../store/store.js';

/** A capture that is being read again, with the secrets that are known by now. */
export interface ReadAgain {
  readonly view: CaptureView;
  /** Fulfilled once it can take the place of what is on the screen. @throws {Error} in one line, if it cannot be read */
  readonly ready: Promise<void>;
  close(): void;
}

/** Where secrets come from. */
export interface SecretsSource {
  /** Takes those of a file. @throws {Error} in one line, if it cannot be understood */
  add(path: string): void;
  /** How many there are. */
  count(): number;
  /** Calls the listener when the files have others than before; with what is wrong, if they cannot be read any more. */
  subscribe(listener: (problem: string | undefined) => void): () => void;
}

/** Reads a capture again with the secrets that are known by now; undefined where only what is still to come is judged by them. */
export type Reread = () => ReadAgain | undefined;

/** A capture that is opened from within. */
export interface OpenedCapture {
  readonly reread?: Reread;
  readonly view: CaptureView;
  /** Fulfilled once it can be shown: a pipe may wait long. @throws {Error} in one line, if it cannot be read */
  readonly opened: Promise<void>;
  /** The file that it can be read from again; left out where there is none. */
  readonly path?: string;
  /** What is different from the start. */
  readonly start: Omit<Start, 'size'>;
  /** Reads no more of it. */
  stop(): void;
  close(): void;
}

/** What captures are opened with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly world: World;
  /** Begins to open a capture by its path. @throws {Error} in one line, if that cannot be */
  readonly open: (path: string) => OpenedCapture;
  /** Begins a simulation, and to open what its peers send. @throws {Error} in one line, if that cannot be */
  readonly simulate: (words: string) => Promise<OpenedCapture>;
  /** Rewrites a file, and begins to open what comes of it. @throws {Error} in one line, if that cannot be */
  readonly rewrite: (path: string, words: string, packets: readonly number[]) => Promise<OpenedCapture>;
  /** The file of the capture that was opened first, if it can be read again. */
  readonly path: string | undefined;
  readonly quit: () => void;
  readonly secrets?: SecretsSource | undefined;
  /** Reads the first capture again. */
  readonly reread?: Reread | undefined;
}

/** Captures that are open at once at most: each has threads and memory of its own. */
const MOST_OPEN = 8;

interface Open {
  readonly store: Store;
  /** Undefined for the first one, which is the caller's. */
  readonly opened: OpenedCapture | undefined;
  /** The capture as it was read again last, and one that is being read. */
  again: ReadAgain | undefined;
  reading: ReadAgain | undefined;
}

/**
 * The captures that are open: the newest is on the screen, those below it go on as they are until it is closed. So what
 * is live stays live, and who comes back finds everything as it was.
 */
export class Captures implements Frames {
  readonly #surroundings: Surroundings;
  readonly #open: Open[] = [];
  readonly #listeners = new Set<() => void>();
  /** Takes no more frames from the capture that is on the screen. */
  #unheard: () => void = () => {};
  readonly #untold: () => void;

  constructor(view: CaptureView, start: Start, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#put(view, start, undefined);
    this.#untold =
      surroundings.secrets?.subscribe((problem) => {
        if (problem === undefined) this.#readAgain();
        else this.current().dispatch({ type: 'told', text: problem, severity: 'error', done: true });
      }) ?? (() => {});
  }

  /** The store of the capture on the screen. */
  current(): Store {
    return this.#last().store;
  }

  readonly snapshot = (): AppState => this.current().snapshot();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** All packets up to this one of the first capture have been saved. */
  get saved(): number {
    return this.#open[0]?.store.current().live.saved ?? 0;
  }

  /** Closes all stores, and the captures that were opened from within. */
  close(): void {
    this.#unheard();
    this.#listeners.clear();
    this.#untold();
    for (const open of this.#open) shut(open);
  }

  #last(): Open {
    const last = this.#open.at(-1);
    if (last === undefined) throw new Error('no capture is open');
    return last;
  }

  #put(view: CaptureView, start: Start, opened: OpenedCapture | undefined): void {
    const { clock, world } = this.#surroundings;
    const began = this.#open[0]?.store.began;
    const own: World = {
      take: (order, dispatch) => this.#take(order, dispatch, opened) ?? world.take(order, dispatch),
    };
    const store = new Store(view, start, clock, own, began);
    this.#open.push({ store, opened, again: undefined, reading: undefined });
    this.#hear();
  }

  /** Passes the frames of the capture on the screen on. */
  #hear(): void {
    this.#unheard();
    this.#unheard = this.current().subscribe(() => {
      for (const listener of this.#listeners) listener();
    });
  }

  #take(order: WorldOrder, dispatch: (action: Action) => void, opened: OpenedCapture | undefined) {
    switch (order.type) {
      case 'open-capture':
        return this.#begin(async () => this.#surroundings.open(order.path), dispatch);
      case 'simulate':
        return this.#begin(() => this.#surroundings.simulate(order.words), dispatch);
      case 'rewrite':
        return this.#begin(() => this.#rewritten(order.words, order.packets, opened), dispatch);
      case 'secrets':
        return this.#learn(order.path, dispatch);
      case 'close-capture':
        // Not while the store that ordered it is still at work.
        queueMicrotask(() => this.#leave());
        return DONE;
      case 'program':
        if (order.what !== 'quit') return undefined;
        this.#quit();
        return DONE;
      case 'live':
        if (opened === undefined) return undefined;
        if (order.what === 'stop') opened.stop();
        return DONE;
      default:
        return undefined;
    }
  }

  async #rewritten(words: string, packets: readonly number[], opened: OpenedCapture | undefined) {
    const { rewrite, path: first } = this.#surroundings;
    const path = opened === undefined ? first : opened.path;
    if (path === undefined) throw new Error('this capture is in no file yet: save it, and open that');
    return rewrite(path, words, packets);
  }

  #begin(begin: () => Promise<OpenedCapture>, dispatch: (action: Action) => void) {
    const failed = (text: string) => dispatch({ type: 'told', key: 'open', text, severity: 'error', done: true });
    if (this.#open.length >= MOST_OPEN) {
      failed(`${MOST_OPEN} captures are open already: close one first`);
      return DONE;
    }
    let opened: OpenedCapture | undefined;
    let isPending = true;
    /** Whether this is the first that comes of it. */
    const settle = () => {
      const was = isPending;
      isPending = false;
      return was;
    };
    const openIt = async (): Promise<void> => {
      const own = await begin();
      // The user may have thought better of it meanwhile.
      if (!isPending) return own.close();
      opened = own;
      await own.opened;
      if (settle()) this.#show(own, dispatch);
    };
    openIt().catch((error: unknown) => {
      if (!settle()) return;
      opened?.close();
      failed(reasonOf(error));
    });
    return () => {
      if (settle()) opened?.close();
    };
  }

  #show(opened: OpenedCapture, dispatch: (action: Action) => void): void {
    const text = `${opened.view.title} is open`;
    dispatch({ type: 'told', key: 'open', text, severity: 'chat', done: true });
    const before = this.current().current();
    this.#put(opened.view, { ...opened.start, size: before.size, beneath: before.capture.title }, opened);
    this.current().dispatch({ type: 'taken-over', from: before });
  }

  /** Takes the secrets of a file, and judges by them all that is open. */
  #learn(path: string, dispatch: (action: Action) => void) {
    try {
      this.#surroundings.secrets?.add(path);
    } catch (error) {
      dispatch({ type: 'told', key: 'secrets', text: reasonOf(error), severity: 'error', done: true });
      return DONE;
    }
    this.#readAgain();
    return DONE;
  }

  /** Reads all captures that are open again, each in its own time, with the secrets that there are. */
  #readAgain(): void {
    const { secrets, reread } = this.#surroundings;
    const count = secrets?.count() ?? 0;
    for (const open of this.#open) {
      const { store, opened } = open;
      open.reading?.close();
      const reading = (open === this.#open[0] ? reread : opened?.reread)?.();
      open.reading = reading;
      const tell = (text: string, severity: 'chat' | 'error') =>
        store.dispatch({ type: 'told', key: 'secrets', text, severity, done: true });
      if (reading === undefined) {
        tell(`${count} ${count === 1 ? 'secret' : 'secrets'}: packets are judged by them from now on`, 'chat');
        continue;
      }
      reading.ready.then(
        () => {
          if (open.reading !== reading) return;
          const before = open.again;
          open.again = reading;
          open.reading = undefined;
          store.dispatch({ type: 'read-again', view: reading.view, secrets: count });
          before?.close();
        },
        (error: unknown) => {
          if (open.reading !== reading) return;
          reading.close();
          open.reading = undefined;
          tell(reasonOf(error), 'error');
        },
      );
    }
  }

  /** Back to the capture below, as it is by now. */
  #leave(): void {
    if (this.#open.length < 2) return;
    const last = this.#last();
    const from = last.store.current();
    this.#open.pop();
    shut(last);
    this.#hear();
    this.current().dispatch({ type: 'taken-over', from });
  }

  /** Ends the program, unless a capture below has packets that are in no file: then the user is asked there. */
  #quit(): void {
    const below = this.#open.slice(0, -1).findLastIndex(({ store }) => unsaved(store.current()) > 0);
    if (below < 0) return this.#surroundings.quit();
    queueMicrotask(() => {
      while (this.#open.length > below + 1) this.#leave();
      this.current().dispatch({ type: 'command', command: 'quit' });
    });
  }
}

function shut({ store, opened, again, reading }: Open): void {
  store.close();
  for (const one of [opened, again, reading]) one?.close();
}

/** The first line: what follows it shows the place in a line that is gone from the screen. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

/** What ends an order that has been carried out. */
const DONE = (): void => {};
