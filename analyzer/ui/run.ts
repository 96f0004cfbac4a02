import { createElement } from 'react';
import { REAL_CLOCK } from '../../crafter/io/clock.js';
import type { CaptureView } from '../store/capture-view.js';
import { commandFor } from '../store/keys.js';
import type { Size } from '../store/layout.js';
import type { Start } from '../store/reduce.js';
import { focusOf } from '../store/select.js';
import type { ThemeName } from '../store/settings.js';
import type { Store, World } from '../store/store.js';
import { App } from './App.js';
import { CanvasContext } from './canvas.js';
import { Captures, type OpenedCapture, type Reread, type SecretsSource } from './captures.js';
import { FrameWriter } from './frame-writer.js';
import { type Instance, render } from './ink.js';
import type { InputEvent } from './input.js';
import { depthOf } from './palette.js';
import { Terminal } from './terminal.js';
import { hasColours, isAsciiLocale, themeOf } from './theme.js';
import { Uncaught } from './uncaught.js';

export interface UiOptions {
  /** Draw with ASCII only; left out, the locale decides. */
  readonly ascii?: boolean;
  readonly color: boolean;
  /** Where keys come from: the terminal, also when the capture comes by standard input. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** What is different from the start. */
  readonly start?: Omit<Start, 'size'>;
  /** Carries out what neither the capture nor the terminal can. */
  readonly world?: World;
  /** Comes when the capture has been opened; the terminal is taken over after that, or not at all if it fails. */
  readonly opened?: Promise<void>;
  /** Saves captured packets that are in no file, those after the last that it is told, where the user could not be asked. */
  readonly rescue?: (saved: () => number) => Promise<void>;
  readonly secrets?: SecretsSource;
  /** Reads the capture again with the secrets that are known by then. */
  readonly reread?: Reread;
  /** Opens another capture by its path. @throws {Error} in one line, if it cannot be */
  readonly open?: (path: string) => OpenedCapture;
  /** Begins a simulation, and to open what its peers send. @throws {Error} in one line, if that cannot be */
  /** Rewrites a file, and begins to open what comes of it. @throws {Error} in one line, if that cannot be */
  readonly rewrite?: (path: string, words: string, packets: readonly number[]) => Promise<OpenedCapture>;
  /** The file of the capture, if it can be read again. */
  readonly path?: string | undefined;
  readonly simulate?: (words: string) => Promise<OpenedCapture>;
}

/**
 * Shows a capture until the user quits. Resolves with the terminal restored, and rejects so if anything fails that the
 * program does meanwhile, such as a view, a timer, or a promise that nobody waits for.
 * The capture stays open: it is the caller's to close. Those that were opened over it are closed.
 */
export async function runUi(view: CaptureView, options: UiOptions): Promise<void> {
  const ascii = options.ascii ?? (process.platform !== 'win32' && isAsciiLocale(process.env));
  const depth = depthOf(process.env);
  const color = options.color && hasColours(process.env);
  const themes = (name: ThemeName) => themeOf(ascii, color, name, depth);
  const { promise: quitting, resolve: quit } = withResolvers();

  const frames = new FrameWriter((text) => terminal.write(text));
  const terminal = new Terminal(options.stdin, options.stdout, {
    onInput: (event) => onInput(event, captures.current()),
    onResize: () => adopt(terminal.size),
    onDrain: () => frames.drained(),
    onEnter: () => {
      // The window may have changed its size while the shell had it.
      const { columns, rows } = captures.current().current().size;
      if (columns !== terminal.size.columns || rows !== terminal.size.rows) adopt(terminal.size);
      frames.start();
    },
    onLeave: () => frames.stop(),
    onQuit: quit,
  });
  let isWanted = false;
  const leave = () => {
    isWanted = true;
    quit();
  };
  const program: Program = { quit: leave, redraw: () => frames.redraw(), suspend: () => terminal.suspend() };
  const world: World = {
    take: (order, dispatch) => {
      if (order.type === 'program') program[order.what]();
      else if (order.type === 'copy') terminal.write(clipboardWrite(order.text));
      else return options.world?.take(order, dispatch);
      return undefined;
    },
  };
  const captures = new Captures(
    view,
    { ...options.start, size: terminal.size },
    {
      clock: REAL_CLOCK,
      world,
      open: options.open ?? openNothing,
      simulate: options.simulate ?? (async () => openNothing()),
      rewrite: options.rewrite ?? (async () => openNothing()),
      path: options.path,
      quit: leave,
      secrets: options.secrets,
      reread: options.reread,
    },
  );
  captures.subscribe(() => terminal.setMouse(captures.current().snapshot().mouse));

  const adopt = (size: Size) => {
    frames.forget();
    captures.current().dispatch({ type: 'resized', size });
  };

  let ink: Instance | undefined;
  const uncaught = new Uncaught();
  try {
    // The first frame is made while the capture is being opened: to draw for the first time takes as long.
    ink = render(
      createElement(CanvasContext, { value: frames.canvas }, createElement(App, { frames: captures, themes })),
      {
        // Ink asks for a terminal but needs only somewhere to write, and a width.
        stdout: frames as unknown as NodeJS.WriteStream,
        stdin: options.stdin,
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    await Promise.race([options.opened, uncaught.first]);
    terminal.open(captures.current().current().mouse);
    await Promise.race([quitting, ink.waitUntilExit(), uncaught.first]);
  } finally {
    // First the terminal: nothing that fails after this can leave it in a mess.
    terminal.close();
    if (!isWanted) await options.rescue?.(() => captures.saved);
    captures.close();
    ink?.unmount();
    uncaught.close();
  }
}

function openNothing(): never {
  throw new Error('no other capture can be opened here');
}

/** What commands do to the program itself, not to its state. */
interface Program {
  readonly quit: () => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
}

/** Sets the clipboard of the terminal, over ssh too. Source: xterm's control sequences, OSC 52. */
const clipboardWrite = (text: string): string => `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;

function onInput(event: InputEvent, store: Store): void {
  switch (event.type) {
    case 'key':
      return onKey(event.key, store);
    case 'mouse':
      if (event.kind !== 'release') store.dispatch({ ...event, kind: event.kind });
      return;
    case 'paste':
      return store.dispatch({ type: 'typed', text: event.text });
  }
}

function onKey(key: string, store: Store): void {
  const state = store.current();
  const focus = focusOf(state);
  const command = commandFor(focus, key, state.settings.keymap);
  if (command !== undefined) return store.dispatch({ type: 'command', command });
  if (focus !== 'prompt') return focus === 'help' ? undefined : store.dispatch({ type: 'unbound', key });
  const text = key === 'space' ? ' ' : key;
  if ([...text].length === 1) store.dispatch({ type: 'typed', text });
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
