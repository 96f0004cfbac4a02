import { createElement } from 'react';
import type { CaptureView } from '../store/capture-view.js';
import { commandFor } from '../store/keys.js';
import type { Size } from '../store/layout.js';
import { focusOf } from '../store/select.js';
import { Store } from '../store/store.js';
import { App } from './App.js';
import { FrameWriter } from './frame-writer.js';
import { type Instance, render } from './ink.js';
import type { InputEvent } from './input.js';
import { Terminal } from './terminal.js';
import { isAsciiLocale, themeOf } from './theme.js';

export interface UiOptions {
  /** Draw with ASCII only; left out, the locale decides. */
  readonly ascii?: boolean;
  readonly color: boolean;
  /** Where keys come from: the terminal, also when the capture comes by standard input. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Names of the lines that are open at first, such as `chan`. */
  readonly expanded?: readonly string[];
  /** The display filter to begin with, which can be read. */
  readonly filter?: string;
  /** Keep to the newest packet, as one wants of live traffic. */
  readonly follow?: boolean;
}

/**
 * Shows a capture until the user quits. Resolves with the terminal restored, and rejects so if a view fails.
 * The capture stays open: it is the caller's to close.
 */
export async function runUi(view: CaptureView, options: UiOptions): Promise<void> {
  const theme = themeOf(options.ascii ?? (process.platform !== 'win32' && isAsciiLocale(process.env)), options.color);
  const { promise: quitting, resolve: quit } = withResolvers();

  const frames = new FrameWriter((text) => terminal.write(text));
  const terminal = new Terminal(options.stdin, options.stdout, {
    onInput: (event) =>
      onInput(event, store, { quit, redraw: () => frames.redraw(), suspend: () => terminal.suspend() }),
    onResize: () => adopt(terminal.size),
    onDrain: () => frames.drained(),
    onEnter: () => {
      // The window may have changed its size while the shell had it.
      const { columns, rows } = store.current().size;
      if (columns !== terminal.size.columns || rows !== terminal.size.rows) adopt(terminal.size);
      frames.start();
    },
    onLeave: () => frames.stop(),
    onQuit: quit,
  });
  const { expanded, follow } = options;
  const start = { size: terminal.size, ...(expanded && { expanded }), ...(follow !== undefined && { follow }) };
  const store = new Store(view, start);
  store.subscribe(() => terminal.setMouse(store.snapshot().mouse));

  const adopt = (size: Size) => {
    frames.columns = size.columns;
    frames.forget();
    store.dispatch({ type: 'resized', size });
  };

  frames.columns = terminal.size.columns;
  terminal.open(store.current().mouse);
  let ink: Instance | undefined;
  try {
    ink = render(createElement(App, { store, theme }), {
      // Ink asks for a terminal but needs only somewhere to write, and a width.
      stdout: frames as unknown as NodeJS.WriteStream,
      stdin: options.stdin,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    await Promise.race([quitting, ink.waitUntilExit()]);
  } finally {
    // First the terminal: nothing that fails after this can leave it in a mess.
    terminal.close();
    store.close();
    ink?.unmount();
  }
}

/** What commands do to the program itself, not to its state. */
interface Program {
  readonly quit: () => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
}

function onInput(event: InputEvent, store: Store, program: Program): void {
  switch (event.type) {
    case 'key':
      return onKey(event.key, store, program);
    case 'mouse':
      if (event.kind !== 'release') store.dispatch({ ...event, kind: event.kind });
      return;
    case 'paste':
      return store.dispatch({ type: 'typed', text: event.text });
  }
}

function onKey(key: string, store: Store, program: Program): void {
  const focus = focusOf(store.current());
  const command = commandFor(focus, key);
  switch (command) {
    case undefined:
      if (focus === 'prompt') store.dispatch({ type: 'typed', text: key });
      return;
    case 'quit':
    case 'redraw':
    case 'suspend':
      return program[command]();
    default:
      return store.dispatch({ type: 'command', command });
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
