import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Output } from '../../../analyzer/commands/output.js';

/** A reader that takes one piece each time it is asked to. */
function slowReader() {
  const taken: string[] = [];
  let next: ((error?: Error | null) => void) | undefined;
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      taken.push(chunk.toString());
      next = done;
    },
    // What is being written when it ends fails, as in a pipe.
    destroy: (error, done) => {
      next?.(error);
      done(error);
    },
  });
  return { stream, taken, take: () => next?.() };
}

const listeners = (stream: Writable): number =>
  ['drain', 'close', 'error'].reduce((sum, event) => sum + stream.listenerCount(event), 0);

test('waits for a slow reader again and again, and leaves no listener behind', async () => {
  const { stream, taken, take } = slowReader();
  const output = new Output(stream);
  const before = listeners(stream);
  for (let piece = 0; piece < 30; piece++) {
    output.write(`${piece};`);
    let isDone = false;
    const flushed = output.flush().then(() => {
      isDone = true;
    });
    await new Promise(setImmediate);
    expect(isDone).toBe(false);
    take();
    await flushed;
    expect(listeners(stream)).toBe(before);
  }
  expect(taken.join('')).toBe(Array.from({ length: 30 }, (_, piece) => `${piece};`).join(''));
});

test('a reader that goes away ends the wait, and everything after it', async () => {
  const { stream } = slowReader();
  const output = new Output(stream);
  output.write('one');
  const flushed = output.flush();
  stream.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
  await flushed;
  expect(output.closed).toBe(true);
  output.write('two');
  await output.flush();
});

test('what else the stream fails with is told', async () => {
  const { stream } = slowReader();
  const output = new Output(stream);
  output.write('one');
  const flushed = output.flush();
  stream.destroy(new Error('disk full'));
  await expect(flushed).rejects.toThrow('disk full');
});
