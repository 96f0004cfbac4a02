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
const growing = setInterval(() => {
  if (capture.done || step === 0) clearInterval(growing);
  else capture.grow(Math.min(capture.count + step, options.final ?? capture.count));
}, 10);

const { stdin, stdout } = process;
await runUi(capture, { ascii: options.ascii ?? false, color: options.color ?? true, stdin, stdout });
clearInterval(growing);
console.log('bye');
