import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOfFrame } from '../../crafter/commands/craft-capture.js';
import { saveNew } from '../../crafter/io/file-beside.js';
import { reasonOf } from '../capture/capture-error.js';
import type { Cancel } from '../query/news.js';
import type { Action } from '../store/action.js';
import type { CaptureView } from '../store/capture-view.js';
import type { WorldOrder } from '../store/orders.js';
import type { RunNews } from '../store/state/craft.js';
import type { World } from '../store/store.js';
import { filesNamed } from './files-named.js';
import { whyNotNew, writeNewFile } from './new-file.js';
import { send } from './send.js';
import { type Remembered, writeStateFile } from './state-file.js';

/** What the desk has to work with. */
export interface DeskOptions {
  /** Where what is typed is remembered; undefined for nowhere. */
  readonly stateFile: string | undefined;
  readonly remembered: Remembered;
}

/** A capture that grows, as long as it may. */
export interface Growing {
  stop(): void;
  /** Captures anew. @throws {Error} if that cannot be, in one line; then all is as before */
  readonly restart?: () => Promise<CaptureView>;
}

type Dispatch = (action: Action) => void;

/** Carries out what the screens order and neither the capture nor the terminal can: files, sending, scripts. */
export class Desk implements World {
  private readonly stateFile: string | undefined;
  /** The capture on the screen, if it may grow. */
  growing: Growing | undefined;
  /** What is remembered now, to start the next screen from. */
  remembered: Remembered;
  /** A folder for recordings of scripts, made for the first of them. */
  private folder: string | undefined;
  private recordings = 0;
  /** The last recording. */
  private recording: string | undefined;

  constructor({ stateFile, remembered }: DeskOptions) {
    this.stateFile = stateFile;
    this.remembered = remembered;
  }

  take(order: WorldOrder, dispatch: Dispatch): Cancel | undefined {
    switch (order.type) {
      case 'remember':
        this.remember(
          { ...this.remembered, history: { ...this.remembered.history, [order.what]: order.lines } },
          dispatch,
        );
        return undefined;
      case 'alias':
        this.remember({ ...this.remembered, aliases: order.aliases }, dispatch);
        return undefined;
      case 'save-bytes':
        dispatch(saveBytes(order.path, order.bytes));
        return undefined;
      case 'save-frame':
        dispatch(saveFrame(order));
        return undefined;
      case 'send':
        return send(order, dispatch);
      case 'play':
        return this.play(order.path, dispatch);
      case 'files':
        void filesNamed(order.typed).then((paths) => dispatch({ type: 'files', typed: order.typed, paths }));
        return undefined;
      case 'keep-recording':
        dispatch(this.keepRecording(order.path));
        return undefined;
      case 'live':
        if (order.what === 'stop') this.growing?.stop();
        else void this.restart(dispatch);
        return undefined;
      default:
        return undefined;
    }
  }

  /**
   * The path of a recording that does not exist yet; it is taken away with the program.
   * @throws {Error} in one line, if there is no place for it
   */
  newRecording(name: string): string {
    try {
      this.folder ??= mkdtempSync(join(tmpdir(), 'handshark-'));
    } catch (error) {
      throw new Error(`cannot record: ${tmpdir()}: ${reasonOf(error)}`);
    }
    this.recordings += 1;
    return join(this.folder, `${name}-${this.recordings}.pcapng`);
  }

  /** Takes away what was recorded and not kept. */
  close(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  private play(path: string, dispatch: Dispatch): Cancel | undefined {
    const ending = new AbortController();
    let recording: string;
    try {
      recording = this.newRecording('run');
    } catch (error) {
      dispatch({ type: 'played', news: unplayed(reasonOf(error)) });
      return undefined;
    }
    void import('./play.js').then(
      ({ play }) =>
        play(path, recording, ending.signal, (news) => {
          this.recording = news.recording ?? this.recording;
          dispatch({ type: 'played', news });
        }),
      (error: unknown) => dispatch({ type: 'played', news: unplayed(`cannot play: ${reasonOf(error)}`) }),
    );
    return () => ending.abort();
  }

  private keepRecording(path: string): Action {
    if (this.recording === undefined) return told('nothing was recorded', 'warn');
    try {
      saveNew(path, readFileSync(this.recording));
      return told(`recording saved to ${path}`, 'chat');
    } catch (error) {
      return told(`cannot save: ${path}: ${whyNotNew(error)}`, 'error');
    }
  }

  private async restart(dispatch: Dispatch): Promise<void> {
    try {
      const view = await this.growing?.restart?.();
      if (view !== undefined) dispatch({ type: 'restarted', view });
    } catch (error) {
      dispatch(told(reasonOf(error), 'error'));
    }
  }

  private remember(next: Remembered, dispatch: Dispatch): void {
    this.remembered = next;
    if (this.stateFile === undefined) return;
    try {
      writeStateFile(this.stateFile, next);
    } catch (error) {
      dispatch(told(`cannot remember: ${this.stateFile}: ${reasonOf(error)}`, 'warn'));
    }
  }
}

export const told = (text: string, severity: 'chat' | 'warn' | 'error'): Action => ({
  type: 'told',
  text,
  severity,
  done: true,
});

/** Writes a new file, and tells how it went. */
function saveBytes(path: string, bytes: Uint8Array): Action {
  const problem = writeNewFile(path, bytes);
  return problem === undefined
    ? told(`${bytes.length} bytes saved to ${path}`, 'chat')
    : told(`cannot save: ${path}: ${problem}`, 'error');
}

const NANOS = 1_000_000;

/** Writes a frame as a capture that holds nothing else, captured now. */
function saveFrame(order: Extract<WorldOrder, { readonly type: 'save-frame' }>): Action {
  const now = Date.now();
  const time = { seconds: Math.floor(now / 1000), nanos: (now % 1000) * NANOS };
  const problem = writeNewFile(order.path, captureOfFrame(order.path, order, time));
  return problem === undefined
    ? told(`the packet is saved to ${order.path}`, 'chat')
    : told(`cannot save: ${order.path}: ${problem}`, 'error');
}

/** The news of a script that was not played. */
const unplayed = (status: string): RunNews => ({
  restart: false,
  lines: [],
  status,
  severity: 'error',
  done: true,
  recording: undefined,
});
