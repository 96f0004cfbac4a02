import { randomBytes } from 'node:crypto';
import { openSync, statSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { Desk } from '../desk/desk.js';
import { readStateFile, stateFilePath } from '../desk/state-file.js';
import { compileFilter } from '../filter/compile.js';
import { IndexedCapture } from '../index/indexed-capture.js';
import type { Io } from './io.js';
import { isFromStandardInput, isLive, pipeNamed } from './live-options.js';
import { liveStateOf } from './live-state.js';
import { captureNamed, isColored, secretsFrom } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { uiSettings } from './ui-settings.js';
import { UsageError } from './usage-error.js';

interface OpenOptions extends Omit<ReadingOptions, 'count' | 'quiet'> {
  readonly ascii?: boolean;
  readonly follow?: boolean;
  /** Packets of live traffic that are kept at least. */
  readonly keep?: number;
}

/** Packets of live traffic and of pipes that are kept, unless told otherwise. */
const KEPT = 2_000_000;

/**
 * Opens the terminal UI on a capture. Its code is loaded only here: other commands must not pay for it.
 * Source: the command line page.
 */
export async function open(file: string | undefined, options: OpenOptions, io: Io): Promise<void> {
  const stateFile = stateFilePath(io.env);
  const desk = new Desk({ stateFile, remembered: readStateFile(stateFile) });
  try {
    let next = await show(file, options, io, desk);
    // What a script has recorded is read as any other capture, and with the secrets that are known.
    while (next !== undefined) next = await show(next, recorded(options), io, desk);
  } finally {
    desk.close();
  }
}

/** The options that go for a capture that is opened from within. */
const recorded = ({ secrets, track, color, ascii }: OpenOptions): OpenOptions => ({
  secrets,
  track,
  color,
  ...(ascii !== undefined && { ascii }),
});

/** @returns the capture that is wanted next, if there is one */
async function show(file: string | undefined, options: OpenOptions, io: Io, desk: Desk): Promise<string | undefined> {
  const path = captureNamed(file, options);
  const secrets = secretsFrom(options.secrets);
  const { settings, start } = uiSettings(io.env);
  const { remembered } = desk;
  const { track, dialect } = options;
  // What cannot be understood or opened is told before the screen is taken.
  if (options.filter !== undefined) compileFilter(options.filter);
  const live = await liveIn(options);
  const seed = randomBytes(4).readInt32LE();
  const follow = (options.follow ?? false) || live !== undefined;
  const source = live ? { path: live.spool.path, title: live.title, interval: live.interval } : { path };
  const bounds = live || !isFile(path) ? { keep: options.keep ?? KEPT } : {};
  const task = { ...source, ...bounds, rests: true, secrets, track, seed, follow, ...(dialect && { dialect }) };
  // The worker scans while the code of the screens is loaded.
  const scripts = {
    scan: new URL('./scan-worker.js', import.meta.url),
    query: new URL('./query-worker.js', import.meta.url),
  };
  const capture = new IndexedCapture(task, scripts, live && liveStateOf(live.spool, live.title));
  let next: string | undefined;
  try {
    const { runUi } = await import('../ui/run.js');
    // A pipe may wait long for its first bytes: what is wrong with it shows on the screen.
    if (isFile(path)) await capture.opened;
    next = await runUi(capture, {
      ...(options.ascii !== undefined && { ascii: options.ascii }),
      color: isColored(options.color, true, io.env.NO_COLOR),
      stdin: path === '-' && (!live || isFromStandardInput(options)) ? keyboard() : process.stdin,
      stdout: process.stdout,
      start: {
        expanded: ['chan', 'channel', 'expert'],
        follow,
        screen: start,
        settings: { ...settings, aliases: new Map([...Object.entries(remembered.aliases), ...settings.aliases]) },
        history: remembered.history,
        ...(options.filter !== undefined && { filter: options.filter }),
      },
      world: desk,
    });
  } finally {
    capture.close();
    await live?.spool.close();
  }
  const why = await live?.spool.ended;
  if (why !== undefined) io.complain(`capture stopped: ${live?.title}: ${why}`, 1);
  return next;
}

/** Live traffic, if the options ask for it; its packets go to a file that grows, and that is scanned as it does. */
async function liveIn(options: OpenOptions) {
  if (!isLive(options) || pipeNamed(options) !== undefined) return undefined;
  const { namesOf, startLive } = await import('./start-live.js');
  const { LiveSpool, SPOOL_INTERVAL_MS } = await import('../capture/live-spool.js');
  let title = '';
  const spool = await LiveSpool.open(async () => {
    const { live, request } = await startLive(options);
    title = namesOf(request);
    return live;
  });
  return { spool, title, interval: SPOOL_INTERVAL_MS };
}

/** Whether a path can be opened twice; one that leads nowhere is told of by opening it. */
const isFile = (path: string): boolean => path !== '-' && !statSync(path, { throwIfNoEntry: false })?.isFIFO();

/** The terminal's keyboard, when standard input is a capture. */
function keyboard(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw new UsageError('no keyboard: /dev/tty: standard input is the capture, and there is no terminal to type on');
  }
}
