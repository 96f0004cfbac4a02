/** Draws thousands of frames that are all different, and prints by how many bytes a frame the heap has grown. */
import { createElement } from 'react';
import { Store } from '../../../analyzer/store/store.js';
import { App } from '../../../analyzer/ui/App.js';
import { CanvasContext } from '../../../analyzer/ui/canvas.js';
import { FrameWriter } from '../../../analyzer/ui/frame-writer.js';
import { render } from '../../../analyzer/ui/ink.js';
import { themeOf } from '../../../analyzer/ui/theme.js';
import type { Clock } from '../../../crafter/io/clock.js';
import { FakeCapture } from './fake-capture.js';

let due = () => {};
const clock: Clock = {
  now: () => 0,
  after: (_, callback) => {
    due = callback;
    return () => {};
  },
};
const store = new Store(
  new FakeCapture({ count: 1_000_000, text: '日本 é' }),
  { size: { columns: 120, rows: 40 } },
  clock,
);
let written = 0;
const frames = new FrameWriter((text) => {
  written += text.length;
  return true;
});
frames.start();
const ink = render(
  createElement(
    CanvasContext,
    { value: frames.canvas },
    createElement(App, { frames: store, themes: () => themeOf(false, true) }),
  ),
  {
    stdout: frames as unknown as NodeJS.WriteStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  },
);
store.dispatch({ type: 'command', command: 'zoom' });

async function draw(count: number): Promise<number> {
  for (let frame = 0; frame < count; frame++) {
    store.dispatch({ type: 'command', command: 'page-down' });
    due();
    // React draws once the call is over, as it does between two keys.
    await new Promise(setImmediate);
  }
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const before = await draw(500);
const start = performance.now();
const FRAMES = 1_500;
const after = await draw(FRAMES);
const duration = (performance.now() - start) / FRAMES;
ink.unmount();
console.log(JSON.stringify({ growth: (after - before) / FRAMES, duration, written }));
