import { Worker } from 'node:worker_threads';

/** A thread that waits for its task. */
let expected: { readonly script: string; readonly worker: Worker } | undefined;

/**
 * Starts a thread for the scan that is about to be asked for: to start takes a tenth of a second, in which the rest of the
 * program can be loaded. It does not keep the program from ending.
 */
export function expectScan(script: URL): void {
  const worker = new Worker(script);
  worker.unref();
  expected = { script: script.href, worker };
  // A scan that is asked for later starts a thread of its own, and gets the error of that one.
  worker.once('error', () => {
    if (expected?.worker === worker) expected = undefined;
  });
}

/** A thread that scans what it is told first: the one that was expected, or another. */
export function scanThread(script: URL): Worker {
  if (expected?.script !== script.href) return new Worker(script);
  const { worker } = expected;
  expected = undefined;
  worker.removeAllListeners('error');
  worker.ref();
  return worker;
}
