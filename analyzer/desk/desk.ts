import { closeSync, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../capture/capture-error.js';
import type { Cancel } from '../store/capture-view.js';
import type { WorldOrder } from '../store/orders.js';
import type { Action } from '../store/state.js';
import type { World } from '../store/store.js';
import { type Remembered, writeStateFile } from './state-file.js';

/** What the desk has to work with. */
export interface DeskOptions {
  /** Where what is typed is remembered; undefined for nowhere. */
  readonly stateFile: string | undefined;
  readonly remembered: Remembered;
}

type Dispatch = (action: Action) => void;

/** Carries out what the screens order and neither the capture nor the terminal can: files, sending, scripts. */
export class Desk implements World {
  private readonly stateFile: string | undefined;
  private remembered: Remembered;

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
      default:
        return undefined;
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

/** Writes a new file; one that is there already is left as it is. */
function saveBytes(path: string, bytes: Uint8Array): Action {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o644);
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return told(`cannot save: ${path}: ${exists ? 'there is such a file' : reasonOf(error)}`, 'error');
  }
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    return told(`${bytes.length} bytes saved to ${path}`, 'chat');
  } catch (error) {
    return told(`cannot save: ${path}: ${reasonOf(error)}`, 'error');
  } finally {
    closeSync(file);
  }
}
