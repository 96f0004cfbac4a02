/** A program that is nothing but the UI on a fake capture, for tests that need a terminal. Options come as JSON. */
import { runUi } from '../../../analyzer/ui/run.js';
import { FakeCapture, type FakeOptions } from './fake-capture.js';

interface EntryOptions extends FakeOptions {
  readonly ascii?: boolean;
  readonly color?: boolean;
  /** Grows by so many packets at a time. */
  readonly step?: number;
  /** Throws once this packet's details are asked for. */
  readonly failAt?: number;
  /** Where something goes wrong once a key is pressed. */
  readonly fails?: 'a timer' | 'a promise' | 'a view' | 'the stack' | 'again and again';
}

const options: EntryOptions = JSON.parse(process.argv[2] ?? '{}');
const capture = new FakeCapture(options);
const { step = 0, failAt } = options;

if (failAt !== undefined) {
  const detail = capture.detail.bind(capture);
  capture.detail = (number) => {
    if (number === failAt) throw new Error('a bug, made on purpose');
    return detail(number);
  };
}
const failing = new Error('a bug, made on purpose');
function recursing(depth: number): number {
  return recursing(depth + 1) + 1;
}
const FAILURES = {
  'a timer': () => {
    throw failing;
  },
  'a promise': () => void Promise.reject(failing),
  'a view': () => {
    const detail = capture.detail.bind(capture);
    // The store looks at its number only.
    capture.detail = (number) =>
      new Proxy(detail(number), {
        get: (shown, key) => {
          if (key === 'number') return shown.number;
          throw failing;
        },
      });
    process.stdin.emit('data', 'j');
  },
  'the stack': () => recursing(0),
  'again and again': () => {
    setInterval(() => {
      throw failing;
    }, 1).unref();
  },
} as const;
const { fails } = options;
if (fails !== undefined) process.stdin.once('data', () => setTimeout(FAILURES[fails], 1));

const growing = setInterval(() => {
  if (capture.done || step === 0) clearInterval(growing);
  else capture.grow(Math.min(capture.count + step, options.final ?? capture.count));
}, 10);

const { stdin, stdout } = process;
await runUi(capture, {
  ascii: options.ascii ?? false,
  color: options.color ?? true,
  stdin,
  stdout,
  rescue: async (saved) => {
    // As saving does, it takes some turns.
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(`rescued what comes after ${saved()}`);
  },
});
clearInterval(growing);
console.log('bye');
