import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { openCapture } from '../capture/capture.js';
import type { Io } from './io.js';
import { captureNamed, isColored, type ReadingOptions, secretsFrom } from './reading.js';
import { UsageError } from './usage-error.js';

interface OpenOptions extends Omit<ReadingOptions, 'filter' | 'count' | 'quiet'> {
  readonly ascii?: boolean;
  readonly follow?: boolean;
}

/**
 * Opens the terminal UI on a capture. Its code is loaded only here: other commands must not pay for it.
 * Source: the command line page.
 */
export async function open(file: string | undefined, options: OpenOptions, io: Io): Promise<void> {
  const path = captureNamed(file, options);
  const secrets = secretsFrom(options.secrets);
  const { track, dialect } = options;
  // What cannot be opened is told before the screen is taken. A pipe can be opened only once: the worker tells.
  if (path !== '-') await (await openCapture(path)).close();
  const { IndexedCapture } = await import('../index/indexed-capture.js');
  const seed = randomBytes(4).readInt32LE();
  const task = { path, secrets, track, seed, follow: options.follow ?? false, ...(dialect && { dialect }) };
  const capture = new IndexedCapture(task, {
    scan: new URL('./scan-worker.js', import.meta.url),
    query: new URL('./query-worker.js', import.meta.url),
  });
  try {
    // The worker scans while the screen's code is loaded.
    const { runUi } = await import('../ui/run.js');
    await runUi(capture, {
      ...(options.ascii !== undefined && { ascii: options.ascii }),
      color: isColored(options.color, true, io.env.NO_COLOR),
      stdin: path === '-' ? keyboard() : process.stdin,
      stdout: process.stdout,
      start: { expanded: ['chan', 'channel', 'expert'], follow: options.follow ?? false },
    });
  } finally {
    capture.close();
  }
}

/** The terminal's keyboard, when standard input is a capture. */
function keyboard(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw new UsageError('no keyboard: /dev/tty: standard input is the capture, and there is no terminal to type on');
  }
}
