import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { systemError } from '../capture/capture-error.js';
import { PAUSE_CONTROL } from '../extcap/answers.js';
import { CONTROL, ControlReader, controlMessage } from '../extcap/control.js';

/** Wireshark's toolbar for a capture, where there is one: what it wants, and what it is told. */
export interface Toolbar {
  /** Shows a line in the status bar. */
  readonly tell: (text: string) => void;
  /** Shows what went wrong. */
  readonly fail: (text: string) => void;
  /** What to wait for while the user holds the capture. */
  readonly held: () => Promise<void> | undefined;
  readonly close: () => void;
}

/** What Wireshark takes of a text, in bytes. */
const MOST_TEXT = 4096;

/**
 * Opens the two pipes of a toolbar.
 * @throws {CaptureError} if they cannot be opened
 */
export function openToolbar(inward: string | undefined, outward: string | undefined): Toolbar {
  let release: (() => void) | undefined;
  let holding: Promise<void> | undefined;
  const hold = (isOn: boolean): void => {
    if (isOn) {
      holding ??= new Promise((resolve) => {
        release = resolve;
      });
      return;
    }
    release?.();
    holding = undefined;
  };
  const input = inward === undefined ? undefined : new Socket({ fd: opened(inward), writable: false });
  const reader = new ControlReader();
  input?.on('data', (bytes: Uint8Array) => {
    for (const { control, command, payload } of reader.took(bytes)) {
      if (control === PAUSE_CONTROL && command === CONTROL.set) hold(payload[0] === 1);
    }
    if (reader.isBroken) input.destroy();
  });
  input?.on('error', () => hold(false));
  let output = outward === undefined ? undefined : opened(outward);
  const say = (command: number, text: string): void => {
    if (output === undefined) return;
    const payload = new TextEncoder().encode(text).subarray(0, MOST_TEXT);
    try {
      writeSync(output, controlMessage({ control: 0, command, payload }));
    } catch {
      // Nobody looks at the toolbar any more.
      closeSync(output);
      output = undefined;
    }
  };
  return {
    tell: (text) => say(CONTROL.statusBar, text),
    fail: (text) => say(CONTROL.error, text),
    held: () => holding,
    close: () => {
      hold(false);
      input?.destroy();
      if (output !== undefined) closeSync(output);
      output = undefined;
    },
  };
}

function opened(path: string): number {
  try {
    // For both ways: otherwise it would wait until Wireshark opens the other end, or take it for closed until then.
    return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    throw systemError('cannot open', path, error);
  }
}
